"""A condition holds of the same people in the database as in memory."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select

from lookalike.gallery.opening import create_store
from lookalike.gallery.records import Header
from lookalike.gallery.server.predicates import predicate
from lookalike.gallery.storage import schema
from lookalike.gallery.where import parse
from lookalike.testing.fakes import FAKE_SPACE

KNOWN = [
    {},
    {"a": None},
    {"a": ""},
    {"a": "Straße"},
    {"a": "STRASSE"},
    {"a": "strasse"},
    {"a": "Ωmega"},
    {"a": "zebra"},
    {"a": "Émile"},
    {"a": "1990-02-03"},
    {"a": "19"},
    {"a": "19th century"},
    {"a": 1990},
    {"a": 1990.5},
    {"a": -3},
    {"a": 1e20},
    {"a": True},
    {"a": False},
    {"a": []},
    {"a": ["x", 1990, None, True]},
    {"a": ["female", "actor"]},
    {"a": {"b": 1}, "born": 1980},
    {"a.b": "female", "born": "1980-01-01"},
    {"born": "-0044"},
    {"a'; DROP TABLE people; --": 1},
]
WRITTEN = [
    "a = 'strasse'",
    "a != 'x'",
    "a < 'zebra'",
    "a >= 'É'",
    "a = 1990",
    "a <= 1990.5",
    "a != 3",
    "a = true",
    "a < true",
    "a != false",
    "a is known",
    "a is unknown",
    "a in ('actor', 1990)",
    "a.b = 'FEMALE'",
    "not a = 'x'",
    "born >= 1980 and not a is unknown",
    "name = 'PERSON 3' or name > 'person 20'",
    "photos = 0",
    "photos >= 1",
    "a = 'x''; DROP TABLE people; --'",
    'a = "\\\\" or a = "%(query)s" or a = ":x"',
]


@pytest.fixture
def people(address):
    """Return a gallery's connection with everybody of `KNOWN`."""
    store = create_store(address, Header(FAKE_SPACE, "fake-32", 1))
    rows = [
        {"number": at + 1, "id": f"p{at}", "name": f"Person {at}", "attributes": known}
        for at, known in enumerate(KNOWN)
    ]
    with store.changing() as connection:
        connection.execute(insert(schema.people), rows)
    with store.reading() as connection:
        yield connection
    store.close()


def in_memory(expression):
    return [
        at + 1
        for at, known in enumerate(KNOWN)
        if expression.holds({**known, "name": f"Person {at}", "photos": 0})
    ]


def in_database(connection, expression):
    query = select(schema.people.c.number).where(predicate(expression))
    return list(connection.execute(query.order_by(schema.people.c.number)).scalars())


@pytest.mark.parametrize("written", WRITTEN)
def test_what_is_written_means_the_same(written, people):
    expression = parse(written)
    assert in_database(people, expression) == in_memory(expression)


VALUES = st.one_of(
    st.sampled_from(["'strasse'", "'x'", "'É'", "''", "true", "false"]),
    st.integers(-5000, 5000).map(str),
    st.floats(-3000, 3000).map(lambda number: f"{number:.3f}"),
    st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="'"), max_size=8).map(
        lambda words: f"'{words}'"
    ),
)
NAMES = st.sampled_from(["born", "name", "photos", "height", "a.b"])
COMPARISONS = st.builds(
    lambda name, sign, value: f"{name} {sign} {value}",
    NAMES,
    st.sampled_from(["=", "!=", "<", "<=", ">", ">="]),
    VALUES,
) | st.builds(
    lambda name, state: f"{name} is {state}", NAMES, st.sampled_from(["known", "unknown"])
)
EXPRESSIONS = st.recursive(
    COMPARISONS,
    lambda part: st.builds(lambda one: f"not ({one})", part)
    | st.builds(
        lambda one, word, other: f"({one}) {word} ({other})", part, st.sampled_from(["and", "or"]),
        part,
    ),
    max_leaves=5,
)  # fmt: skip


@given(EXPRESSIONS)
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_written_means_the_same(people, written):
    expression = parse(written)
    assert in_database(people, expression) == in_memory(expression)
