"""A gallery as one Parquet file, for data frames and other programs: one row for each face."""

from __future__ import annotations

import importlib
import json
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from lookalike.errors import GalleryInvalid, GalleryMissing, MissingExtra
from lookalike.gallery.copying import arriving
from lookalike.gallery.records import FaceRecord
from lookalike.gallery.storage.facts import facts_of, header_of
from lookalike.types import Face, Person, Photo

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from lookalike.gallery.records import Header
    from lookalike.gallery.seam import Store

_BATCH: Final = 256

#: Where the header stands in the file's own metadata.
_KEY: Final = b"lookalike"


def write_parquet(gallery: Store, path: Path) -> int:
    """Write everything that can be found in a gallery.

    Parameters
    ----------
    gallery : Store
        What to write.
    path : Path
        The file; nothing may be there.

    Returns
    -------
    int
        The number of rows: one for each face.

    Raises
    ------
    MissingExtra
        If pyarrow is not installed.
    OptionError
        If there is something at the path.
    GalleryUnwritable
        If the file cannot be written.
    """
    arrow = _arrow("pyarrow")
    parquet = _arrow("pyarrow.parquet")
    table = _schema(arrow, gallery.header)
    kind = np.float16 if gallery.header.vector_type == "float16" else np.float32
    count = 0
    options = {"schema": table, "compression": "zstd"}
    with arriving(path) as beside, parquet.ParquetWriter(beside, **options) as writer:
        records = gallery.records()
        while batch := list(islice(records, _BATCH)):
            rows = [_row(record, kind) for record in batch]
            writer.write_table(arrow.Table.from_pylist(rows, schema=table))
            count += len(batch)
    return count


def parquet_header(path: Path) -> Header:
    """Read what the gallery was that a Parquet file was written from.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    Header
        For a new gallery.

    Raises
    ------
    MissingExtra
        If pyarrow is not installed.
    GalleryMissing
        If there is no such file.
    GalleryInvalid
        If it is not a Parquet file, or was not written from a gallery.
    """
    with _opened(path) as file:
        written = (file.schema_arrow.metadata or {}).get(_KEY)
    if written is None:
        raise GalleryInvalid(
            f"{path.name} was not written from a gallery",
            "a table of photos is read with: lookalike gallery build",
        )
    try:
        facts = dict(json.loads(written))
    except (TypeError, ValueError, RecursionError) as error:
        raise GalleryInvalid(f"{path.name} is damaged: {error}", "write it again") from error
    return header_of(facts, path.name)


def read_parquet(gallery: Store, path: Path, opted_out: Collection[str] = ()) -> int:
    """Add the faces of a Parquet file to a gallery.

    Parameters
    ----------
    gallery : Store
        Writable, of the header that `parquet_header` gives.
    path : Path
        The file.
    opted_out : collection of str, optional
        Ids of people and SHA-256 of photos that are passed over, beside those on the gallery's
        own list.

    Returns
    -------
    int
        The number of faces that were added.

    Raises
    ------
    MissingExtra
        If pyarrow is not installed.
    GalleryMissing
        If there is no such file.
    GalleryInvalid
        If it does not hold what it should.
    """
    turned_away = gallery.opted_out().union(opted_out)
    count = 0
    with _opened(path) as file:
        for batch in file.iter_batches(_BATCH):
            try:
                records = [_record(row, gallery.header.space.dim) for row in batch.to_pylist()]
            except (LookupError, TypeError, ValueError, RecursionError) as error:
                raise GalleryInvalid(
                    f"{path.name} does not hold what a gallery does: {error!r}",
                    "write it again with: lookalike gallery export --parquet",
                ) from error
            kept = [one for one in records if turned_away.isdisjoint((one.person.id, one.photo.id))]
            gallery.write(kept, [])
            count += len(kept)
    return count


def _arrow(module: str) -> Any:
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise MissingExtra(
            "Parquet files need pyarrow", "pip install 'lookalike[tables]'"
        ) from error


def _opened(path: Path) -> Any:
    arrow, parquet = _arrow("pyarrow"), _arrow("pyarrow.parquet")
    try:
        return parquet.ParquetFile(path)
    except FileNotFoundError as error:
        raise GalleryMissing(f"there is no {path}", "name a Parquet file") from error
    except (arrow.ArrowException, OSError) as error:
        raise GalleryInvalid(f"{path.name} is not a Parquet file: {error}") from error


def _schema(arrow: Any, header: Header) -> Any:
    words = ["person", "name", "attributes", "sha256", "source", "uri", "stamp"]
    words += ["licence", "credit", "page", "facts"]
    numbers = arrow.float32()
    number = arrow.float16() if header.vector_type == "float16" else numbers
    fields = [(word, arrow.string()) for word in words]
    fields += [("width", arrow.int32()), ("height", arrow.int32())]
    fields += [("box", arrow.list_(numbers, 4)), ("landmarks", arrow.list_(numbers, 10))]
    fields += [("score", numbers), ("quality", numbers)]
    fields += [("vector", arrow.list_(number, header.space.dim))]
    fields += [("thumbnail", arrow.binary()), ("points", arrow.list_(numbers, 10))]
    return arrow.schema(fields, metadata={_KEY: json.dumps(facts_of(header)).encode()})


def _row(record: FaceRecord, kind: type[np.floating]) -> dict[str, Any]:
    person, photo, face = record.person, record.photo, record.face
    points = record.thumbnail_points
    return {
        "person": person.id,
        "name": person.name,
        "attributes": json.dumps(dict(person.attributes), ensure_ascii=False),
        "sha256": photo.id,
        "source": photo.source,
        "uri": photo.uri,
        "stamp": record.stamp,
        "licence": photo.licence,
        "credit": photo.credit,
        "page": photo.page,
        "facts": json.dumps(dict(photo.attributes), ensure_ascii=False),
        "width": record.photo_size[0],
        "height": record.photo_size[1],
        "box": face.box.tolist(),
        "landmarks": face.landmarks.ravel().tolist(),
        "score": face.score,
        "quality": record.quality,
        "vector": list(record.vector.astype(kind)),
        "thumbnail": record.thumbnail or None,
        "points": None if points is None else points.ravel().tolist(),
    }


def _record(row: dict[str, Any], dimension: int) -> FaceRecord:
    vector = np.array(row["vector"], np.float32)
    if vector.shape != (dimension,) or not np.isfinite(vector).all():
        raise ValueError(f"a vector of {vector.size} numbers, or numbers that are none")
    return FaceRecord(
        Person(row["person"], row["name"], json.loads(row["attributes"])),
        Photo(
            row["sha256"],
            row["uri"],
            row["licence"],
            row["credit"],
            row["page"],
            row["source"],
            json.loads(row["facts"]),
        ),
        row["stamp"],
        Face(np.array(row["box"], np.float32), _points(row["landmarks"]), row["score"]),
        vector,
        row["thumbnail"] or b"",
        None if row["points"] is None else _points(row["points"]),
        row["quality"],
        (row["width"], row["height"]),
    )


def _points(numbers: list[float]) -> Any:
    return np.array(numbers, np.float32).reshape(5, 2)
