"""OpenFace's nn4.small2, as an ONNX graph made from the tree of modules in its Torch7 file.

Notes
-----
The file holds the network itself, module by module, so nothing about its layers stands here: a
container's modules are added one after the other or side by side, and each module by what it
does. Branches of different size are joined as ``nn.DepthConcat`` does, each in the middle of a
frame of zeros. Batch normalization that follows a convolution folds into it.

The network ends by normalizing its vector to length 1; that is part of it, so its raw rows
have that length.

References
----------
Amos, Ludwiczuk, Satyanarayanan, "OpenFace: A general-purpose face recognition library with
mobile applications", CMU-CS-16-118, 2016.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from lookalike.errors import WeightsUnreadable
from lookalike.models.convert.graph import GraphBuilder
from lookalike.models.convert.torch7 import TorchObject, read_torch7

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

_SIZE: Final = 96
_DIMENSION: Final = 128
#: The network has a few hundred. Some dozens that each hold the next one twice would be billions.
_MOST_MODULES: Final = 2000
#: What comes of a module that is damaged, or holds itself.
_DAMAGE: Final = (
    LookupError,
    TypeError,
    ValueError,
    AttributeError,
    ArithmeticError,
    RecursionError,
)

#: A tensor's name in the graph, and the shape of one row.
_Flow = tuple[str, tuple[int, ...]]


def build(files: dict[str, Path]) -> dict[str, bytes]:
    """Rebuild the network from OpenFace's file.

    Parameters
    ----------
    files : dict of str to Path
        ``"network"``: ``nn4.small2.v1.t7``.

    Returns
    -------
    dict of str to bytes
        ``"network"``: a serialized ONNX model, float32 (n, 3, 96, 96) RGB 0-1, to (n, 128).

    Raises
    ------
    WeightsUnreadable
        If the file does not hold a network of modules that are known here, with 128 outputs.
    """
    root = read_torch7(files["network"].read_bytes())
    modules = _Modules()
    try:
        name, shape = modules.add(("input", (3, _SIZE, _SIZE)), root)
    except _DAMAGE as error:
        raise WeightsUnreadable(f"a module of the network is damaged: {error!r}") from error
    if shape != (_DIMENSION,):
        raise WeightsUnreadable(f"the network ends in shape {shape}, expected ({_DIMENSION},)")
    modules.graph.output(name, shape)
    return {"network": modules.graph.serialize()}


class _Modules:
    """Adds modules to a graph, and knows the shape that flows out of each."""

    def __init__(self) -> None:
        self.graph = GraphBuilder("openface-nn4-small2", (3, _SIZE, _SIZE))
        self._left = _MOST_MODULES
        self._makers: dict[str, Callable[[_Flow, dict[str, Any]], _Flow]] = {
            "Sequential": self._sequential,
            "Inception": self._sequential,
            "Decorator": self._sequential,
            "SpatialLPPooling": self._sequential,
            "Concat": self._side_by_side,
            "DepthConcat": self._side_by_side,
            "SpatialConvolution": self._convolution,
            "SpatialConvolutionMM": self._convolution,
            "SpatialBatchNormalization": self._normalization,
            "ReLU": lambda flow, _: self._same("Relu", flow),
            "Sqrt": lambda flow, _: self._same("Sqrt", flow),
            "Square": lambda flow, _: (self.graph.node("Mul", flow[0], flow[0]), flow[1]),
            "Identity": lambda flow, _: flow,
            "Dropout": lambda flow, _: flow,
            "MulConstant": self._times,
            "Power": self._power,
            "SpatialMaxPooling": lambda flow, fields: self._pool("MaxPool", flow, fields),
            "SpatialAveragePooling": lambda flow, fields: self._pool("AveragePool", flow, fields),
            "SpatialCrossMapLRN": self._local_response,
            "Reshape": self._reshape,
            "View": self._reshape,
            "Linear": self._linear,
            "Normalize": self._unit,
        }

    def add(self, flow: _Flow, module: Any) -> _Flow:
        """Add a module and all that is in it."""
        self._left -= 1
        if self._left < 0:
            raise ValueError(f"there are more than {_MOST_MODULES} modules")
        kind = module.kind if isinstance(module, TorchObject) else type(module).__name__
        package, _, name = kind.partition(".")
        if package not in ("nn", "cudnn") or name not in self._makers:
            raise WeightsUnreadable(
                f"the network holds {kind}, which is not known here",
                "the file holds another network than nn4.small2",
            )
        return self._makers[name](flow, module.fields)

    def _same(self, operator: str, flow: _Flow, **attributes: Any) -> _Flow:
        return self.graph.node(operator, flow[0], **attributes), flow[1]

    def _number(self, value: float) -> str:
        return self.graph.constant(np.float32(value))

    def _sequential(self, flow: _Flow, fields: dict[str, Any]) -> _Flow:
        for module in _in_order(fields["modules"]):
            flow = self.add(flow, module)
        return flow

    def _side_by_side(self, flow: _Flow, fields: dict[str, Any]) -> _Flow:
        # Lua counts from 1, and Torch7 counts the batch axis: 2 is the axis of channels.
        if fields.get("dimension", 2) != 2:
            raise ValueError("branches are joined along another axis than the channels")
        flows = [self.add(flow, module) for module in _in_order(fields["modules"])]
        rows, columns = (max(shape[axis] for _, shape in flows) for axis in (1, 2))
        parts = [self._framed(one, rows, columns) for one in flows]
        channels = sum(shape[0] for _, shape in flows)
        return self.graph.node("Concat", *parts, axis=1), (channels, rows, columns)

    def _framed(self, flow: _Flow, rows: int, columns: int) -> str:
        name, (_, high, wide) = flow
        above, left = (rows - high) // 2, (columns - wide) // 2
        if (high, wide) == (rows, columns):
            return name
        frame = [0, 0, above, left, 0, 0, rows - high - above, columns - wide - left]
        return self.graph.node("Pad", name, self.graph.constant(np.array(frame, np.int64)))

    def _convolution(self, flow: _Flow, fields: dict[str, Any]) -> _Flow:
        name, (inside, rows, columns) = flow
        kernel, stride, pad = _window(fields)
        out = int(fields["nOutputPlane"])
        filters = _floats(fields["weight"]).reshape(out, inside, *kernel)
        inputs = [name, self.graph.constant(filters)]
        if isinstance(fields.get("bias"), np.ndarray):
            inputs.append(self.graph.constant(_floats(fields["bias"]).reshape(out)))
        y = self.graph.node(
            "Conv", *inputs, kernel_shape=[*kernel], strides=[*stride], pads=[*pad, *pad]
        )
        sides = _sides((rows, columns), kernel, stride, pad)
        return y, (out, *sides)

    def _normalization(self, flow: _Flow, fields: dict[str, Any]) -> _Flow:
        channels = flow[1][0]
        mean = _floats(fields["running_mean"]).astype(np.float64)
        epsilon = float(fields["eps"])
        if "running_var" in fields:
            factor = 1 / np.sqrt(_floats(fields["running_var"]).astype(np.float64) + epsilon)
        else:
            # Early Torch7 kept 1 / sqrt(variance + epsilon) under this name.
            factor = _floats(fields["running_std"]).astype(np.float64)
        offset = -mean * factor
        if isinstance(fields.get("weight"), np.ndarray):
            gain = _floats(fields["weight"])
            factor, offset = factor * gain, offset * gain + _floats(fields["bias"])
        each = [self.graph.constant(_floats(a).reshape(channels, 1, 1)) for a in (factor, offset)]
        return self.graph.node("Add", self.graph.node("Mul", flow[0], each[0]), each[1]), flow[1]

    def _times(self, flow: _Flow, fields: dict[str, Any]) -> _Flow:
        factor = self._number(fields["constant_scalar"])
        return self.graph.node("Mul", flow[0], factor), flow[1]

    def _power(self, flow: _Flow, fields: dict[str, Any]) -> _Flow:
        return self.graph.node("Pow", flow[0], self._number(fields["pow"])), flow[1]

    def _pool(self, operator: str, flow: _Flow, fields: dict[str, Any]) -> _Flow:
        name, (channels, *size) = flow
        kernel, stride, pad = _window(fields)
        ceil = bool(fields.get("ceil_mode"))
        extra = {"count_include_pad": int(fields.get("count_include_pad", True))}
        y = self.graph.node(
            operator,
            name,
            kernel_shape=[*kernel],
            strides=[*stride],
            pads=[*pad, *pad],
            ceil_mode=int(ceil),
            **(extra if operator == "AveragePool" else {}),
        )
        return y, (channels, *_sides((size[0], size[1]), kernel, stride, pad, ceil=ceil))

    def _local_response(self, flow: _Flow, fields: dict[str, Any]) -> _Flow:
        return self._same(
            "LRN",
            flow,
            size=int(fields["size"]),
            alpha=float(fields["alpha"]),
            beta=float(fields["beta"]),
            bias=float(fields["k"]),
        )

    def _reshape(self, flow: _Flow, fields: dict[str, Any]) -> _Flow:
        shape = tuple(int(n) for n in fields["size"])
        wanted = self.graph.constant(np.array([-1, *shape], np.int64))
        if math.prod(shape) != math.prod(flow[1]):
            raise ValueError(f"{flow[1]} is to be reshaped into {shape}")
        return self.graph.node("Reshape", flow[0], wanted), shape

    def _linear(self, flow: _Flow, fields: dict[str, Any]) -> _Flow:
        weights, bias = _floats(fields["weight"]), _floats(fields["bias"])
        y = self.graph.node(
            "Gemm", flow[0], self.graph.constant(weights), self.graph.constant(bias), transB=1
        )
        return y, (len(weights),)

    def _unit(self, flow: _Flow, fields: dict[str, Any]) -> _Flow:
        return self._same("LpNormalization", flow, axis=1, p=int(fields["p"]))


_Pair = tuple[int, int]


def _in_order(modules: dict[float, Any]) -> list[Any]:
    """Return the values of a Lua list, whose keys count from 1."""
    return [modules[at + 1] for at in range(len(modules))]


def _floats(array: NDArray[Any]) -> NDArray[np.float32]:
    return np.ascontiguousarray(array, np.float32)


def _window(fields: dict[str, Any]) -> tuple[_Pair, _Pair, _Pair]:
    """Return kernel, stride and padding, each as (rows, columns)."""
    kernel, stride, pad = (
        (int(fields.get(f"{name}H", 0)), int(fields.get(f"{name}W", 0)))
        for name in ("k", "d", "pad")
    )
    return kernel, stride, pad


def _sides(size: _Pair, kernel: _Pair, stride: _Pair, pad: _Pair, *, ceil: bool = False) -> _Pair:
    """Return rows and columns after a window has passed over them."""
    rows, columns = (
        -(-span // step) if ceil else span // step
        for span, step in (
            (size[axis] + 2 * pad[axis] - kernel[axis], stride[axis]) for axis in (0, 1)
        )
    )
    return rows + 1, columns + 1
