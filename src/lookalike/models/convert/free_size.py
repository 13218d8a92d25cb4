"""Networks that are published for one size of picture and work at any.

YuNet's official file states 640 × 640, although nothing in it depends on the size. ONNX Runtime
takes the statement at its word; without it, a small picture costs what a small picture should.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import onnx
from google.protobuf.message import DecodeError

from lookalike.errors import WeightsUnreadable

if TYPE_CHECKING:
    from pathlib import Path


def build(files: dict[str, Path]) -> dict[str, bytes]:
    """Take the stated sizes out of networks.

    Parameters
    ----------
    files : dict of str to Path
        ONNX files whose first input is (n, channels, rows, columns).

    Returns
    -------
    dict of str to bytes
        Serialized ONNX models with free rows and columns.

    Raises
    ------
    WeightsUnreadable
        If a file does not hold such a network.
    """
    return {name: _freed(path) for name, path in files.items()}


def _freed(path: Path) -> bytes:
    try:
        model = onnx.load(path)
    except (DecodeError, OSError) as error:
        raise WeightsUnreadable(f"{path.name} does not hold an ONNX network: {error}") from error
    sides = [tensor.type.tensor_type.shape.dim for tensor in model.graph.input[:1]]
    if not sides or len(sides[0]) != 4:
        raise WeightsUnreadable(f"the input of {path.name} is not (n, channels, rows, columns)")
    sides[0][2].dim_param, sides[0][3].dim_param = "rows", "columns"
    # What was derived from the stated size is wrong now; the runtime derives it again.
    del model.graph.value_info[:]
    for output in model.graph.output:
        for axis, side in enumerate(output.type.tensor_type.shape.dim):
            side.dim_param = f"{output.name}_{axis}"
    serialized: bytes = model.SerializeToString()
    return serialized
