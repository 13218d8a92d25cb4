"""A search engine's photos, read with the library ``ddgs``, asked under our own name.

The library knows how the pages of search engines are built, which changes often. Its own way of
asking pretends to be a browser; here it asks through `Web` instead, which does not.
"""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from ddgs.engines.bing_images import BingImages
from ddgs.engines.duckduckgo_images import DuckduckgoImages
from ddgs.exceptions import DDGSException
from ddgs.http_client import HttpClient, Response

from lookalike.collecting.plain_text import plain
from lookalike.collecting.questions import Question
from lookalike.collecting.records import Offer
from lookalike.errors import ServiceRefused, ServiceUnavailable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ddgs.base import BaseSearchEngine
    from ddgs.results import ImagesResult

    from lookalike.collecting.web import Web

_ENGINES: Final = (BingImages, DuckduckgoImages)
_LAST_PAGE: Final = 10
_ADDRESS: Final = re.compile(r'https?://[^"\\\s<>]+')


class SearchEngine:
    """Search with Bing, or with DuckDuckGo where Bing does not answer.

    Parameters
    ----------
    web : Web
        What they are asked through.
    """

    def __init__(self, web: Web) -> None:
        self._web = web

    def find(self, keyword: str) -> Iterator[Offer]:
        """Offer photos, the most relevant first.

        Parameters
        ----------
        keyword : str
            Whom or what the photos shall show.

        Yields
        ------
        Offer
            Without author and licence, which search engines do not know.

        Raises
        ------
        ServiceRefused
            If no search engine answers a program that says what it is.
        """
        refusals = []
        for kind in _ENGINES:
            some = False
            try:
                for offer in _pages(kind, self._web, keyword):
                    some = True
                    yield offer
            except (ServiceRefused, ServiceUnavailable, DDGSException, ValueError) as error:
                refusals.append(f"{kind.name}: {_said(error)}")
            if some:
                return
        if refusals:
            raise ServiceRefused(
                f"no search engine answered: {'; '.join(refusals)}",
                "they often refuse programs; use --from openverse or --from commons",
            )


def _pages(kind: type[BaseSearchEngine[ImagesResult]], web: Web, keyword: str) -> Iterator[Offer]:
    engine = kind()
    client = _UnderOurName(web)
    engine.http_client = client
    seen: set[str] = set()
    for number in range(1, _LAST_PAGE + 1):
        results = engine.search(keyword, page=number) or []
        fresh = [one for one in results if one.image and one.image not in seen]
        if not fresh:
            return
        for result in fresh:
            seen.add(result.image)
            yield Offer(
                key=result.image,
                address=client.original(result.image),
                page=client.original(result.url or ""),
                title=plain(result.title or ""),
                width=_number(result.width),
                height=_number(result.height),
                service=f"web ({kind.name})",
            )


class _UnderOurName(HttpClient):
    def __init__(self, web: Web) -> None:
        self._web = web
        self._said = ""

    def original(self, address: str) -> str:
        """Give an address as it stood in the page: the library decodes it, which breaks some."""
        for found in _ADDRESS.findall(self._said):
            if unquote(found).replace(" ", "+") == address:
                return str(found)
        return address

    def request(self, *args: Any, **kwargs: Any) -> Response:
        method, address = args
        if method != "GET":
            raise DDGSException(f"{method} is not needed")
        said, _ = self._web.text(Question(address, kwargs.get("params") or {}))
        self._said = unescape(said).replace("\\/", "/").replace("\\u0026", "&")
        return Response(_Answer(said))


class _Answer:
    status_code = 200

    def __init__(self, text: str) -> None:
        self.text = text
        self.content = text.encode()


def _number(text: str | int) -> int:
    return int(text) if str(text).isdecimal() else 0


def _said(error: Exception) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__
