"""Who is on screen when, in every form."""

from __future__ import annotations

import csv
import json

import numpy as np
import pytest
from PIL import Image as PillowImage

from lookalike.errors import VideoUnwritable
from lookalike.types import Person
from lookalike.video.footage import Faults
from lookalike.video.labeling import Labeling
from lookalike.video.lists import fields, srt_text, vtt_text, write_lists
from lookalike.video.roll import Segment, joined

from .conftest import Says

ADA, BOB = Person.named("Ada <Byron> & Co"), Person("../b", "Bob")


def segment(person, start, end, track=1, confidence=1.0):
    return Segment(person, start, end, confidence, 0.3, (track,))


SEGMENTS = [segment(ADA, 0, 2.5, 1, 0.8), segment(None, 1, 2, 2), segment(BOB, 3661.2345, 3662, 3)]


def labeling() -> Labeling:
    picture = np.full((40, 40, 3), 128, np.uint8)
    return Labeling(100, 4.0, SEGMENTS, {ADA.id: picture, BOB.id: picture}, Faults(2, 3.5, "why"))


def test_stretches_of_one_name_are_joined_if_near():
    one = joined([
        segment(ADA, 0, 1, 1, 1.0), segment(ADA, 1.5, 4.5, 2, 0.5), segment(ADA, 6, 7, 3),
        segment(None, 0, 1, 4), segment(None, 1, 2, 5),
    ])  # fmt: skip
    assert [(s.name, s.start_s, s.end_s, s.tracks) for s in one] == [
        (ADA.name, 0, 4.5, (1, 2)), ("unknown", 0, 1, (4,)), ("unknown", 1, 2, (5,)),
        (ADA.name, 6, 7, (3,)),
    ]  # fmt: skip
    assert one[0].confidence == pytest.approx((1 * 1.0 + 3 * 0.5) / 4)


def test_subtitles():
    assert vtt_text(SEGMENTS) == (
        "WEBVTT\n\n1\n00:00:00.000 --> 00:00:02.500\nAda &lt;Byron&gt; &amp; Co (80% of the votes)"
        "\n\n2\n01:01:01.234 --> 01:01:02.000\nBob (100% of the votes)\n"
    )
    assert srt_text(SEGMENTS).startswith("1\n00:00:00,000 --> 00:00:02,500\nAda <Byron>")
    assert vtt_text([]) == "WEBVTT\n"


def test_the_files_beside_the_video(tmp_path):
    folder = tmp_path / "out-people"
    for _ in range(2):  # again over the same files
        write_lists(folder, labeling(), Says(), "clip.mp4")
    answer = json.loads((folder / "people.json").read_text("utf-8"))
    assert answer == fields(labeling(), Says())
    assert [one["name"] for one in answer["segments"]] == [ADA.name, None, "Bob"]
    assert answer["segments"][0]["distance"] == 0.3
    assert (answer["damaged_packets"], answer["stopped_s"], answer["frames"]) == (2, 3.5, 100)
    assert answer["people"][0] == {"name": ADA.name, "person": ADA.id, "on_screen_s": 2.5}
    with (folder / "people.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [(row["name"], row["start_s"]) for row in rows][:2] == [
        (ADA.name, "0.000"), ("unknown", "1.000")]  # fmt: skip
    names = sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.*"))
    assert names == [f"out-people/{name}" for name in (
        "faces/_b.jpg", "faces/ada-byron-co.jpg", "people.csv", "people.json", "people.srt",
        "people.vtt", "timeline.png")]  # fmt: skip
    with PillowImage.open(folder / "timeline.png") as figure:
        assert figure.width > 1500


def test_a_folder_that_cannot_be_made_is_said(tmp_path):
    (tmp_path / "out-people").write_text("a file")
    with pytest.raises(VideoUnwritable, match="cannot write"):
        write_lists(tmp_path / "out-people", labeling(), Says(), "clip.mp4")
