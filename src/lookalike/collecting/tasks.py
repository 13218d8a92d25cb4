"""What to collect: photos by keyword, and photos of people whom Wikidata knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lookalike.collecting.records import Subject, Task
from lookalike.types.people import person_id

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from lookalike.collecting.commons import Commons
    from lookalike.collecting.records import Offer
    from lookalike.collecting.search import Search
    from lookalike.collecting.wikidata import Celebrity


def by_keyword(
    keywords: Iterable[str], wanted: int, search: Search, request: str
) -> Iterator[Task]:
    """Collect what a search finds.

    Parameters
    ----------
    keywords : iterable of str
        Each is taken for the name of one person.
    wanted : int
        How many photos of each.
    search : Search
        Where to look.
    request : str
        Which search with which filter, in words.

    Yields
    ------
    Task
        One for each keyword.
    """
    for keyword in keywords:
        name = " ".join(keyword.split())
        key = person_id(name) if any(map(str.isalnum, name)) else name
        subject = Subject(f"keyword:{key}", name, "keyword")
        yield Task(subject, wanted, _searching(search, name), request)


def by_wikidata(
    people: Iterable[Sequence[Celebrity]], wanted: int, commons: Commons, request: str
) -> Iterator[Task]:
    """Collect portraits of people, then more from their categories.

    Parameters
    ----------
    people : iterable of sequences of Celebrity
        Group by group; a group's portraits are looked up together.
    wanted : int
        How many photos of each person.
    commons : Commons
        Where the photos are.
    request : str
        With which filter, in words.

    Yields
    ------
    Task
        One for each person.
    """
    for group in people:
        portraits = _Portraits(group, commons)
        for celebrity in group:
            yield Task(celebrity.subject, wanted, _looking(portraits, celebrity), request)


class _Portraits:
    """The portraits of a group, looked up when the first of them is wanted."""

    def __init__(self, group: Sequence[Celebrity], commons: Commons) -> None:
        self.commons = commons
        self._names = list(dict.fromkeys(name for one in group for name in one.images))
        self._found: dict[str, Offer] | None = None

    def of(self, celebrity: Celebrity) -> Iterator[Offer]:
        if self._found is None:
            self._found = self.commons.named(self._names)
        yield from (self._found[name] for name in celebrity.images if name in self._found)
        if celebrity.category:
            yield from self.commons.in_category(celebrity.category)


def _searching(search: Search, keyword: str) -> Callable[[], Iterator[Offer]]:
    return lambda: search.find(keyword)


def _looking(portraits: _Portraits, celebrity: Celebrity) -> Callable[[], Iterator[Offer]]:
    return lambda: portraits.of(celebrity)
