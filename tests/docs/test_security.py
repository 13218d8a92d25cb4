"""What the page on security says is held by tests, and these are there."""

from __future__ import annotations

import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "concepts" / "security.md"
LINK = re.compile(r"\[([^\]]+)\]\((\.\./\.\./tests/[^)]+\.py)\)")
HELD = "held by"


def _rows() -> list[str]:
    """Return the rows of the tables that end with what holds each."""
    rows, inside = [], False
    for line in PAGE.read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if not line.startswith("|"):
            inside = False
        elif cells[-1] == HELD:
            inside = True
        elif inside and not set(line) <= set("|-: "):
            rows.append(line)
    return rows


def test_every_threat_is_held_by_a_test() -> None:
    rows = _rows()
    assert len(rows) > 30
    assert [row for row in rows if not LINK.search(row.rstrip("| ").rpartition("|")[2])] == []


def test_the_tests_that_hold_are_there() -> None:
    links = LINK.findall(re.sub(r"\s+", " ", PAGE.read_text("utf-8")))
    assert len(links) > 60
    absent = []
    for words, target in links:
        text = (PAGE.parent / target).resolve().read_text("utf-8")
        name = f"test_{words.replace(' ', '_')}"
        if not re.search(rf"^ *def {name}\(", text, re.MULTILINE):
            absent.append(f"{target}: {name}")
    assert absent == [], "docs/concepts/security.md names tests that are not there"
