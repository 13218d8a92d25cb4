"""Builds in processes of their own, which a test can kill or starve.

Everything is imported once; each build is then a fork. One line of JSON on the standard input is
the arguments of a build; its process number is the answer. A second line, of anything, asks to
wait for its end; the answer is its exit code and what it said.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

import lookalike.gallery.build
from lookalike.errors import GalleryError
from lookalike.gallery.records import Header
from lookalike.gallery.store import GalleryFile
from lookalike.pipeline import Analyst, ModelOptions
from lookalike.sources.folder import FolderSource
from lookalike.testing import FakeAnalyzer
from lookalike.testing.fakes import FAKE_SPACE

#: Photos that go in together: few, so that there are many commits to be killed in.
lookalike.gallery.building.filling.BATCH = 8


class SlowAnalyzer(FakeAnalyzer):
    """A fake that takes its time."""

    pause_s = 0.0

    def analyze(self, photos):
        for photo in photos:
            time.sleep(self.pause_s)
            yield from super().analyze([photo])


def kill_before(statement: int) -> None:
    """Kill this process before its n-th SQL statement."""
    left = iter(range(1, statement))

    @event.listens_for(Engine, "before_cursor_execute")
    def count(*_arguments):
        if next(left, None) is None:
            os.kill(os.getpid(), signal.SIGKILL)


def build(folder: str, gallery: str, **wanted: Any) -> str:
    """Build; ``real`` networks, ``pause_s`` for each photo, ``die_at`` and ``largest_file``."""
    analyzer = Analyst.open(ModelOptions(threads=2)) if wanted.get("real") else SlowAnalyzer()
    analyzer.pause_s = wanted.get("pause_s", 0)
    if "die_at" in wanted:
        kill_before(wanted["die_at"])
    if "largest_file" in wanted:
        # Writing beyond it then fails, instead of ending the process.
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (wanted["largest_file"], resource.RLIM_INFINITY))
    file = GalleryFile.create(Path(gallery), Header(analyzer.space, "any", analyzer.views))
    try:
        lookalike.gallery.build.build(file, FolderSource(folder), analyzer)
    except GalleryError as error:
        return f"{type(error).__name__}: {error.message} ({error.hint})"
    finally:
        file.close()
    return ""


def main() -> None:
    """Serve builds until the input ends."""
    with tempfile.TemporaryDirectory() as folder:
        # SQLAlchemy imports a good deal at the first connection.
        GalleryFile.create(Path(folder, "warm"), Header(FAKE_SPACE, "any", 1)).close()
    for line in sys.stdin:
        out, into = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                said = build(**json.loads(line))
            except Exception as error:  # noqa: BLE001 - the test shall hear of it
                said = repr(error)
            os.write(into, said.encode())
            os._exit(0)
        os.close(into)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()
        sys.stdin.readline()
        said = b""
        while part := os.read(out, 4096):
            said += part
        os.close(out)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        sys.stdout.write(json.dumps([code, said.decode()]) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
