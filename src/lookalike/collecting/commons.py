"""Wikimedia Commons: free photos, with author, licence and page.

References
----------
https://www.mediawiki.org/wiki/API:Imageinfo, https://www.mediawiki.org/wiki/API:Search,
https://www.mediawiki.org/wiki/Extension:CommonsMetadata
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from lookalike.collecting.mediawiki import MediaWiki
from lookalike.collecting.plain_text import plain
from lookalike.collecting.records import Offer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lookalike.collecting.web import Web

_ADDRESS: Final = "https://commons.wikimedia.org/w/api.php"

#: What the API takes at once from callers without a login.
_TITLES_AT_ONCE: Final = 50

#: One of the widths that Wikimedia keeps ready; others are rounded up to the next of them.
WIDTH_PX: Final = 960

_PHOTOS: Final = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif", "image/tiff"})
_FACTS: Final = "Artist|Attribution|Credit|LicenseShortName|LicenseUrl|UsageTerms"


class Commons:
    """Photos from Wikimedia Commons.

    Parameters
    ----------
    web : Web
        What it is asked through.
    width_px : int
        Wider photos are taken as the preview of about this width that Commons makes.
    """

    def __init__(self, web: Web, width_px: int = WIDTH_PX) -> None:
        self._wiki = MediaWiki(web, _ADDRESS)
        self._asked = {
            "prop": "imageinfo",
            "iiprop": "url|size|mime|sha1|extmetadata",
            "iiextmetadatafilter": _FACTS,
            "iiextmetadatalanguage": "en",
            "iiurlwidth": str(width_px),
        }

    def find(self, keyword: str) -> Iterator[Offer]:
        """Offer photos whose page has these words, side by side.

        Parameters
        ----------
        keyword : str
            Whom or what the photos shall show.

        Yields
        ------
        Offer
            The most relevant first.

        Raises
        ------
        ServiceRefused
            If Commons says no.
        ServiceUnavailable
            If it does not answer now.
        """
        words = keyword.replace('"', " ").strip()
        pages = self._wiki.pages(
            generator="search",
            gsrsearch=f'"{words}" filetype:bitmap',
            gsrnamespace="6",
            gsrlimit=str(_TITLES_AT_ONCE),
            **self._asked,
        )
        yield from _offers(pages)

    def in_category(self, category: str) -> Iterator[Offer]:
        """Offer the photos of a category, without those of its subcategories.

        Parameters
        ----------
        category : str
            Its name, without ``Category:``.

        Yields
        ------
        Offer
            In the category's order.

        Raises
        ------
        ServiceRefused
            If Commons says no.
        ServiceUnavailable
            If it does not answer now.
        """
        pages = self._wiki.pages(
            generator="categorymembers",
            gcmtitle=f"Category:{category}",
            gcmtype="file",
            gcmlimit=str(_TITLES_AT_ONCE),
            **self._asked,
        )
        yield from _offers(pages)

    def named(self, files: Sequence[str]) -> dict[str, Offer]:
        """Look files up by their names.

        Parameters
        ----------
        files : sequence of str
            Names without ``File:``.

        Returns
        -------
        dict of str to Offer
            By the names that were given; what is missing or no photo is left out.

        Raises
        ------
        ServiceRefused
            If Commons says no.
        ServiceUnavailable
            If it does not answer now.
        """
        found = {}
        for start in range(0, len(files), _TITLES_AT_ONCE):
            titles = {f"File:{name}": name for name in files[start : start + _TITLES_AT_ONCE]}
            for page in self._wiki.pages(titles="|".join(titles), redirects="1", **self._asked):
                for offer in _offers(iter([page])):
                    for title in (page["title"], *page.get("aliases", ())):
                        if title in titles:
                            found[titles[title]] = offer
        return found


def file_name(address: str) -> str:
    """Take the name of a Commons file out of the address that Wikidata gives.

    Parameters
    ----------
    address : str
        As ``http://commons.wikimedia.org/wiki/Special:FilePath/Name%20of%20file.jpg``.

    Returns
    -------
    str
        The name without ``File:``.

    Examples
    --------
    >>> file_name("http://commons.wikimedia.org/wiki/Special:FilePath/Ann%20in%202019.jpg")
    'Ann in 2019.jpg'
    """
    return unquote(address.rpartition("/")[2]).replace("_", " ")


def _offers(pages: Iterator[Mapping[str, Any]]) -> Iterator[Offer]:
    for page in pages:
        info = next(iter(page.get("imageinfo") or ()), None)
        # A file may be missing, or its text hidden; and Commons has sounds, drawings and books.
        if info and info.get("mime") in _PHOTOS and (info.get("thumburl") or info.get("url")):
            yield _offer(page, info)


def _offer(page: Mapping[str, Any], info: Mapping[str, Any]) -> Offer:
    said = {
        name: plain(str(fact.get("value", "")))
        for name, fact in (info.get("extmetadata") or {}).items()
    }
    title = str(page.get("title", ""))
    return Offer(
        key=f"commons:{info.get('sha1') or title}",
        # The preview's address is only ever taken from the answer: other widths are refused.
        address=info.get("thumburl") or info["url"],
        page=info.get("descriptionurl") or "",
        title=title.partition(":")[2].rpartition(".")[0] or title,
        licence=said.get("LicenseShortName") or said.get("UsageTerms") or "",
        licence_page=said.get("LicenseUrl") or "",
        credit=said.get("Attribution") or said.get("Artist") or said.get("Credit") or "",
        width=int(info.get("thumbwidth") or info.get("width") or 0),
        height=int(info.get("thumbheight") or info.get("height") or 0),
        service="commons",
    )
