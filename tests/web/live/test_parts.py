"""The parts of the live camera: the newest frame, the same face, the steady name."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest

from lookalike.testing.fakes import FAKE_SPACE
from lookalike.types import Analysis, Crops, Embeddings, Faces, Image, Match, Person
from lookalike.web.live.mailbox import Mailbox
from lookalike.web.live.steady import Steady
from lookalike.web.live.tracks import Tracks


def test_the_newest_wins():
    async def go() -> None:
        box: Mailbox[int] = Mailbox()
        for number in range(5):
            box.put(number)
        assert await box.take() == (4, 4)
        taking = asyncio.create_task(box.take())
        await asyncio.sleep(0)
        assert not taking.done()
        box.put(5)
        assert await taking == (5, 0)
        box.put(6)
        box.close()
        assert await box.take() == (6, 0)
        assert await box.take() == (None, 0)

    asyncio.run(go())


def frame(*faces: tuple[float, float, list[float]]) -> Analysis:
    """Make a frame with faces of 100 px at these places, with these vectors."""
    n = len(faces)
    boxes = np.array([[x, y, x + 100, y + 100] for x, y, _ in faces], np.float32).reshape(n, 4)
    vectors = np.array([vector for _, _, vector in faces], np.float32).reshape(n, 8)
    return Analysis(
        Image(np.zeros((480, 640, 3), np.uint8)),
        Faces(boxes, np.zeros((n, 5, 2), np.float32), np.ones(n, np.float32)),
        Crops(np.zeros((n, 32, 32, 3), np.uint8), np.zeros((n, 2, 3), np.float32), "fake-32"),
        Embeddings(vectors, FAKE_SPACE),
    )


ONE, OTHER = np.eye(8)[0], np.eye(8)[1]
RNG = np.random.default_rng(1)


def near(vector):
    return (vector + RNG.normal(0, 0.02, 8)).tolist()


def test_a_face_that_moves_keeps_its_number():
    tracks = Tracks()
    numbers = [
        tracks.follow(frame((10 + 15 * at, 50, near(ONE))), at / 10)[0].number for at in range(20)
    ]
    assert numbers == [1] * 20


def test_two_faces_that_pass_each_other_keep_their_numbers():
    tracks = Tracks()
    for at in range(21):
        seen = frame((10 * at, 50, near(ONE)), (200 - 10 * at, 60, near(OTHER)))
        assert [track.number for track in tracks.follow(seen, at / 10)] == [1, 2]


def test_the_order_of_faces_makes_no_difference():
    tracks = Tracks()
    tracks.follow(frame((0, 0, near(ONE)), (300, 0, near(OTHER))), 0)
    found = tracks.follow(frame((302, 0, near(OTHER)), (2, 0, near(ONE))), 0.1)
    assert [track.number for track in found] == [2, 1]


def test_somebody_else_in_the_same_place_is_somebody_else():
    tracks = Tracks()
    for at in range(5):
        tracks.follow(frame((50, 50, near(ONE))), at / 10)
    assert tracks.follow(frame((50, 50, near(OTHER))), 0.5)[0].number == 2


def test_a_face_out_of_sight_comes_back_within_a_second():
    tracks = Tracks()
    tracks.follow(frame((50, 50, near(ONE))), 0)
    assert tracks.follow(frame(), 0.5) == []
    assert tracks.follow(frame((60, 50, near(ONE))), 0.9)[0].number == 1
    assert tracks.follow(frame(), 1.5) == []
    assert tracks.follow(frame((60, 50, near(ONE))), 2.0)[0].number == 2


def test_a_service_that_looks_rarely_still_follows():
    tracks = Tracks()
    for at in range(5):
        assert tracks.follow(frame((50 + 20 * at, 50, near(ONE))), 2.5 * at)[0].number == 1
    assert tracks.follow(frame((150, 50, near(ONE))), 20)[0].number == 2


def test_what_is_kept_does_not_grow():
    tracks = Tracks()
    for at in range(200):
        tracks.follow(frame((400 * (at % 2), 50, near(np.eye(8)[at % 8]))), at)
    assert len(tracks.followed) <= 2


def test_a_vector_is_the_mean_of_its_looks():
    tracks = Tracks()
    vectors = [near(ONE) for _ in range(10)]
    for at, vector in enumerate(vectors):
        (track,) = tracks.follow(frame((50, 50, vector)), at / 10)
    assert np.allclose(track.vector, np.mean(vectors, axis=0), atol=1e-6)


def match(name: str) -> tuple[Match, ...]:
    return (Match(Person.named(name), 0.5, 1),)


def test_a_name_stays_while_others_come_first_now_and_then():
    steady = Steady()
    for at in range(40):
        shown = steady.update(match("B" if at % 3 == 2 else "A"), at / 10)
        assert shown[0].person.name == "A"


def test_a_name_changes_once_another_has_led_for_a_while():
    steady = Steady()
    steady.update(match("A"), 0)
    shown = [steady.update(match("B"), 1 + at / 10)[0].person.name for at in range(12)]
    assert shown == ["A"] * shown.index("B") + ["B"] * (12 - shown.index("B"))
    assert 7 <= shown.index("B") <= 8


@pytest.mark.parametrize("pause", [0.5, 3.0])
def test_two_looks_do_not_change_a_name_however_far_apart(pause):
    steady = Steady()
    steady.update(match("A"), 0)
    for at in range(2):
        assert steady.update(match("B"), 1 + at * pause)[0].person.name == "A"


def test_nobody_of_whom_a_condition_holds_changes_nothing():
    steady = Steady()
    assert steady.update((), 0) == ()
    steady.update(match("A"), 0.1)
    assert steady.update((), 0.2)[0].person.name == "A"
