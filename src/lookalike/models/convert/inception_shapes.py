"""What Inception-ResNet-v1 is made of, under the names of facenet-pytorch.

References
----------
Szegedy, Ioffe, Vanhoucke, Alemi, "Inception-v4, Inception-ResNet and the Impact of Residual
Connections on Learning", AAAI 2017.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

#: Of batch normalization.
EPSILON: Final = 0.001


@dataclass(frozen=True, slots=True)
class Basic:
    """A convolution without a bias, before batch normalization and ReLU.

    Parameters
    ----------
    inside, out : int
        Channels.
    kernel, pad : tuple of int
        Height and width.
    stride : int
        In both directions.
    """

    inside: int
    out: int
    kernel: tuple[int, int] = (1, 1)
    stride: int = 1
    pad: tuple[int, int] = (0, 0)


#: The branches of each kind of block, by their names.
BLOCK_35: Final = {
    "branch0": (Basic(256, 32),),
    "branch1": (Basic(256, 32), Basic(32, 32, (3, 3), pad=(1, 1))),
    "branch2": (
        Basic(256, 32),
        Basic(32, 32, (3, 3), pad=(1, 1)),
        Basic(32, 32, (3, 3), pad=(1, 1)),
    ),
}
BLOCK_17: Final = {
    "branch0": (Basic(896, 128),),
    "branch1": (
        Basic(896, 128),
        Basic(128, 128, (1, 7), pad=(0, 3)),
        Basic(128, 128, (7, 1), pad=(3, 0)),
    ),
}
BLOCK_8: Final = {
    "branch0": (Basic(1792, 192),),
    "branch1": (
        Basic(1792, 192),
        Basic(192, 192, (1, 3), pad=(0, 1)),
        Basic(192, 192, (3, 1), pad=(1, 0)),
    ),
}
MIXED_6A: Final = {
    "branch0": (Basic(256, 384, (3, 3), stride=2),),
    "branch1": (
        Basic(256, 192),
        Basic(192, 192, (3, 3), pad=(1, 1)),
        Basic(192, 256, (3, 3), stride=2),
    ),
}
MIXED_7A: Final = {
    "branch0": (Basic(896, 256), Basic(256, 384, (3, 3), stride=2)),
    "branch1": (Basic(896, 256), Basic(256, 256, (3, 3), stride=2)),
    "branch2": (
        Basic(896, 256),
        Basic(256, 256, (3, 3), pad=(1, 1)),
        Basic(256, 256, (3, 3), stride=2),
    ),
}

#: Up to the first residual block; None is a max-pool of 3 x 3, stride 2.
STEM: Final[dict[str, Basic | None]] = {
    "conv2d_1a": Basic(3, 32, (3, 3), stride=2),
    "conv2d_2a": Basic(32, 32, (3, 3)),
    "conv2d_2b": Basic(32, 64, (3, 3), pad=(1, 1)),
    "maxpool_3a": None,
    "conv2d_3b": Basic(64, 80),
    "conv2d_4a": Basic(80, 192, (3, 3)),
    "conv2d_4b": Basic(192, 256, (3, 3), stride=2),
}
