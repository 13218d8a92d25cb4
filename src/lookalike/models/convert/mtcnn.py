"""MTCNN's three networks as ONNX graphs.

Notes
-----
The package ``mtcnn`` stores each network as a list of arrays in Keras order: convolution kernels
are (height, width, in, out), PReLU slopes are shared over rows and columns, and the layer before
the first dense one swaps rows and columns before it flattens. The order of a list is the order
of the layers below. Keras pools with padding "same", except the second pool of R-Net and O-Net.

The two class scores of each network pass through a softmax; only the second, "face", is kept.

References
----------
Zhang, Zhang, Li, Qiao, "Joint Face Detection and Alignment Using Multitask Cascaded
Convolutional Networks", IEEE Signal Processing Letters, 2016.
"""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING, Any, Final

import joblib
import numpy as np

from lookalike.errors import WeightsUnreadable
from lookalike.models.convert.graph import GraphBuilder

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

#: What comes of reading something else as a joblib list of arrays.
_DAMAGE: Final = (
    pickle.UnpicklingError,
    EOFError,
    StopIteration,
    LookupError,
    AttributeError,
    RuntimeError,
    TypeError,
    ValueError,
)

_PREPROCESS: Final = (np.float32(127.5), np.float32(1 / 128))


def build(files: dict[str, Path]) -> dict[str, bytes]:
    """Rebuild the three networks.

    Parameters
    ----------
    files : dict of str to Path
        ``"pnet"``, ``"rnet"`` and ``"onet"``: the package's ``.lz4`` files, whose digests have
        been checked (they are joblib pickles).

    Returns
    -------
    dict of str to bytes
        Serialized ONNX models. Inputs are (n, 3, rows, columns) float32 RGB 0-255. Outputs are
        the face probability, the box correction, and for O-Net the landmarks.

    Raises
    ------
    WeightsUnreadable
        If a file does not hold the network of its name.
    """
    makers = {"pnet": _pnet, "rnet": _rnet, "onet": _onet}
    graphs = {}
    for name, make in makers.items():
        try:
            graphs[name] = make(_Layers(name, joblib.load(files[name])))
        except _DAMAGE as error:
            raise WeightsUnreadable(
                f"{files[name].name} does not hold {name}: {error!r}",
                "the file is damaged, or holds another network",
            ) from error
    return graphs


class _Layers:
    """Adds layers to a graph, taking each one's arrays from the list in turn."""

    def __init__(self, name: str, arrays: list[NDArray[np.float32]]) -> None:
        side: Any = {"pnet": ("rows", "columns"), "rnet": (24, 24), "onet": (48, 48)}[name]
        self.graph = GraphBuilder(name, (3, *side))
        self._arrays = iter(arrays)

    def start(self) -> str:
        mean, scale = (self.graph.constant(number) for number in _PREPROCESS)
        return self.graph.node("Mul", self.graph.node("Sub", "input", mean), scale)

    def conv(self, x: str, *, slope: bool = True) -> str:
        kernel, bias = next(self._arrays), next(self._arrays)
        weights = self.graph.constant(np.ascontiguousarray(kernel.transpose(3, 2, 0, 1)))
        x = self.graph.node(
            "Conv", x, weights, self.graph.constant(bias), kernel_shape=list(kernel.shape[:2])
        )
        return self.prelu(x, (-1, 1, 1)) if slope else x

    def dense(self, x: str, *, slope: bool = False) -> str:
        kernel, bias = next(self._arrays), next(self._arrays)
        x = self.graph.node("Gemm", x, self.graph.constant(kernel), self.graph.constant(bias))
        return self.prelu(x, (-1,)) if slope else x

    def prelu(self, x: str, shape: tuple[int, ...]) -> str:
        return self.graph.node("PRelu", x, self.graph.constant(next(self._arrays).reshape(shape)))

    def pool(self, x: str, size: int, padding: str = "SAME_UPPER") -> str:
        return self.graph.node(
            "MaxPool", x, kernel_shape=[size, size], strides=[2, 2], auto_pad=padding
        )

    def flatten(self, x: str) -> str:
        return self.graph.node("Flatten", self.graph.node("Transpose", x, perm=[0, 3, 2, 1]))

    def face(self, x: str, axis: int) -> str:
        chosen = self.graph.constant(np.array([1], np.int64))
        both = self.graph.node("Softmax", x, axis=axis)
        return self.graph.node("Gather", both, chosen, axis=axis)


def _pnet(layers: _Layers) -> bytes:
    x = layers.pool(layers.conv(layers.start()), 2)
    x = layers.conv(layers.conv(x))
    boxes = layers.conv(x, slope=False)
    scores = layers.face(layers.conv(x, slope=False), axis=1)
    layers.graph.output(scores, (1, "i", "j"))
    layers.graph.output(boxes, (4, "i", "j"))
    return layers.graph.serialize()


def _rnet(layers: _Layers) -> bytes:
    x = layers.pool(layers.conv(layers.start()), 3)
    x = layers.pool(layers.conv(x), 3, "VALID")
    x = layers.dense(layers.flatten(layers.conv(x)), slope=True)
    boxes = layers.dense(x)
    layers.graph.output(layers.face(layers.dense(x), axis=1), (1,))
    layers.graph.output(boxes, (4,))
    return layers.graph.serialize()


def _onet(layers: _Layers) -> bytes:
    x = layers.pool(layers.conv(layers.start()), 3)
    x = layers.pool(layers.conv(x), 3, "VALID")
    x = layers.pool(layers.conv(x), 2)
    x = layers.dense(layers.flatten(layers.conv(x)), slope=True)
    boxes, landmarks = layers.dense(x), layers.dense(x)
    layers.graph.output(layers.face(layers.dense(x), axis=1), (1,))
    layers.graph.output(boxes, (4,))
    layers.graph.output(landmarks, (10,))
    return layers.graph.serialize()
