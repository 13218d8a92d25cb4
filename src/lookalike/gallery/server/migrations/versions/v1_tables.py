"""The tables, as ``docs/gallery-format.md`` has them for format 2."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import context, op
from pgvector.sqlalchemy import HALFVEC, VECTOR
from sqlalchemy.dialects.postgresql import JSONB

revision: Final = "1"
down_revision: Final = None


def upgrade() -> None:
    """Make them; the connection puts them into the gallery's schema."""
    header = context.config.attributes["header"]
    kind = HALFVEC if header.vector_type == "float16" else VECTOR
    op.create_table(
        "header",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )
    _people_and_photos()
    op.create_table(
        "faces",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column(
            "photo", sa.Integer, sa.ForeignKey("photos.number", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("person", sa.Integer, sa.ForeignKey("people.number"), nullable=False),
        *(sa.Column(side, sa.Float, nullable=False) for side in ("x1", "y1", "x2", "y2")),
        sa.Column("landmarks", sa.LargeBinary, nullable=False),
        sa.Column("score", sa.Float, nullable=False),
        sa.Column("vector", kind(header.space.dim), nullable=False),
        sa.Column("thumbnail", sa.LargeBinary, nullable=True),
        sa.Column("points", sa.LargeBinary, nullable=True),
        sa.Column("quality", sa.Float, nullable=True),
        sa.Column("hidden", sa.Integer, nullable=False, server_default="0"),
    )
    op.create_index("faces_of_person", "faces", ["person"])
    op.create_index("faces_of_photo", "faces", ["photo"])
    _what_was_decided()


def _people_and_photos() -> None:
    op.create_table(
        "people",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("id", sa.Text, nullable=False, unique=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("attributes", JSONB, nullable=False),
    )
    op.create_table(
        "aliases",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column(
            "person", sa.Integer, sa.ForeignKey("people.number", ondelete="CASCADE"), nullable=False
        ),
    )
    words = ("source", "uri", "stamp", "licence", "credit", "page")
    op.create_table(
        "photos",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("sha256", sa.Text, nullable=False, unique=True),
        *(sa.Column(word, sa.Text, nullable=False) for word in words),
        sa.Column("attributes", JSONB, nullable=False),
        sa.Column("width", sa.Integer, nullable=False),
        sa.Column("height", sa.Integer, nullable=False),
        sa.UniqueConstraint("source", "uri"),
    )


def _what_was_decided() -> None:
    op.create_table(
        "ledger",
        *(sa.Column(word, sa.Text, primary_key=True) for word in ("source", "uri")),
        *(
            sa.Column(word, sa.Text, nullable=False)
            for word in ("stamp", "person", "sha256", "reason", "detail")
        ),
    )
    op.create_table("opt_outs", sa.Column("key", sa.Text, primary_key=True))
    op.create_table(
        "calibrations",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("faces", sa.Integer, nullable=False),
        sa.Column("value", JSONB, nullable=False),
    )
    op.create_table(
        "journal",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("step", sa.Integer, nullable=False),
        *(sa.Column(word, sa.Text, nullable=False) for word in ("at", "what", "kind", "key")),
        *(sa.Column(facts, JSONB, nullable=False) for facts in ("before", "after")),
    )
    op.create_table(
        "heads",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("generation", sa.Integer, nullable=False),
        sa.Column("learned_from", sa.Text, nullable=False),
        sa.Column("facts", JSONB, nullable=False),
    )
    op.create_table(
        "head_arrays",
        sa.Column(
            "head", sa.Text, sa.ForeignKey("heads.name", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("shape", JSONB, nullable=False),
        sa.Column("numbers", sa.LargeBinary, nullable=False),
    )
