"""Galleries as two CSV files: their people and vectors, or which line is wrong."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

INSTRUMENTED = ("lookalike",)
LONGEST = 1 << 13

#: What stands between the two files in an input.
_BETWEEN: Final = b"\n---\n"


def use(data: bytes, folder: Path) -> None:
    """Read both files into a new gallery."""
    from lookalike.gallery.csv_files import DESCRIPTORS, LABELS, read_csv
    from lookalike.gallery.records import Header
    from lookalike.gallery.store import GalleryFile
    from lookalike.types import Space

    labels, _, descriptors = data.partition(_BETWEEN)
    (folder / LABELS).write_bytes(labels)
    (folder / DESCRIPTORS).write_bytes(descriptors)
    header = Header(Space("fake", 2, "f" * 64), "fake-32", 1)
    file = GalleryFile.create(folder / "new.gallery", header)
    try:
        read_csv(file, folder)
        assert len(file.columns().vectors) == file.counts()["faces"]
    finally:
        file.close()
        for path in folder.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def seeds() -> dict[str, bytes]:
    """Write the fewest columns, and all."""
    least = b"label,name\n0,Ada\n1,Grace" + _BETWEEN + b"label,0,1\n0,0.5,1e-3\n1,-1,2\n"
    labels = b'label,id,name,attributes\n0,p0,Ada,"{""born"": 1815}"\n'
    names = b"label,sha256,source,uri,licence,credit,page,facts,0,1\n"
    row = b"0," + b"a" * 64 + b',s,a.jpg,CC0,me,http://x,"{""year"": 1840}",1,2\n'
    return {"least.txt": least, "whole.txt": labels + _BETWEEN + names + row}
