"""Crops as they might have been: mirrored, moved, lit otherwise, partly hidden.

References
----------
Zhong, Zheng, Kang, Li, Yang, "Random Erasing Data Augmentation", AAAI 2020.
"""

from __future__ import annotations

from typing import Final

import torch
from torch import Tensor
from torch.nn import functional

#: Largest movement in parts of the side, change of size, turn in radians.
_SHIFT: Final = 0.06
_SIZE: Final = 0.08
_TURN: Final = 0.12
#: Largest change of contrast, and of brightness in parts of the range.
_CONTRAST: Final = 0.3
_BRIGHTNESS: Final = 0.2
#: How often a crop loses its color, and how often a part of it is hidden.
_GRAY: Final = 0.1
_HIDDEN: Final = 0.25


def augmented(crops: Tensor, generator: torch.Generator) -> Tensor:
    """Change every crop in its own way.

    Parameters
    ----------
    crops : Tensor of shape (n, 3, S, S), float32
        About -1 to 1.
    generator : Generator
        Of the processor; it alone decides what happens.

    Returns
    -------
    Tensor of shape (n, 3, S, S), float32
        About -1 to 1; gray where a crop ends.
    """
    count = len(crops)

    def drawn(*shape: int) -> Tensor:
        return torch.rand(shape, generator=generator).to(crops.device) * 2 - 1

    angle, size = drawn(count) * _TURN, 1 + drawn(count) * _SIZE
    mirror = drawn(count).sign()
    cos, sin = torch.cos(angle) * size, torch.sin(angle) * size
    shift = drawn(count, 2) * _SHIFT * 2
    matrix = torch.stack(
        [
            torch.stack([cos * mirror, -sin, shift[:, 0]], dim=1),
            torch.stack([sin * mirror, cos, shift[:, 1]], dim=1),
        ],
        dim=1,
    )
    grid = functional.affine_grid(matrix, list(crops.shape), align_corners=False)
    moved = functional.grid_sample(crops, grid, align_corners=False)
    contrast = 1 + drawn(count, 1, 1, 1) * _CONTRAST
    lit = moved * contrast + drawn(count, 1, 1, 1) * 2 * _BRIGHTNESS
    gray = (drawn(count, 1, 1, 1) + 1) / 2 < _GRAY
    plain = torch.where(gray, lit.mean(dim=1, keepdim=True), lit)
    return _hidden(plain, drawn(count, 5))


def _hidden(crops: Tensor, drawn: Tensor) -> Tensor:
    """Hide a rectangle of some crops."""
    side = crops.shape[-1]
    chance, top, left, high, wide = ((drawn + 1) / 2).T
    across = torch.arange(side, device=crops.device) / side
    high, wide = (0.1 + 0.3 * one[:, None] for one in (high, wide))
    rows = (across >= top[:, None]) & (across < top[:, None] + high)
    columns = (across >= left[:, None]) & (across < left[:, None] + wide)
    covered = rows[:, :, None] & columns[:, None, :] & (chance < _HIDDEN)[:, None, None]
    return crops.masked_fill(covered[:, None], 0.0)
