"""Where things are kept: graphs, weights, cards of one's own, and what has been agreed to."""

from __future__ import annotations

import os
from pathlib import Path


def cache_folder() -> Path:
    """Return the folder for files that can be made again.

    Returns
    -------
    Path
        ``$LOOKALIKE_CACHE``, or what the platform keeps for caches.
    """
    return _chosen("LOOKALIKE_CACHE") or Path(_platform("user_cache_dir"))


def weights_folder() -> Path:
    """Return the folder for weights that do not come in a package.

    Returns
    -------
    Path
        ``$LOOKALIKE_WEIGHTS``, or what the platform keeps for a user's data.
    """
    return _chosen("LOOKALIKE_WEIGHTS") or Path(_platform("user_data_dir"), "weights")


def cards_folder() -> Path:
    """Return the folder for the cards that a user has added.

    Returns
    -------
    Path
        ``$LOOKALIKE_CARDS``, or what the platform keeps for a user's data.
    """
    return _chosen("LOOKALIKE_CARDS") or Path(_platform("user_data_dir"), "cards")


def config_folder() -> Path:
    """Return the folder for what a user has decided.

    Returns
    -------
    Path
        ``$LOOKALIKE_CONFIG``, or what the platform keeps for settings.
    """
    return _chosen("LOOKALIKE_CONFIG") or Path(_platform("user_config_dir"))


def partial_paths(weights: Path) -> tuple[Path, Path, Path]:
    """Return where a download is kept until it is whole.

    Parameters
    ----------
    weights : Path
        The file that it shall become.

    Returns
    -------
    tuple of Path
        The bytes so far, a note about where they came from, and the file inside an archive.
    """
    folder = weights_folder() / ".downloads"
    name = weights.relative_to(weights_folder()).as_posix().replace("/", "--")
    return folder / f"{name}.part", folder / f"{name}.json", folder / f"{name}.unpacked"


def _chosen(variable: str) -> Path | None:
    chosen = os.environ.get(variable)
    return Path(chosen) if chosen else None


def _platform(kind: str) -> str:
    import platformdirs

    folder: str = getattr(platformdirs, kind)("lookalike", appauthor=False)
    return folder
