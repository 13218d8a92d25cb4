"""Openverse: openly licensed photos of Flickr, museums and many others.

References
----------
https://api.openverse.org/v1/ documents the parameters and the answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from lookalike.collecting.plain_text import plain
from lookalike.collecting.questions import Question
from lookalike.collecting.records import Offer
from lookalike.errors import ServiceRefused

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lookalike.collecting.licences import Wanted
    from lookalike.collecting.web import Web

_ADDRESS: Final = "https://api.openverse.org/v1/images/"

#: What callers without a login may have.
_PAGE_SIZE: Final = "20"
_LAST_PAGE: Final = 12

_CODES: Final[Mapping[str, str]] = {"free": "by,by-sa,cc0,pdm", "cc0": "cc0,pdm"}
_UNUSUAL_NAMES: Final = {"cc0": "CC0", "pdm": "Public Domain Mark"}


class Openverse:
    """Search in Openverse.

    Parameters
    ----------
    web : Web
        What it is asked through.
    wanted : {"any", "free", "cc0"}
        Which licences to ask for.
    """

    def __init__(self, web: Web, wanted: Wanted = "any") -> None:
        self._web = web
        self._wanted = wanted

    def find(self, keyword: str) -> Iterator[Offer]:
        """Offer photos, the most relevant first; 240 at most.

        Parameters
        ----------
        keyword : str
            Whom or what the photos shall show.

        Yields
        ------
        Offer
            With author, licence and page.

        Raises
        ------
        ServiceRefused
            If Openverse says no.
        ServiceUnavailable
            If it does not answer now.
        """
        fields = {"q": keyword, "page_size": _PAGE_SIZE}
        if self._wanted in _CODES:
            fields["license"] = _CODES[self._wanted]
        for number in range(1, _LAST_PAGE + 1):
            question = Question(_ADDRESS, {**fields, "page": str(number)}, "application/json")
            answer, _ = self._web.json(question)
            if not isinstance(answer, dict) or not isinstance(answer.get("results"), list):
                raise ServiceRefused("api.openverse.org gave no list of results")
            for result in answer["results"]:
                if result.get("url"):
                    yield _offer(result)
            if number >= int(answer.get("page_count") or 0):
                return


def _offer(result: Mapping[str, Any]) -> Offer:
    code, version = result.get("license") or "", result.get("license_version") or ""
    name = _UNUSUAL_NAMES.get(code, f"CC {code.upper()}")
    credit = result.get("creator") or result.get("attribution") or ""
    return Offer(
        key=f"openverse:{result.get('id') or result['url']}",
        address=result["url"],
        page=result.get("foreign_landing_url") or "",
        title=plain(result.get("title") or ""),
        licence=f"{name} {version}".strip() if code else "",
        licence_page=result.get("license_url") or "",
        credit=plain(credit),
        width=int(result.get("width") or 0),
        height=int(result.get("height") or 0),
        service=f"openverse ({result['source']})" if result.get("source") else "openverse",
    )
