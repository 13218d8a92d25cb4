"""Filters come before the ranking: the result is exact, whoever is left."""

from __future__ import annotations

import numpy as np
import pytest

from lookalike.errors import OptionError
from lookalike.gallery.asking.ranking import FindOptions
from lookalike.gallery.asking.selection import _CONDITIONS_KEPT, Selections
from lookalike.gallery.gallery import Gallery
from lookalike.testing.fakes import FAKE_SPACE
from lookalike.types import Embeddings


@pytest.fixture
def file(create, record):
    file = create()
    rng = np.random.default_rng(0)
    records = []
    for at in range(40):
        facts = {"even": at % 2 == 0, "born": 1950 + at}
        photos = range(1 + at % 3)
        records += [record(f"P{at:02}", f"{at}/{k}", rng.normal(size=8), facts) for k in photos]
    file.write(records, [])
    return file


ASKED = Embeddings(np.random.default_rng(1).normal(size=(5, 8)).astype(np.float32), FAKE_SPACE)


@pytest.mark.parametrize("metric", ["euclidean", "cosine", "mahalanobis"])
@pytest.mark.parametrize("where", ["even = true", "born >= 1980", "born = 1951", "photos >= 2"])
def test_a_filter_leaves_the_order_of_those_who_pass(metric, where, file):
    gallery = Gallery(file)
    everybody = gallery.find(ASKED, FindOptions(40, metric))
    passing = {
        person.id
        for person, count in zip(gallery.people, gallery.columns(everyone=True).counts, strict=True)
        if {
            "even = true": person.attributes["even"],
            "born >= 1980": person.attributes["born"] >= 1980,
            "born = 1951": person.attributes["born"] == 1951,
            "photos >= 2": count >= 2,
        }[where]
    }
    for all_matches, matches in zip(
        everybody, gallery.find(ASKED, FindOptions(40, metric, where=where)), strict=True
    ):
        expected = [match.person.id for match in all_matches if match.person.id in passing]
        assert [match.person.id for match in matches] == expected
        assert [match.rank for match in matches] == list(range(1, len(expected) + 1))


def test_a_filter_that_nobody_passes_is_answered_with_nobody(file):
    gallery = Gallery(file)
    options = FindOptions(where="born > 3000")
    assert gallery.find(ASKED, options) == [[]] * 5
    assert gallery.count(options) == 0


def test_what_is_no_filter_is_refused_before_anything_is_searched():
    with pytest.raises(OptionError, match="not understood"):
        FindOptions(where="born >")


def test_only_the_last_filters_are_kept(file):
    selections = Selections(file, ())
    whole = selections.get(everyone=True)
    for year in range(1950, 1950 + 2 * _CONDITIONS_KEPT):
        selections.pool(everyone=True, where=f"born > {year}")
    assert len(selections._pools) == _CONDITIONS_KEPT
    last = selections.pool(everyone=True, where=f"born > {year}")
    assert selections.pool(everyone=True, where=f"born > {year}") is last
    assert selections.get(everyone=True) is whole


@pytest.mark.parametrize("rank", ["nearest", "mean", "centroid"])
@pytest.mark.parametrize("metric", ["euclidean", "mahalanobis", "mahalanobis-person"])
def test_every_condition_is_answered_by_one_index(metric, rank, file):
    gallery = Gallery(file)
    for where in ("", "even = true", "born >= 1980", "photos >= 2"):
        gallery.find(ASKED, FindOptions(40, metric, rank, where=where))
    assert len(gallery._selections.get(everyone=True).indexes) == 1


@pytest.mark.parametrize("rank", ["mean", "centroid"])
@pytest.mark.parametrize("metric", ["cosine", "mahalanobis-person"])
def test_a_filter_does_not_change_how_far_people_are(metric, rank, file):
    gallery = Gallery(file)
    whole = gallery.find(ASKED, FindOptions(40, metric, rank))
    some = gallery.find(ASKED, FindOptions(40, metric, rank, where="even = true"))
    for all_matches, matches in zip(whole, some, strict=True):
        passing = [one for one in all_matches if one.person.attributes["even"]]
        assert [(m.person.id, m.distance) for m in matches] == [
            (m.person.id, pytest.approx(m.distance, rel=1e-6)) for m in passing
        ]
