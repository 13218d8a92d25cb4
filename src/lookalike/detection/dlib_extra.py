"""dlib, which only the detector that cannot do without it asks for, and what its margins mean."""

from __future__ import annotations

import importlib
from typing import Any, Final

import numpy as np

from lookalike.errors import MissingExtra

#: How steeply a score rises with dlib's margin: clear faces have margins from about 1.
_STEEPNESS: Final = 4.0


def import_dlib(detector: str) -> Any:
    """Import dlib.

    Parameters
    ----------
    detector : str
        Who asks.

    Returns
    -------
    module
        The module ``dlib``.

    Raises
    ------
    MissingExtra
        If it is not installed.
    """
    try:
        return importlib.import_module("dlib")
    except ImportError as error:
        raise MissingExtra(
            f"the detector {detector!r} needs dlib", "pip install 'lookalike[dlib]'"
        ) from error


def score_of(margins: Any) -> Any:
    """Turn dlib's margins into scores.

    Parameters
    ----------
    margins : sequence of float
        How far each face is on the right side of dlib's border, negative beyond it.

    Returns
    -------
    ndarray of shape (n,), float32
        ``1 / (1 + exp(-4 margin))``: 0.5 at dlib's border, 0.98 where clear faces begin.
    """
    border = np.asarray(margins, np.float32)
    return 1 / (1 + np.exp(-np.float32(_STEEPNESS) * border))


def corners_of(rectangle: Any) -> tuple[int, int, int, int]:
    """Return a rectangle of dlib as corners.

    Parameters
    ----------
    rectangle : dlib.rectangle
        Its right and bottom edges are the last pixels inside.

    Returns
    -------
    tuple of int
        ``x1 y1 x2 y2``, the right and bottom edges one pixel further.
    """
    right, bottom = rectangle.right() + 1, rectangle.bottom() + 1
    return rectangle.left(), rectangle.top(), right, bottom
