"""Small galleries, and a look at what is in a file without lookalike."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from lookalike.gallery.gallery import Gallery
from lookalike.gallery.records import FaceRecord, Header
from lookalike.gallery.store import GalleryFile
from lookalike.testing.fakes import FAKE_SPACE
from lookalike.types import Face, Person, Photo, person_id

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HEADER = Header(FAKE_SPACE, "fake-32", 1, title="a test")


@pytest.fixture
def create(tmp_path: Path) -> Iterator[Callable[..., GalleryFile]]:
    """Return a maker of gallery files, which are closed after the test."""
    made = []

    def make(name: str = "g.gallery", header: Header = HEADER) -> GalleryFile:
        made.append(GalleryFile.create(tmp_path / name, header))
        return made[-1]

    yield make
    for file in made:
        file.close()


@pytest.fixture(scope="session")
def record() -> Callable[..., FaceRecord]:
    """Return a maker of faces; what is not said follows from person and uri."""

    def make(
        person: str,
        uri: str,
        vector: Any = None,
        attributes: Any = None,
        facts: Any = None,
        **photo: str,
    ) -> FaceRecord:
        digest = hashlib.sha256(f"{person}/{uri}".encode()).hexdigest()
        rng = np.random.default_rng(int(digest[:8], 16))
        numbers = rng.normal(size=8) if vector is None else vector
        return FaceRecord(
            Person(person_id(person), person, attributes or {}),
            Photo(photo.pop("sha256", digest), uri, **photo, attributes=facts or {}),
            "stamp",
            Face(
                np.array([1, 2.25, 30, 40.75], np.float32),
                rng.normal(20, 5, (5, 2)).astype(np.float32),
                0.875,
            ),
            np.asarray(numbers, np.float32),
            digest.encode(),
            rng.normal(96, 20, (5, 2)).astype(np.float32),
            0.625,
            (640, 480),
        )

    return make


@pytest.fixture
def gallery_of(create: Callable[..., GalleryFile], record: Callable[..., FaceRecord]):
    """Return a maker of opened galleries from people, each with attributes and vectors."""

    def make(people: dict[str, Any], *, known: dict[str, bool] | None = None) -> Gallery:
        file = create()
        records = [
            record(
                name,
                f"{name}/{at}.jpg",
                vector,
                {"well_known": known[name]} if known and name in known else {},
            )
            for name, vectors in people.items()
            for at, vector in enumerate(vectors)
        ]
        file.write(records, [])
        return Gallery(file)

    return make


def _contents(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        return {
            name: connection.execute(f"SELECT rowid, * FROM {name} ORDER BY rowid").fetchall()
            for (name,) in sorted(tables)
        }


@pytest.fixture(scope="session")
def contents() -> Callable[[Path], dict[str, list[tuple[Any, ...]]]]:
    """Return every column of every row of every table, by SQLite's own row numbers.

    The file is checked for damage on the way.
    """
    return _contents


class Builder:
    """Starts builds in processes of their own, see ``build_here.py``."""

    def __init__(self) -> None:
        script = Path(__file__).with_name("build_here.py")
        self.server = subprocess.Popen(
            [sys.executable, str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def _say(self, line: str) -> str:
        self.server.stdin.write(line + "\n")
        self.server.stdin.flush()
        return self.server.stdout.readline()

    def start(self, folder: Path, gallery: Path, **wanted: Any) -> int:
        """Start a build and return its process number, which is its own until `finish`."""
        return int(self._say(json.dumps({"folder": str(folder), "gallery": str(gallery)} | wanted)))

    def finish(self) -> tuple[int, str]:
        """Wait for the build's end and return its exit code and what it said."""
        code, said = json.loads(self._say("wait"))
        return code, said

    def run(self, folder: Path, gallery: Path, **wanted: Any) -> tuple[int, str]:
        self.start(folder, gallery, **wanted)
        return self.finish()

    def close(self) -> None:
        self.server.stdin.close()
        self.server.wait(60)
        self.server.stdout.close()


@pytest.fixture(scope="session")
def builder() -> Iterator[Builder]:
    """Return a starter of builds in processes of their own."""
    if not hasattr(os, "fork"):
        pytest.skip("processes cannot be forked here")
    builder = Builder()
    yield builder
    builder.close()
