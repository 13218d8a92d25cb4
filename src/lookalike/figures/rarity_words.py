"""Rarity as people say it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lookalike.types import Rarity

_MILLION = 1_000_000


def one_in(rarity: Rarity) -> str:
    """Return a rarity as a short phrase.

    Parameters
    ----------
    rarity : Rarity
        What a distance means.

    Returns
    -------
    str
        With two digits that count: more would mean nothing.

    Examples
    --------
    >>> from lookalike.types import Rarity
    >>> one_in(Rarity(2345.6, 1000, 9000)), one_in(Rarity(7.7, 5, 9)), one_in(Rarity(2e8, 1e6, 9e9))
    ('1 in 2,300', '1 in 8', '1 in millions')
    """
    if rarity.one_in >= _MILLION:
        return "1 in a million" if rarity.one_in < 2 * _MILLION else "1 in millions"
    if rarity.one_in < 10:
        return f"1 in {max(round(rarity.one_in), 1)}"
    return f"1 in {float(f'{rarity.one_in:.2g}'):,.0f}"
