"""Galleries of made-up people, and what is needed to ask who is in a photo."""

from __future__ import annotations

import numpy as np
import pytest

from lookalike.gallery.gallery import Gallery
from lookalike.gallery.records import FaceRecord, Header
from lookalike.gallery.store import GalleryFile
from lookalike.testing.fakes import FAKE_SPACE
from lookalike.types import Embeddings, Face, Person, Photo, person_id


def rows(middles, photos, seed, noise=0.25):
    """Return photos of people about their middles, and whose each is."""
    rng = np.random.default_rng(seed)
    groups = np.repeat(np.arange(len(middles)), photos)
    return (middles[groups] + rng.normal(0, noise, (len(groups), 8))).astype(np.float32), groups


def people(count, seed=0):
    return np.random.default_rng(seed).normal(size=(count, 8))


def faces_of(vectors):
    return Embeddings(np.asarray(vectors, np.float32), FAKE_SPACE)


def records(vectors, groups, prefix="P"):
    for at, (vector, group) in enumerate(zip(vectors, groups, strict=True)):
        name = f"{prefix}{group:03}"
        yield FaceRecord(
            Person(person_id(name), name),
            Photo(f"{prefix}{at:063x}", f"{name}/{at}.jpg"),
            "stamp",
            Face(np.array([1, 2, 30, 40], np.float32), np.full((5, 2), 9, np.float32), 0.9),
            vector,
        )


@pytest.fixture
def gallery_of(tmp_path):
    """Return a maker of galleries from rows and whose each is."""
    files = []

    def make(vectors, groups, name="g.gallery"):
        file = GalleryFile.create(tmp_path / name, Header(FAKE_SPACE, "fake-32", 1))
        file.write(list(records(vectors, groups)), [])
        files.append(file)
        return Gallery(file)

    yield make
    for file in files:
        file.close()
