"""Photos of one person, named one by one."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lookalike.errors import ImageError
from lookalike.images import read_bytes
from lookalike.sources.faults import Faults
from lookalike.types import Candidate

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from lookalike.types import Person


@dataclass(frozen=True, slots=True)
class Provenance:
    """What is known of where photos come from.

    Parameters
    ----------
    licence : str
        Their licence, empty if not stated.
    credit : str
        Whom to name when one is shown, empty if not stated.
    page : str
        The address of the page that they were published on, empty if not known.
    """

    licence: str = ""
    credit: str = ""
    page: str = ""


class ListedSource:
    """Some files that show one person.

    Their uris hold the beginning of their digest: another file of the same name is another photo,
    and the same file is never added twice.

    Parameters
    ----------
    person : Person
        Whom they show.
    paths : sequence of Path
        The files.
    provenance : Provenance, optional
        Where they come from.
    """

    name = "by hand"

    def __init__(
        self, person: Person, paths: Sequence[Path], provenance: Provenance | None = None
    ) -> None:
        self.person = person
        self.paths = paths
        self.provenance = provenance or Provenance()
        self.faults = Faults()

    def __iter__(self) -> Iterator[Candidate]:
        """Offer the photos one by one."""
        self.faults = Faults()
        offered: set[str] = set()
        for path in self.paths:
            try:
                data = read_bytes(path)
            except ImageError as error:
                self.faults.add(str(path), error.message)
                continue
            digest = hashlib.sha256(data).hexdigest()
            if digest in offered:
                self.faults.add(str(path), "the same file as another one")
                continue
            offered.add(digest)
            known = self.provenance
            yield Candidate(
                self.person,
                f"{self.person.id}/{digest[:12]}-{path.name}",
                lambda data=data: data,  # type: ignore[misc]
                digest,
                known.licence,
                known.credit,
                known.page,
            )
