"""Work off the event loop: how much at a time, how long, and what happens beyond that."""

from __future__ import annotations

import asyncio
import threading

import pytest

from lookalike.errors import NoFace, ServiceBusy
from lookalike.models.threads import uses_one_core
from lookalike.web.desk import Desk


def test_work_is_done_elsewhere_and_comes_back():
    async def go() -> None:
        desk = Desk("test", 2, 0, 5)
        assert await desk.do(lambda: threading.current_thread().name) != "MainThread"
        # With several at work, each network keeps to one core.
        assert await desk.do(uses_one_core)
        with pytest.raises(NoFace):
            await desk.do(_raising)
        await asyncio.sleep(0)
        assert desk.inside == 0
        desk.close()

    asyncio.run(go())


def test_a_single_worker_may_use_all_cores():
    async def go() -> None:
        desk = Desk("test", 1, 0, 5)
        assert not await desk.do(uses_one_core)
        desk.close()

    asyncio.run(go())


def test_beyond_the_queue_nobody_waits():
    async def go() -> None:
        desk, gate = Desk("test", 1, 1, 5), threading.Event()
        waiting = [asyncio.create_task(desk.do(gate.wait)) for _ in range(2)]
        await asyncio.sleep(0)
        assert not desk.free
        with pytest.raises(ServiceBusy) as caught:
            await desk.do(gate.wait)
        assert caught.value.again_s >= 1
        gate.set()
        assert await asyncio.gather(*waiting) == [True, True]
        await asyncio.sleep(0)
        assert desk.free
        desk.close()

    asyncio.run(go())


def test_whoever_waits_too_long_is_sent_away_and_never_worked_on():
    async def go() -> None:
        desk, gate, done = Desk("test", 1, 5, 0.05), threading.Event(), []
        first = asyncio.create_task(desk.do(gate.wait))
        second = asyncio.create_task(desk.do(lambda: done.append(1)))
        for task in (first, second):
            with pytest.raises(ServiceBusy):
                await task
        # What has begun goes on to its end and keeps its place so long.
        await asyncio.sleep(0)
        assert desk.inside == 1
        gate.set()
        await asyncio.to_thread(desk.close)
        await asyncio.sleep(0)
        assert (desk.inside, done) == (0, [])

    asyncio.run(go())


def _raising() -> None:
    raise NoFace("no face")
