"""A report says the same as a page, as Markdown and as JSON."""

from __future__ import annotations

import html
import json
import re

import pytest

from lookalike.reports import (
    Chart,
    Document,
    Pair,
    Picture,
    Section,
    Table,
    as_json,
    as_markdown,
    as_page,
)

NASTY = "a|b <script>alert(1)</script> `c` *d*\nnew [line](javascript:x)"


def document(words: str = "plain") -> Document:
    table = Table(("what", words), ((words, "98.08 %"), ("other", "1 %")), f"caption {words}")
    one = Picture(1, words, f"{words}/1.jpg", "A", "CC0", "Ann", "javascript:alert(1)")
    other = Picture(-1, "Bob", "Bob/2.jpg", "B", page="https://example.org/bob")
    chart = Chart(b"<svg>light</svg>", b"<svg>dark</svg>", f"A chart. {words}")
    section = Section("first", f"Heading {words}", (f"Words {words}.",), (table,), (chart,),
                      (Pair(one, other, f"distance {words}"),))  # fmt: skip
    data = {"rates": [0.98, None]}
    return Document(f"Evaluation of {words}", ("3 photos",), (section,), (("space", words),), data)


@pytest.mark.parametrize("words", ["plain", NASTY])
def test_a_page_escapes_everything_and_links_to_pages_only(words: str) -> None:
    page = as_page(document(words), lambda number: b"jpeg" if number == 1 else b"")
    assert "<script>alert" not in page
    assert html.escape(words.split("\n", maxsplit=1)[0], quote=False) in page.replace("&#34;", '"')
    assert re.findall(r'<a href="([^"#]+)"', page) == ["https://example.org/bob"]
    assert page.count("data:image/jpeg;base64,") == 1
    assert "no picture stored" in page
    assert page.count("data:image/svg+xml;base64,") == 2


@pytest.mark.parametrize("words", ["plain", NASTY])
def test_markdown_keeps_its_tables_whole(words: str) -> None:
    text = as_markdown(document(words))
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert len(rows) == 4
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {3}
    # What is inside of a code span is no markup.
    assert not re.search(r"(?<!\\)<", re.sub(r"`[^`\\]*`", "", text.replace(r"\`", "")))
    assert "## Measured with" in text
    assert "Bob/2.jpg" in text


def test_json_has_the_figures_and_where_they_are_from() -> None:
    whole = json.loads(as_json(document("Åsa")))
    assert whole == {
        "title": "Evaluation of Åsa", "origin": {"space": "Åsa"}, "rates": [0.98, None],
    }  # fmt: skip
    assert "Åsa" in as_json(document("Åsa"))
