"""Lower bounds of squared distances, from fewer numbers than the rows have.

What makes an exhaustive search slow is reading the rows from memory. Most of them can be ruled
out by their first principal components and the length of the rest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol, TypeAlias

import numpy as np

from lookalike.search.components import Components, some
from lookalike.search.products import products

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

#: Below this many numbers, the rows are read faster than bounds are looked through.
_LEAST_NUMBERS: Final = 1 << 21

#: Numbers of a row's entry that are tried: whole cache lines of 16.
_WIDTHS: Final = (32, 48, 64, 96)

#: What it costs to measure one row that could not be ruled out, in numbers read in order.
_LOOK_UP: Final = 1100

#: The part of the reading that a table must save to be worth its memory.
_LEAST_SAVING: Final = 0.25

_SAMPLE: Final = 4096
_SAMPLE_QUERIES: Final = 64

_EPS: Final = float(np.finfo(np.float32).eps)

#: Bounds before and what to add to them.
_Bounded: TypeAlias = "tuple[NDArray[np.float32], NDArray[np.float64]]"


class Bounds(Protocol):
    """Says how near rows may be, at best."""

    @property
    def parts(self) -> dict[str, NDArray[np.float32]]:
        """What it takes to have these bounds again."""
        ...

    def of(
        self, queries: NDArray[np.float32], rows: NDArray[np.int64] | None = None, threads: int = 1
    ) -> _Bounded:
        """Return bounds of squared distances, and what to add to them."""
        ...


class PlainBounds:
    """Squared distances by one matrix product, less what rounding may add.

    Parameters
    ----------
    rows : ndarray of shape (n, d), float32
        The rows; not copied.
    squares : ndarray of shape (n,), float32, optional
        Their squared lengths, if they are known.

    Notes
    -----
    ``|q - x|² - |q|² = |x|² - 2 <q, x>``. A sum of d products is off by at most d roundings of
    the largest value that it can have.
    """

    def __init__(
        self, rows: NDArray[np.float32], squares: NDArray[np.float32] | None = None
    ) -> None:
        self._rows = rows
        self._squares = np.einsum("nd,nd->n", rows, rows) if squares is None else squares
        self._longest = float(np.sqrt(self._squares.max(initial=0)))

    @property
    def parts(self) -> dict[str, NDArray[np.float32]]:
        """What it takes to have these bounds again."""
        return {"squares": self._squares}

    def of(
        self, queries: NDArray[np.float32], rows: NDArray[np.int64] | None = None, threads: int = 1
    ) -> _Bounded:
        """Bound the squared distances of queries to rows from below.

        Parameters
        ----------
        queries : ndarray of shape (m, d), float32
            Where to measure from.
        rows : ndarray of shape (r,), int64, optional
            The rows to look at; default all.
        threads : int, default 1
            Of the matrix product.

        Returns
        -------
        bounds : ndarray of shape (m, r), float32
            Bounds as soon as `shifts` is added.
        shifts : ndarray of shape (m,), float64
            One number for each query.
        """
        table = self._rows if rows is None else self._rows[rows]
        squares = self._squares if rows is None else self._squares[rows]
        bounds = products(queries, table, threads)
        bounds *= -2
        bounds += squares
        lengths = np.linalg.norm(queries.astype(np.float64), axis=1)
        slack = 2 * (queries.shape[1] + 2) * _EPS * (self._longest + lengths) ** 2
        return bounds, lengths**2 - slack


class PrincipalBounds:
    """Lower bounds from the first principal components.

    Parameters
    ----------
    components : Components
        All directions of the rows.
    table : ndarray of shape (n, w), float32
        Of each row: w - 2 components and the length of the rest, times -2; the squared length.

    Notes
    -----
    With p the components kept and r the length of what they leave out,
    ``|q - x|² >= |p_q - p_x|² + (r_q - r_x)²`` by the reverse triangle inequality, which is
    ``|q|² + |x|² - 2 (<p_q, p_x> + r_q r_x)``: one matrix product with few columns.
    """

    def __init__(self, components: Components, table: NDArray[np.float32]) -> None:
        self._components = components
        self._table = table
        self._longest = float(np.sqrt(table[:, -1].max(initial=0)))

    @classmethod
    def make(cls, rows: NDArray[np.float32], components: Components, width: int) -> PrincipalBounds:
        """Make the table.

        Parameters
        ----------
        rows : ndarray of shape (n, d), float32
            The rows.
        components : Components
            All their directions.
        width : int
            Numbers of each row in the table, 3 to d.

        Returns
        -------
        PrincipalBounds
            Bounds over these rows.
        """
        table = np.empty((len(rows), width), np.float32)
        step = max(1, (1 << 22) // rows.shape[1])
        for start in range(0, len(rows), step):
            turned = components.of(rows[start : start + step])
            table[start : start + step] = _entries(turned, width)
        table[:, :-1] *= -2
        return cls(components, table)

    @property
    def parts(self) -> dict[str, NDArray[np.float32]]:
        """What it takes to have these bounds again."""
        components = self._components
        return {"table": self._table, "center": components.center, "basis": components.basis}

    def of(
        self, queries: NDArray[np.float32], rows: NDArray[np.int64] | None = None, threads: int = 1
    ) -> _Bounded:
        """Bound the squared distances of queries to rows from below.

        Parameters
        ----------
        queries : ndarray of shape (m, d), float32
            Where to measure from.
        rows : ndarray of shape (r,), int64, optional
            The rows to look at; default all.
        threads : int, default 1
            Of the matrix product.

        Returns
        -------
        bounds : ndarray of shape (m, r), float32
            Bounds as soon as `shifts` is added.
        shifts : ndarray of shape (m,), float64
            One number for each query.
        """
        entries = _entries(self._components.of(queries), self._table.shape[1])
        squares = entries[:, -1].astype(np.float64)
        entries[:, -1] = 1
        table = self._table if rows is None else self._table[rows]
        # Turning has rounded each component of rows and queries, too, by up to d roundings.
        d = queries.shape[1]
        slack = (8 * (d + 2) + d**1.5) * _EPS * (self._longest + np.sqrt(squares)) ** 2
        return products(entries, table, threads), squares - slack


def bounds_for(rows: NDArray[np.float32]) -> PlainBounds | PrincipalBounds:
    """Choose the bounds by which these rows are searched fastest.

    Parameters
    ----------
    rows : ndarray of shape (n, d), float32
        The rows.

    Returns
    -------
    PlainBounds or PrincipalBounds
        The latter if the rows are many and vary mostly along few directions.

    Notes
    -----
    Rows of a sample ask for their nearest; those that a table of some width could not rule out
    are counted. The nearest of a sample is farther than that of all rows, so the count is high.
    """
    d = rows.shape[1]
    if rows.size < _LEAST_NUMBERS or d <= _WIDTHS[0]:
        return PlainBounds(rows)
    components = Components.fit(rows)
    turned = components.of(some(rows, _SAMPLE)).astype(np.float64)
    costs = {width: _cost(turned, width) for width in _WIDTHS if width < d}
    width = min(costs, key=costs.__getitem__)
    if costs[width] > (1 - _LEAST_SAVING) * d:
        return PlainBounds(rows)
    return PrincipalBounds.make(rows, components, width)


def bounds_of(
    rows: NDArray[np.float32], parts: Mapping[str, NDArray[np.float32]]
) -> PlainBounds | PrincipalBounds:
    """Return bounds whose parts have been kept.

    Parameters
    ----------
    rows : ndarray of shape (n, d), float32
        The rows.
    parts : mapping of str to ndarray
        As `parts` of the bounds gave them.

    Returns
    -------
    PlainBounds or PrincipalBounds
        The same bounds.
    """
    if "table" in parts:
        return PrincipalBounds(Components(parts["center"], parts["basis"]), parts["table"])
    return PlainBounds(rows, parts["squares"])


def _entries(turned: NDArray[np.float32], width: int) -> NDArray[np.float32]:
    """Return the first components, the length of the rest, and the squared length of all."""
    rest = turned[:, width - 2 :]
    lengths = np.sqrt(np.einsum("nd,nd->n", rest, rest))
    squares = np.einsum("nd,nd->n", turned, turned)
    return np.column_stack([turned[:, : width - 2], lengths, squares])


def _cost(turned: NDArray[np.float64], width: int) -> float:
    """Estimate what one query costs for each row, in numbers read in order."""
    kept = turned[:, : width - 2]
    rest = np.linalg.norm(turned[:, width - 2 :], axis=1)
    left = []
    for at in range(min(_SAMPLE_QUERIES, len(turned))):
        squared = ((turned - turned[at]) ** 2).sum(axis=1)
        bounds = ((kept - kept[at]) ** 2).sum(axis=1) + (rest - rest[at]) ** 2
        left.append((bounds <= np.partition(squared, 1)[1]).mean())
    return width + _LOOK_UP * float(np.mean(left))
