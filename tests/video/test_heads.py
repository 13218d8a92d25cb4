"""Whom a face shows: likenesses, identities, and how near a stranger may be."""

from __future__ import annotations

import importlib
from types import SimpleNamespace

import numpy as np
import pytest

from lookalike.errors import MissingExtra
from lookalike.gallery.gallery import Gallery
from lookalike.gallery.records import FaceRecord, Header
from lookalike.gallery.store import GalleryFile
from lookalike.models.card import Threshold, card
from lookalike.testing.fakes import FAKE_SPACE
from lookalike.types import Embeddings, Face, Person, Photo
from lookalike.video.heads import Identities, LookAlikes, Nobody, threshold_among
from lookalike.video.labeling import likeness_of

ADA, BOB = Person.named("Ada"), Person.named("Bob")


def vector(*places: int) -> np.ndarray:
    made = np.zeros(8, np.float32)
    made[list(places)] = 1
    return made


@pytest.fixture
def few(tmp_path):
    file = GalleryFile.create(tmp_path / "few.gallery", Header(FAKE_SPACE, "fake-32", 1))
    face = Face(np.array([0, 0, 9, 9], np.float32), np.ones((5, 2), np.float32), 0.9)
    file.write([
        FaceRecord(person, Photo(str(at) * 64, f"{person.id}.jpg"), "stamp", face, vector(at),
                   b"", np.ones((5, 2), np.float32), 0.5, (9, 9))
        for at, person in enumerate((ADA, BOB))
    ], [])  # fmt: skip
    with Gallery(file) as gallery:
        yield gallery


def test_a_likeness_has_everybody(few):
    head = LookAlikes(few)
    assert not head.exclusive
    near = vector(0)
    near[1] = 0.4
    answers = head.answers(Embeddings(np.stack([near, vector(1, 5)]), FAKE_SPACE))
    assert [one.person.name for one in answers] == ["Ada", "Bob"]
    assert [one.measure for one in answers] == pytest.approx([0.4, 1.0])


def test_with_a_threshold_it_is_an_identity(few):
    head = LookAlikes(few, threshold=0.5)
    assert head.exclusive
    near = vector(0)
    near[1] = 0.4
    answers = head.answers(Embeddings(np.stack([near, vector(1, 5)]), FAKE_SPACE))
    assert [one.person and one.person.name for one in answers] == ["Ada", None]


def test_identities_are_those_of_the_identifier():
    said = [
        SimpleNamespace(person=ADA, probability=0.8),
        SimpleNamespace(person=None, probability=None),
    ]
    head = Identities(SimpleNamespace(identify_faces=lambda faces: said[: len(faces)]), "svm")
    answers = head.answers(Embeddings(np.zeros((2, 8), np.float32), FAKE_SPACE))
    assert [(one.person, one.measure) for one in answers] == [(ADA, 0.8), (None, None)]
    assert (head.name, head.exclusive, head.measure) == ("svm", True, "probability")


def test_nobody_is_nobody():
    answers = Nobody().answers(Embeddings(np.zeros((3, 8), np.float32), FAKE_SPACE))
    assert [one.person for one in answers] == [None] * 3


def test_the_threshold_shares_the_rate_among_the_people():
    measured = card("dlib-resnet-v1").calibration
    by_rate = {t.fmr: t.distance for t in measured if (t.metric, t.views) == ("euclidean", 2)}
    assert threshold_among(measured, 2, 1e-3, 1) == pytest.approx(by_rate[1e-3])
    assert threshold_among(measured, 2, 1e-2, 1000) == pytest.approx(by_rate[1e-5])
    between = threshold_among(measured, 2, 1e-2, 30)
    assert by_rate[1e-4] < between < by_rate[1e-3]
    assert threshold_among(measured, 7, 1e-3, 1) is None


def test_beyond_what_was_measured_it_is_strict():
    # Distances of strangers that are normal: the true threshold is known at every rate.
    from scipy.stats import norm

    points = [Threshold("euclidean", 1, rate, float(norm.ppf(rate, 1.0, 0.12)), "a formula")
              for rate in (1e-2, 1e-3, 1e-4)]  # fmt: skip
    for people in (100, 10_000):
        found = threshold_among(points, 1, 1e-3, people)
        true = float(norm.ppf(1e-3 / people, 1.0, 0.12))
        assert true - 0.15 < found <= true
    assert threshold_among(points, 1, 1e-3, 10**12) == pytest.approx(0, abs=0.2)


def test_an_encoder_without_a_card_has_no_distance_for_two_people(looker):
    assert likeness_of(looker.encoder).different == float("inf")


def test_without_pyav_it_is_said_what_to_install(monkeypatch):
    from lookalike.video import pyav

    def missing(name: str):
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)

    monkeypatch.setattr(importlib, "import_module", missing)
    with pytest.raises(MissingExtra) as caught:
        pyav.library()
    assert "lookalike[video]" in caught.value.hint
