"""Deleting what is kept of a model, and nothing else."""

from __future__ import annotations

import contextlib
from glob import escape
from typing import TYPE_CHECKING

from lookalike.errors import WeightsUnwritable
from lookalike.models.arrival import only_one
from lookalike.models.card import added
from lookalike.models.folders import cache_folder, cards_folder, partial_paths, weights_folder
from lookalike.models.pins import pin_path
from lookalike.whole_files import writing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from lookalike.models.card import Card


def remove(card: Card) -> tuple[Path, ...]:
    """Delete what is kept of a model: its graphs, its downloads, and a card that was added.

    Parameters
    ----------
    card : Card
        The model.

    Returns
    -------
    tuple of Path
        What was deleted. Files of packages, and the yes to a licence, stay.

    Raises
    ------
    WeightsUnwritable
        If a file cannot be deleted.
    """
    own = card.name in added()
    gone: list[Path] = []
    for file in card.files:
        pattern = f"{escape(card.name)}-{escape(file.name)}-{'[0-9a-f]' * 16}-*.onnx"
        gone += _delete(sorted((cache_folder() / "graphs").glob(pattern)))
        path = weights_folder() / file.path
        kept = [path, pin_path(path), *partial_paths(path)]
        if not file.package and any(one.is_file() for one in kept):
            with only_one(path):
                gone += _delete(kept)
    if own:
        gone += _delete([cards_folder() / f"{card.name}.toml"])
        with contextlib.suppress(OSError):
            (weights_folder() / card.name).rmdir()
    return tuple(gone)


def _delete(paths: Sequence[Path]) -> list[Path]:
    there = [path for path in paths if path.is_file()]
    for path in there:
        with writing(path, WeightsUnwritable, "close whatever uses it, or delete it by hand"):
            path.unlink(missing_ok=True)
    return there
