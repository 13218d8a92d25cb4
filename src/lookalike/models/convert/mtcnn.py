"""MTCNN's three networks as ONNX graphs.

Notes
-----
The package ``mtcnn`` stores each network as a list of arrays in Keras order: convolution kernels
are (height, width, in, out), PReLU slopes are shared over rows and columns, and the layer before
the first dense one swaps rows and columns before it flattens. The order of a list is the order
of the layers below. Keras pools with padding "same", except the second pool of R-Net and O-Net.

The two class scores of each network pass through a softmax; only the second, "face", is kept,
which is the sigmoid of their difference.

ONNX Runtime convolves 16 channels at once in an order of its own, and every operator that it does
not know in that order has all numbers sorted back and forth; PReLU is one, and slow besides. So a
slope is written here with operators that it knows::

    prelu(x) = x + (1 - slope) relu(-x)

P-Net, which costs most of the time, pools before its first PReLU, on a quarter of the numbers.
Where the slope is not negative, PReLU never falls and a maximum may be taken on either side of it.
Where the slope is negative, ``prelu(x) = max(x, slope x)``, whose maximum over a window is the
larger of the maxima of ``x`` and of ``slope x``; both are convolutions of the picture.

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

#: The networks were trained on (pixel - 127.5) / 128.
_MIDDLE: Final = 127.5
_SCALE: Final = 1 / 128

#: Channels come in multiples of this, the last ones silent: what ONNX Runtime convolves at once.
_BLOCK: Final = 16

#: Filters (out, in, rows, columns) and one bias for each.
_Filters = tuple["NDArray[np.float64]", "NDArray[np.float64]"]


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
        self._channels = 3

    def taken(self) -> NDArray[np.float64]:
        return np.asarray(next(self._arrays), np.float64)

    def filters(self) -> _Filters:
        kernel, bias = self.taken(), self.taken()
        return kernel.transpose(3, 2, 0, 1), bias

    def first_filters(self) -> _Filters:
        """Take filters that see the picture, and let them see 0-255."""
        filters, bias = self.filters()
        filters = filters * _SCALE
        return filters, bias - _MIDDLE * filters.sum(axis=(1, 2, 3))

    def conv(self, x: str, filters: NDArray[np.float64], bias: NDArray[np.float64]) -> str:
        """Convolve, with silent channels before and behind."""
        more = -len(bias) % _BLOCK
        ahead = self._channels - filters.shape[1]
        weights = np.pad(filters, ((0, more), (0, ahead), (0, 0), (0, 0)))
        self._channels = len(weights)
        return self._conv(x, weights, np.pad(bias, (0, more)))

    def scaled(self, x: str, factors: NDArray[np.float64]) -> str:
        """Multiply each channel by its factor."""
        factors = np.pad(factors, (0, self._channels - len(factors)))
        return self._conv(x, factors[:, None, None, None], group=len(factors))

    def prelu(self, x: str) -> str:
        slopes = self.taken().reshape(-1)
        below = self.graph.node("Relu", self.scaled(x, -np.ones_like(slopes)))
        return self.graph.node("Add", self.scaled(below, 1 - slopes), x)

    def pooled_prelu(self, filters: NDArray[np.float64], bias: NDArray[np.float64]) -> str:
        """Convolve the picture, pool 2 x 2, then apply slopes."""
        slopes = self.taken().reshape(-1)
        falling = np.flatnonzero(slopes < 0)
        twins = len(slopes) + np.arange(len(falling))  # of the channels that fall
        rows = np.concatenate([np.arange(len(slopes)), falling])
        signs = np.concatenate([np.ones(len(slopes)), slopes[falling]])
        x = self.conv("input", filters[rows] * signs[:, None, None, None], bias[rows] * signs)
        largest = self.pool(x, 2)
        missing = -np.eye(self._channels)
        missing[falling, twins] = 1
        below = self.conv(largest, missing[:, :, None, None], np.zeros(self._channels))
        factors = np.where(slopes < 0, 1, 1 - slopes)
        below = self.scaled(self.graph.node("Relu", below), factors)
        return self.graph.node("Add", below, largest)

    def pool(self, x: str, size: int, padding: str = "SAME_UPPER") -> str:
        return self.graph.node(
            "MaxPool", x, kernel_shape=[size, size], strides=[2, 2], auto_pad=padding
        )

    def dense_prelu(self, x: str) -> str:
        """Flatten and multiply, with weights that expect columns, rows, channels."""
        kernel, bias = self.taken(), self.taken()
        kernel = kernel.reshape(3, 3, -1, len(bias)).transpose(2, 1, 0, 3).reshape(kernel.shape)
        *linear, slopes = map(self._constant, (kernel, bias, self.taken()))
        x = self.graph.node("Gemm", self.graph.node("Flatten", x), *linear)
        return self.graph.node("PRelu", x, slopes)

    def outputs(self, x: str, *sizes: int) -> None:
        """End with one layer for all; the scores come last in the list, the face's first here."""
        heads = [(self.taken(), self.taken()) for _ in (*sizes, 2)]
        scores = [part[..., 1:] - part[..., :1] for part in heads.pop()]
        kernel, bias = (
            np.concatenate(parts, axis=-1) for parts in zip(scores, *heads, strict=True)
        )
        free: tuple[str, ...] = ()
        if kernel.ndim == 4:
            x, free = self._conv(x, kernel.transpose(3, 2, 0, 1), bias), ("i", "j")
        else:
            x = self.graph.node("Gemm", x, self._constant(kernel), self._constant(bias))
        at = 0
        for size in (1, *sizes):
            bounds = (np.array([number], np.int64) for number in (at, at + size, 1))
            part = self.graph.node("Slice", x, *map(self.graph.constant, bounds))
            self.graph.output(part if at else self.graph.node("Sigmoid", part), (size, *free))
            at += size

    def _conv(self, x: str, *weights: NDArray[np.float64], group: int = 1) -> str:
        size = list(weights[0].shape[2:])
        names = map(self._constant, weights)
        return self.graph.node("Conv", x, *names, kernel_shape=size, group=group)

    def _constant(self, array: NDArray[np.float64]) -> str:
        return self.graph.constant(np.ascontiguousarray(array, np.float32))


def _pnet(layers: _Layers) -> bytes:
    x = layers.pooled_prelu(*layers.first_filters())
    x = layers.prelu(layers.conv(x, *layers.filters()))
    x = layers.prelu(layers.conv(x, *layers.filters()))
    layers.outputs(x, 4)
    return layers.graph.serialize()


def _rnet(layers: _Layers) -> bytes:
    x = layers.pool(layers.prelu(layers.conv("input", *layers.first_filters())), 3)
    x = layers.pool(layers.prelu(layers.conv(x, *layers.filters())), 3, "VALID")
    x = layers.dense_prelu(layers.prelu(layers.conv(x, *layers.filters())))
    layers.outputs(x, 4)
    return layers.graph.serialize()


def _onet(layers: _Layers) -> bytes:
    x = layers.pool(layers.prelu(layers.conv("input", *layers.first_filters())), 3)
    x = layers.pool(layers.prelu(layers.conv(x, *layers.filters())), 3, "VALID")
    x = layers.pool(layers.prelu(layers.conv(x, *layers.filters())), 2)
    x = layers.dense_prelu(layers.prelu(layers.conv(x, *layers.filters())))
    layers.outputs(x, 4, 10)
    return layers.graph.serialize()
