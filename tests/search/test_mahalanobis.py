"""Mahalanobis distance against the formulas written as loops, scikit-learn and SciPy."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.distance import mahalanobis
from sklearn.covariance import LedoitWolf

from lookalike.errors import OptionError
from lookalike.search.mahalanobis import (
    PRIOR_PHOTOS,
    PersonMahalanobis,
    PooledMahalanobis,
    within_person_covariance,
)


def centered_rows(rows, groups):
    """Return rows minus the mean of their person, of people with several photos, in float64."""
    parts = []
    for person in np.unique(groups):
        own = rows[groups == person].astype(np.float64)
        if len(own) > 1:
            parts.append(own - own.mean(axis=0))
    return np.concatenate(parts), len(parts)


def ledoit_wolf_by_hand(x):
    """Shrink the covariance of centered rows as in Ledoit and Wolf (2004), their section 3.3."""
    n, p = x.shape
    sample = sum(np.outer(row, row) for row in x) / n
    mean = np.trace(sample) / p
    distance = np.sum((sample - mean * np.eye(p)) ** 2) / p
    error = sum(np.sum((np.outer(row, row) - sample) ** 2) / p for row in x) / n**2
    shrinkage = min(error, distance) / distance
    return shrinkage * mean * np.eye(p) + (1 - shrinkage) * sample


def test_the_covariance_is_ledoit_and_wolfs_with_the_freedom_of_the_means(labelled):
    rows, groups = labelled
    x, people = centered_rows(rows, groups)
    expected = ledoit_wolf_by_hand(x) * len(x) / (len(x) - people)
    np.testing.assert_allclose(within_person_covariance(rows, groups), expected, rtol=1e-6)


def test_the_covariance_is_scikit_learns_on_centered_rows(labelled):
    rows, groups = labelled
    x, people = centered_rows(rows, groups)
    fitted = LedoitWolf(assume_centered=True).fit(x).covariance_
    expected = fitted * len(x) / (len(x) - people)
    np.testing.assert_allclose(within_person_covariance(rows, groups), expected, rtol=1e-6)


def test_the_covariance_is_that_of_the_photos_if_there_are_many():
    rng = np.random.default_rng(1)
    true = np.array([[1.0, 0.6, 0], [0.6, 2.0, -0.3], [0, -0.3, 0.5]])
    # Two photos each: without the correction for the means it would come out half as large.
    groups = np.repeat(np.arange(20_000), 2)
    rows = rng.normal(size=(20_000, 3))[groups] * 5
    rows += rng.multivariate_normal(np.zeros(3), true, len(groups))
    found = within_person_covariance(rows.astype(np.float32), groups)
    np.testing.assert_allclose(found, true, atol=0.05)


def test_people_with_one_photo_say_nothing_about_scatter(labelled):
    rows, groups = labelled
    several = np.bincount(groups)[groups] > 1
    _, renumbered = np.unique(groups[several], return_inverse=True)
    np.testing.assert_allclose(
        within_person_covariance(rows, groups),
        within_person_covariance(rows[several], renumbered),
        rtol=1e-12,
    )


def test_whitened_photos_scatter_alike_in_every_direction(labelled):
    rows, groups = labelled
    metric = PooledMahalanobis.fit(rows, groups)
    mixed = np.linalg.cholesky(within_person_covariance(rows, groups)).astype(np.float32)
    # x = L e has whitened coordinates e.
    np.testing.assert_allclose(metric.project(mixed.T.copy()), np.eye(6), atol=1e-5)


@pytest.mark.parametrize("model", [PooledMahalanobis, PersonMahalanobis])
@pytest.mark.parametrize("groups", [[0, 1, 2, 3], [0, 0, 1, 2]])
def test_nobody_with_several_photos_is_an_error_with_a_way_out(model, groups, vectors):
    with pytest.raises(OptionError, match="several photos") as caught:
        model.fit(vectors(4, 3, 1), np.array(groups))
    assert "--metric euclidean" in caught.value.hint


@pytest.mark.parametrize("model", [PooledMahalanobis, PersonMahalanobis])
def test_photos_that_do_not_differ_are_an_error_with_a_way_out(model, vectors):
    groups = np.repeat(np.arange(3), 3)
    with pytest.raises(OptionError, match="differ") as caught:
        model.fit(vectors(3, 4, 1)[groups], groups)
    assert "--metric euclidean" in caught.value.hint


def variances_by_loops(rows, groups, prior):
    """Return means and variances as the class documents them, number by number."""
    rows = rows.astype(np.float64)
    people, d = int(groups.max()) + 1, rows.shape[1]
    means, variances = np.zeros((people, d)), np.zeros((people, d))
    for i in range(d):
        squares, freedom = 0.0, 0
        for person in range(people):
            own = [row[i] for row, group in zip(rows, groups, strict=True) if group == person]
            means[person, i] = sum(own) / len(own)
            if len(own) > 1:
                squares += sum((x - means[person, i]) ** 2 for x in own)
                freedom += len(own) - 1
        pooled = squares / freedom
        for person in range(people):
            own = [row[i] for row, group in zip(rows, groups, strict=True) if group == person]
            n = len(own)
            spread = sum((x - means[person, i]) ** 2 for x in own)
            variances[person, i] = (prior * pooled + spread) / (prior + n - 1) * (1 + 1 / n)
    return means, variances


@pytest.mark.parametrize("prior", [0.5, PRIOR_PHOTOS])
def test_means_and_variances_follow_the_formula(prior, labelled):
    index = PersonMahalanobis.fit(*labelled, prior)
    means, variances = variances_by_loops(*labelled, prior)
    np.testing.assert_allclose(index.means, means, rtol=1e-9)
    np.testing.assert_allclose(index.variances, variances, rtol=1e-9)


@pytest.mark.parametrize("k", [1, 3, 8, 11])
def test_people_are_ranked_by_scipys_distance_to_their_means(k, labelled, vectors):
    rows, groups = labelled
    index = PersonMahalanobis.fit(rows, groups)
    means, variances = variances_by_loops(rows, groups, PRIOR_PHOTOS)
    queries = vectors(7, 6, 1)
    found = index.search(queries, k)
    assert len(index) == 8
    assert found.rows.shape == (7, k)
    for at, query in enumerate(queries.astype(np.float64)):
        away = [
            mahalanobis(query, m, np.diag(1 / v)) for m, v in zip(means, variances, strict=True)
        ]
        order = np.argsort(away, kind="stable")[:k]
        np.testing.assert_array_equal(found.rows[at, : len(order)], order)
        np.testing.assert_allclose(
            found.distances[at, : len(order)], np.array(away)[order], rtol=1e-5
        )
    assert (found.rows[:, 8:] == -1).all()
    assert np.isinf(found.distances[:, 8:]).all()


def test_a_query_at_a_mean_is_at_distance_zero(labelled):
    index = PersonMahalanobis.fit(*labelled)
    found = index.search(index.means.astype(np.float32), 1)
    np.testing.assert_array_equal(found.rows[:, 0], np.arange(8))
    np.testing.assert_allclose(found.distances[:, 0], 0, atol=1e-5)


def test_one_photo_is_judged_by_the_pooled_variance_and_an_uncertain_mean(labelled):
    rows, groups = labelled
    x, people = centered_rows(rows, groups)
    pooled = (x**2).sum(axis=0) / (len(x) - people)
    index = PersonMahalanobis.fit(rows, groups)
    alone = np.flatnonzero(np.bincount(groups) == 1)
    assert len(alone) == 2
    # The photo scatters about the person's mean as much as the asking one does: twice the variance.
    np.testing.assert_allclose(index.variances[alone], np.tile(2 * pooled, (2, 1)), rtol=1e-6)


def test_more_photos_bring_a_persons_own_variance_out():
    rng = np.random.default_rng(7)
    own, others = 0.25, 1.0
    errors = []
    for n in (2, 10, 100, 5000):
        mine = rng.normal(scale=own**0.5, size=(n, 40))
        rest = rng.normal(scale=others**0.5, size=(6000, 40))
        groups = np.concatenate([np.zeros(n, np.int64), 1 + np.arange(6000) // 20])
        index = PersonMahalanobis.fit(np.concatenate([mine, rest]).astype(np.float32), groups)
        errors.append(abs(index.variances[0].mean() - own))
    assert errors == sorted(errors, reverse=True)
    assert errors[0] > 0.5
    assert errors[-1] < 0.01


def test_a_number_that_never_changes_keeps_distances_finite(vectors):
    rows, groups = vectors(40, 5, 1), np.arange(40) // 4
    rows[:, 2] = 0.5
    found = PersonMahalanobis.fit(rows, groups).search(rows, 2)
    assert np.isfinite(found.distances).all()


def test_no_people_cannot_be_asked_for(labelled, vectors):
    with pytest.raises(OptionError, match="at least 1"):
        PersonMahalanobis.fit(*labelled).search(vectors(1, 6, 1), 0)
