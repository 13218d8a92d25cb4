"""The list of people and photos that shall not be in a gallery.

There is one list for each user of this machine, which every gallery that is opened obeys, also one
that cannot be changed. A gallery keeps a list of its own as well, which goes where it goes.
"""

from __future__ import annotations

import string
from typing import TYPE_CHECKING, Final

from filelock import FileLock

from lookalike.errors import OptionError
from lookalike.models.folders import config_folder
from lookalike.types import person_id
from lookalike.whole_files import write_whole, writing

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

_HEADING: Final = "# Who shall not be in a gallery: a person's id or a photo's SHA-256 to a line.\n"
_HINT: Final = "set LOOKALIKE_CONFIG to a folder that you may write to"


def key_of(who: str) -> str:
    """Return what stands in an opt-out list for somebody.

    Parameters
    ----------
    who : str
        A name, a person's id, or the SHA-256 of a photo.

    Returns
    -------
    str
        An id or a digest.

    Examples
    --------
    >>> key_of("George W. Bush")
    'george-w-bush'
    """
    is_digest = len(who) == 64 and set(who) <= set(string.hexdigits)
    return who.lower() if is_digest else person_id(who)


def read_opt_out(path: Path) -> frozenset[str]:
    """Read an opt-out list.

    Parameters
    ----------
    path : Path
        A text file: one person's name or id, or one photo's SHA-256, to a line; ``#`` starts a
        remark.

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
    lines = (line.partition("#")[0].strip() for line in text.splitlines())
    return frozenset(key_of(line) for line in lines if line)


def own_list() -> Path:
    """Return where this user's list is kept."""
    return config_folder() / "opt-out.txt"


def opted_out() -> frozenset[str]:
    """Return everybody on this user's list.

    Returns
    -------
    frozenset of str
        Ids of people and digests of photos; empty if there is no list.

    Raises
    ------
    OptionError
        If there is one that cannot be read.
    """
    path = own_list()
    return read_opt_out(path) if path.exists() else frozenset()


def opt_out(keys: Collection[str]) -> None:
    """Put people and photos on this user's list.

    Parameters
    ----------
    keys : collection of str
        Names or ids of people, SHA-256 of photos.

    Raises
    ------
    OptionError
        If the list cannot be read or written.
    """
    _change({key_of(key) for key in keys}, set())


def opt_in(keys: Collection[str]) -> None:
    """Take people and photos off this user's list.

    Parameters
    ----------
    keys : collection of str
        Names or ids of people, SHA-256 of photos.

    Raises
    ------
    OptionError
        If the list cannot be read or written.
    """
    _change(set(), {key_of(key) for key in keys})


def _change(added: set[str], removed: set[str]) -> None:
    path = own_list()
    with writing(path, OptionError, _HINT):
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(path.with_name(".opt-out.lock")):
            there = path.read_text("utf-8-sig").splitlines() if opted_out() else []
            # Remarks of the user stay where they are.
            kept = [line for line in there if not _names(line) & removed]
            named = {key for line in kept for key in _names(line)}
            lines = [*(kept or [_HEADING.strip()]), *sorted(added - named)]
            write_whole(path, ("\n".join(lines) + "\n").encode(), OptionError, _HINT)


def _names(line: str) -> set[str]:
    name = line.partition("#")[0].strip()
    return {key_of(name)} if name else set()
