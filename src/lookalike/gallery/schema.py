"""The tables of a gallery file. Documented for other programs in ``docs/gallery-format.md``."""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    JSON,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
)

#: Raised when a reader of the old format would misread the new one.
FORMAT_VERSION: Final = 1

#: Written into the SQLite header, so that ``file`` and others can tell what the file is.
APPLICATION_ID: Final = 0x4C4F4F4B  # "LOOK"

metadata = MetaData()

#: What the gallery is: one row for each fact.
header = Table(
    "header",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

people = Table(
    "people",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("attributes", JSON, nullable=False),
)

photos = Table(
    "photos",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("sha256", Text, nullable=False, unique=True),
    Column("uri", Text, nullable=False, unique=True),
    Column("stamp", Text, nullable=False),
    Column("licence", Text, nullable=False),
    Column("credit", Text, nullable=False),
)

#: Boxes and landmarks are in pixels of the upright photo; landmarks are ten float32, vectors as
#: many numbers as the header says, all little-endian; a thumbnail is a JPEG file.
faces = Table(
    "faces",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("photo", ForeignKey("photos.number", ondelete="CASCADE"), nullable=False),
    Column("person", ForeignKey("people.number"), nullable=False),
    Column("x1", Float, nullable=False),
    Column("y1", Float, nullable=False),
    Column("x2", Float, nullable=False),
    Column("y2", Float, nullable=False),
    Column("landmarks", LargeBinary, nullable=False),
    Column("score", Float, nullable=False),
    Column("vector", LargeBinary, nullable=False),
    Column("thumbnail", LargeBinary, nullable=True),
    Index("faces_of_person", "person"),
    Index("faces_of_photo", "photo"),
)

#: Why a photo was not used.
ledger = Table(
    "ledger",
    metadata,
    Column("uri", Text, primary_key=True),
    Column("stamp", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("detail", Text, nullable=False),
)
