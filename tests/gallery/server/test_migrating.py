"""A gallery that is made is one that was brought up to date, and has the tables that we know."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from lookalike.gallery.opening import create_store, upgrade_store
from lookalike.gallery.places import place_of
from lookalike.gallery.records import Header
from lookalike.gallery.server import founding, migrating
from lookalike.gallery.server.engine import connect
from lookalike.gallery.storage import schema
from lookalike.gallery.storage.vector_column import VectorColumn
from lookalike.testing.fakes import FAKE_SPACE

HEADER = Header(FAKE_SPACE, "fake-32", 1)


def described(engine, name):
    """Return tables, columns, indexes and constraints of a schema, in words."""
    query = text(
        "SELECT 'column', table_name::text, column_name::text, udt_name::text,"
        " is_nullable::text, column_default::text"
        " FROM information_schema.columns WHERE table_schema = :name UNION ALL"
        " SELECT 'index', tablename::text, indexname::text, indexdef, '', '' FROM pg_indexes"
        " WHERE schemaname = :name UNION ALL"
        " SELECT 'constraint', conrelid::regclass::text, conname::text, pg_get_constraintdef(oid),"
        " '', '' FROM pg_constraint WHERE connamespace = CAST(:name AS regnamespace)"
    )
    with engine.connect() as connection:
        rows = connection.execute(query, {"name": name}).all()
    return sorted(tuple(str(part).replace(name, "NAME") for part in row) for row in rows)


def test_made_anew_is_brought_up_to_date_and_is_what_the_code_says(address, owner):
    create_store(address, HEADER).close()
    place = place_of(address)
    made = described(owner, place.gallery)
    assert any("hnsw" in part for row in made for part in row)
    other = place_of(f"{address}_older")
    engine = connect(other)
    with engine.begin() as connection:
        connection.execute(text(f'CREATE SCHEMA "{other.gallery}"'))
        migrating.migrate(connection, other.gallery, HEADER, to="1")
        founding.say_what_it_is(connection, HEADER)
    engine.dispose()
    upgrade_store(other)
    assert described(owner, other.gallery) == made
    with owner.connect() as connection:
        connection.execute(text(f'DROP SCHEMA "{other.gallery}" CASCADE'))


def test_the_tables_are_those_of_the_schema(address, owner):
    create_store(address, HEADER).close()
    name = place_of(address).gallery
    with owner.connect() as connection:
        connection.execute(text(f'SET search_path TO "{name}", public'))
        assert set(inspect(connection).get_table_names(schema=name)) == {
            *schema.metadata.tables,
            "revision",
        }
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": lambda _context, _there, column, *_types: (
                    False if isinstance(column.type, VectorColumn) else None
                ),
                "include_object": lambda _object, name, *_more: (
                    name not in ("revision", "faces_graph")
                ),
            },
        )
        assert compare_metadata(context, schema.metadata) == []
