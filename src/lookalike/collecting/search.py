"""The seam of keyword searches, and the searches by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from lookalike.errors import MissingExtra, OptionError, UnknownName

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lookalike.collecting.licences import Wanted
    from lookalike.collecting.records import Offer
    from lookalike.collecting.web import Web

#: What ``--from`` takes, and what each of them is.
SEARCHES: Final = {
    "openverse": "openly licensed photos of many collections, with author and licence",
    "commons": "Wikimedia Commons, with author and licence",
    "web": "a search engine: no author, no licence, for your own use",
}


class Search(Protocol):
    """Finds photos by a keyword."""

    def find(self, keyword: str) -> Iterator[Offer]:
        """Offer photos, the best first, page by page as they are asked for.

        Parameters
        ----------
        keyword : str
            Whom or what the photos shall show.

        Yields
        ------
        Offer
            With as much about its origin as the service says.
        """
        ...


def open_search(name: str, web: Web, wanted: Wanted = "any", width_px: int = 960) -> Search:
    """Make a search by its name.

    Parameters
    ----------
    name : str
        One of `SEARCHES`.
    web : Web
        What it asks through.
    wanted : {"any", "free", "cc0"}
        Which licences will do, so that a service that can filter does.
    width_px : int
        Wider photos are taken smaller, where the service has them smaller.

    Returns
    -------
    Search
        Nothing has been asked yet.

    Raises
    ------
    UnknownName
        If there is no such search.
    OptionError
        If the search knows no licences and some are wanted.
    MissingExtra
        If the library that it needs is not installed.
    """
    if name == "openverse":
        from lookalike.collecting.openverse import Openverse

        return Openverse(web, wanted)
    if name == "commons":
        from lookalike.collecting.commons import Commons

        return Commons(web, width_px)
    if name != "web":
        raise UnknownName(f"there is no search {name!r}", f"one of: {', '.join(SEARCHES)}")
    if wanted != "any":
        raise OptionError(
            "a search engine does not say under which licence a photo is",
            "use --from openverse or --from commons with --licence",
        )
    try:
        from lookalike.collecting.search_engine import SearchEngine
    except ImportError as error:
        raise MissingExtra(
            "searching the web needs the package ddgs", "pip install 'lookalike[collect]'"
        ) from error
    return SearchEngine(web)
