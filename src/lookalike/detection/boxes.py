"""What is done to boxes between one network of MTCNN and the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def planes(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Bring pictures to the order of axes that networks want.

    Parameters
    ----------
    pixels : ndarray of shape (n, rows, columns, 3), uint8
        Pictures.

    Returns
    -------
    ndarray of shape (n, 3, rows, columns), float32
        The same numbers, 0 to 255.
    """
    return np.ascontiguousarray(pixels.transpose(0, 3, 1, 2), dtype=np.float32)


def moved(boxes: NDArray[np.float32], offsets: NDArray[np.float32]) -> NDArray[np.float32]:
    """Apply a network's correction.

    Parameters
    ----------
    boxes : ndarray of shape (n, 4), float32
        ``x1 y1 x2 y2``.
    offsets : ndarray of shape (n, 4), float32
        What to add to each edge, as parts of the box's sides.

    Returns
    -------
    ndarray of shape (n, 4), float32
        The corrected boxes.
    """
    sides = boxes[:, 2:] - boxes[:, :2]
    result: NDArray[np.float32] = boxes + offsets * np.concatenate([sides, sides], axis=1)
    return result


def squared(boxes: NDArray[np.float32]) -> NDArray[np.float32]:
    """Widen boxes about their centers to squares of the longer side.

    Parameters
    ----------
    boxes : ndarray of shape (n, 4), float32
        ``x1 y1 x2 y2``.

    Returns
    -------
    ndarray of shape (n, 4), float32
        The squares.
    """
    center = (boxes[:, :2] + boxes[:, 2:]) / 2
    half = (boxes[:, 2:] - boxes[:, :2]).max(axis=1, keepdims=True) / 2
    return np.concatenate([center - half, center + half], axis=1)


def points_within(points: NDArray[np.float32], boxes: NDArray[np.float32]) -> NDArray[np.float32]:
    """Turn the landmarks that O-Net gives into pixels.

    Parameters
    ----------
    points : ndarray of shape (n, 10), float32
        All x first, then all y, as parts of the box's sides.
    boxes : ndarray of shape (n, 4), float32
        The boxes that O-Net was shown.

    Returns
    -------
    ndarray of shape (n, 5, 2), float32
        ``x y`` where the boxes are.
    """
    sides = (boxes[:, 2:] - boxes[:, :2])[:, None, :]
    return points.reshape(-1, 2, 5).transpose(0, 2, 1) * sides + boxes[:, None, :2]
