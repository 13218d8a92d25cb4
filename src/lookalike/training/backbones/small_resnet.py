"""A small residual network, for a few thousand photos and a machine without a GPU.

References
----------
He, Zhang, Ren, Sun, "Deep Residual Learning for Image Recognition", CVPR 2016.
"""

from __future__ import annotations

from typing import Final

from torch import Tensor, nn
from torch.nn import functional

_WIDTHS: Final = (32, 64, 128, 256)


class Block(nn.Module):
    """Two convolutions beside a shortcut.

    Parameters
    ----------
    inside, out : int
        Channels.
    stride : int
        2 halves the sides.
    """

    def __init__(self, inside: int, out: int, stride: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(inside, out, 3, stride, 1, bias=False)
        self.first_norm = nn.BatchNorm2d(out)
        self.second = nn.Conv2d(out, out, 3, 1, 1, bias=False)
        self.second_norm = nn.BatchNorm2d(out)
        self.shortcut = nn.Sequential(
            nn.Conv2d(inside, out, 1, stride, bias=False), nn.BatchNorm2d(out)
        )

    def forward(self, x: Tensor) -> Tensor:
        """Return features of shape (n, out, H / stride, W / stride)."""
        y = functional.relu(self.first_norm(self.first(x)))
        y = self.second_norm(self.second(y))
        return functional.relu(y + self.shortcut(x))


class SmallResnet(nn.Module):
    """Four stages of one block each.

    Parameters
    ----------
    dimension : int
        The length of a vector.
    """

    def __init__(self, dimension: int) -> None:
        super().__init__()
        self.stem = nn.Sequential(
            nn.Conv2d(3, _WIDTHS[0], 3, 2, 1, bias=False), nn.BatchNorm2d(_WIDTHS[0]), nn.ReLU()
        )
        pairs = zip((_WIDTHS[0], *_WIDTHS), _WIDTHS, strict=False)
        blocks = [Block(one, two, 1 if at == 0 else 2) for at, (one, two) in enumerate(pairs)]
        self.stages = nn.Sequential(*blocks)
        self.last = nn.Linear(_WIDTHS[-1], dimension)

    def forward(self, crops: Tensor) -> Tensor:
        """Return vectors.

        Parameters
        ----------
        crops : Tensor of shape (n, 3, S, S), float32
            About -1 to 1.

        Returns
        -------
        Tensor of shape (n, dimension), float32
            Not normalized.
        """
        features = self.stages(self.stem(crops))
        vectors: Tensor = self.last(features.mean(dim=(2, 3)))
        return vectors
