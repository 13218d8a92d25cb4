"""A folder of photos: one folder for each person, or one photo for each person."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from lookalike.errors import OptionError
from lookalike.images import read_bytes
from lookalike.sources.faults import Faults
from lookalike.sources.naming import NOBODY, Layout, check_layout, clean_name, owner_of
from lookalike.sources.walking import walk
from lookalike.types import Candidate, Person

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["FolderSource", "clean_name"]


class FolderSource:
    """Photos on disk, in the order of their names.

    A photo in a folder shows the person whom the innermost folder is named after; a photo
    directly in the root shows the person whom the file is named after. Hidden files and files
    that are clearly something else are passed over.

    Parameters
    ----------
    root : str or Path
        The folder.
    layout : {"auto", "people", "flat"}
        What names the people, see `lookalike.sources.naming.owner_of`.
    numbered : bool
        Whether ``Adele_0001.jpg`` and ``Adele (2).jpg`` are photos of Adele, where files name
        people.

    Attributes
    ----------
    name : str
        The name of the folder.
    faults : Faults
        What the last pass passed over: with the layout ``people``, photos in no folder.

    Raises
    ------
    OptionError
        If there is no such folder, or no such layout.
    """

    def __init__(
        self, root: str | Path, layout: Layout = "auto", *, numbered: bool = False
    ) -> None:
        check_layout(layout)
        self.root = Path(root)
        self.name = self.root.absolute().name
        self.layout: Layout = layout
        self.numbered = numbered
        self.faults = Faults()
        if not self.root.is_dir():
            raise OptionError(
                f"{self.root} is not a folder",
                "give a folder with one folder of photos for each person",
            )

    def __iter__(self) -> Iterator[Candidate]:
        """Offer the photos one by one."""
        faults = self.faults = Faults()
        for found in walk(self.root):
            owner = owner_of(found.parts, self.layout, numbered=self.numbered)
            if owner:
                load = partial(read_bytes, found.path)
                yield Candidate(Person.named(owner), found.uri, load, found.stamp)
            else:
                faults.add(found.uri, NOBODY)
