"""The model against SciPy's normal distributions, which know nothing of its shortcuts."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import multivariate_normal

from lookalike.gallery.audit.likeness import Likeness
from lookalike.gallery.audit.nearest import NEVER, Bans, nearest_piles
from lookalike.gallery.audit.piles import Piles

RNG = np.random.default_rng(7)
MODEL = Likeness(np.zeros(5), np.eye(5), np.array([4.0, 2.0, 1.0, 0.5, 0.05]))


def faces_of_people(people: int, photos: int, dim: int = 8) -> tuple[np.ndarray, np.ndarray]:
    groups = np.repeat(np.arange(people), photos)
    scale = np.linspace(0.5, 3, dim)
    vectors = RNG.normal(0, scale, (people, dim))[groups] + RNG.normal(0, 0.7, (len(groups), dim))
    return vectors.astype(np.float32), groups


def log_density(rows: np.ndarray) -> float:
    """Return the density of photos of one person, by the covariance of all of them together."""
    n = len(rows)
    total = 0.0
    for axis, between in enumerate(MODEL.between):
        covariance = np.eye(n) + between
        total += multivariate_normal(np.zeros(n), covariance).logpdf(rows[:, axis])
    return total


@pytest.mark.parametrize(("n", "m"), [(1, 1), (1, 7), (3, 4), (9, 2)])
def test_ratio_is_that_of_the_joint_densities(n: int, m: int) -> None:
    one, two = RNG.normal(0, 1.5, (n, 5)), RNG.normal(0, 1.5, (m, 5))
    expected = log_density(np.concatenate([one, two])) - log_density(one) - log_density(two)
    piles = [Piles.of(rows, np.zeros(len(rows), np.int64)) for rows in (one, two)]
    assert MODEL.ratio(*piles) == pytest.approx(expected, abs=1e-9)
    assert MODEL.ratio(*reversed(piles)) == pytest.approx(expected, abs=1e-9)


def test_expected_ratio_is_the_mean_over_true_pairs() -> None:
    draws, n, m = 20_000, 2, 3
    people = RNG.normal(0, np.sqrt(MODEL.between), (draws, 5))
    one = Piles(RNG.normal(n * people, np.sqrt(n)), np.full(draws, float(n)))
    two = Piles(RNG.normal(m * people, np.sqrt(m)), np.full(draws, float(m)))
    expected = MODEL.expected(one.counts[:1], two.counts[:1])
    assert MODEL.ratio(one, two).mean() == pytest.approx(expected[0], rel=0.03)


def test_an_empty_pile_says_nothing() -> None:
    empty, one = Piles(np.zeros((1, 5)), np.zeros(1)), Piles(np.ones((1, 5)), np.ones(1))
    for pair in ((empty, one), (one, empty)):
        assert MODEL.ratio(*pair) == 0
        assert MODEL.expected(pair[0].counts, pair[1].counts) == 0


def test_fit_whitens_what_is_within_people() -> None:
    vectors, groups = faces_of_people(200, 10)
    model = Likeness.fit(vectors, groups)
    rows = model.project(vectors)
    scatter = rows - Piles.of(rows, groups).means()[groups]
    within = scatter.T @ scatter / (len(rows) - 200)
    assert np.abs(within - np.eye(8)).max() < 0.1
    assert model.between.max() == pytest.approx(9 / 0.49, rel=0.3)


@pytest.mark.parametrize(("people", "photos"), [(1, 1), (1, 9), (2, 1), (40, 1), (2, 2)])
def test_fit_needs_hardly_anything(people: int, photos: int) -> None:
    vectors, groups = faces_of_people(people, photos)
    vectors[0, 0] += 1
    model = Likeness.fit(vectors, groups)
    assert np.isfinite(model.project(vectors)).all()
    assert (model.between > 0).all()


def test_rows_that_are_set_aside_do_not_count() -> None:
    vectors, groups = faces_of_people(20, 4)
    spoilt = np.concatenate([vectors, np.full((3, 8), 50, np.float32)])
    one = Likeness.fit(vectors, groups)
    two = Likeness.fit(spoilt, np.concatenate([groups, [-1, -1, -1]]))
    assert np.allclose(one.project(vectors), two.project(vectors))


@pytest.mark.parametrize("block", [3, 1 << 24])
def test_nearest_piles_are_those_of_the_ratio(block: int, monkeypatch) -> None:
    monkeypatch.setattr("lookalike.gallery.audit.nearest._BUDGET", block)
    rows = RNG.normal(0, 2, (40, 5)).astype(np.float32)
    groups = RNG.integers(-1, 9, 40)
    piles = Piles.of(rows, groups, 12)
    single = Piles.single(rows)
    every = np.stack(
        [MODEL.ratio(single, piles.pick(np.full(40, pile))) for pile in range(12)], axis=1
    )
    every[:, piles.counts == 0] = NEVER
    banned = np.flatnonzero(groups >= 0)
    every[banned, groups[banned]] = NEVER
    best, ratios = nearest_piles(MODEL, rows, piles, Bans(np.arange(40), groups), 3)
    assert np.array_equal(best, np.argsort(-every, axis=1, kind="stable")[:, :3])
    assert np.allclose(ratios, -np.sort(-every, axis=1)[:, :3], atol=1e-3)


def test_fewer_piles_than_asked_for() -> None:
    rows = RNG.normal(0, 1, (2, 5)).astype(np.float32)
    piles = Piles.of(rows, np.array([0, 0]))
    _, ratios = nearest_piles(MODEL, rows, piles, Bans(np.arange(2), np.zeros(2, np.int64)), 2)
    assert (ratios <= NEVER).all()
