"""Digests of weights that no card names: taken when a file is first seen, and held to.

A pin is a file beside the weights in the format of ``sha256sum``. It travels with the weights,
two processes never write the same one differently, and ``sha256sum -c`` reads it.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from lookalike.errors import WeightsUnwritable
from lookalike.whole_files import write_whole

if TYPE_CHECKING:
    from pathlib import Path


def digest_of(path: Path) -> str:
    """Return the digest of a file.

    Parameters
    ----------
    path : Path
        Any file.

    Returns
    -------
    str
        Its SHA-256 in hexadecimal.
    """
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def pin_path(weights: Path) -> Path:
    """Return where the pin of a file is kept.

    Parameters
    ----------
    weights : Path
        The file.

    Returns
    -------
    Path
        It need not exist.
    """
    return weights.with_name(f"{weights.name}.sha256")


def recall(weights: Path) -> str:
    """Return the digest that a file was first seen with.

    Parameters
    ----------
    weights : Path
        The file; it need not exist any more.

    Returns
    -------
    str
        SHA-256 in hexadecimal; empty if there is no pin.
    """
    try:
        text = pin_path(weights).read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return ""
    found = re.match(r"[0-9a-f]{64}\b", text)
    return found[0] if found else ""


def pin(weights: Path, digest: str) -> None:
    """Remember the digest of a file.

    Parameters
    ----------
    weights : Path
        The file.
    digest : str
        SHA-256 in hexadecimal.

    Raises
    ------
    WeightsUnwritable
        If the folder cannot be written.
    """
    path = pin_path(weights)
    line = f"{digest}  {weights.name}\n"
    hint = f"write it yourself: sha256sum {weights.name} > {path.name}"
    write_whole(path, line.encode(), WeightsUnwritable, hint)
