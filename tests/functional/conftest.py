"""A gallery of two people, built once, and a command line to ask it with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PIL import Image as PillowImage

from .commands import run

if TYPE_CHECKING:
    from pathlib import Path

    from lookalike.types import Image


@pytest.fixture(scope="session")
def collins(tmp_path_factory: pytest.TempPathFactory, astronaut: Image) -> Path:
    """Return the photo of Eileen Collins as a file."""
    path = tmp_path_factory.mktemp("portrait") / "astronaut.png"
    PillowImage.fromarray(astronaut.pixels).save(path)
    return path


@pytest.fixture(scope="session")
def photos(tmp_path_factory: pytest.TempPathFactory, hopper: Path, collins: Path) -> Path:
    """Two people, two photos each, and a photo of nobody."""
    folder = tmp_path_factory.mktemp("people")
    for person, photo in (("Grace Hopper", hopper), ("Eileen_Collins", collins)):
        (folder / person).mkdir()
        picture = PillowImage.open(photo).convert("RGB")
        picture.save(folder / person / "one.jpg", quality=95)
        picture.resize((picture.width * 3 // 4, picture.height * 3 // 4)).save(
            folder / person / "two.png"
        )
    PillowImage.new("RGB", (200, 200), "navy").save(folder / "Grace Hopper" / "nobody.png")
    return folder


@pytest.fixture(scope="session")
def gallery(photos: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("built") / "people.gallery"
    run("gallery", "build", photos, "-o", path)
    return path
