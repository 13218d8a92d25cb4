"""Making the network that a configuration names, and what it is fed with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lookalike.training.backbones.head import Head
from lookalike.training.backbones.inception_resnet import InceptionResnet
from lookalike.training.backbones.mobilefacenet import MobileFaceNet
from lookalike.training.backbones.shrinking import Shrinking
from lookalike.training.backbones.small_resnet import SmallResnet

if TYPE_CHECKING:
    from torch import nn

    from lookalike.training.config import ModelConfig


@dataclass(frozen=True, slots=True)
class Wants:
    """What a network is fed with.

    Parameters
    ----------
    template : str
        The alignment of its crops.
    scale : float
        Of ``(x - 127.5) * scale``.
    """

    template: str
    scale: float


#: Of each network that looks at crops. Those of Inception-ResNet-v1 are facenet-pytorch's.
WANTS = {
    "small-resnet": Wants("arcface-112", 1 / 128),
    "mobilefacenet": Wants("arcface-112", 1 / 128),
    "inception-resnet-v1": Wants("facenet-160", 1 / 128),
}


def make(model: ModelConfig, inside: int = 0) -> nn.Module:
    """Make a network with fresh weights.

    Parameters
    ----------
    model : ModelConfig
        Which one.
    inside : int, default 0
        The length of the vectors that a head maps.

    Returns
    -------
    Module
        float32 (n, 3, S, S), or (n, inside) for a head, to (n, dimension).
    """
    if model.backbone == "head":
        return Head(inside, model.dimension)
    kinds = {
        "small-resnet": SmallResnet,
        "mobilefacenet": MobileFaceNet,
        "inception-resnet-v1": InceptionResnet,
    }
    network = kinds[model.backbone](model.dimension)
    return Shrinking(network, model.shrink) if model.shrink > 1 else network
