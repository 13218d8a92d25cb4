"""A scheduler and a worker of their own, as on several machines; both die and come back."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys

import pytest

from lookalike.cluster import ClusterOptions, Crew, build
from lookalike.gallery.build import BuildOptions
from lookalike.sources.folder import FolderSource

from .same import MODELS, require_same

pytestmark = [pytest.mark.shared_data, pytest.mark.slow]


@pytest.fixture
def start():
    """Return what starts a program of Dask's; all are ended after the test."""
    running = []

    def begin(*arguments):
        command = [sys.executable, "-W", "ignore", "-m", "distributed.cli." + arguments[0]]
        running.append(
            subprocess.Popen(
                [*command, *arguments[1:]], stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL, start_new_session=True,
            )
        )  # fmt: skip
        return running[-1]

    yield begin
    for one in running:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(one.pid, signal.SIGKILL)
        one.wait()


def test_a_scheduler_that_is_restarted_is_waited_for(start, create, photos, alone, opted_out):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"tcp://127.0.0.1:{port}"
    scheduler = ("dask_scheduler", "--host", "127.0.0.1", "--port", port, "--no-dashboard")
    worker = ("dask_worker", address, "--nthreads", 1, "--no-nanny", "--no-dashboard")
    first = start(*map(str, scheduler))
    start(*map(str, worker))
    restarted = []

    def restart(_uri):
        if not restarted:
            os.killpg(first.pid, signal.SIGKILL)
            first.wait()
            restarted.append(start(*map(str, scheduler)))
            start(*map(str, worker))

    file = create()
    with Crew(ClusterOptions(address)) as crew:
        build(file, FolderSource(photos), crew, MODELS, BuildOptions(opted_out=opted_out), restart)
    assert restarted
    require_same(file, alone[0])
