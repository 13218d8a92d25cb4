"""What a source could not offer, and why."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Faults whose places are kept. A table may have a million rows that are all wrong.
KEPT: Final = 1000


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that a source passed over.

    Parameters
    ----------
    place : str
        Where it is: a line of a table, a member of an archive, a folder.
    reason : str
        Why it was passed over; the same words for the same reason.
    """

    place: str
    reason: str


class Faults:
    """All that one pass through a source passed over: counted in full, told one by one at first.

    Examples
    --------
    >>> faults = Faults()
    >>> faults.add("line 7", "names no person")
    >>> len(faults), dict(faults.counts), next(iter(faults)).place
    (1, {'names no person': 1}, 'line 7')
    """

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self._first: list[Fault] = []

    def add(self, place: str, reason: str) -> None:
        """Note one fault.

        Parameters
        ----------
        place : str
            Where it is.
        reason : str
            Why it was passed over.
        """
        self.counts[reason] += 1
        if len(self._first) < KEPT:
            self._first.append(Fault(place, reason))

    def add_many(self, count: int, reason: str) -> None:
        """Note many faults of one kind, whose places nobody would read.

        Parameters
        ----------
        count : int
            How many.
        reason : str
            Why they were passed over.
        """
        if count:
            self.counts[reason] += count

    def extend(self, faults: Faults) -> None:
        """Note the faults of another source.

        Parameters
        ----------
        faults : Faults
            Its faults.
        """
        self.counts.update(faults.counts)
        self._first += faults._first[: KEPT - len(self._first)]

    def __len__(self) -> int:
        """Return how many there are, also of those whose place is not kept."""
        return self.counts.total()

    def __iter__(self) -> Iterator[Fault]:
        """Go through the first thousand."""
        return iter(self._first)
