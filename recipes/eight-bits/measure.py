"""Measure between which values the activations of dlib's ResNet lie on real faces.

Run it beside a folder with photos of many people, a folder for each:
``python recipes/eight-bits/measure.py FOLDER``. It prints the ranges of
`lookalike.models.convert.dlib_resnet_int8`: the least and the greatest value over the largest
face of each person's first photo, as it is and mirrored.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper

from lookalike.encoding.views import views_of
from lookalike.errors import ImageError
from lookalike.models.card import card
from lookalike.models.convert.dlib_resnet import build_folded
from lookalike.models.convert.eight_bits import activations
from lookalike.models.session import OnnxSession
from lookalike.models.store import sources
from lookalike.pipeline import Analyst


def crops_of(folder: Path) -> list[np.ndarray]:
    """Return a crop of each person."""
    photos = [min(person.glob("*.jpg")) for person in sorted(folder.iterdir()) if person.is_dir()]
    return [
        analysis.crops.pixels[int(np.argmax(analysis.faces.sizes_px))]
        for analysis in Analyst.open().analyze(photos)
        if not isinstance(analysis, ImageError) and len(analysis)
    ]


def with_activations(network: bytes) -> tuple[tuple[str, ...], bytes]:
    """Return the names of activations, and a network that gives them instead of vectors."""
    names = activations(network)
    model = onnx.load_from_string(network)
    del model.graph.output[:]
    model.graph.output.extend(
        helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in names
    )
    return names, model.SerializeToString()


def main(folder: Path) -> None:
    """Print one line for each activation."""
    names, network = with_activations(build_folded(sources(card("dlib-resnet-v1")))["resnet"])
    with tempfile.NamedTemporaryFile(suffix=".onnx") as file:
        file.write(network)
        file.flush()
        session = OnnxSession(Path(file.name))
    crops = crops_of(folder)
    ends = np.array([np.full(len(names), np.inf), np.full(len(names), -np.inf)])
    for crop in crops:
        pixels = views_of(crop[None], 2).astype(np.float32).transpose(0, 3, 1, 2)
        found = session.run(np.ascontiguousarray(pixels))
        ends[0] = np.minimum(ends[0], [values.min() for values in found])
        ends[1] = np.maximum(ends[1], [values.max() for values in found])
    print(f"# {len(crops)} faces, and their mirror images.")
    for name, low, high in zip(names, *ends, strict=True):
        print(f'    "{name}": ({low:.4f}, {high:.4f}),')


if __name__ == "__main__":
    main(Path(sys.argv[1]))
