"""The ``.mat`` files of IMDB-WIKI: rows that can be offered, or what is wrong with the file."""

from __future__ import annotations

import io
import struct
import zlib
from typing import TYPE_CHECKING

from promise import untouched

if TYPE_CHECKING:
    from pathlib import Path

INSTRUMENTED = ("lookalike",)
LONGEST = 1 << 14

_PACKED = 15
_HEADER = 128


def use(data: bytes, folder: Path) -> None:
    """Go through the rows, with and without filters.

    The byte after the header's marks says what follows: packed elements are packed here, since no
    change to packed bytes leads anywhere but to a checksum.
    """
    from lookalike.sources.imdb_filters import ImdbFilters
    from lookalike.sources.imdb_wiki import ImdbWikiSource

    every = ImdbFilters(with_face=False, one_face=False, min_score=-float("inf"), named=False)
    for content in (data, _packed(data)):
        with untouched(folder / "imdb.mat", content) as path:
            for filters in (ImdbFilters(), every):
                for candidate in ImdbWikiSource(path, filters=filters):
                    assert candidate.person.name == candidate.person.name.strip()


def _packed(data: bytes) -> bytes:
    packed = zlib.compress(data[_HEADER:], 1)
    return data[:_HEADER] + struct.pack("<II", _PACKED, len(packed)) + packed


def seeds() -> dict[str, bytes]:
    """Write small tables as SciPy does."""
    import numpy as np
    from scipy.io import savemat

    nothing = float("nan")
    made = {}
    for name, count in (("one.mat", 1), ("three.mat", 3)):
        numbers = {
            "dob": [721000.0, 693726.5, 0.0],
            "photo_taken": [2009.0, 1980.0, 2500.0],
            "gender": [1.0, 0.0, nothing],
            "face_score": [4.5, 3.1, -np.inf],
            "second_face_score": [nothing, 2.0, nothing],
        }
        # Rows that are found must be files; the table itself is one.
        texts = {"full_path": ["imdb.mat", "01/b.jpg", "../c.jpg"], "name": ["Ada", "Émile", ""]}
        table = np.empty((1, 1), [(key, object) for key in (*numbers, *texts, "face_location")])
        for key, column in numbers.items():
            table[0, 0][key] = np.array([column[:count]])
        for key, column in texts.items():
            cells = np.empty((1, count), object)
            cells[0, :] = column[:count]
            table[0, 0][key] = cells
        boxes = np.empty((1, count), object)
        for row in range(count):
            boxes[0, row] = np.array([[1.0, 2.0, 30.5, 40.0]])
        table[0, 0]["face_location"] = boxes
        stream = io.BytesIO()
        savemat(stream, {"imdb": table})
        made[name] = stream.getvalue()
    return made
