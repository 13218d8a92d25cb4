"""Inception-ResNet-v1, the network of FaceNet's later models, as an ONNX graph.

Notes
-----
The names are those of facenet-pytorch's state dictionaries. A "basic" convolution has no bias
and is followed by batch normalization (epsilon 0.001) and ReLU; with gain g, offset b, mean m
and variance v it is the convolution with filters ``w g / sqrt(v + 0.001)`` and bias
``b - m g / sqrt(v + 0.001)``. A residual block adds its branches, joined by a convolution and
multiplied by 0.17, 0.10 or 0.20, to its input; the factor folds into the convolution. The last
block has the factor 1 and no ReLU. The vector is taken before it is normalized to length 1.

References
----------
Szegedy, Ioffe, Vanhoucke, Alemi, "Inception-v4, Inception-ResNet and the Impact of Residual
Connections on Learning", AAAI 2017.
Schroff, Kalenichenko, Philbin, "FaceNet: A Unified Embedding for Face Recognition and
Clustering", CVPR 2015.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from lookalike.errors import WeightsUnreadable
from lookalike.models.convert.graph import GraphBuilder
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
from lookalike.models.convert.torch_state import read_state

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

_SIZE: Final = 160
_DIMENSION: Final = 512


def build(files: dict[str, Path]) -> dict[str, bytes]:
    """Rebuild the network from a state dictionary.

    Parameters
    ----------
    files : dict of str to Path
        ``"network"``: a ``.pt`` file of facenet-pytorch.

    Returns
    -------
    dict of str to bytes
        ``"network"``: a serialized ONNX model, float32 (n, 3, 160, 160) RGB, (x - 127.5) / 128,
        to (n, 512).

    Raises
    ------
    WeightsUnreadable
        If the file does not hold this network.
    """
    layers = _Layers(read_state(files["network"]))
    x = "input"
    for name, shape in STEM.items():
        x = layers.pool(x) if shape is None else layers.basic(x, name, shape)
    for at in range(5):
        x = layers.residual(x, f"repeat_1.{at}", BLOCK_35, 0.17)
    x = layers.mixed(x, "mixed_6a", MIXED_6A)
    for at in range(10):
        x = layers.residual(x, f"repeat_2.{at}", BLOCK_17, 0.10)
    x = layers.mixed(x, "mixed_7a", MIXED_7A)
    for at in range(5):
        x = layers.residual(x, f"repeat_3.{at}", BLOCK_8, 0.20)
    x = layers.residual(x, "block8", BLOCK_8, 1.0, relu=False)
    layers.graph.output(layers.last(x), (_DIMENSION,))
    return {"network": layers.graph.serialize()}


class _Layers:
    """Adds layers to a graph, taking each one's arrays by name."""

    def __init__(self, state: dict[str, NDArray[Any]]) -> None:
        self.graph = GraphBuilder("inception-resnet-v1", (3, _SIZE, _SIZE))
        self._state = state

    def basic(self, x: str, name: str, shape: Basic) -> str:
        filters = self._take(f"{name}.conv.weight", (shape.out, shape.inside, *shape.kernel))
        gain, offset = self._normalization(f"{name}.bn", shape.out)
        return self._relu(self._conv(x, filters * gain.reshape(-1, 1, 1, 1), offset, shape))

    def branch(self, x: str, name: str, shapes: tuple[Basic, ...]) -> str:
        for at, shape in enumerate(shapes):
            x = self.basic(x, f"{name}.{at}" if len(shapes) > 1 else name, shape)
        return x

    def mixed(self, x: str, name: str, branches: dict[str, tuple[Basic, ...]]) -> str:
        parts = [self.branch(x, f"{name}.{key}", shapes) for key, shapes in branches.items()]
        return self.graph.node("Concat", *parts, self.pool(x), axis=1)

    def residual(
        self,
        x: str,
        name: str,
        branches: dict[str, tuple[Basic, ...]],
        scale: float,
        *,
        relu: bool = True,
    ) -> str:
        parts = [self.branch(x, f"{name}.{key}", shapes) for key, shapes in branches.items()]
        joined = self.graph.node("Concat", *parts, axis=1)
        inside = sum(shapes[-1].out for shapes in branches.values())
        shape = Basic(inside, branches["branch0"][0].inside)
        filters = self._take(f"{name}.conv2d.weight", (shape.out, inside, 1, 1))
        bias = self._take(f"{name}.conv2d.bias", (shape.out,))
        times = np.float32(scale)
        x = self.graph.node("Add", self._conv(joined, filters * times, bias * times, shape), x)
        return self._relu(x) if relu else x

    def pool(self, x: str) -> str:
        return self.graph.node("MaxPool", x, kernel_shape=[3, 3], strides=[2, 2])

    def last(self, x: str) -> str:
        x = self.graph.node("Flatten", self.graph.node("GlobalAveragePool", x))
        weights = self._take("last_linear.weight", (_DIMENSION, 1792))
        gain, offset = self._normalization("last_bn", _DIMENSION)
        folded = np.ascontiguousarray((weights * gain[:, None]).T)
        return self.graph.node("Gemm", x, self.graph.constant(folded), self.graph.constant(offset))

    def _relu(self, x: str) -> str:
        return self.graph.node("Relu", x)

    def _conv(
        self, x: str, filters: NDArray[np.float32], bias: NDArray[np.float32], shape: Basic
    ) -> str:
        return self.graph.node(
            "Conv",
            x,
            self.graph.constant(filters),
            self.graph.constant(bias),
            kernel_shape=list(shape.kernel),
            strides=[shape.stride] * 2,
            pads=[*shape.pad, *shape.pad],
        )

    def _normalization(
        self, name: str, out: int
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return batch normalization as a factor and an addend for each channel."""
        gain, bias, mean, variance = (
            self._take(f"{name}.{part}", (out,)).astype(np.float64)
            for part in ("weight", "bias", "running_mean", "running_var")
        )
        factor = gain / np.sqrt(variance + EPSILON)
        return factor.astype(np.float32), (bias - mean * factor).astype(np.float32)

    def _take(self, name: str, shape: tuple[int, ...]) -> NDArray[np.float32]:
        found = self._state.get(name)
        if found is None or found.shape != shape:
            what = "is missing" if found is None else f"has shape {found.shape}"
            raise WeightsUnreadable(
                f"{name} {what}, expected {shape}",
                "the file holds another network than Inception-ResNet-v1",
            )
        return found.astype(np.float32)
