"""From a trained network to ONNX, in one file."""

from __future__ import annotations

import contextlib
import io
import logging
import warnings
from typing import TYPE_CHECKING, Final

import numpy as np
import onnx
import torch
from onnx import helper, numpy_helper

from lookalike.errors import RunUnusable
from lookalike.models.session import OnnxSession
from lookalike.models.store import ready

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from lookalike.models.card import Card
    from lookalike.training.backbones.head import Head

#: How far the vectors of the two may be apart, in parts of their length.
PARITY: Final = 1e-4


def write_graph(network: torch.nn.Module, side_px: int, path: Path) -> None:
    """Write a network that looks at crops.

    Parameters
    ----------
    network : Module
        float32 (n, 3, S, S) to (n, d).
    side_px : int
        S.
    path : Path
        Where.
    """
    network.eval()
    example = torch.zeros(2, 3, side_px, side_px)
    # The exporter chats, and warns of its own parts; what it writes is checked afterwards.
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()), _quiet("torch.onnx"):
        warnings.simplefilter("ignore")
        torch.onnx.export(
            network,
            (example,),
            str(path),
            input_names=["crops"],
            output_names=["vectors"],
            dynamic_shapes=({0: torch.export.Dim("n")},),
            dynamo=True,
            external_data=False,
            verbose=False,
        )


def write_head(head: Head, encoder: Card, path: Path) -> None:
    """Write an encoder with a linear map behind it.

    Parameters
    ----------
    head : Head
        The map.
    encoder : Card
        The model whose vectors it maps.
    path : Path
        Where.

    Raises
    ------
    ModelError
        If the encoder's network is not here.
    RunUnusable
        If the network gives more than one array.
    """
    (graph,) = ready(encoder).values()
    model = onnx.load(str(graph))
    if len(model.graph.output) != 1:
        raise RunUnusable(f"{encoder.name} gives {len(model.graph.output)} arrays, expected one")
    vectors = model.graph.output[0].name
    weight = head.linear.weight.detach().numpy()
    bias = head.linear.bias.detach().numpy()
    model.graph.initializer.extend(
        [
            numpy_helper.from_array(np.ascontiguousarray(weight.T), "head.weight"),
            numpy_helper.from_array(bias, "head.bias"),
        ]
    )
    model.graph.node.append(
        helper.make_node("Gemm", [vectors, "head.weight", "head.bias"], ["head.vectors"])
    )
    model.graph.ClearField("output")
    shape: list[str | int | None] = ["n", len(bias)]
    model.graph.output.append(
        helper.make_tensor_value_info("head.vectors", onnx.TensorProto.FLOAT, shape)
    )
    onnx.checker.check_model(model)
    path.write_bytes(model.SerializeToString())


def check_parity(network: torch.nn.Module, path: Path, rows: torch.Tensor) -> float:
    """Compare what torch and ONNX Runtime make of the same rows.

    Parameters
    ----------
    network : Module
        What was written.
    path : Path
        What was made of it.
    rows : Tensor of shape (n, ...), float32
        What both are given.

    Returns
    -------
    float
        The largest difference, in parts of the mean length of a vector.

    Raises
    ------
    RunUnusable
        If it is above `PARITY`.
    """
    network.eval()
    with torch.no_grad():
        wanted = network(rows).numpy()
    given = OnnxSession(path).run(rows.numpy())[0]
    apart = np.abs(wanted - given).max() / max(np.linalg.norm(wanted, axis=1).mean(), 1e-12)
    if not apart <= PARITY:
        raise RunUnusable(f"ONNX Runtime differs from torch by {apart:.2g}, at most {PARITY:g}")
    return float(apart)


@contextlib.contextmanager
def _quiet(name: str) -> Iterator[None]:
    logger = logging.getLogger(name)
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(level)
