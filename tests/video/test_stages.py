"""Stages run ahead, but not too far, and end when nobody wants them."""

from __future__ import annotations

import threading
from contextlib import closing

import pytest

from lookalike.video.stages import ahead


def test_results_come_in_order_from_another_thread():
    threads = set()

    def stage():
        for number in range(100):
            threads.add(threading.current_thread())
            yield number

    assert list(ahead(stage(), 4)) == list(range(100))
    assert threading.current_thread() not in threads
    assert len(threads) == 1


def test_a_stage_runs_ahead_no_further_than_it_may():
    made = []
    go_on = threading.Event()

    def stage():
        for number in range(50):
            made.append(number)
            if number == 5:
                go_on.set()
            yield number

    results = ahead(stage(), 4)
    assert next(results) == 0
    go_on.wait(5)
    # One is taken, four wait, one is held at the queue.
    assert len(made) == 6
    assert list(results) == list(range(1, 50))


def test_an_error_comes_after_what_came_before_it():
    def stage():
        yield 1
        raise ValueError("broken")

    results = ahead(stage(), 4)
    assert next(results) == 1
    with pytest.raises(ValueError, match="broken"):
        next(results)


def test_nobody_wants_the_rest():
    closed = threading.Event()

    def stage():
        try:
            number = 0
            while True:
                yield number
                number += 1
        finally:
            closed.set()

    before = threading.active_count()
    with closing(ahead(ahead(stage(), 2), 2)) as results:
        assert [next(results), next(results)] == [0, 1]
    assert closed.is_set()
    assert threading.active_count() == before


def test_a_stage_that_cannot_wait_leaves_out_what_may_be_spared():
    asked: list[int] = []

    def spare(number: int) -> bool:
        asked.append(number)
        return number != 39

    results = ahead(iter(range(40)), 4, spare=spare)
    kept = [next(results)]
    while len(asked) < 30:  # the stage goes on although nobody takes anything
        threading.Event().wait(0.01)
    kept += results
    assert kept[0] == 0
    assert kept[-1] == 39
    assert len(kept) < 15
    assert kept == sorted(kept)


def test_the_thread_is_prepared():
    names = []
    list(ahead(iter([1]), 1, lambda: names.append(threading.current_thread().name)))
    assert names == ["lookalike-video"]
