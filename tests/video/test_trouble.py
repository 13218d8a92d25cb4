"""Broken files, full disks, Ctrl-C: what can be had is had, and nothing is left half done."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import textwrap
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as PillowImage

from lookalike.errors import VideoMissing, VideoUnreadable, VideoUnwritable
from lookalike.video.film import Film
from lookalike.video.footage import Span
from lookalike.video.labeling import label
from lookalike.video.opening import open_footage
from lookalike.video.writing import Writer

from .clips import Clip, packets, shown
from .conftest import Says


def run(footage, output: Path, looker, seen=None):
    return label(footage, looker, Says(), [Writer(output, footage)], seen=seen)


def test_a_file_that_is_cut_off_is_labeled_up_to_there(tmp_path, looker):
    whole = Clip("clip.mkv", audio="libmp3lame", frames=100, size=(320, 240)).make(tmp_path)
    cut = tmp_path / "cut.mkv"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    labeling = run(Film(str(cut)), tmp_path / "out.mp4", looker)
    times, _ = shown(tmp_path / "out.mp4")
    assert 20 < len(times) == labeling.frames < 80
    assert labeling.faults.stopped_s == pytest.approx(times[-1], abs=0.05)
    assert labeling.faults.reason
    sound = [data for _, data in packets(whole, "audio")]
    kept = [data for _, data in packets(tmp_path / "out.mp4", "audio")]
    assert kept == sound[: len(kept)]
    assert len(kept) > 20


def test_damage_in_the_middle_is_passed_over(tmp_path, looker):
    source = Clip("clip.ts", frames=100, size=(320, 240), codec="mpeg4").make(tmp_path)
    data = bytearray(source.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 6000] = os.urandom(6000)
    source.write_bytes(data)
    labeling = run(Film(str(source)), tmp_path / "out.mp4", looker)
    times, _ = shown(tmp_path / "out.mp4")
    assert 60 < len(times) == labeling.frames <= 100
    assert times[-1] - times[0] == pytest.approx(99 / 25, abs=0.1)  # the end is there


def test_a_file_of_noise_after_its_head_has_no_frame(tmp_path, looker):
    source = Clip("clip.mkv").make(tmp_path)
    data = source.read_bytes()
    source.write_bytes(data[:700])
    with pytest.raises(VideoUnreadable):
        run(Film(str(source)), tmp_path / "out.mp4", looker)
    assert [path.name for path in tmp_path.iterdir()] == ["clip.mkv"]


def test_a_part_behind_the_end_is_said(tmp_path, looker):
    source = Clip().make(tmp_path)
    with pytest.raises(VideoUnreadable, match="no frame"):
        run(Film(str(source), Span(60.0)), tmp_path / "out.mp4", looker)
    assert [path.name for path in tmp_path.iterdir()] == ["clip.mp4"]


def test_a_stop_leaves_a_whole_video_of_what_was_done(tmp_path, looker):
    source = Clip(audio="aac", frames=200).make(tmp_path)
    film = Film(str(source))

    def stop(labeled):
        if labeled.picture.number == 50:
            film.stop.set()

    labeling = run(film, tmp_path / "out.mp4", looker, stop)
    times, _ = shown(tmp_path / "out.mp4")
    assert 50 < len(times) == labeling.frames < 150
    assert labeling.faults.reason == "stopped"
    assert len(packets(tmp_path / "out.mp4", "audio")) > 50


def test_an_interrupt_leaves_nothing_behind(tmp_path, looker):
    source = Clip(audio="aac", frames=100).make(tmp_path)
    (tmp_path / "out.mp4").write_bytes(b"an older one")

    def interrupt(labeled):
        if labeled.picture.number == 50:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(Film(str(source)), tmp_path / "out.mp4", looker, interrupt)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["clip.mp4", "out.mp4"]
    assert (tmp_path / "out.mp4").read_bytes() == b"an older one"


def test_a_full_disk_is_said_and_leaves_nothing_behind(tmp_path, looker):
    source = Clip(audio="aac", frames=100, size=(320, 240)).make(tmp_path)
    limit = 40_000
    assert source.stat().st_size > limit
    code = f"""
        import resource, signal, sys
        from pathlib import Path
        from lookalike.video.film import Film
        from lookalike.video.labeling import label
        from lookalike.video.writing import Writer
        from lookalike.errors import VideoUnwritable
        sys.path.insert(0, {str(Path(__file__).parents[2])!r})
        from tests.video.conftest import FakeLooker, Says
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))
        film = Film({str(source)!r})
        writer = Writer(Path({str(tmp_path / "out.mkv")!r}), film)
        try:
            label(film, FakeLooker(), Says(), [writer])
        except VideoUnwritable as error:
            print(error.message, "|", error.hint)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "cannot write" in done.stdout
    assert "File too large" in done.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["clip.mp4"]
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] != limit


def test_a_folder_that_is_not_there_is_said(tmp_path):
    film = Film(str(Clip().make(tmp_path)))
    with pytest.raises(VideoUnwritable, match="No such file"):
        Writer(tmp_path / "nowhere" / "out.mp4", film)
    film.close()


def test_a_folder_of_frames_is_footage(tmp_path, looker):
    folder = tmp_path / "frames"
    folder.mkdir()
    rng = np.random.default_rng(0)
    for number in range(1, 13):
        pixels = rng.integers(0, 255, (60, 80, 3), np.uint8)
        pixels[:10] = 20 * number
        PillowImage.fromarray(pixels).save(folder / f"frame{number}.png")
    (folder / "frame5.png").write_bytes(b"broken")
    PillowImage.new("RGB", (10, 10)).save(folder / "frame7.png")
    (folder / "notes.txt").write_text("no frame")
    labeling = run(open_footage(folder, rate=10.0), tmp_path / "out.mp4", looker)
    times, pictures = shown(tmp_path / "out.mp4")
    assert labeling.frames == len(times) == 10
    assert labeling.faults.damaged == 2
    assert times == pytest.approx([at / 10 for at in range(12) if at not in (4, 6)], abs=1e-3)
    grays = [float(picture[:8].mean()) for picture in pictures]
    assert grays == sorted(grays)  # frame10 comes after frame9
    with pytest.raises(VideoUnreadable, match="no pictures"):
        open_footage(tmp_path)
    with pytest.raises(VideoMissing):
        open_footage(tmp_path / "nothing")
