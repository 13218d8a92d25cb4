"""A linear map of vectors that exist already: minutes on a processor."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class Head(nn.Module):
    """A linear map that begins as a projection which keeps distances as far as it can.

    Linear on purpose: an encoder averages the vectors of several views, and the average of mapped
    vectors is the mapped average only of a linear map.

    Parameters
    ----------
    inside, dimension : int
        Lengths of vectors that go in and come out.
    """

    def __init__(self, inside: int, dimension: int) -> None:
        super().__init__()
        self.linear = nn.Linear(inside, dimension)
        with torch.no_grad():
            if dimension == inside:
                nn.init.eye_(self.linear.weight)
            else:
                nn.init.orthogonal_(self.linear.weight)
            nn.init.zeros_(self.linear.bias)

    def forward(self, vectors: Tensor) -> Tensor:
        """Map vectors.

        Parameters
        ----------
        vectors : Tensor of shape (n, inside), float32
            As an encoder gives them.

        Returns
        -------
        Tensor of shape (n, dimension), float32
            Not normalized.
        """
        mapped: Tensor = self.linear(vectors)
        return mapped
