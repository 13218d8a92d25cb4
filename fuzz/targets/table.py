"""Tables of photos and names (CSV, JSON lines): rows, or what is wrong with the table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from promise import untouched

if TYPE_CHECKING:
    from pathlib import Path

INSTRUMENTED = ("lookalike",)
LONGEST = 1 << 13

#: By its first byte an input is one or the other.
_KINDS: Final = {ord("{"): "table.jsonl"}


def use(data: bytes, folder: Path) -> None:
    """Go through the rows."""
    from lookalike.sources.table import TableSource

    name = _KINDS.get(data[0], "table.csv") if data else "table.csv"
    with untouched(folder / name, data) as path:
        for candidate in TableSource(path):
            assert candidate.person.id
            assert candidate.uri


def seeds() -> dict[str, bytes]:
    """Write tables as people do."""
    plain = 'name,path,born,licence\nAda,table.csv,1815,CC0\n"Hopper, Grace",b.jpg,1906,\n'
    excel = "sep=;\r\nName;File;Gender\r\nÉmile;table.csv;male\r\n"
    lines = (
        '{"name": "Ada", "path": "table.jsonl", "born": 1815}\n{"name": "B", "url": "http://x/b"}\n'
    )
    return {
        "plain.csv": plain.encode(),
        "excel.csv": b"\xef\xbb\xbf" + excel.encode(),
        "wide.csv": excel.encode("utf-16"),
        "lines.jsonl": lines.encode(),
    }
