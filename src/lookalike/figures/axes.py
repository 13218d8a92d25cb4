"""Axes of charts: where a number stands, and which numbers are written beside."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

import numpy as np

from lookalike.errors import ArrayError

if TYPE_CHECKING:
    from numpy.typing import NDArray

Kind: TypeAlias = Literal["linear", "log", "normal"]

#: Probabilities that are written beside an axis of normal deviates.
_DEVIATES: Final = (1e-5, 1e-4, 1e-3, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 0.9, 0.95, 0.99)


_NEVER: Final = 1e-12


@dataclass(frozen=True, slots=True)
class Axis:
    """A line of numbers.

    Parameters
    ----------
    label : str
        What the numbers are, with their unit.
    low, high : float
        Its ends.
    ticks : tuple of (float, str)
        Which numbers are marked, and what is written there.
    kind : {"linear", "log", "normal"}, default "linear"
        How numbers are spaced; "normal" as the deviates of a normal distribution, on which the
        errors of two normal distributions are a straight line.
    """

    label: str
    low: float
    high: float
    ticks: tuple[tuple[float, str], ...]
    kind: Kind = "linear"

    def place(self, values: NDArray[np.floating] | float) -> NDArray[np.float64]:
        """Return where numbers stand.

        Parameters
        ----------
        values : ndarray or float
            Any.

        Returns
        -------
        ndarray, float64
            0 at the low end, 1 at the high one, and beyond for what lies beyond.
        """
        low, high, at = (self._spaced(each) for each in (self.low, self.high, values))
        return np.asarray((at - low) / (high - low), np.float64)

    def _spaced(self, values: NDArray[np.floating] | float) -> NDArray[np.float64]:
        # What never happens, or always, has no place on such axes: it lies far beyond their ends.
        if self.kind == "log":
            return np.asarray(np.log10(np.maximum(values, _NEVER)), np.float64)
        if self.kind == "normal":
            from scipy.special import ndtri

            return np.asarray(ndtri(np.clip(values, _NEVER, 1 - _NEVER)), np.float64)
        return np.asarray(values, np.float64)


def linear(label: str, low: float, high: float, *, percent: bool = False) -> Axis:
    """Make an axis whose ends are round numbers.

    Parameters
    ----------
    label : str
        What the numbers are.
    low, high : float
        What must be on it.
    percent : bool, default False
        Whether to write parts as percents; then it never goes beyond 100 %.

    Returns
    -------
    Axis
        With four to eight ticks or so.
    """
    if not high > low:
        low, high = low - 0.5 * (abs(low) or 1.0), low + 0.5 * (abs(low) or 1.0)
    step = _round_step((high - low) / 5)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    if percent:
        first, last = max(first, 0), min(last, round(1 / step))
    marks = [round(number * step, 12) for number in range(first, last + 1)]
    digits = max(0, -math.floor(math.log10(step * (100 if percent else 1)) + 1e-9))
    texts = (f"{100 * mark:.{digits}f} %" if percent else f"{mark:,.{digits}f}" for mark in marks)
    return Axis(label, marks[0], marks[-1], tuple(zip(marks, texts, strict=True)))


def logarithmic(label: str, low: float, high: float, *, whole: bool = False) -> Axis:
    """Make an axis on which every power of ten has the same room.

    Parameters
    ----------
    label : str
        What the numbers are.
    low, high : float
        What must be on it, above zero.
    whole : bool, default False
        Whether they are counts and not rates.

    Returns
    -------
    Axis
        Its ticks are powers of ten; of counts, also twice and five times these.
    """
    if whole:
        marks = [
            float(digit * 10**power)
            for power in range(math.ceil(math.log10(high)) + 1)
            for digit in (1, 2, 5)
            if low <= digit * 10**power <= high
        ]
        ticks = tuple((mark, f"{mark:,.0f}") for mark in marks)
        return Axis(label, low, max(high, low + 1), ticks, "log")
    high = max(high, 10 * low)
    powers = range(math.ceil(math.log10(low) - 1e-9), math.floor(math.log10(high) + 1e-9) + 1)
    return Axis(label, low, high, tuple((10.0**p, _rate(p)) for p in powers), "log")


def deviates(label: str, low: float, high: float) -> Axis:
    """Make an axis of normal deviates, as detection error trade-offs are drawn on.

    Parameters
    ----------
    label : str
        What the probabilities are.
    low, high : float
        What must be on it, between 0 and 1.

    Returns
    -------
    Axis
        Its ticks are probabilities in percent.
    """
    first = max((each for each in _DEVIATES if each <= low), default=_DEVIATES[0])
    last = min((each for each in _DEVIATES if each >= high), default=_DEVIATES[-1])
    if last <= first:
        last = _DEVIATES[min(_DEVIATES.index(first) + 1, len(_DEVIATES) - 1)]
    ticks = tuple((each, f"{100 * each:g} %") for each in _DEVIATES if first <= each <= last)
    return Axis(label, first, last, ticks, "normal")


def _rate(power: int) -> str:
    """Return a power of ten as people say how often something happens."""
    return f"{10 ** (power + 2)} %" if power > -3 else f"1 in {10**-power:,}"


def _round_step(least: float) -> float:
    power = 10.0 ** math.floor(math.log10(least) + 1e-9)
    return next(power * times for times in (1, 2, 5, 10) if power * times >= least * (1 - 1e-9))


def one_length(what: str, *columns: NDArray[np.generic] | None) -> None:
    """Raise unless columns are flat and equally long.

    Parameters
    ----------
    what : str
        What they belong to.
    *columns : ndarray or None
        None is passed over.

    Raises
    ------
    ArrayError
        If they are not, or are empty.
    """
    shapes = [np.shape(column) for column in columns if column is not None]
    if len(set(shapes)) != 1 or len(shapes[0]) != 1 or shapes[0][0] == 0:
        raise ArrayError(f"{what} must be flat, equally long and not empty, got shapes {shapes}")
