"""What is asked of the vectors of a batch, and which triplets of it count.

Notes
-----
All but ArcFace's work on vectors of length 1, with d the squared Euclidean distance:

- triplet: the mean of ``max(0, d(a, p) - d(a, n) + margin)`` over the triplets that are above 0.
  ``batch-all`` takes all of them, ``batch-hard`` for each photo the farthest of the same person
  and the nearest of another, ``semi-hard`` those with ``d(a, p) < d(a, n) < d(a, p) + margin``.
- contrastive: the mean of d over pairs of one person, plus that of ``max(0, margin - d)`` over
  pairs of two people, each over the pairs that are above 0.
- ArcFace: the cross-entropy of ``scale * cos(angle to the own center + margin)`` beside
  ``scale * cos(angle)`` to all others; with sub-centers, the nearest of a person's centers counts.

References
----------
Schroff, Kalenichenko, Philbin, "FaceNet: A Unified Embedding for Face Recognition and Clustering",
CVPR 2015 (triplets, semi-hard).
Hermans, Beyer, Leibe, "In Defense of the Triplet Loss for Person Re-Identification", 2017
(batch-all, batch-hard).
Hadsell, Chopra, LeCun, "Dimensionality Reduction by Learning an Invariant Mapping", CVPR 2006.
Deng, Guo, Xue, Zafeiriou, "ArcFace: Additive Angular Margin Loss for Deep Face Recognition",
CVPR 2019; Deng, Guo, Liu, Gong, Zafeiriou, "Sub-center ArcFace: Boosting Face Recognition by
Large-Scale Noisy Web Faces", ECCV 2020.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from pytorch_metric_learning import distances, losses, miners, reducers
from torch import Tensor, nn

if TYPE_CHECKING:
    from lookalike.training.config import LossConfig


class Objective(nn.Module):
    """A loss together with what chooses its triplets.

    Parameters
    ----------
    config : LossConfig
        Which one.
    dimension : int
        The length of a vector.
    people : int
        How many people are learned from; ArcFace has a center for each.
    """

    def __init__(self, config: LossConfig, dimension: int, people: int) -> None:
        super().__init__()
        squared = distances.LpDistance(normalize_embeddings=True, p=2, power=2)
        self._mine: Any = None
        self.loss: Any
        match config.kind:
            case "triplet":
                mean = reducers.AvgNonZeroReducer()
                self.loss = losses.TripletMarginLoss(config.margin, distance=squared, reducer=mean)
                if config.mining == "batch-hard":
                    self._mine = miners.BatchHardMiner(distance=squared)
                elif config.mining == "semi-hard":
                    self._mine = miners.TripletMarginMiner(
                        config.margin, type_of_triplets="semihard", distance=squared
                    )
            case "contrastive":
                self.loss = losses.ContrastiveLoss(0, config.margin, distance=squared)
            case kind:
                options = {
                    "num_classes": people,
                    "embedding_size": dimension,
                    "margin": math.degrees(config.margin),
                    "scale": config.scale,
                }
                if kind == "arcface":
                    self.loss = losses.ArcFaceLoss(**options)
                else:
                    self.loss = losses.SubCenterArcFaceLoss(sub_centers=config.centers, **options)

    def forward(self, vectors: Tensor, people: Tensor) -> Tensor:
        """Return the loss of a batch.

        Parameters
        ----------
        vectors : Tensor of shape (n, d)
            Of any length but 0.
        people : Tensor of shape (n,), int64
            Whose they are.

        Returns
        -------
        Tensor of shape ()
            0 and up; smaller is better.
        """
        mined = None if self._mine is None else self._mine(vectors, people)
        loss: Tensor = self.loss(vectors, people, mined)
        return loss
