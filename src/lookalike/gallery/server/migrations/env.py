"""What Alembic runs: the steps, on the connection that it was given, in that one's transaction."""

from __future__ import annotations

from alembic import context


def run() -> None:
    """Carry the steps out."""
    given = context.config.attributes
    context.configure(
        connection=given["connection"],
        version_table="revision",
        version_table_schema=given["gallery"],
    )
    with context.begin_transaction():
        context.run_migrations()


# Alembic loads this file under a name of its own; whoever else imports it runs nothing.
if __name__ == "env_py":
    run()
