"""Two photos: distance, probability, rarity and decision, by the card or by a gallery."""

from __future__ import annotations

import numpy as np
import pytest

from lookalike import comparing
from lookalike.comparing import CompareOptions, Comparer
from lookalike.errors import OptionError, SpaceMismatch
from lookalike.gallery.gallery import Gallery
from lookalike.gallery.records import FaceRecord, Header
from lookalike.gallery.store import GalleryFile
from lookalike.gallery.strangeness import Strangeness, odds_in
from lookalike.models.card import Threshold
from lookalike.models.odds import Odds
from lookalike.search import strangers
from lookalike.testing import FakeAnalyzer
from lookalike.testing.fakes import FAKE_SPACE
from lookalike.types import Face, Person, Photo, Space

MIDDLES = np.random.default_rng(0).normal(size=(230, 8))


class Measured:
    """A card of the fake space."""

    calibration = tuple(
        Threshold("euclidean", 1, rate, distance, "pairs")
        for rate, distance in ((1e-3, 0.5), (1e-2, 1.0), (1e-1, 2.0))
    )
    odds = (Odds("euclidean", 1, -4.0, 6.0, -8.0, 9.0, 0.01, (), "pairs"),)


@pytest.fixture(autouse=True)
def _measured(monkeypatch):
    monkeypatch.setattr(comparing, "card", lambda _name: Measured)


def analyzer(*vectors, **options):
    names = [b"one", b"other"]
    return FakeAnalyzer(dict(zip(names, vectors, strict=False)), **options)


def apart(distance):
    return analyzer(np.zeros(8), np.eye(8)[0] * distance)


@pytest.fixture(scope="module", autouse=True)
def _few_draws():
    """Draw the people again six times for an interval; how well that covers is tested elsewhere."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(strangers, "_REPEATS", 6)
        yield


@pytest.fixture(scope="module")
def gallery(tmp_path_factory):
    file = GalleryFile.create(
        tmp_path_factory.mktemp("g") / "g.gallery", Header(FAKE_SPACE, "fake-32", 1)
    )
    rng = np.random.default_rng(1)
    spread = np.linspace(0.05, 0.8, 8)
    faces = [
        FaceRecord(
            Person(f"p{at}", f"P{at}"),
            Photo(f"{at:032}{photo:032}", f"{at}/{photo}.jpg"),
            "stamp",
            Face(np.array([1, 2, 3, 4], np.float32), np.ones((5, 2), np.float32), 0.9),
            (MIDDLES[at] + rng.normal(size=8) * spread).astype(np.float32),
        )
        for at in range(230)
        for photo in range(3)
    ]
    file.write(faces, [])
    yield Gallery(file)
    file.close()


def test_a_comparison_says_everything_that_was_measured():
    found = Comparer(apart(0.75)).compare(b"one", b"other", CompareOptions(fmr=1e-2, prior=0.2))
    assert found.distance == pytest.approx(0.75)
    assert (found.threshold, found.false_match_rate, found.same_person) == (1.0, 1e-2, True)
    # 6 - 4 · 0.75 = 3, and log(0.2 / 0.8) beforehand.
    assert found.probability == pytest.approx(1 / (1 + np.exp(-(3 + np.log(0.25)))))
    assert found.prior == 0.2
    assert found.rarity.one_in == pytest.approx(10**2.5)
    assert (found.measured_on, found.faces) == ("pairs", (1, 1))


def test_even_odds_are_the_default():
    found = Comparer(apart(1.5)).compare(b"one", b"other")
    assert (found.prior, found.probability) == (0.5, pytest.approx(0.5))
    assert found.same_person is False


@pytest.mark.parametrize("metric", ["sqeuclidean", "cosine"])
def test_what_has_not_been_measured_is_not_said(metric):
    found = Comparer(apart(1)).compare(b"one", b"one", CompareOptions(metric))
    assert found.threshold is found.probability is found.rarity is found.same_person is None


@pytest.mark.parametrize("options", [{"fmr": 0}, {"fmr": 2}, {"prior": 0}, {"prior": 1}])
def test_numbers_out_of_range_are_refused(options):
    with pytest.raises(OptionError):
        CompareOptions(**options)


def test_a_metric_that_must_be_fitted_needs_a_gallery(gallery):
    for metric in ("mahalanobis", "mahalanobis-person"):
        with pytest.raises(OptionError, match="mahalanobis"):
            Comparer(apart(1)).compare(b"one", b"other", CompareOptions(metric))
    with pytest.raises(OptionError, match="between two photos"):
        Comparer(apart(1), gallery).compare(b"one", b"other", CompareOptions("mahalanobis-person"))


@pytest.mark.parametrize("metric", ["euclidean", "cosine", "mahalanobis"])
def test_by_a_gallery_the_rate_is_that_of_its_strangers(metric, gallery):
    rng = np.random.default_rng(5)
    fmr = 0.02
    measure = gallery.metric(metric)
    found = Comparer(analyzer(MIDDLES[0], MIDDLES[1]), gallery).compare(
        b"one", b"other", CompareOptions(metric, fmr)
    )
    threshold = found.threshold
    spread = np.linspace(0.05, 0.8, 8)
    rows = (rng.normal(size=(3000, 8)) + rng.normal(size=(3000, 8)) * spread).astype(np.float32)
    rows = measure.project(rows)
    gaps = measure.distances(((rows[:1500].astype(np.float64) - rows[1500:]) ** 2).sum(axis=1))
    assert (gaps < threshold).mean() == pytest.approx(fmr, abs=0.014)
    assert found.false_match_rate == fmr
    assert "g.gallery" in found.measured_on
    assert found.rarity.low <= found.rarity.one_in <= found.rarity.high


def test_rarity_and_threshold_of_a_gallery_agree(gallery):
    strange = Strangeness.of(gallery, "euclidean")
    for fmr in (0.3, 0.01, 1e-3, 2e-4):
        distance = strange.threshold(fmr)
        assert 1 / strange.rarity(distance).one_in == pytest.approx(fmr, rel=0.02)


def test_probabilities_of_a_fitted_metric_come_true_on_people_left_out(gallery):
    rng = np.random.default_rng(7)
    spread = np.linspace(0.05, 0.8, 8)
    middles = rng.normal(size=(400, 8))
    first, second = (middles + rng.normal(size=(400, 8)) * spread for _ in range(2))
    measure = gallery.metric("mahalanobis")
    one, two = (measure.project(rows.astype(np.float32)) for rows in (first, second))
    same = measure.distances(((one.astype(np.float64) - two) ** 2).sum(axis=1))
    other = measure.distances(((one.astype(np.float64) - np.roll(two, 1, axis=0)) ** 2).sum(axis=1))
    said = odds_in(gallery, "mahalanobis").probabilities(np.concatenate([same, other]))
    assert np.mean(said[:400]) > 0.8
    assert np.mean(said[400:]) < 0.2
    assert abs(np.mean(said) - 0.5) < 0.05


def test_too_few_people_say_nothing(tmp_path, gallery):
    file = GalleryFile.create(tmp_path / "few.gallery", Header(FAKE_SPACE, "fake-32", 1))
    few = Gallery(file)
    assert odds_in(few, "euclidean") is None
    with pytest.raises(OptionError, match="too few people"):
        Comparer(apart(1), few).compare(b"one", b"other")
    file.write(list(gallery.file.records())[:30], [])
    with pytest.raises(OptionError, match="too few people"):
        Comparer(apart(1), Gallery(file)).compare(b"one", b"other")
    file.close()


def test_a_gallery_of_another_encoder_is_refused(gallery):
    with pytest.raises(SpaceMismatch):
        Comparer(FakeAnalyzer(space=Space("other", 8, "0" * 64)), gallery)
