"""dlib's face recognition ResNet as an ONNX graph.

Notes
-----
The input is divided as dlib does it, ``(x - [122.782, 117.001, 104.298]) / 256`` in RGB. Each
convolution is followed by an affine layer, which folds into it: with gain g and offset b,
``g * (w * x + c) + b = (g w) * x + (g c + b)``. Where a block halves its size, its shortcut is a
2 x 2 average pool, and dlib's sum of two tensors of different size counts what is missing as
zero, in channels, rows and columns alike.

References
----------
He, Zhang, Ren, Sun, "Deep Residual Learning for Image Recognition", CVPR 2016.
King, "High Quality Face Recognition with Deep Metric Learning", dlib blog, 2017.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from lookalike.models.convert.dlib_stream import DlibStream
from lookalike.models.convert.graph import GraphBuilder

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

_SIZE: Final = 150
_MEAN: Final = (122.782, 117.001, 104.298)
_SCALE: Final = 1 / 256

#: Output channels of each residual block, and whether the block halves the size.
_BLOCKS: Final = (
    *[(32, False)] * 3,
    (64, True), *[(64, False)] * 3,
    (128, True), *[(128, False)] * 2,
    (256, True), *[(256, False)] * 2,
    (256, True),
)  # fmt: skip


def build(files: dict[str, Path]) -> dict[str, bytes]:
    """Rebuild the network from dlib's file.

    Parameters
    ----------
    files : dict of str to Path
        ``"resnet"``: ``dlib_face_recognition_resnet_model_v1.dat``.

    Returns
    -------
    dict of str to bytes
        ``"resnet"``: a serialized ONNX model, float32 (n, 3, 150, 150) RGB 0-255 to (n, 128).

    Raises
    ------
    WeightsUnreadable
        If the file does not hold this network.
    """
    return {"resnet": _network(files["resnet"], folded=False)}


def build_folded(files: dict[str, Path]) -> dict[str, bytes]:
    """Rebuild the same network with the division of its input inside its first convolution.

    Parameters
    ----------
    files : dict of str to Path
        ``"resnet"``: ``dlib_face_recognition_resnet_model_v1.dat``.

    Returns
    -------
    dict of str to bytes
        ``"resnet"``: a serialized ONNX model as that of `build`, but for rounding. What enters
        its first convolution are the whole numbers of the crop.

    Raises
    ------
    WeightsUnreadable
        If the file does not hold this network.
    """
    return {"resnet": _network(files["resnet"], folded=True)}


def _network(path: Path, *, folded: bool) -> bytes:
    """Build the graph, with the division of its input folded into the first convolution or not."""
    stream = DlibStream(path.read_bytes())
    graph = GraphBuilder("dlib-resnet-v1", (3, _SIZE, _SIZE))

    x, first = "input", _Conv(3, 32, kernel=7, stride=2, pad=0)
    filters, bias = _folded(stream, first)
    mean = np.array(_MEAN, np.float32).reshape(1, 3, 1, 1)
    if folded:
        filters = filters * np.float32(_SCALE)
        bias = bias - (filters * mean).sum(axis=(1, 2, 3))
    else:
        x = graph.node("Sub", x, graph.constant(mean))
        x = graph.node("Mul", x, graph.constant(np.float32(_SCALE)))
    x = graph.node("Relu", _add(graph, x, filters, bias, first))
    x = graph.node("MaxPool", x, kernel_shape=[3, 3], strides=[2, 2])

    channels = 32
    size = 35  # (150 - 7) // 2 + 1 = 72 after the convolution, (72 - 3) // 2 + 1 after the pool
    for out, halves in _BLOCKS:
        if halves:
            first = _Conv(channels, out, stride=2, pad=0)
            x, size = _halving_block(graph, stream, x, first, size)
        else:
            x = _plain_block(graph, stream, x, channels)
        channels = out

    x = graph.node("Flatten", graph.node("GlobalAveragePool", x))
    weights = stream.tensor(256 * 128).reshape(256, 128)
    graph.output(graph.node("MatMul", x, graph.constant(weights)), (128,))
    return graph.serialize()


@dataclass(frozen=True, slots=True)
class _Conv:
    """The shape of a convolution."""

    inside: int
    out: int
    kernel: int = 3
    stride: int = 1
    pad: int = 1


def _conv(graph: GraphBuilder, stream: DlibStream, x: str, shape: _Conv) -> str:
    """Read a convolution and its affine layer, and add them as one convolution."""
    return _add(graph, x, *_folded(stream, shape), shape)


def _folded(stream: DlibStream, shape: _Conv) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Read a convolution and its affine layer as one convolution's filters and bias."""
    inside, out, kernel = shape.inside, shape.out, shape.kernel
    filters, bias = _split(stream.tensor(out * inside * kernel**2 + out), out)
    gain, offset = _split(stream.tensor(2 * out), out)
    folded = filters.reshape(out, inside, kernel, kernel) * gain.reshape(-1, 1, 1, 1)
    return folded, gain * bias + offset


def _add(
    graph: GraphBuilder,
    x: str,
    filters: NDArray[np.float32],
    bias: NDArray[np.float32],
    shape: _Conv,
) -> str:
    """Add a convolution."""
    return graph.node(
        "Conv",
        x,
        graph.constant(filters),
        graph.constant(bias),
        kernel_shape=[shape.kernel] * 2,
        strides=[shape.stride] * 2,
        pads=[shape.pad] * 4,
    )


def _split(
    parameters: NDArray[np.float32], out: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Tell the filters, or gains, from the offsets that stand behind them."""
    flat = parameters.ravel()
    return flat[:-out], flat[-out:]


def _plain_block(graph: GraphBuilder, stream: DlibStream, x: str, channels: int) -> str:
    """Add a residual block that keeps its size."""
    y = graph.node("Relu", _conv(graph, stream, x, _Conv(channels, channels)))
    y = _conv(graph, stream, y, _Conv(channels, channels))
    return graph.node("Relu", graph.node("Add", y, x))


def _halving_block(
    graph: GraphBuilder, stream: DlibStream, x: str, first: _Conv, size: int
) -> tuple[str, int]:
    """Add a residual block that halves its size; return its output and the new side."""
    y = graph.node("Relu", _conv(graph, stream, x, first))
    y = _conv(graph, stream, y, _Conv(first.out, first.out))
    x = graph.node("AveragePool", x, kernel_shape=[2, 2], strides=[2, 2])
    convolved, pooled = (size - first.kernel) // first.stride + 1, size // 2
    side = max(convolved, pooled)
    x = _grow(graph, x, channels=first.out - first.inside, side=side - pooled)
    y = _grow(graph, y, channels=0, side=side - convolved)
    return graph.node("Relu", graph.node("Add", y, x)), side


def _grow(graph: GraphBuilder, x: str, *, channels: int, side: int) -> str:
    """Pad with zeros at the end of the channels, the rows and the columns."""
    if channels == 0 and side == 0:
        return x
    ends = np.array([0, 0, 0, 0, 0, channels, side, side], np.int64)
    return graph.node("Pad", x, graph.constant(ends))
