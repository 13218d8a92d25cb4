"""A report as a page for a browser, as Markdown, and as JSON."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING

from lookalike.reports.rendering import linkable, render
from lookalike.reports.thumbnails import Thumbnails

if TYPE_CHECKING:
    from collections.abc import Callable

    from lookalike.reports.document import Document, Section, Table


def no_pictures(_number: int) -> bytes:
    """Return nothing: there are no pictures.

    Parameters
    ----------
    _number : int
        Of which face.

    Returns
    -------
    bytes
        Empty.
    """
    return b""


def as_page(document: Document, thumbnail: Callable[[int], bytes] = no_pictures) -> str:
    """Write a report as a page.

    Parameters
    ----------
    document : Document
        What it says.
    thumbnail : callable
        Returns the JPEG of a face by its number; empty bytes if there is none.

    Returns
    -------
    str
        HTML that works from a file: pictures and style are inside. It loads nothing.
    """
    thumbnails = Thumbnails(thumbnail)
    return render(
        "evaluation.html",
        "evaluation.js",
        page=document,
        picture=thumbnails.large,
        svg=_svg_address,
        linkable=linkable,
    )


def _svg_address(data: bytes) -> str:
    return f"data:image/svg+xml;base64,{base64.b64encode(data).decode('ascii')}"


def as_json(document: Document) -> str:
    """Write the figures of a report as JSON.

    Parameters
    ----------
    document : Document
        What it says.

    Returns
    -------
    str
        One object.
    """
    whole = {"title": document.title, "origin": dict(document.origin), **document.data}
    return json.dumps(whole, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def as_markdown(document: Document) -> str:
    """Write a report as Markdown.

    Parameters
    ----------
    document : Document
        What it says; drawn figures and photos are left out, photos are named.

    Returns
    -------
    str
        Tables that every reader of Markdown knows.
    """
    parts = [f"# {_plain(document.title)}", " · ".join(map(_plain, document.facts))]
    for section in document.sections:
        parts += _section(section)
    if document.origin:
        parts.append("## Measured with")
        parts.append("\n".join(f"- {_plain(k)}: {_plain(v)}" for k, v in document.origin))
    return "\n\n".join(part for part in parts if part) + "\n"


def _section(section: Section) -> list[str]:
    parts = [f"## {_plain(section.heading)}", *map(_plain, section.words)]
    for table in section.tables:
        parts += [_plain(table.caption), _table(table)]
    if section.pairs:
        lines = (f"- {_plain(pair.words)}: {_plain(pair.one.name)} (`{_code(pair.one.uri)}`), "
                 f"{_plain(pair.other.name)} (`{_code(pair.other.uri)}`)"
                 for pair in section.pairs)  # fmt: skip
        parts.append("\n".join(lines))
    return parts


def _table(table: Table) -> str:
    lines = [table.headings, ("---",) * len(table.headings), *table.rows]
    return "\n".join(
        "| " + " | ".join(cell if cell == "---" else _plain(cell) for cell in line) + " |"
        for line in lines
    )


def _plain(words: str) -> str:
    """Keep what people are called from becoming markup."""
    one_line = " ".join(words.split())
    return "".join(f"\\{letter}" if letter in "\\`*_[]<>|#" else letter for letter in one_line)


def _code(words: str) -> str:
    return " ".join(words.replace("`", "'").replace("|", "¦").split())
