"""dlib's max-margin face detector as an ONNX graph.

Notes
-----
Three 5 x 5 convolutions with stride 2 and no padding, three that keep the size, each followed by
a normalization and a ReLU; then one 9 x 9 convolution that gives the margin of each window. The
file still has the normalizations of the training: with gain g, offset b, running mean m and
variance v, each folds into the convolution before it as ``g / sqrt(v + 1e-4)`` and
``b - g m / sqrt(v + 1e-4)``.

Two rewritings change nothing but the time, which they cut by a quarter: 45 channels are filled
up to 48 with zeros, because ONNX Runtime is fastest on multiples of 16; and the last convolution
is a transposed one with its kernel turned around, because that computes one output channel
without filling up to 16.

References
----------
King, "Max-Margin Object Detection", 2015.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from lookalike.models.convert.dlib_stream import DlibStream
from lookalike.models.convert.graph import GraphBuilder

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

_SCALE: Final = 1 / 256

#: Output channels and stride of each convolution before the last.
_LAYERS: Final = ((16, 2), (32, 2), (32, 2), (45, 1), (45, 1), (45, 1))
_KERNEL: Final = 5
_LAST_KERNEL: Final = 9

#: What dlib adds to a variance before it divides by its root.
_EPSILON: Final = 1e-4

_FAST: Final = 16


def build(files: dict[str, Path]) -> dict[str, bytes]:
    """Rebuild the network from dlib's file.

    Parameters
    ----------
    files : dict of str to Path
        ``"mmod"``: ``mmod_human_face_detector.dat``.

    Returns
    -------
    dict of str to bytes
        ``"mmod"``: a serialized ONNX model, float32 (n, 3, rows, columns) RGB 0-255 less dlib's
        mean, to margins of windows, (n, 1, rows / 8, columns / 8).

    Raises
    ------
    WeightsUnreadable
        If the file does not hold this network.
    """
    stream = DlibStream(files["mmod"].read_bytes())
    graph = GraphBuilder("dlib-mmod", (3, "rows", "columns"))
    x, inside, filled = "input", 3, 3
    for number, (out, stride) in enumerate(_LAYERS):
        filters, bias = _folded(stream, inside, out)
        if number == 0:
            filters = filters * _SCALE
        kernel = np.zeros((-(-out // _FAST) * _FAST, filled, _KERNEL, _KERNEL), np.float32)
        kernel[:out, :inside] = filters
        offset = np.zeros(len(kernel), np.float32)
        offset[:out] = bias
        x = graph.node(
            "Conv",
            x,
            graph.constant(kernel),
            graph.constant(offset),
            kernel_shape=[_KERNEL] * 2,
            strides=[stride] * 2,
            pads=[_KERNEL // 2 if stride == 1 else 0] * 4,
        )
        x, inside, filled = graph.node("Relu", x), out, len(kernel)
    graph.output(_last(graph, stream, x, inside, filled), (1, "rows_8", "columns_8"))
    return {"mmod": graph.serialize()}


def _folded(
    stream: DlibStream, inside: int, out: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Read a convolution and the normalization behind it as one convolution."""
    weights = stream.tensor(out * inside * _KERNEL**2 + out).ravel().astype(np.float64)
    gain, offset = stream.tensor(2 * out).reshape(2, out).astype(np.float64)
    # Of the last batch of the training first, then of all of it.
    _, _, mean, variance = (stream.tensor(out).ravel().astype(np.float64) for _ in range(4))
    gain = gain / np.sqrt(variance + _EPSILON)
    filters = weights[:-out].reshape(out, inside, _KERNEL, _KERNEL)
    return filters * gain.reshape(-1, 1, 1, 1), gain * (weights[-out:] - mean) + offset


def _last(graph: GraphBuilder, stream: DlibStream, x: str, inside: int, filled: int) -> str:
    """Add the convolution that gives the margins."""
    weights = stream.tensor(inside * _LAST_KERNEL**2 + 1).ravel()
    kernel = np.zeros((filled, 1, _LAST_KERNEL, _LAST_KERNEL), np.float32)
    shape = (inside, 1, _LAST_KERNEL, _LAST_KERNEL)
    kernel[:inside] = weights[:-1].reshape(shape)[..., ::-1, ::-1]
    return graph.node(
        "ConvTranspose",
        x,
        graph.constant(kernel),
        graph.constant(weights[-1:]),
        kernel_shape=[_LAST_KERNEL] * 2,
        pads=[_LAST_KERNEL // 2] * 4,
    )
