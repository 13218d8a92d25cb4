"""The table of all photos, for people and for ``lookalike gallery build``."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING, Final

from lookalike.collecting.disk import writing
from lookalike.whole_files import replacing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lookalike.collecting.journal import Journal, Kept

NAME: Final = "manifest.csv"

#: What a gallery knows of a photo by itself; every other column is the person's, or ``photo.``.
_OF_PHOTOS: Final = ("path", "person", "licence", "credit", "page")
_FACTS: Final = (
    "url",
    "sha256",
    "width",
    "height",
    "retrieved",
    "title",
    "licence_page",
    "service",
)


def write_manifest(root: Path, journal: Journal) -> Path:
    """Write the table anew, whole or not at all.

    Parameters
    ----------
    root : Path
        The folder of photos.
    journal : Journal
        What has been collected. Photos that somebody has deleted since are left out.

    Returns
    -------
    Path
        The table: UTF-8, with ``path, person, licence, credit, page``, then ``photo.`` columns,
        then one column for each attribute of people.

    Raises
    ------
    FolderUnwritable
        If the disk takes no more.
    """
    attributes = list(
        dict.fromkeys(name for known in journal.people.values() for name in known.attributes)
    )
    table = io.StringIO(newline="")
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow([*_OF_PHOTOS, *(f"photo.{fact}" for fact in _FACTS), *attributes])
    for key, known in journal.people.items():
        for photo in there(root, journal.photos.get(key, ())):
            writer.writerow(
                [
                    photo.path,
                    known.name,
                    *(getattr(photo, column) for column in _OF_PHOTOS[2:]),
                    *(getattr(photo, fact) for fact in _FACTS),
                    *(known.attributes.get(name, "") for name in attributes),
                ]
            )
    path = root / NAME
    with writing(path), replacing(path) as part:
        part.write_bytes(table.getvalue().encode("utf-8", "backslashreplace"))
    return path


def there(root: Path, photos: Iterable[Kept]) -> list[Kept]:
    """Leave out the photos that somebody has deleted.

    Parameters
    ----------
    root : Path
        The folder of photos.
    photos : iterable of Kept
        What was collected.

    Returns
    -------
    list of Kept
        What is still there.
    """
    return [photo for photo in photos if Path(root, photo.path).is_file()]
