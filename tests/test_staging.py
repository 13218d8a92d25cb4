from __future__ import annotations

import os
import signal
import threading
import time
import weakref

import pytest

from lookalike.models.threads import uses_one_core
from lookalike.staging import GROUP, staged


def threads():
    return {one for one in threading.enumerate() if one.name.startswith("lookalike")}


@pytest.fixture(autouse=True)
def _no_thread_stays_behind():
    assert threads() == set()
    yield
    assert threads() == set()


def double(number):
    return 2 * number


def named(numbers):
    return [str(number) for number in numbers]


def uneven(number):
    """Take a while, longest for the first of every few."""
    time.sleep(0.003 * (3 - number % 4))
    return 2 * number


@pytest.mark.parametrize("workers", [1, 2, 3, 8])
@pytest.mark.parametrize("count", [0, 1, 2, 7, 8, 9, 16, 17, 64, 65, 100])
def test_any_number_of_items_keep_their_order(count, workers):
    found = list(staged(range(count), uneven, named, workers))
    assert found == [str(2 * number) for number in range(count)]


def test_what_goes_through_the_second_step_together_does_not_depend_on_timing():
    seen = []

    def second(numbers):
        seen.append(list(numbers))
        return numbers

    for workers in (1, 2, 8):
        seen.clear()
        list(staged(range(21), uneven, second, workers))
        assert sorted(seen) == [
            list(range(0, 32, 2)[:8]),
            list(range(16, 32, 2)),
            [*range(32, 42, 2)],
        ]


@pytest.mark.parametrize(("count", "workers"), [(1, 4), (5, 1)])
def test_one_item_or_one_worker_needs_no_threads(count, workers):
    def where(_item):
        assert not uses_one_core()
        return threading.current_thread()

    found = list(staged(range(count), where, list, workers))
    assert found == [threading.current_thread()] * count


def test_workers_are_other_threads_which_run_networks_on_one_core():
    here = threading.current_thread()

    def alone(_item):
        return uses_one_core() and threading.current_thread() is not here

    def together(seen):
        return [one and alone(None) for one in seen]

    assert all(staged(range(20), alone, together, 2))
    assert not uses_one_core()


def test_all_workers_work_at_a_time():
    meeting = threading.Barrier(3, timeout=20)

    def first(number):
        if number < 3:
            meeting.wait()
        return number

    assert list(staged(range(30), first, list, 3)) == list(range(30))


@pytest.mark.parametrize("workers", [2, 3])
def test_a_slow_consumer_leaves_only_so_many_items_under_way(workers):
    begun, taken, most = [], [], 0

    def items():
        for number in range(200):
            taken.append(number)
            yield number

    def first(number):
        begun.append(number)
        time.sleep(0.001)
        return number

    for fetched, _ in enumerate(staged(items(), first, list, workers)):
        if fetched % 20 == 0:
            time.sleep(0.02)  # time enough to run ahead
        most = max(most, len(taken) - fetched)
        assert len(begun) <= len(taken)
    assert most == workers * GROUP


def test_results_do_not_wait_for_items_that_are_slow_to_come():
    taken = []

    def slow():
        for number in range(60):
            time.sleep(0.005)
            taken.append(number)
            yield number

    for fetched, _ in enumerate(staged(slow(), double, named, 32)):
        assert len(taken) - fetched < 3 * GROUP


def test_nothing_is_kept_of_what_has_been_handed_over():
    class Thing:
        pass

    made = []

    def first(_number):
        thing = Thing()
        made.append(weakref.ref(thing))
        return thing

    for _thing in staged(range(80), first, list, 2):
        alive = sum(one() is not None for one in made)
        assert alive <= 2 * GROUP + 1


def test_nothing_is_taken_before_it_is_asked_for():
    taken = []
    stream = staged((taken.append(number) for number in range(100)), double, named, 2)
    assert taken == []
    stream.close()


def failing_at(wrong, error=RuntimeError):
    def first(number):
        if number == wrong:
            raise error("no")
        return number

    return first


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("wrong", [0, 13, 39])
def test_an_exception_in_a_step_comes_in_place_of_its_group(workers, wrong):
    for steps in [(failing_at(wrong), list), (int, lambda group: [*map(failing_at(wrong), group)])]:
        found = []
        with pytest.raises(RuntimeError, match="no"):
            found.extend(staged(range(40), *steps, workers))
        assert found == list(range(wrong // GROUP * GROUP))


class Breaking:
    """Fails once, and would go on after that."""

    def __init__(self, after):
        self._numbers = iter(range(1000))
        self._after = after

    def __iter__(self):
        return self

    def __next__(self):
        number = next(self._numbers)
        if number == self._after:
            raise OSError("the disk is gone")
        return number


@pytest.mark.parametrize("after", [2, 8, 9, 30])
def test_what_was_taken_before_items_fail_is_done_first(after):
    found = []
    with pytest.raises(OSError, match="the disk is gone"):
        found.extend(staged(Breaking(after), uneven, list, 2))
    assert found == [2 * number for number in range(after)]


@pytest.mark.parametrize("fetched", [0, 1, 9, 20])
def test_who_stops_early_stops_the_threads(fetched):
    begun = []

    def first(number):
        begun.append(number)
        time.sleep(0.002)
        return number

    stream = staged(range(10_000), first, list, 2)
    for _ in range(fetched):
        next(stream)
    stream.close()
    assert threads() == set()
    there = len(begun)
    assert there <= fetched + 2 * GROUP
    time.sleep(0.02)
    assert len(begun) == there


def test_a_loop_that_is_left_stops_the_threads():
    for _ in staged(range(10_000), uneven, list, 2):
        break
    assert threads() == set()

    def consume():
        for one in staged(range(10_000), uneven, list, 2):
            raise LookupError(one)

    with pytest.raises(LookupError):
        consume()
    assert threads() == set()


@pytest.fixture
def ctrl_c():
    """Let an interrupt raise, also in a process that was started in the background."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize("step", ["first", "second", "taking"])
def test_ctrl_c_at_any_step_ends_it_at_once(step, ctrl_c):
    def interrupt():
        os.kill(os.getpid(), signal.SIGINT)

    def items():
        for number in range(10_000):
            if step == "taking" and number == 20:
                interrupt()
            yield number

    def first(number):
        if step == "first" and number == 20:
            interrupt()
        time.sleep(0.001)
        return number

    def second(group):
        if step == "second" and 20 in group:
            interrupt()
        return group

    found = []
    with pytest.raises(KeyboardInterrupt):
        found.extend(staged(items(), first, second, 2))
    assert found == list(range(len(found)))
    assert len(found) < 100
    assert threads() == set()
