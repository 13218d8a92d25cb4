"""Real faces, opened networks, and an environment of its own."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
from hypothesis import settings

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

# How long an example takes depends on the machine, and what failed once belongs into a test.
settings.register_profile("house", deadline=None, database=None)
settings.load_profile("house")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if SHARED_DATA.is_dir():
        return
    absent = pytest.mark.skip(reason="no folder of real faces: set LOOKALIKE_SHARED_DATA")
    for item in items:
        if item.get_closest_marker("shared_data"):
            item.add_marker(absent)


@pytest.fixture(autouse=True)
def _own_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    for name in _SETTINGS:
        monkeypatch.delenv(name, raising=False)
    home = tmp_path_factory.getbasetemp() / "homes" / str(next(_numbers))
    for name in _FOLDERS:
        monkeypatch.setenv(name, str(home / name.removeprefix("LOOKALIKE_").lower()))


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
