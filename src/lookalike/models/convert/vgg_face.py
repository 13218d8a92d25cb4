"""VGG-Face, a VGG16 for faces, as an ONNX graph.

Notes
-----
Thirteen 3 x 3 convolutions with ReLU in five groups, each group followed by a 2 x 2 maximum
pool; then three more layers, which the file keeps as convolutions: 4,096 (7 x 7), 4,096 and
2,622 (1 x 1), one output for each person of the training set. Two vectors are in use: the 2,622
numbers before the softmax, and the 4,096 numbers of the layer before, after its ReLU.

References
----------
Parkhi, Vedaldi, Zisserman, "Deep Face Recognition", BMVC 2015.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from lookalike.errors import WeightsUnreadable
from lookalike.models.convert.graph import GraphBuilder
from lookalike.models.convert.keras_file import read_layers

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

_SIZE: Final = 224
#: Output channels of the convolutions of each group.
_GROUPS: Final = ((64,) * 2, (128,) * 2, (256,) * 3, (512,) * 3, (512,) * 3)
_PEOPLE: Final = 2622
_FC7: Final = 4096


def build(files: dict[str, Path]) -> dict[str, bytes]:
    """Rebuild the network up to the 2,622 numbers before the softmax.

    Parameters
    ----------
    files : dict of str to Path
        ``"network"``: ``vgg_face_weights.h5``.

    Returns
    -------
    dict of str to bytes
        ``"network"``: a serialized ONNX model, float32 (n, 3, 224, 224), to (n, 2622).

    Raises
    ------
    WeightsUnreadable
        If the file does not hold this network.
    MissingExtra
        If h5py is not installed.
    """
    layers = _Layers(files["network"])
    x = layers.conv(layers.fc7(), _FC7, _PEOPLE, 1)
    return layers.finish(x, _PEOPLE)


def build_fc7(files: dict[str, Path]) -> dict[str, bytes]:
    """Rebuild the network up to the 4,096 numbers of its last hidden layer.

    Parameters
    ----------
    files : dict of str to Path
        ``"network"``: ``vgg_face_weights.h5``.

    Returns
    -------
    dict of str to bytes
        ``"network"``: a serialized ONNX model, float32 (n, 3, 224, 224), to (n, 4096).

    Raises
    ------
    WeightsUnreadable
        If the file does not hold this network.
    MissingExtra
        If h5py is not installed.
    """
    layers = _Layers(files["network"])
    return layers.finish(layers.fc7(), _FC7)


class _Layers:
    """Adds layers to a graph, taking each one's kernel and bias from the file in turn."""

    def __init__(self, path: Path) -> None:
        self._graph = GraphBuilder("vgg-face", (3, _SIZE, _SIZE))
        self._arrays = iter(read_layers(path))

    def fc7(self) -> str:
        x, channels = "input", 3
        for group in _GROUPS:
            for out in group:
                x = self._graph.node("Relu", self.conv(x, channels, out, 3, pad=1))
                channels = out
            x = self._graph.node("MaxPool", x, kernel_shape=[2, 2], strides=[2, 2])
        x = self._graph.node("Relu", self.conv(x, channels, _FC7, 7))
        return self._graph.node("Relu", self.conv(x, _FC7, _FC7, 1))

    def conv(self, x: str, inside: int, out: int, kernel: int, *, pad: int = 0) -> str:
        filters, bias = self._next((kernel, kernel, inside, out))
        return self._graph.node(
            "Conv",
            x,
            self._graph.constant(np.ascontiguousarray(filters.transpose(3, 2, 0, 1))),
            self._graph.constant(bias),
            kernel_shape=[kernel, kernel],
            pads=[pad] * 4,
        )

    def finish(self, x: str, dimension: int) -> dict[str, bytes]:
        self._graph.output(self._graph.node("Flatten", x), (dimension,))
        return {"network": self._graph.serialize()}

    def _next(self, shape: tuple[int, ...]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        arrays = next(self._arrays, ())
        found = tuple(array.shape for array in arrays)
        if found != (shape, shape[-1:]):
            raise WeightsUnreadable(
                f"a layer has arrays of shapes {found}, expected {(shape, shape[-1:])}",
                "the file holds another network than VGG-Face",
            )
        return arrays[0], arrays[1]
