"""A build that asks less of photos looks again at those that it had turned down."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from lookalike.gallery.build import BuildOptions, build
from lookalike.gallery.building import recording
from lookalike.gallery.building.strictness import stamp_when_refused, still_stands
from lookalike.gallery.records import Reason
from lookalike.testing import FakeAnalyzer, FakeSource
from lookalike.types import Crops, Embeddings, Faces

#: How good each photo's face is; ``two`` shows two people side by side.
QUALITIES = {b"good": 0.9, b"fair": 0.4, b"poor": 0.1, b"two": 0.9}
SOURCE = FakeSource({"Ada": {data.decode(): data for data in QUALITIES}})


class Looking(FakeAnalyzer):
    """Remembers what it has looked at, and sees two faces where there are two."""

    def __init__(self):
        super().__init__()
        self.seen = []

    def analyze(self, photos):
        for photo in photos:
            self.seen.append(photo.decode())
            (one,) = super().analyze([photo])
            yield self._doubled(one) if photo == b"two" else one

    def _doubled(self, one):
        boxes = np.array([[2, 8, 14, 20], [16, 8, 30, 22]], np.float32)
        faces = Faces(boxes, np.repeat(one.faces.landmarks, 2, 0), np.ones(2, np.float32))
        crops = Crops(
            np.repeat(one.crops.pixels, 2, 0), np.repeat(one.crops.transforms, 2, 0), "fake-32"
        )
        vectors = Embeddings(np.repeat(one.embeddings.vectors, 2, 0), self.space)
        return dataclasses.replace(one, faces=faces, crops=crops, embeddings=vectors)


@pytest.fixture
def run(create, monkeypatch):
    file = create()

    def build_with(**options):
        analyzer = Looking()
        summary = build(file, SOURCE, analyzer, BuildOptions(**options))
        return sorted(analyzer.seen), summary

    def scores(analysis):
        # A photo is known by its shade, which follows from its bytes.
        shades = {next(FakeAnalyzer().analyze([data])).image.pixels[0, 0, 0]: quality
                  for data, quality in QUALITIES.items()}  # fmt: skip
        return np.full(len(analysis), shades[analysis.image.pixels[0, 0, 0]], np.float32)

    monkeypatch.setattr(recording, "scores", scores)
    return file, build_with


def test_what_was_too_poor_is_looked_at_again_when_less_is_asked(run):
    file, build_with = run
    seen, first = build_with(min_quality=0.5, faces="largest")
    assert seen == ["fair", "good", "poor", "two"]
    assert first.turned_down == {Reason.LOW_QUALITY: 2}
    assert build_with(min_quality=0.5, faces="largest")[0] == []
    assert build_with(min_quality=0.7, faces="largest")[0] == []
    seen, looser = build_with(min_quality=0.3, faces="largest")
    assert seen == ["fair"]
    assert (looser.added, looser.known) == (1, 3)
    seen, loosest = build_with(faces="largest")
    assert (seen, loosest.added, loosest.known) == (["poor"], 1, 3)
    assert file.counts()["faces"] == 4
    assert not file.ledger()


def test_a_crowd_is_looked_at_again_when_another_face_will_do(run):
    file, build_with = run
    _, first = build_with(faces="only")
    assert first.turned_down == {Reason.SEVERAL_FACES: 1}
    assert build_with(faces="only")[0] == []
    seen, looser = build_with(faces="largest")
    assert (seen, looser.added) == (["two"], 1)
    assert not file.ledger()


@pytest.mark.parametrize("stamp", ["10-5", "a [only 0.5]", ""])
def test_stamps_of_any_form_are_told_apart(stamp):
    assert still_stands(stamp, stamp, "only", 0.5)
    assert not still_stands(None, stamp, "only", 0.5)
    assert not still_stands("other", stamp, "only", 0.5)
    poor, crowd = stamp_when_refused(stamp, "only", 0.4), stamp_when_refused(stamp, "only")
    assert still_stands(poor, stamp, "only", 0.41)
    assert not still_stands(poor, stamp, "only", 0.4)
    assert not still_stands(poor, stamp, "largest", 0.41)
    assert still_stands(crowd, stamp, "only", 0)
    assert not still_stands(crowd, stamp, "dominant", 0.9)
    assert not still_stands(crowd, stamp + "1", "only", 0)
