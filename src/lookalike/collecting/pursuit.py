"""Going after the photos of one person, until there are enough or no more."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from lookalike.collecting.licences import fits

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lookalike.collecting.journal import Journal, Known
    from lookalike.collecting.licences import Wanted
    from lookalike.collecting.records import Offer, Task


class Pursuit:
    """One person's photos.

    Parameters
    ----------
    task : Task
        What is wanted.
    known : Known
        The person's entry in the journal.
    journal : Journal
        What has been dealt with.
    kept : int
        How many photos are there already.
    filters : tuple of (str, int)
        Which licences will do, and the smallest side in pixels.
    """

    def __init__(
        self, task: Task, known: Known, journal: Journal, kept: int, filters: tuple[Wanted, int]
    ) -> None:
        self.task = task
        self.known = known
        self.kept = kept
        self.under_way = 0
        self.failed = 0
        self.exhausted = False
        self.passed: Counter[str] = Counter()
        self._journal = journal
        self._filters = filters
        self._offers: Iterator[Offer] | None = None
        self._given: set[str] = set()

    @property
    def over(self) -> bool:
        """Whether nothing more will come."""
        enough = self.kept >= self.task.wanted
        return (enough or self.exhausted) and not self.under_way

    def next(self) -> Offer | None:
        """Give the next photo to download.

        Returns
        -------
        Offer or None
            None if there are enough for now, or no more.

        Raises
        ------
        ServiceRefused
            If whoever offers them says no.
        ServiceUnavailable
            If it does not answer now.
        """
        if self.exhausted or self.kept + self.under_way >= self.task.wanted:
            return None
        if self._offers is None:
            self._offers = self.task.offers()
        for offer in self._offers:
            if self._will_do(offer):
                self._given.add(offer.key)
                self.under_way += 1
                return offer
        self.exhausted = True
        return None

    def _will_do(self, offer: Offer) -> bool:
        wanted, min_side_px = self._filters
        if offer.key in self._given or self._journal.has_seen(self.task.subject.key, offer.key):
            return False
        if not offer.address.startswith(("https://", "http://")):
            return False
        if not fits(offer.licence, wanted):
            self.passed["another licence"] += 1
            return False
        if 0 < min(offer.width, offer.height) < min_side_px:
            self.passed["too small"] += 1
            return False
        return True
