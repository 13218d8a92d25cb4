"""Naming the faces of videos, as a user does."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image as PillowImage
from tests.video.clips import Clip, packets, shown, tone

from .commands import run, run_json


@pytest.fixture(scope="session")
def passing(tmp_path_factory: pytest.TempPathFactory, collins: Path, hopper: Path) -> Path:
    """Two people who move through a room, with sound, three seconds."""
    path = tmp_path_factory.mktemp("video") / "passing.mp4"
    faces = [PillowImage.open(photo).convert("RGB").resize((150, 170)) for photo in
             (collins, hopper)]  # fmt: skip
    with av.open(str(path), "w") as made:
        video = made.add_stream("libx264", rate=20, options={"preset": "ultrafast"})
        video.width, video.height, video.pix_fmt = 480, 270, "yuv420p"
        sound = made.add_stream("aac", rate=44_100)
        for number in range(60):
            room = PillowImage.new("RGB", (480, 270), (70, 80, 90))
            room.paste(faces[0], (10 + number, 50))
            room.paste(faces[1], (310 - number // 2, 60))
            made.mux(video.encode(av.VideoFrame.from_image(room)))
            made.mux(sound.encode(tone(number, 44_100)))
        made.mux(video.encode(None))
        made.mux(sound.encode(None))
    return path


def test_a_video_is_labeled(passing: Path, gallery: Path, tmp_path: Path):
    output = tmp_path / "out.mp4"
    answer = run_json(
        "video", "label", passing, "-o", output, "--gallery", gallery, "--threshold", "0.5"
    )
    assert {one["name"] for one in answer["people"]} == {"Grace Hopper", "Eileen Collins"}
    assert answer["frames"] == 60
    assert all(one["on_screen_s"] == pytest.approx(3, abs=0.1) for one in answer["people"])
    assert answer["names_changed"] == 0
    assert answer["frames_looked_at"] < 40
    assert packets(output, "audio") == packets(passing, "audio")
    assert shown(output)[0] == shown(passing)[0]
    lists = Path(answer["lists"])
    assert lists == tmp_path / "out-people"
    assert json.loads((lists / "people.json").read_text("utf-8"))["frames"] == 60
    assert sorted(path.name for path in (lists / "faces").iterdir()) == [
        "eileen-collins.jpg", "grace-hopper.jpg"]  # fmt: skip


def test_the_output_stands_beside_the_video_in_its_format(passing: Path, tmp_path: Path):
    video = Path(shutil.copy(passing, tmp_path))
    answer = run_json("video", "label", video, "--blur-all", "--to", "0.5", "--no-lists")
    assert answer["video"] == str(tmp_path / "passing-labeled.mp4")
    assert len(shown(tmp_path / "passing-labeled.mp4")[0]) == 10


def test_look_alikes_and_strangers(passing: Path, gallery: Path, tmp_path: Path):
    said = run("video", "label", passing, "-o", tmp_path / "a.mp4", "-g", gallery, "--to", "1",
               "--no-lists")  # fmt: skip
    assert "Grace Hopper" in said
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.mp4"]
    nobody = run_json("video", "label", passing, "-o", tmp_path / "b.mp4", "-g", gallery, "--to",
                      "0:01", "--threshold", "0.01", "--no-lists")  # fmt: skip
    assert nobody["people"] == []
    assert [one["name"] for one in nobody["segments"]] == [None, None]


def test_identities_are_named_by_what_the_gallery_has_learned(
    passing: Path, gallery: Path, tmp_path: Path
):
    command = ("video", "label", passing, "-o", tmp_path / "out.mp4", "-g", gallery, "--to", "1")
    answer = run_json(*command, "--head", "centroid", "--threshold", "0.1")
    assert {one["name"] for one in answer["people"]} == {"Grace Hopper", "Eileen Collins"}
    assert all(0 <= one["probability"] <= 1 for one in answer["segments"])
    nobody = run_json(*command, "--head", "knn", "--threshold", "1000")
    assert nobody["people"] == []


def test_faces_are_hidden(passing: Path, tmp_path: Path, analyst):
    output = tmp_path / "out.mkv"
    answer = run_json("video", "label", passing, "-o", output, "--blur-all", "--to", "1")
    assert answer["people"] == []
    for number in (0, 10, 19):
        before, after = shown(passing)[1][number], shown(output)[1][number]
        from lookalike.types import Image

        found = [len(analyst.detector.detect([Image(picture)])[0]) for picture in (before, after)]
        assert found == [2, 0]


def test_sound_is_put_onto_other_frames(passing: Path, tmp_path: Path):
    silent = Clip("silent.mp4").make(tmp_path)
    answer = run_json("video", "mux", silent, passing, "-o", tmp_path / "out.mp4")
    assert answer["length_s"] == pytest.approx(60 * 1764 / 44_100, abs=0.1)
    assert packets(tmp_path / "out.mp4", "audio") == packets(passing, "audio")


def test_a_stream_is_labeled_as_it_comes(passing: Path, gallery: Path, tmp_path: Path):
    said = run("video", "live", passing, "-g", gallery, "--threshold", "0.5", "-o",
               tmp_path / "live.mkv", "--for", "1")  # fmt: skip
    assert "0:00  Grace Hopper" in said
    assert 20 <= len(shown(tmp_path / "live.mkv")[0]) < 60


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (["nothing.mp4"], 10, "No such file"),
        (["{video}", "-o", "out.gif"], 2, "format of a video"),
        (["{video}", "-o", "{video}"], 10, "is the video itself"),
        (["{video}", "-o", "out.mp4", "--from", "late"], 2, "is no time"),
        (["{video}", "-o", "out.mp4", "--from", "2", "--to", "1"], 2, "nothing from"),
        (["{video}", "-o", "out.mp4", "--head", "guess"], 2, "no head"),
        (["{video}", "-o", "out.mp4", "--threshold", "1", "--fmr", "0.1"], 2, "exclude"),
        (["{video}", "-o", "out.mp4", "--fmr", "0"], 2, "must be between 0 and 1"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(options, code, words, passing: Path, monkeypatch,
                                           tmp_path: Path):  # fmt: skip
    monkeypatch.chdir(tmp_path)
    filled = [option.format(video=passing) for option in options]
    answer = run_json("video", "label", *filled, code=code)
    assert words in answer["error"]["message"]
    assert list(tmp_path.iterdir()) == []


def test_ctrl_c_leaves_a_video_of_what_was_done(passing: Path, gallery: Path, tmp_path: Path):
    long = tmp_path / "long.mkv"
    with av.open(str(passing)) as old, av.open(str(long), "w") as new:
        streams = {one.index: new.add_stream_from_template(one) for one in old.streams}
        kept = [packet for packet in old.demux() if packet.dts is not None]
        for again in range(30):
            for packet in kept:
                copy = av.Packet(bytes(packet))
                shift = round(again * 3 / packet.time_base)
                copy.pts, copy.dts = packet.pts + shift, packet.dts + shift
                copy.time_base, copy.is_keyframe = packet.time_base, packet.is_keyframe
                copy.stream = streams[packet.stream.index]
                new.mux_one(copy)
    output = tmp_path / "out.mp4"
    command = [sys.executable, "-m", "lookalike", "video", "label", str(long), "-o", str(output),
               "-g", str(gallery), "--json"]  # fmt: skip
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        part = tmp_path / "out.mp4.part"
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and not (part.exists() and part.stat().st_size):
            time.sleep(0.05)
        os.kill(process.pid, signal.SIGINT)
        said, complaints = process.communicate(timeout=60)
    assert process.returncode == 130, complaints
    answer = json.loads(said)
    assert answer["stopped_because"] == "stopped"
    times, pictures = shown(output)
    assert 0 < len(times) == answer["frames"] < 1800
    assert times[-1] == pytest.approx(answer["stopped_s"], abs=2)
    assert np.ptp(pictures[-1]) > 100
    assert not part.exists()


@pytest.mark.slow
@pytest.mark.shared_data
def test_the_singer_of_a_real_clip_is_named(shared_data: Path, tmp_path: Path):
    people, gallery = tmp_path / "people", tmp_path / "few.gallery"
    folder = people / "Lin-Manuel Miranda"
    folder.mkdir(parents=True)
    portrait = shared_data / "video" / "lin-manuel-miranda.png"
    (folder / "one.png").write_bytes(portrait.read_bytes())
    for person in ("Adriana Lima", "Bill Gates", "Chris Evans"):
        shutil.copytree(shared_data / "pins" / person, people / person)
    run("gallery", "build", people, "-o", gallery)
    clip = shared_data / "video" / "short_hamilton_clip.mp4"
    answer = run_json("video", "label", clip, "-o", tmp_path / "out.mp4", "-g", gallery, "--fmr",
                      "1e-2")  # fmt: skip
    (singer,) = answer["people"]
    assert singer["name"] == "Lin-Manuel Miranda"
    # He is there in the first shot, small, and all through the third.
    assert singer["on_screen_s"] > 4.2
    assert packets(tmp_path / "out.mp4", "audio") == packets(clip, "audio")
    assert shown(tmp_path / "out.mp4")[0] == shown(clip)[0]
