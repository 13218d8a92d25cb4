"""Faces to draw."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib import image

from lookalike.figures import Row, Tile
from lookalike.types import Match, Person

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray


@pytest.fixture(scope="session")
def hopper() -> NDArray[np.uint8]:
    """Return the face of Grace Hopper, RGB, square."""
    pixels = image.imread(Path(mpl.get_data_path()) / "sample_data" / "grace_hopper.jpg")
    return np.ascontiguousarray(pixels[50:290, 140:380])


@pytest.fixture
def row(hopper: NDArray[np.uint8]) -> Callable[..., Row]:
    """Return a maker of rows: one tile for each name, the first `portraits` of them with one."""

    def make(*names: str, portraits: int = 0, label: str = "") -> Row:
        tiles = tuple(
            Tile(
                Match(Person.named(name), 0.4 + 0.05 * number, number + 1),
                hopper[:, 10 * number :] if number < portraits else None,
            )
            for number, name in enumerate(names)
        )
        return Row(hopper, tiles, label)

    return make
