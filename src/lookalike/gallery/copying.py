"""Copies of a gallery: as it is, or in the space of another encoder."""

from __future__ import annotations

import contextlib
import sqlite3
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import bindparam, delete, func, select, update

from lookalike.errors import GalleryInvalid, GalleryUnwritable, OptionError
from lookalike.gallery.heads import forget_heads
from lookalike.gallery.pictures import kept_crops
from lookalike.gallery.records import Header
from lookalike.gallery.storage import schema
from lookalike.gallery.storage.database import translated
from lookalike.gallery.storage.facts import facts_of
from lookalike.gallery.storage.rows import layout
from lookalike.gallery.storage.soundness import points_of
from lookalike.gallery.store import GalleryFile
from lookalike.types import Crops
from lookalike.whole_files import writing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sqlalchemy import Connection

    from lookalike.protocols import Encoder

#: Faces that are encoded together.
_BATCH: Final = 64


def copy(source: Path, target: Path) -> None:
    """Write a gallery to another file, also while it is in use.

    Parameters
    ----------
    source : Path
        The gallery, as it is at this moment.
    target : Path
        Where; nothing may be there. It is there whole or not at all.

    Raises
    ------
    GalleryMissing, GalleryInvalid, GalleryVersion
        If the gallery cannot be read.
    OptionError
        If there is something at the target.
    GalleryUnwritable
        If it cannot be written.
    """
    with arriving(target) as beside:
        _snapshot(source, beside)


def compact(path: Path) -> None:
    """Make a gallery's file as small as it can be, to be given away.

    Parameters
    ----------
    path : Path
        The gallery; nobody may be using it.
    """
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("VACUUM")


@contextlib.contextmanager
def arriving(target: Path) -> Iterator[Path]:
    """Give a place to write a file that shall be there whole or not at all.

    Parameters
    ----------
    target : Path
        Where it shall be; nothing may be there.

    Yields
    ------
    Path
        A file of that name in a folder beside it, moved when the block ends.

    Raises
    ------
    OptionError
        If there is something at the target.
    GalleryUnwritable
        If it cannot be written.
    """
    if target.exists():
        raise OptionError(f"{target} is there already", "name another file, or remove it first")
    hint = "choose a folder that is there, with free space"
    with (
        writing(target, GalleryUnwritable, hint),
        # A folder, because SQLite writes more than one file.
        tempfile.TemporaryDirectory(dir=target.parent, prefix=".gallery-") as folder,
    ):
        beside = Path(folder, target.name)
        yield beside
        beside.rename(target)


def _snapshot(source: Path, target: Path) -> None:
    GalleryFile(source).close()  # says what is wrong with it, if anything is
    place = f"{source.absolute().as_uri()}?mode=ro"
    with translated(source), contextlib.closing(sqlite3.connect(place, uri=True)) as connection:
        try:
            connection.execute("VACUUM INTO ?", (str(target),))
        except sqlite3.DatabaseError as error:
            raise GalleryUnwritable(
                f"cannot copy {source.name}: {error}", "free space, then try again"
            ) from error


def encode_again(
    source: Path,
    target: Path,
    encoder: Encoder,
    on_face: Callable[[], None] = lambda: None,
) -> int:
    """Write a gallery to another file with vectors of another encoder, from its portraits.

    Everything else stays: people, photos, decisions, opt-outs. What was learned of the old
    distances is left out: what is rare, and who is who.

    Parameters
    ----------
    source : Path
        The gallery; each of its faces must have a portrait.
    target : Path
        Where; nothing may be there. It is there whole or not at all.
    encoder : Encoder
        What makes the vectors.
    on_face : callable, optional
        Called after each face, for a progress bar.

    Returns
    -------
    int
        The number of faces.

    Raises
    ------
    GalleryInvalid
        If a face has no portrait, or one that cannot be read.
    OptionError
        If there is something at the target.
    GalleryUnwritable
        If it cannot be written.

    Notes
    -----
    A portrait is a JPEG of the face at about the size that encoders want, so the new vectors are
    nearly, not quite, those that the photo itself would give; see ``docs/guides/galleries.md``.
    """
    with arriving(target) as beside:
        _snapshot(source, beside)
        file = GalleryFile(beside, writable=True)
        try:
            return _encode_in_place(file, encoder, on_face)
        finally:
            file.close()


def _encode_in_place(file: GalleryFile, encoder: Encoder, on_face: Callable[[], None]) -> int:
    """Replace the vectors of a file that nobody else knows of yet."""
    there = file.header
    header = Header(encoder.space, encoder.template, encoder.views, there.vector_type, there.title)
    face = schema.faces.c
    with file.changing() as connection:
        lacking = face.thumbnail.is_(None) | face.points.is_(None)
        count = connection.execute(select(func.count()).where(lacking)).scalar_one()
        if count:
            raise GalleryInvalid(
                f"{count:,} faces of {file.name} have no portrait to be encoded from",
                "build it again from the photos, with --encoder",
            )
        numbers = connection.execute(select(face.number).order_by(face.number)).scalars().all()
        for at in range(0, len(numbers), _BATCH):
            batch = numbers[at : at + _BATCH]
            _encode_batch(connection, header, encoder, batch)
            for _ in batch:
                on_face()
        connection.execute(delete(schema.calibrations))
        forget_heads(connection)
        fact = schema.header.c
        for key, value in facts_of(header).items():
            if key != "generation":
                one = update(schema.header).where(fact.key == key)
                connection.execute(one.values(value=value))
    return len(numbers)


def _encode_batch(
    connection: Connection, header: Header, encoder: Encoder, numbers: Sequence[int]
) -> None:
    face = schema.faces.c
    query = select(face.number, face.thumbnail, face.points).where(face.number.in_(numbers))
    rows = connection.execute(query).all()
    crops = [kept_crops(row.thumbnail, points_of(row.points), header.template) for row in rows]
    vectors = encoder.encode(Crops.concatenate(crops)).vectors.astype(layout(header))
    new = update(schema.faces).where(face.number == bindparam("face"))
    connection.execute(
        new.values(vector=bindparam("numbers")),
        [
            {"face": row.number, "numbers": vector}
            for row, vector in zip(rows, vectors, strict=True)
        ],
    )
