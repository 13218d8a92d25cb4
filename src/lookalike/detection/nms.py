"""Non-maximum suppression: of boxes that overlap, keep the best."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def overlaps(
    boxes: NDArray[np.float32], over: Literal["union", "smaller"] = "union"
) -> NDArray[np.float32]:
    """Return how much each box overlaps each other box.

    Parameters
    ----------
    boxes : ndarray of shape (n, 4), float32
        ``x1 y1 x2 y2``.
    over : {"union", "smaller"}
        What the shared area is divided by: the area of both boxes together, or the area of the
        smaller one.

    Returns
    -------
    ndarray of shape (n, n), float32
        0 to 1, symmetric.
    """
    x1, y1, x2, y2 = boxes.T
    width = np.minimum(x2[:, None], x2) - np.maximum(x1[:, None], x1)
    height = np.minimum(y2[:, None], y2) - np.maximum(y1[:, None], y1)
    shared = np.maximum(width, 0) * np.maximum(height, 0)
    area = (x2 - x1) * (y2 - y1)
    if over == "smaller":
        divisor = np.minimum(area[:, None], area)
    else:
        divisor = area[:, None] + area - shared
    result: NDArray[np.float32] = shared / np.maximum(divisor, np.float32(1e-9))
    return result


def suppress(
    boxes: NDArray[np.float32],
    scores: NDArray[np.float32],
    threshold: float,
    over: Literal["union", "smaller"] = "union",
) -> NDArray[np.int64]:
    """Return the boxes that stay, best first.

    Parameters
    ----------
    boxes : ndarray of shape (n, 4), float32
        ``x1 y1 x2 y2``.
    scores : ndarray of shape (n,), float32
        Higher is better.
    threshold : float
        A box goes if it overlaps a better box that stays by more than this, 0 to 1.
    over : {"union", "smaller"}
        See `overlaps`.

    Returns
    -------
    ndarray of shape (m,), int64
        Row numbers, by falling score.

    Notes
    -----
    The usual algorithm walks through the boxes one by one. Here all of them are judged at once
    against the boxes believed to stay, and again until nothing changes; the fixed point is the
    same set, reached after as many rounds as the longest chain of overlapping boxes.

    References
    ----------
    Zheng et al., "Enhancing Geometric Factors in Model Learning and Inference for Object
    Detection and Instance Segmentation" (Cluster-NMS), IEEE Trans. Cybernetics, 2021.
    """
    order = np.argsort(-scores, kind="stable")
    better_overlaps = np.triu(overlaps(boxes[order], over) > threshold, k=1)
    stays = np.ones(len(order), dtype=bool)
    while True:
        judged = np.logical_not(better_overlaps[stays].any(axis=0))
        if np.array_equal(judged, stays):
            return order[stays]
        stays = judged
