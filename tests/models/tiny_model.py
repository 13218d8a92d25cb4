"""A network and a card of a few bytes, made on the spot."""

from __future__ import annotations

import dataclasses
import hashlib

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from lookalike.models.card import Card, InputSpec, Licence, WeightsFile


def tiny_network(size: int = 150, dimension: int = 4, seed: int = 0) -> bytes:
    """Return an encoder: the mean of each color, times a matrix."""
    matrix = np.random.default_rng(seed).normal(size=(3, dimension)).astype(np.float32)
    graph = helper.make_graph(
        [
            helper.make_node("GlobalAveragePool", ["input"], ["pooled"]),
            helper.make_node("Flatten", ["pooled"], ["flat"]),
            helper.make_node("MatMul", ["flat", "matrix"], ["vector"]),
        ],
        "tiny",
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, ["n", 3, size, size])],
        [helper.make_tensor_value_info("vector", TensorProto.FLOAT, ["n", dimension])],
        [numpy_helper.from_array(matrix, "matrix")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.checker.check_model(model)
    return model.SerializeToString()


def tiny_card(data: bytes, *urls: str, **changes: object) -> Card:
    """Return a card with one file; `changes` may be fields of the card, its file or licence."""
    file = WeightsFile("net", "tiny.onnx", len(data), hashlib.sha256(data).hexdigest(), urls=urls)
    licence = Licence("MIT", "CC0-1.0", "yes")
    for field in list(changes):
        if field in WeightsFile.__slots__ and field != "name":
            file = dataclasses.replace(file, **{field: changes.pop(field)})
        elif field in Licence.__slots__:
            licence = dataclasses.replace(licence, **{field: changes.pop(field)})
    card = Card(
        name="tiny",
        task="encode",
        summary="a tiny one",
        architecture="onnx",
        converter="",
        dimension=4,
        files=(file,),
        input=InputSpec(150, "rgb", (127.5, 127.5, 127.5), 0.0078125, "dlib-150"),
        licence=licence,
        origin="made on the spot",
        training_data="none",
        paper="none",
    )
    return dataclasses.replace(card, **changes)
