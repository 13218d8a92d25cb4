"""A folder of photos: one folder for each person, or one photo for each person."""

from __future__ import annotations

import os
import stat
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Final

from lookalike.errors import OptionError
from lookalike.images import read_bytes
from lookalike.types import Candidate, Person

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Names of files that may be photos. What is inside is decided by looking inside.
PHOTO_SUFFIXES: Final = frozenset(
    {".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".gif", ".webp", ".avif", ".heic", ".heif"}
    | {".bmp", ".dib", ".tif", ".tiff"}
)


def clean_name(name: str) -> str:
    """Turn the name of a folder or a file into the name of a person.

    Parameters
    ----------
    name : str
        For example ``"George_W_Bush"``.

    Returns
    -------
    str
        Underscores are spaces, spaces are single; a name without capitals gets them.

    Examples
    --------
    >>> clean_name("George_W_Bush")
    'George W Bush'
    >>> clean_name("elon musk")
    'Elon Musk'
    """
    words = name.replace("_", " ").split()
    if all(word == word.lower() for word in words):
        words = [word[:1].upper() + word[1:] for word in words]
    return " ".join(words)


class FolderSource:
    """Photos on disk, in the order of their names.

    A photo in a folder shows the person whom the innermost folder is named after; a photo
    directly in the root shows the person whom the file is named after. Hidden files and files
    that are clearly something else are passed over.

    Parameters
    ----------
    root : str or Path
        The folder.

    Raises
    ------
    OptionError
        If there is no such folder.
    """

    def __init__(self, root: str | Path) -> None:
        self.root = Path(root)
        self.name = self.root.absolute().name
        if not self.root.is_dir():
            raise OptionError(
                f"{self.root} is not a folder",
                "give a folder with one folder of photos for each person",
            )

    def __iter__(self) -> Iterator[Candidate]:
        """Offer the photos one by one."""
        for folder, subfolders, files in os.walk(self.root):
            subfolders[:] = sorted(name for name in subfolders if not name.startswith("."))
            for file in sorted(files):
                path = Path(folder, file)
                if file.startswith(".") or path.suffix.lower() not in PHOTO_SUFFIXES:
                    continue
                try:
                    state = path.stat()
                except OSError:
                    yield self._candidate(path, "unreadable")
                else:
                    # Reading a pipe would wait forever.
                    if stat.S_ISREG(state.st_mode):
                        yield self._candidate(path, f"{state.st_size}-{state.st_mtime_ns}")

    def _candidate(self, path: Path, stamp: str) -> Candidate:
        # A name in an old encoding is no Unicode; nothing could store it as it is.
        spelled = os.fsencode(path.relative_to(self.root)).decode("utf-8", "backslashreplace")
        relative = PurePath(spelled)
        owner = relative.stem if len(relative.parts) == 1 else relative.parts[-2]
        return Candidate(
            Person.named(clean_name(owner)), relative.as_posix(), lambda: read_bytes(path), stamp
        )
