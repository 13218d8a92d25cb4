"""A build that loses a worker, the scheduler and the database, beside one that nothing happens to.

Used by ``cluster.py``. What is killed is started again, as a service manager would; the command
itself is given again if it ended with an error, as its hint says.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

import numpy as np
from server import database

from lookalike.cluster import ClusterOptions, Crew
from lookalike.cluster import build as build_by_workers
from lookalike.errors import GalleryUnreachable
from lookalike.gallery.build import build
from lookalike.gallery.opening import create_store
from lookalike.gallery.places import place_of
from lookalike.gallery.records import Header
from lookalike.models.options import ModelOptions
from lookalike.sources.folder import FolderSource

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from lookalike.gallery.seam import Store
    from lookalike.pipeline import Analyst

#: How long the database is away, in seconds.
AWAY_S = 8.0


class Programs:
    """A scheduler and workers as programs of their own."""

    def __init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        self.address = f"tcp://127.0.0.1:{self._port}"
        self.scheduler = self.start_scheduler()
        self.workers = [self.start_worker() for _ in range(2)]

    def start_scheduler(self) -> subprocess.Popen[bytes]:
        """Start it, at the same address every time."""
        return self._start("scheduler", "--host", "127.0.0.1", "--port", str(self._port))

    def start_worker(self) -> subprocess.Popen[bytes]:
        """Start one of one thread."""
        return self._start("worker", self.address, "--nthreads", "1", "--no-nanny")

    def _start(self, what: str, *arguments: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", f"distributed.cli.dask_{what}", *arguments]
        return subprocess.Popen(
            [*command, "--no-dashboard"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def kill(self, one: subprocess.Popen[bytes]) -> None:
        """End one without a warning."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(one.pid, signal.SIGKILL)
        one.wait()

    def close(self) -> None:
        """End all."""
        for one in (*self.workers, self.scheduler):
            self.kill(one)


def differences(one: Store, other: Store) -> dict[str, Any]:
    """Say how far two galleries are from being the same."""
    ours, theirs = one.columns(), other.columns()
    rows = [
        [
            (photo.id, photo.uri, side.people[group].id)
            for photo, group in zip(side.photos, side.groups, strict=True)
        ]
        for side in (ours, theirs)
    ]
    ledgers = [[(e.uri, e.sha256, str(e.reason)) for e in x.ledger()] for x in (one, other)]
    return {
        "photos": len(rows[0]),
        "ledger": len(ledgers[0]),
        "same_rows": rows[0] == rows[1],
        "same_ledger": ledgers[0] == ledgers[1],
        "largest_difference": float(np.abs(ours.vectors - theirs.vectors).max()),
        "twice": len(rows[1]) - len({row[0] for row in rows[1]}),
    }


class Misfortune:
    """Kills one thing after the other, at each quarter of a build.

    Parameters
    ----------
    count : int
        Photos of the build.
    programs : Programs
        Of which one worker, and then the scheduler, is killed.
    restart : callable
        Takes the database away and brings it back, while the build goes on.
    """

    def __init__(self, count: int, programs: Programs, restart: Callable[[], None] | None) -> None:
        self.events: list[str] = []
        self._quarter, self._done = max(count // 4, 1), 0
        self._programs, self._restart = programs, restart

    def __call__(self, _uri: str) -> None:
        """Count a photo."""
        self._done += 1
        if self._done == self._quarter:
            self._lose_worker()
        elif self._done == 2 * self._quarter:
            self._lose_scheduler()
        elif self._done == 3 * self._quarter and self._restart is not None:
            threading.Thread(target=self._restart).start()
            self._note("the database away")

    def _lose_worker(self) -> None:
        programs = self._programs
        programs.kill(programs.workers[0])
        programs.workers[0] = programs.start_worker()
        self._note("a worker killed")

    def _lose_scheduler(self) -> None:
        programs = self._programs
        programs.kill(programs.scheduler)
        programs.scheduler = programs.start_scheduler()
        for at in range(2):
            # A worker without a scheduler ends by itself, after a while.
            programs.kill(programs.workers[at])
            programs.workers[at] = programs.start_worker()
        self._note("the scheduler killed")

    def _note(self, event: str) -> None:
        self.events.append(f"{event} after {self._done:,} photos")


def same(analyst: Analyst, folder: Path, work: Path, *, server: bool) -> dict[str, Any]:
    """Build by one process into a file, and by workers into another place; compare."""
    source = FolderSource(folder)
    count = sum(1 for _ in source)
    header = Header(analyst.space, analyst.template, analyst.views)
    alone = create_store(work / "alone.gallery", header)
    build(alone, source, analyst)
    with contextlib.ExitStack() as stack:
        place, restart = place_of(str(work / "shared.gallery")), None
        if server:
            running, url = stack.enter_context(database())
            place, restart = place_of(url), lambda: away_for_a_while(running)
        shared = create_store(place, header)
        programs = Programs()
        stack.callback(programs.close)
        misfortune = Misfortune(count, programs, restart)
        with Crew(ClusterOptions(programs.address)) as crew:
            runs = until_done(
                lambda: build_by_workers(shared, source, crew, ModelOptions(), on_photo=misfortune)
            )
        return {
            "offered": count,
            "events": misfortune.events,
            "runs": runs,
            **differences(alone, shared),
        }


def until_done(run: Callable[[], Any]) -> int:
    """Run a build until it ends well; return how often it was run."""
    runs = 1
    while True:
        try:
            run()
        except GalleryUnreachable as error:
            print(error.message, flush=True)
            time.sleep(AWAY_S)
            runs += 1
        else:
            return runs


def away_for_a_while(running: Any) -> None:
    """End a PostgreSQL as a loss of power does, and start it again."""
    os.kill(running.get_pid(), signal.SIGKILL)
    time.sleep(AWAY_S)
    running.ensure_postgres_running()
