"""One Finder serves many threads: each gets the answers that it would get alone."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from lookalike.gallery.asking.ranking import FindOptions
from lookalike.gallery.gallery import Gallery
from lookalike.gallery.starter import starter_path
from lookalike.images import read
from lookalike.pipeline import Finder
from lookalike.types import Image

THREADS = 8

#: What is made at the first question that needs it: an index, a condition, a fitted metric.
KINDS = (
    FindOptions(k=5),
    FindOptions(k=7, metric="cosine", everyone=True),
    FindOptions(k=3, metric="mahalanobis", rank="mean"),
    FindOptions(k=4, rank="centroid", fair=True),
    FindOptions(k=5, where="photos >= 4"),
)


@pytest.fixture(scope="module")
def photos(hopper, astronaut):
    """Return a few photos, with one face, two and none, each of a size of its own."""
    hopper_pixels = read(hopper).pixels
    beside = np.concatenate([astronaut.pixels[:, :400], hopper_pixels[:512, 60:460]], axis=1)
    shown = [
        hopper_pixels,
        astronaut.pixels[::2, ::2],
        beside,
        np.full((200, 300, 3), 90, np.uint8),
    ]
    return [Image(np.ascontiguousarray(pixels)) for pixels in shown]


def told(found):
    """Return all that an answer says."""
    return [
        (match.person.id, match.rank, match.distance, match.rarity)
        for face in found.matches
        for match in face
    ]


@pytest.mark.slow
def test_eight_threads_get_the_answers_of_one(analyst, photos):
    questions = [(photo, kind) for photo in photos for kind in KINDS]
    alone = Finder(Gallery.open(starter_path()), analyst)
    expected = [told(alone.find(photo, kind)) for photo, kind in questions]
    assert [len(one) for one in expected[: len(KINDS)]] == [kind.k for kind in KINDS]
    assert len(expected[2 * len(KINDS)]) == 10
    assert expected[-len(KINDS) :] == [[]] * len(KINDS)

    # Nothing has been made of this gallery yet: the threads make it while they ask.
    shared = Finder(Gallery.open(starter_path()), analyst)
    start = threading.Barrier(THREADS)

    def ask(thread):
        start.wait()
        answers = {}
        for at in range(len(questions)):
            number = (at + thread * len(KINDS)) % len(questions)
            photo, kind = questions[number]
            answers[number] = told(shared.find(photo, kind))
        return [answers[number] for number in range(len(questions))]

    with ThreadPoolExecutor(THREADS) as pool:
        for answers in pool.map(ask, range(THREADS)):
            assert answers == expected
