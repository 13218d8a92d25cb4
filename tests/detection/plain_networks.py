"""MTCNN's networks written down as they were trained: each layer one operator, nothing folded.

The real converter writes the same functions in a form that ONNX Runtime runs faster.
"""

from __future__ import annotations

from pathlib import Path

import joblib
import numpy as np

from lookalike.models.card import card
from lookalike.models.convert.graph import GraphBuilder
from lookalike.models.session import OnnxSession
from lookalike.models.store import locate

SIDES = {"pnet": ("rows", "columns"), "rnet": (24, 24), "onet": (48, 48)}


class Layers:
    """Adds layers to a graph, taking each one's arrays from the list in turn."""

    def __init__(self, name, arrays):
        self.graph = GraphBuilder(name, (3, *SIDES[name]))
        self.arrays = iter(arrays)

    def add(self, operator, x, *arrays, **attributes):
        return self.graph.node(operator, x, *map(self.graph.constant, arrays), **attributes)

    def start(self):
        return self.add("Mul", self.add("Sub", "input", np.float32(127.5)), np.float32(1 / 128))

    def conv(self, x):
        kernel, bias = next(self.arrays), next(self.arrays)
        filters = np.ascontiguousarray(kernel.transpose(3, 2, 0, 1))
        return self.add("Conv", x, filters, bias, kernel_shape=list(kernel.shape[:2]))

    def dense(self, x):
        return self.add("Gemm", x, next(self.arrays), next(self.arrays))

    def prelu(self, x, shape=(-1, 1, 1)):
        return self.add("PRelu", x, next(self.arrays).reshape(shape))

    def pool(self, x, size, padding="SAME_UPPER"):
        return self.add("MaxPool", x, kernel_shape=[size, size], strides=[2, 2], auto_pad=padding)

    def flatten(self, x):
        return self.add("Flatten", self.add("Transpose", x, perm=[0, 3, 2, 1]))

    def face(self, x):
        both = self.add("Softmax", x, axis=1)
        return self.add("Gather", both, np.array([1], np.int64), axis=1)


def pnet(layers):
    x = layers.pool(layers.prelu(layers.conv(layers.start())), 2)
    for _ in range(2):
        x = layers.prelu(layers.conv(x))
    boxes = layers.conv(x)
    layers.graph.output(layers.face(layers.conv(x)), (1, "i", "j"))
    layers.graph.output(boxes, (4, "i", "j"))


def rnet(layers):
    x = layers.pool(layers.prelu(layers.conv(layers.start())), 3)
    x = layers.pool(layers.prelu(layers.conv(x)), 3, "VALID")
    x = layers.flatten(layers.prelu(layers.conv(x)))
    x = layers.prelu(layers.dense(x), (-1,))
    boxes = layers.dense(x)
    layers.graph.output(layers.face(layers.dense(x)), (1,))
    layers.graph.output(boxes, (4,))


def onet(layers):
    x = layers.pool(layers.prelu(layers.conv(layers.start())), 3)
    x = layers.pool(layers.prelu(layers.conv(x)), 3, "VALID")
    x = layers.pool(layers.prelu(layers.conv(x)), 2)
    x = layers.flatten(layers.prelu(layers.conv(x)))
    x = layers.prelu(layers.dense(x), (-1,))
    boxes, landmarks = layers.dense(x), layers.dense(x)
    layers.graph.output(layers.face(layers.dense(x)), (1,))
    layers.graph.output(boxes, (4,))
    layers.graph.output(landmarks, (10,))


def opened(folder, threads=None):
    """Write the three networks to a folder and open them."""
    sessions = {}
    for file in card("mtcnn").files:
        layers = Layers(file.name, joblib.load(locate(file)))
        {"pnet": pnet, "rnet": rnet, "onet": onet}[file.name](layers)
        path = Path(folder, f"{file.name}.onnx")
        path.write_bytes(layers.graph.serialize())
        sessions[file.name] = OnnxSession(path, threads=threads)
    return sessions
