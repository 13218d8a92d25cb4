"""The configuration of a training: checked settings, or which of them cannot be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promise import untouched

if TYPE_CHECKING:
    from pathlib import Path

INSTRUMENTED = ("lookalike", "tomllib")
LONGEST = 1 << 12


def use(data: bytes, folder: Path) -> None:
    """Read a configuration."""
    from lookalike.training.reading import parse_config, read_config

    with untouched(folder / "train.toml", data) as path:
        config = read_config(path)
        assert parse_config(config.fields(), "again", folder) == config


def seeds() -> dict[str, bytes]:
    """Say every setting once."""
    text = """
[data]
places = ["photos", "/more"]
exclude = ["pairs.txt"]
held_out = 0.3
least_photos = 3
detector = "crop"
cache = "crops"
[model]
name = "mine"
backbone = "small-resnet"
dimension = 64
shrink = 2
[loss]
kind = "arcface"
mining = "batch-hard"
margin = 1
scale = 16.0
[schedule]
steps = 10
learning_rate = 1e-3
augment = false
[run]
seed = 3
device = "cpu"
precision = "bfloat16"
keep_every = 5
"""
    return {"every.toml": text.encode(), "least.toml": b'data.places = ["a"]\n'}
