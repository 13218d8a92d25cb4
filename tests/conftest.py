"""Real faces, opened networks, and an environment of its own."""

from __future__ import annotations

import os
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest

from lookalike.images import read
from lookalike.pipeline import Analyst
from lookalike.types import Image

_BESIDE = Path(__file__).resolve().parents[2] / "shared" / "data"
SHARED_DATA = Path(os.environ.get("LOOKALIKE_SHARED_DATA", _BESIDE))

#: What the shell of whoever runs the tests must not change. The cache of converted networks stays
#: where it is, so that they are built once.
_SETTINGS = ("LOOKALIKE_GALLERY",)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if SHARED_DATA.is_dir():
        return
    absent = pytest.mark.skip(reason="no folder of real faces: set LOOKALIKE_SHARED_DATA")
    for item in items:
        if item.get_closest_marker("shared_data"):
            item.add_marker(absent)


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in _SETTINGS:
        monkeypatch.delenv(name, raising=False)


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
