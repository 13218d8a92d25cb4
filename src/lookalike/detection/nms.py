"""Non-maximum suppression: of boxes that overlap, keep the best."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: How many cells of a grid two boxes may be apart and still be compared.
_REACH: Final = 2


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
    sides = np.ascontiguousarray(boxes.T)
    return _overlap(sides[:, :, None], sides[:, None, :], over)


def _overlap(
    one: NDArray[np.float32], other: NDArray[np.float32], over: Literal["union", "smaller"]
) -> NDArray[np.float32]:
    """Compare boxes with boxes; their four edges stand on the first axis."""
    width = np.minimum(one[2], other[2]) - np.maximum(one[0], other[0])
    height = np.minimum(one[3], other[3]) - np.maximum(one[1], other[1])
    shared = np.maximum(width, 0, out=width) * np.maximum(height, 0, out=height)
    areas = [(box[2] - box[0]) * (box[3] - box[1]) for box in (one, other)]
    if over == "smaller":
        divisor = np.minimum(*areas)
    else:
        divisor = np.add(*areas)
        divisor -= shared
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
    pairs = np.nonzero(np.triu(overlaps(boxes[order], over) > threshold, k=1))
    return order[_undisturbed(len(order), *pairs)]


def suppress_on_grid(
    boxes: NDArray[np.float32],
    scores: NDArray[np.float32],
    threshold: float,
    cells: tuple[NDArray[np.int64], NDArray[np.int64]],
) -> NDArray[np.int64]:
    """Return what `suppress` returns, for boxes that stand on a grid, one in a cell.

    Parameters
    ----------
    boxes : ndarray of shape (n, 4), float32
        ``x1 y1 x2 y2``.
    scores : ndarray of shape (n,), float32
        Higher is better.
    threshold : float
        A box goes if it overlaps a better box that stays by more than this, 0 to 1. Boxes that
        are more than two cells apart must not.
    cells : tuple of ndarray of shape (n,), int64
        Rows and columns of the boxes.

    Returns
    -------
    ndarray of shape (m,), int64
        Row numbers, by falling score.
    """
    order = np.argsort(-scores, kind="stable")
    ranks, nobody = np.arange(len(order)), len(order)
    i, j = (cell[order] + _REACH for cell in cells)
    rank_at = np.full((i.max(initial=0) + 1 + _REACH, j.max(initial=0) + 1 + _REACH), nobody)
    rank_at[i, j] = ranks
    steps = np.arange(-_REACH, _REACH + 1)
    near = rank_at[i + steps[:, None, None], j + steps[:, None]].reshape(
        len(steps) ** 2, len(order)
    )
    which, worse = np.nonzero(near < ranks)
    better = near[which, worse]
    sides = np.ascontiguousarray(boxes[order].T)
    much = _overlap(sides[:, better], sides[:, worse], "union") > threshold
    return order[_undisturbed(len(order), better[much], worse[much])]


def _undisturbed(
    count: int, better: NDArray[np.int64], worse: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Return which boxes stay, given the pairs of which one would go for the other."""
    stays = np.ones(count, dtype=bool)
    while True:
        judged = np.ones(count, dtype=bool)
        judged[worse[stays[better]]] = False
        if np.array_equal(judged, stays):
            return stays
        stays = judged
