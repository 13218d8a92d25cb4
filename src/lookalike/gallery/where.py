"""A small, safe language to say who is meant: ``gender = 'female' and born >= 1980``.

It knows what a gallery says of its people and nothing else: no functions, no other tables, no code.

::

    expression   comparison, "and", "or", "not", parentheses
    comparison   name = != < <= > >= value, name in (value, …), name is known, name is unknown
    name         an attribute; "name" is the person's own, "photos" how many there are
    value        'text', "text", a number, true, false
"""

from __future__ import annotations

import operator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from lookalike.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Value: TypeAlias = str | float | bool

_OPERATORS: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_EXAMPLE: Final = "for example: gender = 'female' and born >= 1980"
_YEAR_DIGITS: Final = 4


@dataclass(frozen=True, slots=True)
class Compare:
    """An attribute against a value.

    Parameters
    ----------
    name : str
        The attribute.
    operator : str
        ``= != < <= > >=``.
    value : str, float or bool
        What it is compared with.
    """

    name: str
    operator: str
    value: Value

    def holds(self, attributes: Mapping[str, Any]) -> bool:
        """Say whether it holds; of what is not known, nothing does.

        Parameters
        ----------
        attributes : mapping
            What is known of a person.

        Returns
        -------
        bool
            For a list of values, whether it holds for one of them.
        """
        known = attributes.get(self.name)
        values = known if isinstance(known, list | tuple) else [known]
        return any(self._holds_for(value) for value in values if value is not None)

    def _holds_for(self, known: Any) -> bool:
        wanted: Any = self.value
        if isinstance(known, str) and isinstance(wanted, str):
            known, wanted = known.casefold(), wanted.casefold()
        elif isinstance(known, str) and not isinstance(wanted, bool):
            # A date is compared with a year by its year.
            year = known[:_YEAR_DIGITS]
            if not (year.isascii() and year.isdecimal()):
                return False
            known = int(year)
        if not isinstance(known, str | int | float):
            return False
        if isinstance(known, bool) is not isinstance(wanted, bool):
            return False
        if isinstance(known, str) is not isinstance(wanted, str):
            return False
        return bool(_OPERATORS[self.operator](known, wanted))


@dataclass(frozen=True, slots=True)
class Known:
    """Whether an attribute is known.

    Parameters
    ----------
    name : str
        The attribute.
    known : bool
        False asks for those of whom it is not.
    """

    name: str
    known: bool = True

    def holds(self, attributes: Mapping[str, Any]) -> bool:
        """Say whether it holds.

        Parameters
        ----------
        attributes : mapping
            What is known of a person.

        Returns
        -------
        bool
            True if it does.
        """
        return (attributes.get(self.name) is not None) is self.known


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite.

    Parameters
    ----------
    part : Expression
        Of what.
    """

    part: Expression

    def holds(self, attributes: Mapping[str, Any]) -> bool:
        """Say whether it holds.

        Parameters
        ----------
        attributes : mapping
            What is known of a person.

        Returns
        -------
        bool
            True if the part does not hold.
        """
        return not self.part.holds(attributes)


@dataclass(frozen=True, slots=True)
class Both:
    """All of several, or any.

    Parameters
    ----------
    parts : tuple of Expression
        At least one.
    every : bool
        Whether all must hold; otherwise one is enough.
    """

    parts: tuple[Expression, ...]
    every: bool = True

    def holds(self, attributes: Mapping[str, Any]) -> bool:
        """Say whether it holds.

        Parameters
        ----------
        attributes : mapping
            What is known of a person.

        Returns
        -------
        bool
            True if all parts hold, or one where one is enough.
        """
        return (all if self.every else any)(part.holds(attributes) for part in self.parts)


Expression: TypeAlias = Compare | Known | Not | Both


@lru_cache(maxsize=64)
def parse(text: str) -> Expression:
    """Read an expression.

    Parameters
    ----------
    text : str
        As a user wrote it, at most 1,000 characters.

    Returns
    -------
    Expression
        To be asked whether it holds for somebody.

    Raises
    ------
    OptionError
        If it is none; the message says where it goes wrong.

    Examples
    --------
    >>> parse("born >= 1980 and not gender = 'male'").holds({"born": "1992-07-22"})
    True
    """
    import pyparsing

    if len(text) > 1000:
        raise OptionError("the expression is longer than 1,000 characters", _EXAMPLE)
    try:
        (expression,) = _grammar().parse_string(text, parse_all=True)
    except pyparsing.ParseBaseException as error:
        rest = " ".join(text[error.loc :].split()) or "the end"
        raise OptionError(
            f"not understood from character {error.loc + 1}: {rest}", _EXAMPLE
        ) from error
    except RecursionError as error:
        raise OptionError("the expression has too many parentheses", _EXAMPLE) from error
    return expression  # type: ignore[no-any-return]


@lru_cache(maxsize=1)
def _grammar() -> Any:
    import pyparsing as pp

    words = pp.one_of("and or not in is known unknown true false", caseless=True, as_keyword=True)
    # A class of letters of every script takes pyparsing seconds to make, and the engine of regular
    # expressions none.
    name = ~words + pp.Regex(r"[^\W\d][\w.-]*")
    text = _quoted("'") | _quoted('"')
    truth = pp.one_of("true false", caseless=True, as_keyword=True)
    truth = truth.set_parse_action(lambda found: found[0].lower() == "true")
    value = text | pp.common.number | truth
    sign = pp.one_of(list(_OPERATORS))
    compare = (name + sign + value).set_parse_action(lambda t: Compare(t[0], t[1], t[2]))
    among = name + pp.Suppress(pp.CaselessKeyword("in")) + pp.Suppress("(")
    among = (among + pp.DelimitedList(value) + pp.Suppress(")")).set_parse_action(
        lambda t: Both(tuple(Compare(t[0], "=", one) for one in t[1:]), every=False)
    )
    state = pp.one_of("known unknown", caseless=True, as_keyword=True)
    known = (name + pp.Suppress(pp.CaselessKeyword("is")) + state).set_parse_action(
        lambda t: Known(t[0], t[1].lower() == "known")
    )
    expression: Any = pp.infix_notation(  # type: ignore[no-untyped-call]
        compare | among | known,
        [
            (pp.CaselessKeyword("not"), 1, pp.OpAssoc.RIGHT, lambda t: Not(t[0][1])),
            (pp.CaselessKeyword("and"), 2, pp.OpAssoc.LEFT, lambda t: Both(tuple(t[0][::2]))),
            (
                pp.CaselessKeyword("or"),
                2,
                pp.OpAssoc.LEFT,
                lambda t: Both(tuple(t[0][::2]), every=False),
            ),
        ],
    )
    return expression.parse_with_tabs()


def _quoted(mark: str) -> Any:
    import pyparsing as pp

    return pp.QuotedString(mark, esc_quote=mark * 2, convert_whitespace_escapes=False)
