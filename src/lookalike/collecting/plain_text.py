"""Words out of HTML: authors come with links, and with parts that nobody sees."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Final

_NEVER_SEEN: Final = frozenset({"style", "script", "template"})
_NEVER_CLOSED: Final = frozenset({"area", "br", "hr", "img", "input", "link", "meta", "wbr"})


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _NEVER_CLOSED:
            self.words.append(" ")
            return
        style = (dict(attrs).get("style") or "").replace(" ", "").lower()
        # Inside something hidden, every opened tag must be counted until its end.
        if self._hidden or tag in _NEVER_SEEN or "display:none" in style:
            self._hidden += 1

    def handle_endtag(self, tag: str) -> None:
        if self._hidden and tag not in _NEVER_CLOSED:
            self._hidden -= 1

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.words.append(data)


def plain(markup: str) -> str:
    """Take the visible words out of HTML.

    Parameters
    ----------
    markup : str
        A piece of HTML, or text without any.

    Returns
    -------
    str
        On one line, with single spaces.

    Examples
    --------
    >>> plain('<a href="//commons.wikimedia.org/wiki/User:Ann">Ann &amp; Bob</a>')
    'Ann & Bob'
    """
    reader = _Words()
    reader.feed(markup)
    reader.close()
    return " ".join("".join(reader.words).split())
