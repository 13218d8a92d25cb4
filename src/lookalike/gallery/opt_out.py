"""The list of people and photos that shall not be in a gallery."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def read_opt_out(path: Path) -> frozenset[str]:
    """Read an opt-out list.

    Parameters
    ----------
    path : Path
        A text file: one person's id or photo's SHA-256 to a line; ``#`` starts a remark.

    Returns
    -------
    frozenset of str
        Ids and digests, for `BuildOptions`.
    """
    lines = (
        line.partition("#")[0].strip().lower() for line in path.read_text("utf-8").splitlines()
    )
    return frozenset(line for line in lines if line)
