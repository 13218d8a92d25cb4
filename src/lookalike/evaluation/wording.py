"""Figures as people read them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from lookalike.evaluation.bootstrap import Rate

_NOTHING: Final = "—"

#: What every interval of a report is.
INTERVALS: Final = (
    "Intervals hold 95 of 100 drawings of the same people, with replacement, all photos of one "
    "person together."
)


def share(value: float) -> str:
    """Return a share in percent, small ones with more digits.

    Parameters
    ----------
    value : float
        0 to 1.

    Returns
    -------
    str
        For example ``98.15 %``.

    Examples
    --------
    >>> share(0.98154), share(0.00042), share(0)
    ('98.15 %', '0.042 %', '0 %')
    """
    if not math.isfinite(value):
        return _NOTHING
    return f"{_digits(value)} %"


def _digits(value: float) -> str:
    percent = 100 * value
    if abs(percent) >= 1:
        return f"{percent:.2f}"
    # A plain number also where it is tiny: nobody reads exponents beside percents.
    return np.format_float_positional(percent, 2, fractional=False, trim="-")


def rate(one: Rate) -> str:
    """Return a rate in percent, with its interval.

    Parameters
    ----------
    one : Rate
        The rate.

    Returns
    -------
    str
        For example ``98.08 % (97.40–98.70)``.
    """
    if not math.isfinite(one.value):
        return _NOTHING
    if not math.isfinite(one.low):
        return share(one.value)
    return f"{share(one.value)} ({_digits(one.low)}–{_digits(one.high)})"


def number(one: Rate, digits: int = 2) -> str:
    """Return a figure that is no share, with its interval.

    Parameters
    ----------
    one : Rate
        The figure.
    digits : int, default 2
        After the point.

    Returns
    -------
    str
        For example ``1.23 (0.98–1.51)``.
    """
    if not math.isfinite(one.value):
        return _NOTHING
    if not math.isfinite(one.low):
        return f"{one.value:.{digits}f}"
    return f"{one.value:.{digits}f} ({one.low:.{digits}f}–{one.high:.{digits}f})"


def distance(value: float) -> str:
    """Return a distance.

    Parameters
    ----------
    value : float
        In any metric.

    Returns
    -------
    str
        With four digits after the point; a dash if it is infinite.
    """
    return f"{value:.4f}" if math.isfinite(value) else _NOTHING
