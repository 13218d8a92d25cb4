"""A graph over the vectors, so that the database can search them."""

from __future__ import annotations

from typing import Final

from alembic import context, op

from lookalike.gallery.server.graph import create_graph

revision: Final = "2"
down_revision: Final = "1"


def upgrade() -> None:
    """Build it over what is there."""
    given = context.config.attributes
    create_graph(op.get_bind(), given["gallery"], given["header"])
