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
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB

from lookalike.gallery.storage.vector_column import VectorColumn

#: Raised when a reader of the old format would misread the new one.
FORMAT_VERSION: Final = 2

#: Written into the SQLite header, so that ``file`` and others can tell what the file is.
APPLICATION_ID: Final = 0x4C4F4F4B  # "LOOK"

metadata = MetaData()

#: A server can look into it.
_FACTS: Final = JSON().with_variant(JSONB(), "postgresql")

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
    Column("attributes", _FACTS, nullable=False),
)

#: Other ids that sources file a person under, since people were merged or renamed.
aliases = Table(
    "aliases",
    metadata,
    Column("id", Text, primary_key=True),
    Column("person", ForeignKey("people.number", ondelete="CASCADE"), nullable=False),
)

#: A uri is unique within the source that offered it. Width and height are of the upright photo,
#: 0 where they are not known.
photos = Table(
    "photos",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("sha256", Text, nullable=False, unique=True),
    Column("source", Text, nullable=False),
    Column("uri", Text, nullable=False),
    Column("stamp", Text, nullable=False),
    Column("licence", Text, nullable=False),
    Column("credit", Text, nullable=False),
    Column("page", Text, nullable=False),
    Column("attributes", _FACTS, nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    UniqueConstraint("source", "uri"),
)

#: Boxes and landmarks are in pixels of the upright photo; landmarks are ten float32, vectors as
#: many numbers as the header says, all little-endian; a thumbnail is a JPEG file, and its points
#: are the landmarks in its own pixels. Quality is null where it was not measured. A hidden face is
#: kept, so that it can be brought back, and never found.
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
    Column("vector", VectorColumn, nullable=False),
    Column("thumbnail", LargeBinary, nullable=True),
    Column("points", LargeBinary, nullable=True),
    Column("quality", Float, nullable=True),
    Column("hidden", Integer, nullable=False, server_default="0"),
    Index("faces_of_person", "person"),
    Index("faces_of_photo", "photo"),
)

#: Why a photo was not used.
ledger = Table(
    "ledger",
    metadata,
    Column("source", Text, primary_key=True),
    Column("uri", Text, primary_key=True),
    Column("stamp", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("detail", Text, nullable=False),
)

#: Ids of people and SHA-256 of photos that shall never be in this gallery again.
opt_outs = Table("opt_outs", metadata, Column("key", Text, primary_key=True))

#: What distances mean, learned from so many faces, for each metric and ranking.
calibrations = Table(
    "calibrations",
    metadata,
    Column("key", Text, primary_key=True),
    Column("faces", Integer, nullable=False),
    Column("value", _FACTS, nullable=False),
)

#: What was decided, so that it can be taken back: a step has one row for each thing it changed.
journal = Table(
    "journal",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("step", Integer, nullable=False),
    Column("at", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("before", _FACTS, nullable=False),
    Column("after", _FACTS, nullable=False),
)

#: What tells people apart, learned from the faces that `learned_from` is a digest of. These two
#: tables are made when the first one is kept; a file without them has none.
heads = Table(
    "heads",
    metadata,
    Column("name", Text, primary_key=True),
    Column("generation", Integer, nullable=False),
    Column("learned_from", Text, nullable=False),
    Column("facts", _FACTS, nullable=False),
)

#: The numbers of a head: little-endian float32, row by row.
head_arrays = Table(
    "head_arrays",
    metadata,
    Column("head", ForeignKey("heads.name", ondelete="CASCADE"), primary_key=True),
    Column("name", Text, primary_key=True),
    Column("shape", _FACTS, nullable=False),
    Column("numbers", LargeBinary, nullable=False),
)
