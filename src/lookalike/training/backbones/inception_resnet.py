"""Inception-ResNet-v1, FaceNet's later network, under the names of facenet-pytorch's states.

References
----------
Szegedy, Ioffe, Vanhoucke, Alemi, "Inception-v4, Inception-ResNet and the Impact of Residual
Connections on Learning", AAAI 2017.
Schroff, Kalenichenko, Philbin, "FaceNet: A Unified Embedding for Face Recognition and
Clustering", CVPR 2015.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.nn import functional

from lookalike.models.convert.inception_shapes import (
    BLOCK_8,
    BLOCK_17,
    BLOCK_35,
    EPSILON,
    MIXED_6A,
    MIXED_7A,
    STEM,
    Basic,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

_WIDTH = 1792
_DROPOUT = 0.6


class BasicConvolution(nn.Module):
    """A convolution, batch normalization and ReLU.

    Parameters
    ----------
    shape : Basic
        Its shape.
    """

    def __init__(self, shape: Basic) -> None:
        super().__init__()
        self.conv = nn.Conv2d(
            shape.inside, shape.out, shape.kernel, shape.stride, shape.pad, bias=False
        )
        self.bn = nn.BatchNorm2d(shape.out, eps=EPSILON)

    def forward(self, x: Tensor) -> Tensor:
        """Return features."""
        return functional.relu(self.bn(self.conv(x)))


def _branch(shapes: tuple[Basic, ...]) -> nn.Module:
    parts = [BasicConvolution(shape) for shape in shapes]
    return parts[0] if len(parts) == 1 else nn.Sequential(*parts)


class Mixed(nn.Module):
    """Branches beside a max-pool: half the size, more channels.

    Parameters
    ----------
    branches : mapping of str to tuple of Basic
        By name.
    """

    def __init__(self, branches: Mapping[str, tuple[Basic, ...]]) -> None:
        super().__init__()
        self._names = tuple(branches)
        for name, shapes in branches.items():
            self.add_module(name, _branch(shapes))

    def forward(self, x: Tensor) -> Tensor:
        """Return features."""
        parts = [self.get_submodule(name)(x) for name in self._names]
        return torch.cat([*parts, functional.max_pool2d(x, 3, 2)], dim=1)


class Residual(nn.Module):
    """Branches, joined and added to what went in.

    Parameters
    ----------
    branches : mapping of str to tuple of Basic
        By name.
    scale : float
        Of what is added.
    bends : bool, default True
        Whether ReLU follows.
    """

    def __init__(
        self, branches: Mapping[str, tuple[Basic, ...]], scale: float, *, bends: bool = True
    ) -> None:
        super().__init__()
        self._names = tuple(branches)
        for name, shapes in branches.items():
            self.add_module(name, _branch(shapes))
        inside = sum(shapes[-1].out for shapes in branches.values())
        self.conv2d = nn.Conv2d(inside, branches["branch0"][0].inside, 1)
        self._scale = scale
        self._bends = bends

    def forward(self, x: Tensor) -> Tensor:
        """Return features of the same shape."""
        joined = torch.cat([self.get_submodule(name)(x) for name in self._names], dim=1)
        y: Tensor = x + self.conv2d(joined) * self._scale
        return functional.relu(y) if self._bends else y


class InceptionResnet(nn.Module):
    """The network of facenet-pytorch, whose states it can load.

    Parameters
    ----------
    dimension : int
        The length of a vector; 512 in the published weights.
    """

    def __init__(self, dimension: int) -> None:
        super().__init__()
        for name, shape in STEM.items():
            self.add_module(name, nn.MaxPool2d(3, 2) if shape is None else BasicConvolution(shape))
        self.repeat_1 = nn.Sequential(*(Residual(BLOCK_35, 0.17) for _ in range(5)))
        self.mixed_6a = Mixed(MIXED_6A)
        self.repeat_2 = nn.Sequential(*(Residual(BLOCK_17, 0.10) for _ in range(10)))
        self.mixed_7a = Mixed(MIXED_7A)
        self.repeat_3 = nn.Sequential(*(Residual(BLOCK_8, 0.20) for _ in range(5)))
        self.block8 = Residual(BLOCK_8, 1.0, bends=False)
        self.dropout = nn.Dropout(_DROPOUT)
        self.last_linear = nn.Linear(_WIDTH, dimension, bias=False)
        self.last_bn = nn.BatchNorm1d(dimension, eps=EPSILON)

    def forward(self, crops: Tensor) -> Tensor:
        """Return vectors.

        Parameters
        ----------
        crops : Tensor of shape (n, 3, 160, 160), float32
            About -1 to 1.

        Returns
        -------
        Tensor of shape (n, dimension), float32
            Not normalized.
        """
        x = crops
        for name in STEM:
            x = self.get_submodule(name)(x)
        x = self.repeat_3(self.mixed_7a(self.repeat_2(self.mixed_6a(self.repeat_1(x)))))
        features = self.block8(x).mean(dim=(2, 3))
        vectors: Tensor = self.last_bn(self.last_linear(self.dropout(features)))
        return vectors
