"""What the vectors of a batch look like while they are learned."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional


@dataclass(frozen=True, slots=True)
class BatchFigures:
    """Distances of a batch: squared, between vectors of length 1, so 0 to 4.

    Parameters
    ----------
    same, different : float
        The mean over pairs of one person, and of two.
    active : float
        The share of all triplets whose loss is above 0.
    """

    same: float
    different: float
    active: float


@torch.no_grad()
def batch_figures(vectors: Tensor, people: Tensor, margin: float) -> BatchFigures:
    """Look at the vectors of a batch.

    Parameters
    ----------
    vectors : Tensor of shape (n, d)
        Of any length.
    people : Tensor of shape (n,), int64
        Whose they are; at least two people, one of them twice.
    margin : float
        Of the triplets.

    Returns
    -------
    BatchFigures
        Over every pair and every triplet of the batch.
    """
    unit = functional.normalize(vectors.float())
    squared = (2 - 2 * unit @ unit.T).clamp(min=0)
    alike = people[:, None] == people[None]
    others = ~torch.eye(len(people), dtype=torch.bool, device=people.device)
    same, different = alike & others, ~alike
    active = triplets = 0
    for row in range(len(people)):
        near, far = squared[row][same[row]], squared[row][different[row]]
        active += int((near[:, None] - far[None] + margin > 0).sum())
        triplets += near.numel() * far.numel()
    return BatchFigures(
        float(squared[same].mean()), float(squared[different].mean()), active / max(triplets, 1)
    )
