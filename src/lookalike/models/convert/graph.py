"""A few lines over ONNX that let a converter read like the network it builds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import onnx
from onnx import TensorProto, helper, numpy_helper

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_OPSET: Final = 17
_IR_VERSION: Final = 9


class GraphBuilder:
    """An ONNX graph under construction, with one input called ``"input"``.

    Parameters
    ----------
    name : str
        The graph's name.
    shape : tuple of int or str
        Shape of one input without the batch axis; a string is a free axis.
    """

    def __init__(self, name: str, shape: tuple[int | str, ...]) -> None:
        self._name = name
        self._input = helper.make_tensor_value_info("input", TensorProto.FLOAT, ["n", *shape])
        self._nodes: list[onnx.NodeProto] = []
        self._constants: list[onnx.TensorProto] = []
        self._outputs: list[onnx.ValueInfoProto] = []

    def constant(self, array: NDArray[Any] | np.generic) -> str:
        """Add an array and return its name.

        Parameters
        ----------
        array : ndarray or numpy scalar
            Any dtype that ONNX knows.

        Returns
        -------
        str
            What nodes call it.
        """
        name = f"c{len(self._constants)}"
        self._constants.append(numpy_helper.from_array(array, name))  # type: ignore[arg-type]
        return name

    def node(self, operator: str, *inputs: str, **attributes: Any) -> str:
        """Add an operator with one output and return the output's name.

        Parameters
        ----------
        operator : str
            Its ONNX name.
        *inputs : str
            Names of earlier outputs or constants.
        **attributes : int, float, str or list
            The operator's attributes.

        Returns
        -------
        str
            The output's name.
        """
        name = f"x{len(self._nodes)}"
        self._nodes.append(helper.make_node(operator, inputs, [name], **attributes))
        return name

    def output(self, name: str, shape: tuple[int | str, ...]) -> None:
        """Make an output of a node an output of the graph.

        Parameters
        ----------
        name : str
            The node's output.
        shape : tuple of int or str
            Shape of one row.
        """
        self._outputs.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", *shape]))

    def serialize(self) -> bytes:
        """Check the graph and return it as bytes.

        Returns
        -------
        bytes
            An ONNX model.
        """
        graph = helper.make_graph(
            self._nodes, self._name, [self._input], self._outputs, self._constants
        )
        model = helper.make_model(
            graph,
            producer_name="lookalike",
            opset_imports=[helper.make_opsetid("", _OPSET)],
            ir_version=_IR_VERSION,
        )
        onnx.checker.check_model(model)
        serialized: bytes = model.SerializeToString()
        return serialized
