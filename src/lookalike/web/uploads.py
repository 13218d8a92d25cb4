"""Photos of one person, as they came in a form."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from lookalike.sources.listed import ListedSource, Provenance
from lookalike.types import Candidate

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lookalike.types import Person


class UploadedSource:
    """Photos in memory that show one person.

    They are filed as those that are added by hand on the command line, without the names that
    their files had: the same photo is never added twice.

    Parameters
    ----------
    person : Person
        Whom they show.
    photos : sequence of bytes
        Files.
    provenance : Provenance
        Where they come from.
    """

    name = ListedSource.name

    def __init__(self, person: Person, photos: Sequence[bytes], provenance: Provenance) -> None:
        self._person = person
        self._photos = photos
        self._provenance = provenance

    def __iter__(self) -> Iterator[Candidate]:
        """Offer the photos one by one."""
        by_digest = {hashlib.sha256(data).hexdigest(): data for data in self._photos}
        for digest, data in by_digest.items():
            yield Candidate(
                self._person,
                f"{self._person.id}/{digest[:12]}",
                lambda data=data: data,  # type: ignore[misc]
                digest,
                self._provenance.licence,
                self._provenance.credit,
                self._provenance.page,
            )
