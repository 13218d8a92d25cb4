"""Folders with numbers for names, and a file that says who they are, as in ``celeb_mini``."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from lookalike.errors import OptionError
from lookalike.images import read_bytes
from lookalike.sources.faults import Faults
from lookalike.sources.label_map import find_label_map, read_label_map
from lookalike.sources.naming import clean_name
from lookalike.sources.walking import walk
from lookalike.types import Candidate, Person

if TYPE_CHECKING:
    from collections.abc import Iterator


class CelebMiniSource:
    """Photos in folders such as ``n00000001``, in the order of their names.

    A photo shows the person whom the innermost folder stands for that the label map knows.

    Parameters
    ----------
    root : str or Path
        The folder.
    labels : str or Path, optional
        The label map, see `lookalike.sources.label_map.read_label_map`; looked for in the folder
        and beside it if not given.

    Attributes
    ----------
    name : str
        The name of the folder.
    names : dict of str to str
        The label map.
    faults : Faults
        What the last pass passed over: photos in folders that the label map does not know.

    Raises
    ------
    OptionError
        If there is no such folder, no label map, or one that cannot be read.
    """

    def __init__(self, root: str | Path, labels: str | Path | None = None) -> None:
        self.root = Path(root)
        self.name = self.root.absolute().name
        self.faults = Faults()
        if not self.root.is_dir():
            raise OptionError(f"{self.root} is not a folder", "give the folder of n00000001 etc.")
        path = Path(labels) if labels is not None else find_label_map(self.root)
        if path is None:
            raise OptionError(
                f"there is no label map in {self.root} or beside it",
                "name the file that says who n00000001 is",
            )
        self.names = read_label_map(path)

    def __iter__(self) -> Iterator[Candidate]:
        """Offer the photos one by one."""
        faults = self.faults = Faults()
        for found in walk(self.root):
            folders = reversed(found.parts[:-1])
            name = next((self.names[one] for one in folders if one in self.names), "")
            if name:
                person = Person.named(clean_name(name))
                yield Candidate(person, found.uri, partial(read_bytes, found.path), found.stamp)
            else:
                faults.add(found.uri, "the label map does not know its folder")
