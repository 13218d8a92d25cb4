"""All pairs of a gallery, against SciPy."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.distance import pdist

from lookalike.errors import EvaluationError
from lookalike.evaluation.all_pairs import PairOptions, blocks, digest_of, measure_pairs
from lookalike.search.metrics import ready_made


@pytest.mark.parametrize("metric", ["euclidean", "sqeuclidean", "cosine"])
def test_distances_are_those_of_scipy(metric, crowd, header) -> None:
    columns = crowd([300, 2, 1, 40, 3])
    scores = measure_pairs(columns, header, ready_made(metric))
    np.testing.assert_allclose(scores.distances, pdist(columns.vectors, metric), atol=2e-6)
    first, second = np.triu_indices(len(columns.groups), 1)
    np.testing.assert_array_equal(scores.sides, np.stack([first, second], axis=1))
    same = columns.groups[first] == columns.groups[second]
    np.testing.assert_array_equal(scores.same, same)
    assert scores.beyond is None
    assert scores.strangers == (~same).sum()
    assert scores.setting.metric == metric


def test_the_nearest_strangers_are_listed_and_all_the_others_counted(crowd, header) -> None:
    columns = crowd([5] * 60)
    whole = measure_pairs(columns, header, ready_made("euclidean"))
    part = measure_pairs(columns, header, ready_made("euclidean"), PairOptions("crowd", 3000))
    assert part.beyond is not None
    listed = part.distances[~part.same]
    assert 2500 < len(listed) <= 3000
    np.testing.assert_array_equal(
        np.sort(listed), np.sort(whole.distances[~whole.same])[: len(listed)]
    )
    assert listed.max() < part.limit
    assert part.strangers == whole.strangers
    np.testing.assert_array_equal(np.sort(part.distances[part.same]),
                                  np.sort(whole.distances[whole.same]))  # fmt: skip
    assert part.beyond.below(np.array([part.limit, 1e9])).tolist() == [0, part.beyond.total]


def test_progress_is_said_as_often_as_promised(crowd, header) -> None:
    columns, times = crowd([300, 300]), []
    measure_pairs(columns, header, ready_made("cosine"), None, lambda: times.append(1))
    assert len(times) == blocks(600) == 6


@pytest.mark.parametrize("counts", [[5], [1, 1, 1], []])
def test_both_kinds_of_pairs_are_needed(counts, crowd, header) -> None:
    with pytest.raises(EvaluationError, match="pairs of two people"):
        measure_pairs(crowd(counts), header, ready_made("euclidean"))


def test_the_digest_is_of_photos_and_people(crowd) -> None:
    one, same, other = crowd([3, 2]), crowd([3, 2]), crowd([2, 3])
    assert digest_of(one) == digest_of(same) != digest_of(other)
