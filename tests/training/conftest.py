"""Small people to learn from: seconds, not minutes."""

from __future__ import annotations

import shutil

import numpy as np
import pytest

from lookalike.training.material import Material
from lookalike.training.reading import parse_config
from lookalike.types import Person, Photo

torch = pytest.importorskip("torch")
torch.set_num_threads(1)


@pytest.fixture
def config(tmp_path):
    """Return a function that makes a configuration of a run that takes seconds."""

    def config(**tables):
        small = {
            "data": {"places": ["photos"]},
            "model": {"dimension": 16, "shrink": 4},
            "loss": {},
            "schedule": {"steps": 6, "people": 4, "photos": 2, "warmup": 2},
            "run": {"report_every": 2, "measure_every": 3, "keep_every": 2, "threads": 1},
        }
        for name, table in tables.items():
            small[name] = {**small[name], **table}
        return parse_config(small, "test.toml", tmp_path)

    return config


@pytest.fixture(scope="session")
def crops():
    """Return crops of twelve people, each a color of its own with noise, four of each."""
    rng = np.random.default_rng(0)
    groups = np.repeat(np.arange(12), 4)
    colors = rng.integers(40, 215, (12, 1, 1, 3))
    noise = rng.normal(0, 12, (48, 112, 112, 3))
    pixels = np.clip(colors[groups] + noise, 0, 255).astype(np.uint8)
    return made(groups, pixels)


def made(groups, rows):
    people = tuple(Person.named(f"Person {at}") for at in range(groups.max() + 1))
    photos = tuple(Photo(f"{at:064x}", f"{at}.jpg") for at in range(len(groups)))
    return Material(people, photos, groups.astype(np.int64), rows, "digest")


@pytest.fixture(scope="session")
def portraits(shared_data, tmp_path_factory):
    """Return a folder of ten people with three real photos each."""
    folder = tmp_path_factory.mktemp("portraits")
    people = sorted(one for one in (shared_data / "pins").iterdir() if one.is_dir())[:10]
    for person in people:
        (folder / person.name).mkdir()
        for photo in sorted(person.iterdir())[:3]:
            shutil.copy(photo, folder / person.name)
    return folder
