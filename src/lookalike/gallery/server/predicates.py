"""What `where` says, as conditions of SQL: the same expression, asked of the database.

Every value that a user wrote is a parameter; nothing of the text becomes part of a statement.
"""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import (
    Float,
    Text,
    and_,
    case,
    cast,
    collate,
    column,
    false,
    func,
    literal,
    literal_column,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction

from lookalike.gallery.storage import schema
from lookalike.gallery.where import Both, Compare, Known, Not

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from lookalike.gallery.where import Expression

#: Letters of a date that are its year.
_YEAR: Final = 4

#: The first PostgreSQL that folds ß and the like; older ones only make letters small.
_FOLDS_AS_PYTHON: Final = (18,)

_OPERATORS: Final[dict[str, Any]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def predicate(expression: Expression) -> ColumnElement[bool]:
    """Return the condition on rows of the table of people.

    Parameters
    ----------
    expression : Expression
        As `lookalike.gallery.where.parse` gives it.

    Returns
    -------
    ColumnElement
        True or false for each person, never unknown. Photos are counted that are not hidden.
    """
    if isinstance(expression, Both):
        parts = [predicate(part) for part in expression.parts]
        return and_(*parts) if expression.every else or_(*parts)
    if isinstance(expression, Not):
        return ~predicate(expression.part)
    known = _known(expression.name)
    if isinstance(expression, Known):
        there = func.coalesce(func.jsonb_typeof(known), "null") != "null"
        return there if expression.known else ~there
    return _compared(known, expression)


def _known(name: str) -> ColumnElement[Any]:
    """Return what is known of a person, as JSON."""
    people = schema.people.c
    if name == "name":
        return func.to_jsonb(people.name)
    if name == "photos":
        shown = schema.faces.c.person == people.number, schema.faces.c.hidden == 0
        return func.to_jsonb(
            select(func.count()).where(*shown).correlate(schema.people).scalar_subquery()
        )
    return people.attributes[name]


def _compared(known: ColumnElement[Any], wanted: Compare) -> ColumnElement[bool]:
    """Compare each value of a list, or the only one."""
    listed = case((func.jsonb_typeof(known) == "array", known), else_=func.jsonb_build_array(known))
    one = func.jsonb_array_elements(listed).table_valued(column("value", JSONB))
    value = one.c.value
    # A branch of CASE is only computed where it is chosen: no word is ever taken for a number.
    holds = case(
        *((func.jsonb_typeof(value) == kind, test) for kind, test in _tests(value, wanted)),
        else_=false(),
    )
    return select(literal(1)).select_from(one).where(holds).exists()


def _tests(value: ColumnElement[Any], wanted: Compare) -> list[tuple[str, ColumnElement[bool]]]:
    """Return what each kind of value must fulfil; other kinds cannot."""
    plain = value.op("#>>", return_type=Text())(literal_column("CAST('{}' AS text[])"))
    compare = _OPERATORS[wanted.operator]
    if isinstance(wanted.value, bool):
        # "false" comes before "true" as no comes before yes.
        return [("boolean", compare(collate(plain, "C"), "true" if wanted.value else "false"))]
    if isinstance(wanted.value, str):
        return [("string", compare(_folded(plain), wanted.value.casefold()))]
    number = literal(float(wanted.value), Float)
    start = func.substr(plain, 1, _YEAR)
    is_year, year = start.regexp_match("^[0-9]+$"), cast(start, Float)
    return [
        ("string", case((is_year, compare(year, number)), else_=false())),
        ("number", compare(cast(plain, Float), number)),
    ]


class _folded(GenericFunction[str]):  # noqa: N801 - a function of SQL
    """Words without the difference of capital and small letters, in the order of their letters."""

    inherit_cache = True
    type = Text()


@compiles(_folded)
def _in_sql(element: Any, compiler: Any, **options: Any) -> str:
    words = compiler.process(element.clauses, **options)
    version = getattr(compiler.dialect, "server_version_info", None) or (0,)
    if version >= _FOLDS_AS_PYTHON:
        return f'(casefold(({words}) COLLATE "pg_unicode_fast") COLLATE "C")'
    return f'(lower(({words}) COLLATE "und-x-icu") COLLATE "C")'
