"""A rarity of 1 in N occurs about once in N among strangers who had no part in the fit."""

from __future__ import annotations

import json

import numpy as np
import pytest
from scipy.stats import genpareto

from lookalike.search.rarity import Strangers
from lookalike.search.strangers import Way, fit_strangers
from lookalike.search.tail import Tail


def euclidean(one, other):
    gap = (one**2).sum(1)[:, None] + (other**2).sum(1)[None] - 2 * one @ other.T
    return np.sqrt(np.maximum(gap, 0))


def people(count, photos, seed, dimension=12):
    rng = np.random.default_rng(seed)
    middles = rng.normal(size=(count, 1, dimension))
    rows = middles + rng.normal(0, 0.5, (count, photos, dimension))
    return rows.reshape(-1, dimension).astype(np.float32), np.repeat(np.arange(count), photos)


@pytest.mark.parametrize("photos", [1, 3])
def test_among_other_strangers_it_occurs_as_often_as_it_says(photos):
    strangers = fit_strangers(*people(900, 3, 1), photos, Way(euclidean))
    assert strangers.photos == photos
    rows, _ = people(1500, 3, 2)
    rows = rows.reshape(1500, 3, -1)
    near = np.min([euclidean(rows[:, 0], rows[:, at]) for at in range(photos)], axis=0)
    distances = near[~np.eye(1500, dtype=bool)]
    probability = strangers.probability(distances)
    for rarity in (10, 100, 1000, 10_000):
        assert (probability <= 1 / rarity).mean() * rarity == pytest.approx(1, rel=0.35), rarity


@pytest.mark.parametrize("nearest", [0, 1, 2, 3, 5])
def test_distances_to_people_are_those_of_a_plain_loop(nearest):
    rng = np.random.default_rng(8)
    rows = rng.normal(size=(4, 6)).astype(np.float32)
    photos = rng.normal(size=(4, 3, 6)).astype(np.float32)
    found = Way(euclidean, nearest).distances(rows, list(photos))
    for at, row in enumerate(rows):
        for person in range(3):
            own = photos[:, person]
            if nearest == 0:
                expected = np.linalg.norm(row - own.mean(axis=0))
            else:
                expected = np.sort(np.linalg.norm(row - own, axis=1))[:nearest].mean()
            assert found[at, person] == pytest.approx(expected, rel=1e-4)


def test_the_tail_is_the_distribution_that_it_was_drawn_from():
    rng = np.random.default_rng(0)
    # The distance of two uniform points of a line: P(D <= d) = 2 d - d^2, about 2 d near zero.
    distances = np.abs(rng.uniform(size=3_000_000) - rng.uniform(size=3_000_000))
    tail = Tail.fit(distances)
    asked = np.array([1e-4, 2e-4, 4e-4])
    np.testing.assert_allclose(tail.probability(asked), 2 * asked, rtol=0.15)


@pytest.mark.parametrize("shape", [-0.3, -1e-9, 0.0, 0.2])
def test_the_tail_is_scipys_generalised_pareto(shape):
    asked = np.linspace(0.01, 1, 40)
    expected = 1e-3 * genpareto.sf(1 - asked, shape, 0, 0.2)
    found = Tail(1.0, shape, 0.2).probability(asked)
    np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-15)


def test_nearer_is_rarer_and_more_photos_make_near_less_rare():
    data = people(600, 4, 3)
    one, four = (fit_strangers(*data, photos, Way(euclidean)) for photos in (1, 4))
    distances = np.linspace(0.1, 9, 200)
    for strangers in (one, four):
        probability = strangers.probability(distances)
        assert (np.diff(probability) >= 0).all()
        assert 0 <= probability[0] <= 1e-3 < probability[-1] <= 1
    assert (four.probability(distances) >= one.probability(distances) - 1e-6).all()


def test_the_interval_holds_the_value_and_widens_beyond_the_data():
    strangers = fit_strangers(*people(600, 1, 4), 1, Way(euclidean))
    near = strangers.tail.start * np.array([1.5, 0.9, 0.6])
    widths = []
    for distance in near:
        low, high = strangers.interval(float(distance))
        own = float(strangers.probability(np.array([distance]))[0])
        assert low <= own <= high
        widths.append(high / max(low, 1e-300))
    assert widths[0] == 1
    assert 1 < widths[1] < widths[2]


def test_it_comes_back_from_json():
    strangers = fit_strangers(*people(400, 2, 5), 2, Way(euclidean))
    again = Strangers.of(json.loads(json.dumps(strangers.fields())))
    distances = np.linspace(0, 9, 50)
    np.testing.assert_allclose(
        again.probability(distances), strangers.probability(distances), rtol=1e-3, atol=1e-9
    )
    assert again.interval(1.0) == pytest.approx(strangers.interval(1.0))


@pytest.mark.parametrize(
    ("count", "photos", "asked"), [(1, 5, 1), (20, 1, 1), (300, 1, 2), (0, 0, 1)]
)
def test_too_little_says_nothing(count, photos, asked):
    assert fit_strangers(*people(count, photos, 6), asked, Way(euclidean)) is None


def test_people_who_are_all_alike_do_not_break_it():
    rows, groups = people(300, 1, 7)
    strangers = fit_strangers(np.ones_like(rows), groups, 1, Way(euclidean))
    probability = strangers.probability(np.array([0.0, 1.0]))
    assert np.isfinite(probability).all()
    assert (probability <= 1).all()
