"""The rate of false names that is asked for holds for real people who were not there."""

from __future__ import annotations

import numpy as np
import pytest

from lookalike.gallery.gallery import Gallery
from lookalike.gallery.records import Columns, Header
from lookalike.gallery.starter import starter_path
from lookalike.gallery.store import GalleryFile
from lookalike.identification.training import train
from lookalike.identification.trials import LEFT_OUT, best_scores


@pytest.fixture(scope="module")
def halves(tmp_path_factory: pytest.TempPathFactory) -> tuple[Gallery, Columns]:
    """Half of the starter gallery's people as a gallery, and everybody in it."""
    with Gallery.open(starter_path()) as starter:
        header, everyone = starter.header, starter.columns(everyone=True)
        faces = list(starter.file.records())
    ids = [person.id for person in everyone.people]
    known = set(np.random.default_rng(3).permutation(ids)[::2].tolist())
    place = tmp_path_factory.mktemp("half") / "half.gallery"
    file = GalleryFile.create(place, Header(header.space, header.template, header.views))
    file.write([face for face in faces if face.person.id in known], [])
    yield Gallery(file), everyone
    file.close()


@pytest.mark.parametrize("head", ["centroid", "knn"])
def test_the_rate_that_was_set_is_met_within_its_interval(
    head: str, halves: tuple[Gallery, Columns]
) -> None:
    gallery, everyone = halves
    trained = train(gallery, head)
    assert trained.certainty.strangers == LEFT_OUT
    known = {person.id for person in trained.people}
    outside = np.array([person.id not in known for person in everyone.people])[everyone.groups]
    people, scores = (
        everyone.groups[outside],
        best_scores(trained.head, everyone.vectors[outside])[1],
    )
    for rate in (0.01, 0.05, 0.1):
        named = scores > trained.certainty.threshold(rate)
        low, high = _interval(people, named)
        assert low <= rate <= high
        # The interval says something: it is narrow enough to tell one in ten from one in five.
        assert high - low < 0.6 * rate + 0.02


def _interval(people: np.ndarray, named: np.ndarray) -> tuple[float, float]:
    """Return where the rate lies, 99 times of 100, if the people were drawn again."""
    groups = np.unique(people, return_inverse=True)[1]
    counts, sums = np.bincount(groups), np.bincount(groups, named)
    drawn = np.random.default_rng(0).integers(0, len(counts), (2000, len(counts)))
    low, high = np.quantile(sums[drawn].sum(axis=1) / counts[drawn].sum(axis=1), [0.005, 0.995])
    return float(low), float(high)
