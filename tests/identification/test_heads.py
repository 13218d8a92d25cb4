"""Each head computes what its page says, checked with other people's code."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.distance import cdist
from sklearn.neighbors import KNeighborsClassifier, NearestCentroid
from sklearn.svm import LinearSVC

from lookalike.identification import svm
from lookalike.identification.centroid import CentroidHead
from lookalike.identification.closeness import reach_of
from lookalike.identification.svm import SvmHead
from lookalike.identification.voting import VOTERS, KnnHead

from .conftest import people, rows


@pytest.fixture(scope="module")
def known():
    return rows(people(20), 6, seed=1, noise=0.6)


@pytest.fixture(scope="module")
def asked():
    return rows(people(20), 5, seed=2, noise=0.9)[0]


def test_the_nearest_centroid_is_that_of_scikit_learn(known, asked):
    head = CentroidHead.fit(*known)
    expected = NearestCentroid().fit(*known).predict(asked)
    scores = head.scores(asked)
    np.testing.assert_array_equal(scores.argmax(axis=1), expected)
    middles = np.array([known[0][known[1] == person].mean(axis=0) for person in range(20)])
    usual = np.median(cdist(middles, middles)[np.triu_indices(20, 1)])
    formula = np.exp(-((cdist(asked, middles) / (usual / 2)) ** 2))
    np.testing.assert_allclose(scores, formula, atol=1e-5)


def test_votes_are_those_of_scikit_learn(known, asked):
    head = KnnHead.fit(*known)
    reach = head.arrays()["reach"][0]
    votes = KNeighborsClassifier(VOTERS, weights=lambda d: np.exp(-((d / reach) ** 2)))
    expected = votes.fit(*known)
    scores = head.scores(asked)
    # There the votes are divided by their sum, here by how many there can be.
    shares = scores / scores.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(shares, expected.predict_proba(asked), atol=1e-4)
    near, _ = expected.kneighbors(asked)
    np.testing.assert_allclose(
        scores.sum(1) * VOTERS, np.exp(-((near / reach) ** 2)).sum(1), rtol=1e-3
    )


def test_who_has_one_photo_can_get_full_votes():
    vectors, groups = np.eye(8, dtype=np.float32)[[0, 0, 0, 1]], np.array([0, 0, 0, 1])
    scores = KnnHead.fit(vectors, groups).scores(np.eye(8, dtype=np.float32)[:2])
    np.testing.assert_allclose(np.diag(scores), 1, atol=1e-6)
    assert (scores[[0, 1], [1, 0]] < 0.1).all()


def test_the_machines_are_those_of_scikit_learn(known, asked):
    head = SvmHead.fit(*known)
    middle = head.arrays()["middle"]

    def opened(vectors):
        unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return (unit - middle) / np.linalg.norm(unit - middle, axis=1, keepdims=True)

    for person in range(20):
        own = known[1] == person
        heavier = np.sqrt((~own).sum() / own.sum())
        machine = LinearSVC(
            C=0.3, class_weight={False: 1, True: heavier}, dual=False, tol=1e-8, max_iter=10_000
        ).fit(opened(known[0]), own)
        expected = machine.decision_function(opened(asked))
        np.testing.assert_allclose(head.scores(asked)[:, person], expected, atol=0.01)


def test_machines_that_are_solved_in_blocks_are_the_same(known, asked, monkeypatch):
    whole = SvmHead.fit(*known).scores(asked)
    monkeypatch.setattr(svm, "_BUDGET", 7 * len(known[0]))
    np.testing.assert_allclose(SvmHead.fit(*known).scores(asked), whole, atol=0.01)


def test_faces_in_one_place_have_a_reach():
    assert reach_of(np.ones((3, 8), np.float32)) == 1
    assert reach_of(np.ones((1, 8), np.float32)) == 1
