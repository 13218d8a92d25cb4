"""Who is followed, and under which name, when the script is known."""

from __future__ import annotations

import time

import numpy as np
import pytest

from lookalike.video.pace import PaceOptions
from lookalike.video.watching import Watcher, WatchOptions

from .scripted import LIKENESS, RATE, Knows, Part, ScriptedEyes, names_in, pictures, watched


def still(_number: int):
    return [Part("Ada", 100), Part("Bob", 300)]


def test_names_stand_from_the_first_frame_to_the_last_on_few_looks():
    frames, watcher, eyes = watched(still, 100, ["Ada"])
    assert [one.picture.number for one in frames] == list(range(100))
    assert all(names_in(one) == {100: "Ada", 300: "?"} for one in frames)
    assert len(eyes.looked) <= 22  # five a second
    assert eyes.encoded <= 20
    (ada,) = [one for one in watcher.roll.segments() if one.person]
    assert (ada.start_s, ada.end_s) == (0.0, pytest.approx(4.0))
    assert ada.confidence == 1.0
    assert watcher.roll.revisions == 0


def test_boxes_move_between_looks():
    frames, _, eyes = watched(lambda n: [Part("Ada", 100 + 2 * n)], 60, ["Ada"])
    for one in frames:
        (box,) = [face.box for face in one.faces]
        assert (box[0] + box[2]) / 2 == pytest.approx(100 + 2 * one.picture.number, abs=0.01)
    assert len(eyes.looked) < 60


def test_who_comes_and_goes_is_found_to_the_frame():
    def script(number: int):
        return [Part("Ada", 100)] * (37 <= number < 71)

    frames, _, eyes = watched(script, 120, ["Ada"])
    there = [one.picture.number for one in frames if one.faces]
    assert there == list(range(37, 71))
    assert len(eyes.looked) < 45


def test_a_cut_ends_every_track_even_where_the_next_face_is_in_the_same_place():
    def script(number: int):
        return [Part("Ada" if number < 33 else "Bob", 100)]

    frames, watcher, _ = watched(script, 70, ["Ada", "Bob"], cuts=[33])
    assert [names_in(one)[100] for one in frames] == ["Ada"] * 33 + ["Bob"] * 37
    assert [one.tracks for one in watcher.roll.segments()] == [(1,), (2,)]


def test_a_cut_that_nobody_noticed_does_not_carry_a_name_over():
    def script(number: int):
        return [Part("Ada" if number < 40 else "Bob", 100)]

    frames, _, _ = watched(script, 80, ["Ada", "Bob"])
    named = [names_in(one).get(100) for one in frames]
    # Between the looks around it nobody can tell; everywhere else it is right.
    assert named[:36] == ["Ada"] * 36
    assert named[45:] == ["Bob"] * 35


def test_people_who_cross_keep_their_names():
    def script(number: int):
        ada, bob = Part("Ada", 100 + 4 * number), Part("Bob", 420 - 4 * number)
        # Whoever is behind is hidden while they overlap.
        return [ada] if abs(ada.x - bob.x) < 30 else [ada, bob]

    frames, watcher, _ = watched(script, 80, ["Ada", "Bob"])
    for one in frames:
        number = one.picture.number
        if abs(320 - 8 * number) > 60:
            assert names_in(one) == {100 + 4 * number: "Ada", 420 - 4 * number: "Bob"}, number
    assert watcher.roll.revisions == 0


def test_two_faces_in_one_frame_are_never_one_person():
    def script(_number: int):
        return [Part("Ada", 100, quality=0.9), Part("Ada", 300, quality=0.4)]

    frames, _, _ = watched(script, 50, ["Ada"])
    assert all(names_in(one) == {100: "Ada", 300: "?"} for one in frames)
    alike, _, _ = watched(script, 50, head=Knows(["Ada"], exclusive=False))
    assert all(names_in(one) == {100: "Ada", 300: "Ada"} for one in alike)


def test_a_name_does_not_flicker_when_single_faces_are_mistaken():
    rng = np.random.default_rng(7)

    class Doubtful(Knows):
        def answers(self, faces):
            answers = super().answers(faces)
            return [answers[0].__class__(None, 0.9) if rng.random() < 0.3 else one
                    for one in answers]  # fmt: skip

    frames, watcher, _ = watched(lambda _: [Part("Ada", 100)], 500, head=Doubtful(["Ada"]))
    names = [names_in(one)[100] for one in frames]
    assert set(names) == {"Ada"}
    assert watcher.roll.revisions == 0


def test_a_face_that_says_nothing_gets_no_name_and_one_seen_for_a_moment_no_frame():
    frames, _, eyes = watched(lambda _: [Part("Ada", 100, quality=0.01)], 50, ["Ada"])
    assert all(names_in(one) == {100: "?"} for one in frames)
    assert eyes.encoded == 0
    brief, _, _ = watched(lambda n: [Part("Ada", 100)] * (30 <= n < 32), 60, ["Ada"])
    assert not any(one.faces for one in brief)


def test_a_face_missed_for_a_moment_is_there_all_the_same():
    def script(number: int):
        return [] if 40 <= number < 47 else [Part("Ada", 100)]

    frames, watcher, _ = watched(script, 90, ["Ada"])
    assert all(names_in(one) == {100: "Ada"} for one in frames)
    assert len(watcher.roll.segments()) == 1


def test_who_is_hidden_for_privacy_is_held_before_and_after():
    options = WatchOptions(hold_s=0.21)
    frames, _, _ = watched(lambda n: [Part("Ada", 100)] * (30 <= n < 60), 90, options=options)
    there = [one.picture.number for one in frames if one.faces]
    assert there == list(range(25, 65))


def test_the_same_footage_gives_the_same_result_and_looks_are_afforded():
    rng = np.random.default_rng(0)
    seen = rng.random(300) < 0.5  # a detector that finds a face every other time

    def script(number: int):
        return [Part("Ada", 100)] * bool(seen[number])

    options = WatchOptions(pace=PaceOptions(most_hz=12))
    first, _, eyes = watched(script, 300, ["Ada"], options=options)
    again, _, others = watched(script, 300, ["Ada"], options=options)
    assert eyes.looked == others.looked
    assert [names_in(one) for one in first] == [names_in(one) for one in again]
    assert len(eyes.looked) <= 12 * 13  # twelve seconds, and what was saved before


def test_a_fixed_stride_is_kept_and_frames_wait_only_so_long():
    options = WatchOptions(look_ahead_s=0.4, pace=PaceOptions(stride=5))
    _, watcher, eyes = watched(still, 51, ["Ada"], options=options)
    assert eyes.looked == list(range(0, 51, 5))
    waiting = []

    def counted():
        for picture in pictures(60):
            waiting.append(len(watcher._waiting))
            yield picture

    watcher = Watcher(ScriptedEyes(still), Knows(["Ada"]), RATE, options, LIKENESS)
    assert len(list(watcher.watch(counted()))) == 60
    assert max(waiting) <= 0.4 * RATE + 1


def test_vectors_are_made_in_batches():
    def crowd(_number: int):
        return [Part(f"Person {at}", 50 + 70 * at) for at in range(8)]

    _, _, eyes = watched(crowd, 100, [f"Person {at}" for at in range(8)])
    assert eyes.encoded <= 8 * 10
    assert np.mean(eyes.batches) >= 8


def test_what_is_live_is_looked_at_as_often_as_the_clock_allows():
    class Slow(ScriptedEyes):
        def look(self, picture):
            time.sleep(0.15)
            return super().look(picture)

    eyes = Slow(still)
    options = WatchOptions(look_ahead_s=0.2, pace=PaceOptions(live=True))
    watcher = Watcher(eyes, Knows(["Ada"]), RATE, options, LIKENESS)
    frames = list(watcher.watch(pictures(60)))
    assert len(frames) == 60
    gaps = np.diff(eyes.looked[:-1])
    assert gaps.min() >= 0.3 * RATE - 1
