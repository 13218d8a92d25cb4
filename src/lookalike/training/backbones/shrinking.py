"""Smaller crops for quicker training, as a part of the network: what is exported has it, too."""

from __future__ import annotations

from torch import Tensor, nn


class Shrinking(nn.Module):
    """A network behind an average pool.

    Parameters
    ----------
    network : Module
        Takes crops of any size.
    shrink : int
        Each side becomes so many times smaller.
    """

    def __init__(self, network: nn.Module, shrink: int) -> None:
        super().__init__()
        self.pool = nn.AvgPool2d(shrink)
        self.network = network

    def forward(self, crops: Tensor) -> Tensor:
        """Return vectors of shape (n, dimension) of crops of shape (n, 3, S, S)."""
        vectors: Tensor = self.network(self.pool(crops))
        return vectors
