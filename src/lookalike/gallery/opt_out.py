"""The list of people and photos that shall not be in a gallery."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lookalike.errors import OptionError

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

    Raises
    ------
    OptionError
        If the file cannot be read. Going on without it would bring back who has left.
    """
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise OptionError(
            f"the opt-out list {path} cannot be read", "name a text file in UTF-8"
        ) from error
    lines = (line.partition("#")[0].strip().lower() for line in text.splitlines())
    return frozenset(line for line in lines if line)
