"""A gallery learns what its distances mean, keeps it, and learns it again when it has changed."""

from __future__ import annotations

import numpy as np
import pytest

from lookalike.gallery.asking.ranking import FindOptions
from lookalike.gallery.asking.rarity import learn, rarity, stored
from lookalike.gallery.gallery import Gallery
from lookalike.search.metrics import ready_made
from lookalike.testing.fakes import FAKE_SPACE
from lookalike.types import Analysis, Embeddings, Found, Match, Person, Rarity


def crowd(record, people, photos, seed=0):
    rng = np.random.default_rng(seed)
    middles = rng.normal(size=(people, 8))
    return [
        record(f"P{at:04}", f"{seed}/{at}/{k}", middles[at] + rng.normal(0, 0.3, 8))
        for at in range(people)
        for k in range(photos)
    ]


@pytest.fixture
def file(create, record):
    file = create()
    file.write(crowd(record, 220, 2), [])
    return file


def asked(rows):
    return Embeddings(np.asarray(rows, np.float32), FAKE_SPACE)


@pytest.mark.parametrize("metric", ["euclidean", "cosine", "mahalanobis"])
@pytest.mark.parametrize("rank", ["nearest", "mean", "centroid"])
def test_what_is_learned_is_kept_and_said_with_every_match(metric, rank, file):
    options = FindOptions(3, metric, rank)
    strangers = asked(np.random.default_rng(1).normal(size=(300, 8)))
    assert Gallery(file).find(strangers, options)[0][0].rarity is None
    assert Gallery(file).learn(metric, rank) is True
    assert Gallery(file).learn(metric, rank) is False
    found = Gallery(file).find(strangers, options)
    for matches in found:
        rarities = [match.rarity for match in matches]
        assert all(one.low <= one.one_in <= one.high for one in rarities)
        assert rarities[0].one_in >= rarities[1].one_in >= rarities[2].one_in >= 1
    # The best of 220 strangers is about as rare as 1 in 220.
    typical = np.median([matches[0].rarity.one_in for matches in found])
    assert 60 < typical < 1500


def test_a_photo_of_the_person_is_rarer_than_strangers_are(file, record):
    Gallery(file).learn()
    own = crowd(record, 220, 3)[2::3]
    found = Gallery(file).find(asked([one.vector for one in own]))
    assert np.median([matches[0].rarity.one_in for matches in found]) > 2000


def test_it_is_learned_again_when_the_gallery_has_changed(file, record):
    Gallery(file).learn()
    key = "euclidean|nearest"
    assert stored(file, key, 440) is not None
    assert stored(file, key, 480) is not None
    assert stored(file, key, 500) is None
    assert stored(file, "cosine|nearest", 440) is None
    file.write(crowd(record, 100, 1, seed=5), [])
    assert Gallery(file).learn() is True


def test_a_small_gallery_says_nothing(create, record):
    file = create()
    file.write(crowd(record, 20, 2), [])
    assert Gallery(file).learn() is False
    assert Gallery(file).find(asked(np.ones((1, 8))))[0][0].rarity is None


def test_somebody_with_more_photos_is_less_rare_at_the_same_distance(create, record):
    file = create()
    file.write(crowd(record, 250, 4), [])
    strangers = learn(Gallery(file).columns(everyone=True), ready_made("euclidean"))
    assert [one.photos for one in strangers] == [1, 2, 3, 4]
    distance = float(strangers[0].knots[10])
    said = [rarity(strangers, distance, photos).one_in for photos in (1, 2, 3, 4, 5, 50)]
    assert said[0] > said[1] > said[2] > said[3] == said[4] == said[5]
    assert rarity(strangers[1:], distance, 1) is None


@pytest.mark.parametrize(("one_in", "stands_out"), [(1000, True), (100, False), (220, False)])
def test_somebody_stands_out_beyond_what_so_many_strangers_give(one_in, stands_out, analysis):
    match = Match(Person.named("A"), 0.5, 1, (), Rarity(one_in, one_in, one_in))
    assert Found(analysis, ((match,),), 220).stands_out() is stands_out
    assert Found(analysis, ((),), 220).stands_out() is None
    assert Found(analysis, ((Match(match.person, 0.5, 1),),), 220).stands_out() is None


@pytest.fixture
def analysis() -> Analysis:
    from lookalike.testing import FakeAnalyzer

    (found,) = FakeAnalyzer().analyze([b"one"])
    return found
