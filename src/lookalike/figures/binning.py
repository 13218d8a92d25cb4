"""Sorting numbers into bins that people find sensible."""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

#: How many bins of one width there are at most.
_MOST: Final = 20

#: Below two to the power of this, sizes are not told apart.
_LEAST_DOUBLED: Final = 3

#: How many ticks there are at most below them.
_TICKS: Final = 8


@dataclass(frozen=True, slots=True)
class Bins:
    """Numbers in bins; on paper all bins are equally wide.

    Parameters
    ----------
    edges : tuple of float
        One more than there are bins, ascending. A bin holds its lower edge and not its upper one,
        but for the last, which holds both.
    counts : tuple of int
        How many numbers lie in each bin.
    labels : tuple of str
        What is in each bin, for example ``"4–5"``.
    ticks : tuple of (float, str)
        What to write below, and where: 0 is the start of the first bin, 1 its end.
    """

    edges: tuple[float, ...]
    counts: tuple[int, ...]
    labels: tuple[str, ...]
    ticks: tuple[tuple[float, str], ...]

    def bin_of(self, value: float) -> int:
        """Return the bin that a number lies in.

        Parameters
        ----------
        value : float
            Beyond the outer edges, the outer bins are meant.

        Returns
        -------
        int
            From 0.
        """
        return min(max(bisect_right(self.edges, value) - 1, 0), len(self.counts) - 1)


def even(
    values: Sequence[float],
    counts: Sequence[int],
    *,
    whole: bool = True,
    most: float = math.inf,
) -> Bins:
    """Sort numbers into bins of one width: 1, 2 or 5 times a power of ten.

    Parameters
    ----------
    values : sequence of float
        At least one.
    counts : sequence of int
        How often each occurs.
    whole : bool, default True
        Whether they are whole numbers, which need no finer bins than 1.
    most : float, optional
        The largest number there can be; it lies in the last bin, not beyond it.

    Returns
    -------
    Bins
        At most twenty or so.
    """
    low, high = min(values), max(values)
    step = _step((high - low) / _MOST, 1.0 if whole else 0.01)
    first = math.floor(low / step + 1e-9)
    last = max(math.floor(high / step + 1e-9) + 1, first + 1)
    last = min(last, max(round(most / step), first + 1)) if math.isfinite(most) else last
    edges = tuple(round(number * step, 9) for number in range(first, last + 1))
    digits = max(0, -math.floor(math.log10(step)))
    single = whole and step == 1
    if single:
        labels = tuple(f"{edge:.0f}" for edge in edges[:-1])
    elif whole:
        labels = tuple(f"{edge:.0f}–{edge + step - 1:.0f}" for edge in edges[:-1])
    else:
        labels = tuple(f"{edge:.{digits}f}–{edge + step:.{digits}f}" for edge in edges[:-1])
    shift = 0.5 if single else 0.0
    every = _step(len(edges) / _TICKS * step, step)
    ticks = tuple(
        (number + shift, f"{edge:.{digits}f}")
        for number, edge in enumerate(edges[:-1] if single else edges)
        if abs(edge / every - round(edge / every)) < 1e-6
    )
    return _sorted(values, counts, edges, labels, ticks)


def doubling(values: Sequence[float], counts: Sequence[int]) -> Bins:
    """Sort sizes into bins of which every second one is twice as large.

    Parameters
    ----------
    values : sequence of float
        At least one, 1 and up.
    counts : sequence of int
        How often each occurs.

    Returns
    -------
    Bins
        With ticks at the powers of two.
    """
    first = max(math.floor(2 * math.log2(max(min(values), 1)) + 1e-9), 2 * _LEAST_DOUBLED)
    last = max(math.floor(2 * math.log2(max(*values, 1)) + 1e-9) + 1, first + 1)
    powers = {float(round(2 ** (number / 2))): number for number in range(first, last + 1)}
    if min(values) < 2**_LEAST_DOUBLED:
        # Whatever is tiny is one.
        powers = {1.0: 0, **powers}
    edges = tuple(powers)
    labels = tuple(f"{low:.0f}–{high - 1:.0f}" for low, high in pairwise(edges))
    ticks = tuple(
        (float(at), f"{edge:,.0f}")
        for at, (edge, number) in enumerate(powers.items())
        if number % 2 == 0 or len(edges) < 4
    )
    return _sorted(values, counts, edges, labels, ticks)


def piling(values: Sequence[float], counts: Sequence[int]) -> Bins:
    """Sort counts of things, of which most are small: one by one first, then ever coarser.

    Parameters
    ----------
    values : sequence of float
        At least one, whole, 1 and up.
    counts : sequence of int
        How often each occurs.

    Returns
    -------
    Bins
        Each with its own tick.
    """
    low, high = int(min(values)), int(max(values))
    edges = [float(number) for number in range(low, high + 2)]
    if high - low > 12:
        edges = [1, 2, 3, 4, 6, 11, 21, 51, 101, 201, 501, 1001]
        while edges[-1] <= high:
            edges.append((edges[-1] - 1) * 2 + 1)
        edges = edges[: bisect_right(edges, high) + 1]
        # Where everybody has many, the empty bins before them say nothing.
        edges = edges[bisect_right(edges, low) - 1 :]
    spans = [(int(edge), int(up) - 1) for edge, up in pairwise(edges)]
    labels = tuple(
        f"{first:,}" if first == last else f"{first:,}–{last:,}" for first, last in spans
    )
    ticks = tuple((at + 0.5, label) for at, label in enumerate(labels))
    return _sorted(values, counts, tuple(edges), labels, ticks)


def _sorted(
    values: Sequence[float],
    counts: Sequence[int],
    edges: tuple[float, ...],
    labels: tuple[str, ...],
    ticks: tuple[tuple[float, str], ...],
) -> Bins:
    bins = Bins(edges, (0,) * len(labels), labels, ticks)
    totals = [0] * len(labels)
    for value, count in zip(values, counts, strict=True):
        # A hair's breadth keeps what was rounded to an edge from falling below it.
        totals[bins.bin_of(value + 1e-9)] += count
    return Bins(edges, tuple(totals), labels, ticks)


def _step(least: float, floor: float) -> float:
    """Return the smallest of 1, 2, 5, 10, 20, … (or their tenths, …) that is large enough."""
    least = max(least, floor)
    power = 10.0 ** math.floor(math.log10(least) + 1e-9)
    return next(power * times for times in (1, 2, 5, 10) if power * times >= least * (1 - 1e-9))


def scale_ticks(most: int, wanted: int = 4) -> tuple[int, ...]:
    """Return the counts to mark on an axis that starts at zero.

    Parameters
    ----------
    most : int
        The largest count.
    wanted : int, default 4
        About how many.

    Returns
    -------
    tuple of int
        From 0 to the first one that is `most` or more.
    """
    step = int(_step(most / wanted, 1.0))
    return tuple(range(0, (max(math.ceil(most / step), 1)) * step + 1, step))
