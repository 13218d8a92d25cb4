"""MobileFaceNet: depthwise convolutions, and a global one in place of the average.

References
----------
Chen, Liu, Gao, Han, "MobileFaceNets: Efficient CNNs for Accurate Real-Time Face Verification on
Mobile Devices", CCBR 2018.
"""

from __future__ import annotations

from typing import Final

from torch import Tensor, nn

#: Of each group of bottlenecks: expansion, channels, how many, stride of the first.
_GROUPS: Final = ((2, 64, 5, 2), (4, 128, 1, 2), (2, 128, 6, 1), (4, 128, 1, 2), (2, 128, 2, 1))


def _convolution(
    inside: int, out: int, kernel: int = 1, stride: int = 1, groups: int = 1
) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inside, out, kernel, stride, kernel // 2, groups=groups, bias=False),
        nn.BatchNorm2d(out),
        nn.PReLU(out),
    )


class Bottleneck(nn.Module):
    """Widen, convolve channel by channel, narrow without a bend.

    Parameters
    ----------
    inside, out : int
        Channels.
    expansion : int
        How much wider the middle is.
    stride : int
        2 halves the sides.
    """

    def __init__(self, inside: int, out: int, expansion: int, stride: int) -> None:
        super().__init__()
        wide = inside * expansion
        self.layers = nn.Sequential(
            _convolution(inside, wide),
            _convolution(wide, wide, 3, stride, groups=wide),
            nn.Conv2d(wide, out, 1, bias=False),
            nn.BatchNorm2d(out),
        )
        self.adds = stride == 1 and inside == out

    def forward(self, x: Tensor) -> Tensor:
        """Return features of shape (n, out, H / stride, W / stride)."""
        y: Tensor = self.layers(x)
        return x + y if self.adds else y


class MobileFaceNet(nn.Module):
    """The network of the paper, for crops of 112 px.

    Parameters
    ----------
    dimension : int
        The length of a vector.
    """

    def __init__(self, dimension: int) -> None:
        super().__init__()
        layers: list[nn.Module] = [
            _convolution(3, 64, 3, 2),
            _convolution(64, 64, 3, groups=64),
        ]
        inside = 64
        for expansion, out, count, stride in _GROUPS:
            for at in range(count):
                layers.append(Bottleneck(inside, out, expansion, stride if at == 0 else 1))
                inside = out
        self.layers = nn.Sequential(*layers, _convolution(inside, 512))
        # What is left of 112 px: 7 x 7.
        self.everywhere = nn.Sequential(
            nn.Conv2d(512, 512, 7, groups=512, bias=False), nn.BatchNorm2d(512)
        )
        self.last = nn.Sequential(
            nn.Conv2d(512, dimension, 1, bias=False), nn.BatchNorm2d(dimension)
        )

    def forward(self, crops: Tensor) -> Tensor:
        """Return vectors.

        Parameters
        ----------
        crops : Tensor of shape (n, 3, 112, 112), float32
            About -1 to 1.

        Returns
        -------
        Tensor of shape (n, dimension), float32
            Not normalized.
        """
        vectors: Tensor = self.last(self.everywhere(self.layers(crops))).flatten(1)
        return vectors
