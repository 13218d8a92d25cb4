"""Which members of an archive are photos, and whose: the same for every kind of archive."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lookalike.sources.naming import NOBODY, Layout, owner_of
from lookalike.sources.walking import may_be_photo

if TYPE_CHECKING:
    from lookalike.sources.faults import Faults


class Members:
    """The rules for one pass through an archive.

    The name of a member is a label and no more: no path is ever made of it.

    Parameters
    ----------
    layout : {"auto", "people", "flat"}
        What names the people, see `lookalike.sources.naming.owner_of`.
    numbered : bool
        Whether a number at the end of a file's name only counts the photos of one person.
    faults : Faults
        Where to note what is passed over.
    """

    def __init__(self, layout: Layout, faults: Faults, *, numbered: bool) -> None:
        self.layout = layout
        self.numbered = numbered
        self.faults = faults
        self._seen: set[str] = set()

    def label(self, name: str) -> tuple[str, str] | None:
        """Say what a member is called and whom it shows.

        Parameters
        ----------
        name : str
            As the archive has it.

        Returns
        -------
        tuple of str or None
            The uri and the name of the person; None for what is no photo, hidden, somebody's
            second one of that name, or named as if it lay outside.
        """
        # Archives from Windows may have the other slash.
        spelled = name if "/" in name else name.replace("\\", "/")
        parts = [part for part in spelled.split("/") if part not in {"", "."}]
        if not parts or not may_be_photo(parts[-1]):
            return None
        uri = "/".join(parts)
        if ".." in parts:
            self.faults.add(uri, "has a name that leads out of the archive")
            return None
        if any(part.startswith(".") or part == "__MACOSX" for part in parts):
            return None
        if uri in self._seen:
            self.faults.add(uri, "is in the archive twice; the first one counts")
            return None
        self._seen.add(uri)
        owner = owner_of(parts, self.layout, numbered=self.numbered)
        if not owner:
            self.faults.add(uri, NOBODY)
            return None
        return uri, owner
