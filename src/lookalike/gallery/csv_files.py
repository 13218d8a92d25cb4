"""Galleries as two CSV files, which every spreadsheet and every course notebook can read.

``labels.csv`` says who the labels are, ``descriptors.csv`` holds one labelled vector in each row.
"""

from __future__ import annotations

import contextlib
import csv
import hashlib
import json
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from lookalike.errors import GalleryInvalid, GalleryMissing, GalleryUnwritable
from lookalike.gallery.records import FaceRecord
from lookalike.types import Face, Person, Photo, person_id
from lookalike.whole_files import replacing, writing

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from lookalike.gallery.seam import Store

LABELS: Final = "labels.csv"
DESCRIPTORS: Final = "descriptors.csv"

_PHOTO_FIELDS: Final = ("sha256", "source", "uri", "licence", "credit", "page", "facts")
_BATCH: Final = 500


def write_csv(gallery: Store, folder: Path) -> tuple[int, int]:
    """Write a gallery's people and vectors.

    Parameters
    ----------
    gallery : Store
        What to write.
    folder : Path
        Where; made if it is not there.

    Returns
    -------
    people, descriptors : int
        How many rows each file has.

    Raises
    ------
    GalleryUnwritable
        If the files cannot be written.
    """
    columns = gallery.columns()
    numbers = [f"d{i}" for i in range(gallery.header.space.dim)]
    with writing(folder, GalleryUnwritable, "choose a folder with free space"):
        folder.mkdir(parents=True, exist_ok=True)
        with _table(folder / LABELS) as table:
            table.writerow(["label", "id", "name", "attributes"])
            for label, person in enumerate(columns.people):
                attributes = json.dumps(dict(person.attributes), ensure_ascii=False)
                table.writerow([label, person.id, person.name, attributes])
        with _table(folder / DESCRIPTORS) as table:
            table.writerow(["label", *_PHOTO_FIELDS, *numbers])
            for group, photo, vector in zip(
                columns.groups, columns.photos, columns.vectors, strict=True
            ):
                # Nine digits bring every float32 back to the last bit.
                written = [f"{number:.9g}" for number in vector]
                table.writerow([group, *_photo_fields(photo), *written])
    return len(columns.people), len(columns.photos)


@contextlib.contextmanager
def _table(path: Path) -> Iterator[Any]:
    with replacing(path) as part, part.open("w", encoding="utf-8", newline="") as stream:
        yield csv.writer(stream)


def read_csv(gallery: Store, folder: Path, opted_out: Collection[str] = ()) -> tuple[int, int]:
    """Add the people and vectors of two CSV files to a gallery.

    Only ``label`` and ``name`` in the first file and ``label`` and the numbers in the second are
    needed.

    Parameters
    ----------
    gallery : Store
        Writable.
    folder : Path
        Where the files are.
    opted_out : collection of str, optional
        Ids of people and SHA-256 of photos that are passed over, beside those on the gallery's
        own list.

    Returns
    -------
    people, descriptors : int
        How many people the files name, and how many descriptors were added.

    Raises
    ------
    GalleryMissing
        If a file is not there.
    GalleryInvalid
        If a file does not hold what it should.
    """
    people = _people(folder)
    records = _records(gallery, folder, people, gallery.opted_out().union(opted_out))
    count = 0
    while batch := list(islice(records, _BATCH)):
        gallery.write(batch, [])
        count += len(batch)
    return len(people), count


def _photo_fields(photo: Photo) -> list[str]:
    facts = json.dumps(dict(photo.attributes), ensure_ascii=False)
    return [photo.id, photo.source, photo.uri, photo.licence, photo.credit, photo.page, facts]


def _photo(row: dict[str, str], sha256: str, line: int) -> Photo:
    return Photo(
        sha256,
        row.get("uri") or sha256,
        row.get("licence") or "",
        row.get("credit") or "",
        row.get("page") or "",
        row.get("source") or "",
        _json_object(row.get("facts"), f"{DESCRIPTORS}, line {line}: facts"),
    )


def _json_object(written: str | None, where: str) -> dict[str, Any]:
    try:
        facts = json.loads(written or "{}")
    except (ValueError, RecursionError) as error:
        raise GalleryInvalid(f"{where} are not JSON") from error
    if not isinstance(facts, dict):
        raise GalleryInvalid(f"{where} are not a JSON object")
    return facts


def _people(folder: Path) -> dict[str, Person]:
    people: dict[str, Person] = {}
    for line, row in _rows(folder / LABELS, ("label", "name")):
        label, name = row["label"], row["name"]
        if not label or not name or not name.strip():
            raise GalleryInvalid(f"{LABELS}, line {line}: label or name is missing")
        if label in people:
            raise GalleryInvalid(f"{LABELS}, line {line}: label {label!r} has been given before")
        attributes = _json_object(row.get("attributes"), f"{LABELS}, line {line}: attributes")
        people[label] = Person(row.get("id") or person_id(name), name, attributes)
    return people


def _records(
    gallery: Store, folder: Path, people: dict[str, Person], turned_away: frozenset[str]
) -> Iterator[FaceRecord]:
    dimension = gallery.header.space.dim
    photos: dict[tuple[str, str], str] = {}
    nowhere = Face(np.zeros(4, np.float32), np.zeros((5, 2), np.float32), 0.0)
    for line, row in _rows(folder / DESCRIPTORS, ("label",)):
        person = people.get(row["label"])
        if person is None:
            raise GalleryInvalid(
                f"{DESCRIPTORS}, line {line}: label {row['label']!r} is not in {LABELS}"
            )
        written = [value for key, value in row.items() if key not in ("label", *_PHOTO_FIELDS)]
        vector = _vector(written, dimension, line)
        sha256 = row.get("sha256") or hashlib.sha256(vector.tobytes()).hexdigest()
        photo = _photo(row, sha256, line)
        if photos.setdefault((photo.source, photo.uri), sha256) != sha256:
            raise GalleryInvalid(
                f"{DESCRIPTORS}, line {line}: {photo.uri!r} has been given before, as another file",
                "give each photo a uri of its own, or all faces of one photo its sha256",
            )
        if turned_away.isdisjoint((person.id, photo.id)):
            yield FaceRecord(person, photo, "", nowhere, vector)


def _vector(written: list[Any], dimension: int, line: int) -> Any:
    if len(written) != dimension:
        raise GalleryInvalid(
            f"{DESCRIPTORS}, line {line}: {len(written)} numbers, the encoder makes {dimension}",
            "name the model that made them with --encoder",
        )
    try:
        with np.errstate(over="ignore"):
            vector = np.array([float(value) for value in written]).astype(np.float32)
    except (TypeError, ValueError) as error:
        raise GalleryInvalid(f"{DESCRIPTORS}, line {line}: not a number: {error}") from error
    if not np.isfinite(vector).all():
        raise GalleryInvalid(f"{DESCRIPTORS}, line {line}: a number is infinite or none at all")
    return vector


def _rows(path: Path, needed: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    """Go through a CSV file's rows, with their line numbers."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            table = csv.DictReader(stream)
            missing = set(needed) - set(table.fieldnames or ())
            if missing:
                raise GalleryInvalid(f"{path.name} lacks the column {', '.join(sorted(missing))}")
            for row in table:
                yield table.line_num, row
    except FileNotFoundError as error:
        raise GalleryMissing(
            f"there is no {path}", f"the folder must hold {LABELS} and {DESCRIPTORS}"
        ) from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise GalleryInvalid(f"{path.name} is not a CSV file in UTF-8: {error}") from error
