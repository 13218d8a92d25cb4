"""What is wrong with a server is said in one line, and nothing is half written."""

from __future__ import annotations

import socket
import threading

import psycopg
import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import DBAPIError

from lookalike.errors import (
    GalleryBusy,
    GalleryInvalid,
    GalleryMissing,
    GalleryRefused,
    GalleryUnreachable,
    GalleryUnwritable,
    GalleryVersion,
    OptionError,
)
from lookalike.gallery.opening import create_store, open_store, upgrade_store
from lookalike.gallery.places import Address, place_of
from lookalike.gallery.records import Header
from lookalike.gallery.roles import roles_sql
from lookalike.gallery.server import founding, migrating
from lookalike.gallery.server.engine import connect
from lookalike.gallery.server.faults import meaning
from lookalike.testing.fakes import FAKE_SPACE

HEADER = Header(FAKE_SPACE, "fake-32", 1)
SECRET = "correct horse"  # noqa: S105 - of a server that lives as long as the test


@pytest.fixture
def store(address, record):
    """Return a store of one face, for its owner."""
    made = create_store(address, HEADER)
    made.write([record("Ada", "a.jpg")], [])
    yield made
    made.close()


def schema_of(address):
    return place_of(address).gallery


def as_user(address, user, password=SECRET):
    """Return the address for somebody else."""
    url = make_url(address).set(username=user, password=password)
    return url.render_as_string(hide_password=False)


@pytest.fixture
def visitor(address, owner, store):
    """Return a maker of users with a role of the gallery, and their addresses."""
    made = []

    def make(role):
        name = f"visitor_{schema_of(address)}_{role}"
        with owner.connect() as connection:
            # As psql does: several statements at once, twice, for the second time changes nothing.
            for _ in range(2):
                connection.connection.driver_connection.execute(roles_sql(place_of(address)))
            in_role = f'IN ROLE "{schema_of(address)}_{role}"' if role != "nobody" else ""
            connection.execute(text(f"CREATE ROLE \"{name}\" LOGIN PASSWORD '{SECRET}' {in_role}"))
        made.append(name)
        return as_user(address, name)

    yield make
    with owner.connect() as connection:
        for name in (*made, f"{schema_of(address)}_reader", f"{schema_of(address)}_writer"):
            connection.execute(text(f'DROP OWNED BY "{name}"'))
            connection.execute(text(f'DROP ROLE "{name}"'))


def one_line(caught):
    error = caught.value
    assert "\n" not in error.message
    assert "\n" not in error.hint
    assert SECRET not in f"{error.message} {error.hint} {error!r}"
    return f"{error.message} | {error.hint}"


def test_a_wrong_password_is_refused_and_not_shown(address, visitor):
    right = visitor("reader")
    open_store(right).close()
    wrong = right.replace(SECRET, "wrong")
    assert wrong != right
    with pytest.raises(GalleryRefused, match="refuses this user or password") as caught:
        open_store(wrong)
    assert "wrong" not in one_line(caught)
    with pytest.raises(GalleryRefused):
        open_store(as_user(address, "visitor_who_is_not_there"))
    assert "horse" not in repr(place_of(right)) + str(place_of(right))


def test_a_host_that_is_away_is_not_reached():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        with pytest.raises(GalleryUnreachable, match="cannot be reached") as caught:
            open_store(f"postgresql://me:{SECRET.replace(' ', '')}@127.0.0.1:{port}/faces")
    assert "host and the port" in one_line(caught)


def test_a_database_that_is_not_there_is_missing(postgres):
    with pytest.raises(GalleryMissing, match="no database"):
        open_store(postgres.replace("/faces", "/nowhere"))


def test_a_database_without_pgvector_is_refused(postgres, owner, visitor, monkeypatch):
    url = visitor("nobody").replace("/faces", "/bare")
    with owner.connect() as connection:
        name = make_url(url).username
        connection.execute(text(f'GRANT CREATE ON DATABASE bare TO "{name}"'))
    # A user who may not create extensions meets a database that has none.
    monkeypatch.setattr(founding, "_EXTENSION", "CREATE EXTENSION vector_of_another_name")
    with pytest.raises(GalleryRefused, match="no pgvector") as caught:
        create_store(url, HEADER)
    assert "CREATE EXTENSION vector" in one_line(caught)
    with pytest.raises(GalleryMissing):
        open_store(url)
    with owner.connect() as connection:
        connection.execute(text(f'REVOKE CREATE ON DATABASE bare FROM "{name}"'))


def test_an_old_pgvector_is_refused(address, owner, monkeypatch):
    monkeypatch.setattr(founding, "_PGVECTOR", (99, 0))
    create_extension = text("CREATE EXTENSION IF NOT EXISTS vector")
    with owner.connect() as connection:
        connection.execute(create_extension)
    with pytest.raises(GalleryRefused, match="too old"):
        create_store(address, HEADER)
    with pytest.raises(GalleryMissing):
        open_store(address)


def test_an_older_gallery_is_brought_up_to_date(address, owner, record):
    place = place_of(address)
    engine = connect(place)
    with engine.begin() as connection:
        connection.execute(text("CREATE EXTENSION IF NOT EXISTS vector"))
        connection.execute(text(f'CREATE SCHEMA "{place.gallery}"'))
        migrating.migrate(connection, place.gallery, HEADER, to="1")
        founding.say_what_it_is(connection, HEADER)
    engine.dispose()
    with pytest.raises(GalleryVersion, match="older lookalike") as caught:
        open_store(address)
    assert f"lookalike gallery upgrade '{place}'" in one_line(caught)
    assert upgrade_store(address) == (1, 2)
    assert upgrade_store(address) == (2, 2)
    store = open_store(address, writable=True)
    store.write([record("Ada", "a.jpg")], [])
    store.close()


def test_a_newer_gallery_is_left_alone(address, owner, store):
    with owner.connect() as connection:
        connection.execute(text(f'UPDATE "{schema_of(address)}".revision SET version_num = 99'))
    for attempt in (open_store, upgrade_store):
        with pytest.raises(GalleryVersion, match="newer lookalike"):
            attempt(address)


def test_upgrading_what_is_not_there(address):
    with pytest.raises(GalleryMissing):
        upgrade_store(address)


def test_a_schema_of_something_else_is_no_gallery(address, owner):
    with owner.connect() as connection:
        name = schema_of(address)
        connection.execute(text(f'CREATE SCHEMA "{name}"'))
        connection.execute(text(f'CREATE TABLE "{name}".revision (version_num TEXT)'))
        connection.execute(text(f"INSERT INTO \"{name}\".revision VALUES ('abc')"))
    with pytest.raises(GalleryInvalid):
        open_store(address)


def test_a_damaged_gallery_says_so(address, owner, store):
    with owner.connect() as connection:
        connection.execute(text(f'DROP TABLE "{schema_of(address)}".ledger'))
    with pytest.raises(GalleryInvalid, match="damaged"):
        store.ledger()


def test_a_name_whose_roles_would_be_one_gets_none():
    name = "n" * 57
    with pytest.raises(OptionError, match="too long for roles"):
        roles_sql(Address.parse(f"postgresql://u@h/db?gallery={name}"))
    assert f'"{name[:-1]}_reader"' in roles_sql(
        Address.parse(f"postgresql://u@h/db?gallery={name[:-1]}")
    )


def test_a_reader_finds_and_cannot_write(visitor, record, store):
    url = visitor("reader")
    reading = open_store(url)
    assert len(reading.columns().photos) == 1
    reading.close()
    with pytest.raises(GalleryUnwritable, match="may only read") as caught:
        open_store(url, writable=True)
    assert "gallery roles" in one_line(caught)
    # Also if nobody had asked before.
    reading = open_store(url)
    reading._writable = True
    with pytest.raises(GalleryUnwritable):
        reading.write([record("Bo", "b.jpg")], [])
    reading.close()
    assert len(store.columns().photos) == 1


def test_a_writer_writes_and_cannot_upgrade(visitor, record, store, owner, address):
    url = visitor("writer")
    writing = open_store(url, writable=True)
    writing.write([record("Bo", "b.jpg")], [])
    writing.close()
    assert len(store.columns().photos) == 2
    with owner.connect() as connection:
        connection.execute(text(f'DROP INDEX "{schema_of(address)}".faces_graph'))
        connection.execute(text(f'UPDATE "{schema_of(address)}".revision SET version_num = 1'))
    with pytest.raises(GalleryUnwritable, match="may not"):
        upgrade_store(url)


def test_somebody_without_rights_cannot_read(visitor):
    with pytest.raises((GalleryUnwritable, GalleryMissing, GalleryRefused)):
        open_store(visitor("nobody"))


def test_a_connection_that_is_lost_leaves_nothing_half_written(store, record, owner, address):
    before = store.generation

    def lose():
        with store.changing() as one:
            one.execute(text(f'DELETE FROM "{schema_of(address)}".faces'))
            number = one.execute(text("SELECT pg_backend_pid()")).scalar_one()
            with owner.connect() as connection:
                connection.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": number})
            one.execute(text("SELECT 1"))

    with pytest.raises(GalleryUnreachable) as caught:
        lose()
    assert "whole or not at all" in one_line(caught)
    # The next question gets another connection.
    assert len(store.columns().photos) == 1
    assert store.generation == before
    store.write([record("Bo", "b.jpg")], [])


def test_who_waits_too_long_for_another_writer_is_told_so(store, address, record, monkeypatch):
    from lookalike.gallery.server import store as module

    monkeypatch.setattr(module, "_WAIT", text("SET LOCAL lock_timeout = '50ms'"))
    other = open_store(address, writable=True)
    with other.changing():
        with pytest.raises(GalleryBusy, match="another process"):
            store.write([record("Bo", "b.jpg")], [])
        # Reading goes on.
        assert len(store.columns().photos) == 1
    other.close()
    store.write([record("Bo", "b.jpg")], [])


def test_two_who_make_the_same_gallery_make_one(address):
    made = []
    work = [
        threading.Thread(target=lambda: made.append(create_store(address, HEADER)))
        for _ in range(4)
    ]
    for thread in work:
        thread.start()
    for thread in work:
        thread.join()
    assert len(made) == 4
    for store in made:
        store.close()


@pytest.mark.parametrize(
    "wrong",
    [
        "postgresql://",
        "postgresql://host",
        "postgresql://u:secret@host:port/db",
        "postgresql://u@host/db?password=secret",
        "postgresql://u:secret@host/db?gallery=pg_secret",
        "postgresql://u:secret@host/db?gallery=a;b",
        "postgresql://u:secret@host/db?index=magic",
        "postgresql://u:secret@[host/db",
    ],
)
def test_an_address_that_is_none_is_not_repeated(wrong):
    with pytest.raises(OptionError) as caught:
        Address.parse(wrong)
    assert "u:secret" not in caught.value.message + caught.value.hint


def test_an_address_reads_back_without_its_password():
    address = Address.parse("postgresql://u:secret@h:5433/db?sslmode=require&gallery=stars")
    assert str(address) == "postgresql://u@h:5433/db?sslmode=require&gallery=stars"
    assert (address.stem, address.index) == ("stars", "memory")
    assert "secret" in address.database
    assert "secret" not in repr(address)
    assert str(Address.parse(str(address))) == str(address)


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("the database system is starting up", GalleryUnreachable),
        ("the database system is shutting down", GalleryUnreachable),
        ("the database system is in recovery mode", GalleryUnreachable),
        ("the database system is not yet accepting connections", GalleryUnreachable),
        ('database "faces" does not exist', GalleryMissing),
        ('password authentication failed for user "ada"', GalleryRefused),
        ("sorry, too many clients already", GalleryUnreachable),
    ],
)
def test_what_a_server_says_at_the_door(said, kind):
    refused = psycopg.OperationalError(f'connection to server at "db", port 5432: FATAL:  {said}')
    error = DBAPIError.instance("", {}, refused, psycopg.Error)
    assert type(meaning(error, place_of("postgresql://db/faces"))) is kind


def test_what_encrypts_is_passed_on():
    address = "postgresql://u@h/db?gallery=stars&sslmode=verify-full&sslrootcert=/etc/ca.pem"
    engine = connect(place_of(address))
    assert engine.url.query == {"sslmode": "verify-full", "sslrootcert": "/etc/ca.pem"}
    with pytest.raises(GalleryUnreachable, match=r"ca\.pem"):
        open_store(address.replace("@h/", "@127.0.0.1:1/"))
