"""The Action API of MediaWiki, which Commons and Wikidata share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from lookalike.collecting.complaints import retry_after
from lookalike.collecting.questions import Question
from lookalike.errors import ServiceRefused, ServiceUnavailable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lookalike.collecting.web import Web

_TOO_BUSY: Final = frozenset({"maxlag", "ratelimited", "readonly"})

#: The value that MediaWiki's manual asks of programs that nobody waits for.
_LAG_S: Final = "5"


class MediaWiki:
    """One wiki's API.

    Parameters
    ----------
    web : Web
        What it is asked through.
    address : str
        Of its ``api.php``.
    """

    def __init__(self, web: Web, address: str) -> None:
        self._web = web
        self._address = address

    def ask(self, **fields: str) -> dict[str, Any]:
        """Ask once, and again while the wiki is too busy.

        Parameters
        ----------
        **fields : str
            The API's parameters; format and lag are added.

        Returns
        -------
        dict
            The answer.

        Raises
        ------
        ServiceRefused
            If the API says no.
        ServiceUnavailable
            If it is too busy, or does not answer.
        """
        fixed = {"format": "json", "formatversion": "2", "maxlag": _LAG_S}
        question = Question(self._address, {**fields, **fixed}, "application/json")
        host = urlsplit(self._address).netloc
        said = ""
        for _ in range(self._web.patience.attempts):
            answer, headers = self._web.json(question)
            error = answer.get("error") if isinstance(answer, dict) else {"info": "no object"}
            if not error:
                return dict(answer)
            said = f"{host} says {error.get('code', 'error')}: {error.get('info', '')}"
            if error.get("code") not in _TOO_BUSY:
                raise ServiceRefused(said)
            # Lag comes with status 200, so the pause is to be found here.
            self._web.gates.hold(host, retry_after(headers) or 5.0)
        raise ServiceUnavailable(said, "run the same command again later")

    def pages(self, **fields: str) -> Iterator[dict[str, Any]]:
        """Ask for pages, and go on asking while there are more.

        Parameters
        ----------
        **fields : str
            Parameters of ``action=query``.

        Yields
        ------
        dict
            One page with all that was asked about it, in the order of the generator. Under
            ``aliases`` stand the titles that were asked for and lead to it.

        Raises
        ------
        ServiceRefused
            If the API says no.
        ServiceUnavailable
            If it is too busy, or does not answer.
        """
        going_on: Mapping[str, str] = {}
        batch: dict[str, dict[str, Any]] = {}
        leads: dict[str, str] = {}
        while True:
            answer = self.ask(action="query", **fields, **going_on)
            query = answer.get("query", {})
            for step in (*query.get("normalized", ()), *query.get("redirects", ())):
                leads[step["from"]] = step["to"]
            for page in query.get("pages", ()):
                # What does not fit into one answer comes later, for the same pages.
                batch.setdefault(page.get("title", ""), {}).update(page)
            going_on = {name: str(value) for name, value in answer.get("continue", {}).items()}
            if answer.get("batchcomplete") or not going_on:
                yield from _in_order(batch, leads)
                batch = {}
            if not going_on:
                return


def _in_order(
    batch: Mapping[str, dict[str, Any]], leads: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    for start in leads:
        title = start
        while title in leads and title != leads[title]:
            title = leads[title]
        if title in batch:
            batch[title].setdefault("aliases", []).append(start)
    yield from sorted(batch.values(), key=lambda page: page.get("index", 0))
