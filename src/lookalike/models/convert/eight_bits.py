"""A float32 network as one that calculates with 8-bit integers.

Notes
-----
An activation x within [low, high] becomes an unsigned byte ``q = round(x / s) + z``, with
``s = (high - low) / 255``. The filters of a convolution become signed integers, each output
channel by a scale of its own; their products with bytes are summed up in 32 bits, where the bias
is added as well.

Filters keep to [-63, 63], seven bits of the eight. Processors with AVX2 but without VNNI add two
products in 16 bits before they go on, and 2 · 255 · 63 is still less than 2^15, where twice
255 · 127 would be cut off. So every processor arrives at the same integers.

Activations are mostly positive. Errors of a filter's numbers that do not cancel out would shift
its channel in every face alike, so some are rounded the other way, those nearest to the middle
between two integers, until the errors of the filter add up to no more than half a step.

The graph says only where numbers are rounded, in ONNX's own words (``QuantizeLinear``,
``DequantizeLinear``); ONNX Runtime turns what stands between them into integer arithmetic.

References
----------
Jacob et al., "Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only
Inference", CVPR 2018.
Guo et al., "SQuant: On-the-Fly Data-Free Quantization via Diagonal Hessian Approximation", ICLR
2022.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import onnx
from onnx import helper, numpy_helper

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

_MOST_OF_A_FILTER: Final = 63
_MOST_OF_AN_ACTIVATION: Final = 255

#: What gives no number that it has not been given: the result keeps the scale.
_KEEPS_SCALE: Final = frozenset({"MaxPool", "Pad"})


def in_eight_bits(network: bytes, ranges: Mapping[str, tuple[float, float]]) -> bytes:
    """Round the filters of all convolutions, and the activations whose ranges are known.

    Parameters
    ----------
    network : bytes
        A serialized ONNX model in float32.
    ranges : mapping of str to (float, float)
        The least and the greatest value of activations, by the names they have in the network:
        at least of everything that enters a convolution. What lies outside is cut off; 0 is
        always within.

    Returns
    -------
    bytes
        A serialized ONNX model with the same input and outputs.
    """
    model = onnx.load_from_string(network)
    rounding = _Rounding(model.graph, ranges)
    rounding.rewrite()
    onnx.checker.check_model(model)
    serialized: bytes = model.SerializeToString()
    return serialized


def activations(network: bytes) -> tuple[str, ...]:
    """Return the activations whose ranges have to be measured for all to be in 8 bits.

    Parameters
    ----------
    network : bytes
        A serialized ONNX model in float32.

    Returns
    -------
    tuple of str
        What comes out of rectifiers, averages, and convolutions without a rectifier behind them.
    """
    nodes = onnx.load_from_string(network).graph.node
    rectified = {node.input[0] for node in nodes if node.op_type == "Relu"}
    return tuple(
        node.output[0]
        for node in nodes
        if node.op_type in {"Relu", "AveragePool"}
        or (node.op_type == "Conv" and node.output[0] not in rectified)
    )


class _Rounding:
    """A graph on its way to 8 bits."""

    def __init__(self, graph: onnx.GraphProto, ranges: Mapping[str, tuple[float, float]]) -> None:
        self._graph = graph
        self._constants = {one.name: numpy_helper.to_array(one) for one in graph.initializer}
        self._scales = {name: _scale(*ends) for name, ends in ranges.items()}
        self._nodes: list[onnx.NodeProto] = []
        #: What nodes read instead of an activation.
        self._rounded: dict[str, str] = {}

    def rewrite(self) -> None:
        """Put the nodes that round between those that calculate."""
        self._round(self._graph.input[0].name)
        for node in self._graph.node:
            given = node.input[0]
            for at, name in enumerate(node.input):
                node.input[at] = self._rounded.get(name, name)
            if node.op_type == "Conv":
                self._round_filters(node, self._scales[given][0])
            if node.op_type in _KEEPS_SCALE and given in self._scales:
                self._scales[node.output[0]] = self._scales[given]
            self._nodes.append(node)
            self._round(node.output[0])
        used = {name for node in self._nodes for name in node.input}
        del self._graph.node[:], self._graph.initializer[:]
        self._graph.node.extend(self._nodes)
        self._graph.initializer.extend(
            numpy_helper.from_array(np.asarray(array), name)
            for name, array in self._constants.items()
            if name in used
        )

    def _round(self, name: str) -> None:
        """Have an activation rounded, if its range is known."""
        if name not in self._scales:
            return
        scale, zero = self._scales[name]
        numbers = [self._constant(f"{name}.scale", scale), self._constant(f"{name}.zero", zero)]
        byte, self._rounded[name] = f"{name}.byte", f"{name}.rounded"
        self._nodes.append(helper.make_node("QuantizeLinear", [name, *numbers], [byte]))
        self._nodes.append(
            helper.make_node("DequantizeLinear", [byte, *numbers], [self._rounded[name]])
        )

    def _round_filters(self, node: onnx.NodeProto, scale: np.float32) -> None:
        """Write a convolution's filters and bias as integers."""
        filters, bias = (self._constants[name] for name in node.input[1:])
        largest = np.abs(filters).max(axis=(1, 2, 3))
        scales = np.where(largest > 0, largest / _MOST_OF_A_FILTER, 1).astype(np.float32)
        whole = _whole(filters / scales.reshape(-1, 1, 1, 1))
        both = scales * scale
        offsets = np.rint(bias.astype(np.float64) / both).astype(np.int32)
        node.input[1] = self._integers(node.input[1], whole, scales)
        node.input[2] = self._integers(node.input[2], offsets, both)

    def _integers(self, name: str, whole: NDArray[Any], scales: NDArray[np.float32]) -> str:
        """Add integers with a scale for each output channel; return what stands for them."""
        parts = {
            f"{name}.whole": whole,
            f"{name}.scale": scales,
            f"{name}.zero": np.zeros(len(scales), whole.dtype),
        }
        for part, array in parts.items():
            self._constant(part, array)
        result = f"{name}.rounded"
        self._nodes.append(helper.make_node("DequantizeLinear", list(parts), [result], axis=0))
        return result

    def _constant(self, name: str, array: Any) -> str:
        self._constants[name] = array
        return name


def _whole(filters: NDArray[Any]) -> NDArray[np.int8]:
    """Round each filter to integers whose sum is the nearest to the filter's."""
    flat = filters.reshape(len(filters), -1).astype(np.float64)
    whole = np.rint(flat)
    errors = flat - whole
    surplus = np.rint(errors.sum(axis=1, keepdims=True))
    direction = np.sign(surplus)
    # The largest errors of the surplus' sign come first.
    order = np.argsort(-errors * direction, axis=1, kind="stable")
    places = np.argsort(order, axis=1, kind="stable")
    whole += direction * (places < np.abs(surplus))
    most = _MOST_OF_A_FILTER
    return np.clip(whole, -most, most).astype(np.int8).reshape(filters.shape)


def _scale(low: float, high: float) -> tuple[np.float32, np.uint8]:
    """Return the scale of a range, and the byte that stands for 0."""
    low, high = min(low, 0.0), max(high, 0.0)
    scale = np.float32((high - low) / _MOST_OF_AN_ACTIVATION)
    return scale, np.uint8(round(-low / float(scale)))
