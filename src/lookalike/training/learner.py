"""A network and its loss as one module: what several processes keep alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from torch import Tensor, nn

if TYPE_CHECKING:
    from lookalike.training.losses import Objective


class Learner(nn.Module):
    """From a batch to its loss. ArcFace's centers are learned, too, so they belong to it.

    Parameters
    ----------
    network : Module
        Makes vectors.
    objective : Objective
        Judges them.
    """

    def __init__(self, network: nn.Module, objective: Objective) -> None:
        super().__init__()
        self.network = network
        self.objective = objective

    def forward(self, rows: Tensor, people: Tensor) -> tuple[Tensor, Tensor]:
        """Return the loss of a batch and its vectors.

        Parameters
        ----------
        rows : Tensor of shape (n, ...)
            Crops or vectors.
        people : Tensor of shape (n,), int64
            Whose they are.

        Returns
        -------
        loss : Tensor of shape ()
            In float32, whatever the network calculates in.
        vectors : Tensor of shape (n, d)
            Not normalized.
        """
        vectors = self.network(rows).float()
        return self.objective(vectors, people), vectors
