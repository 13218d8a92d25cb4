"""Our encoder against dlib's, on the same chips, in the same run, taking turns.

Run: ``python benchmarks/encode.py --data DATA`` with ``DATA/lfw``.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import dlib
import numpy as np
import record

from lookalike.images import read
from lookalike.models.card import card
from lookalike.models.options import ModelOptions
from lookalike.models.store import locate
from lookalike.pipeline import Analyst
from lookalike.types import Crops

ROUNDS = 5


def chips(data: Path, count: int) -> Crops:
    """Return aligned faces of LFW."""
    photos = sorted((data / "lfw").glob("*/*.jpg"))[:: 9000 // count][:count]
    analyst = Analyst.open()
    found = list(analyst.analyze([read(photo) for photo in photos]))
    crops = Crops.concatenate([analysis.crops for analysis in found])
    return Crops(crops.pixels[:count], crops.transforms[:count], crops.template)


def main() -> None:
    """Measure and write ``results/encode.json``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    data = parser.parse_args().data
    crops = chips(data, 64)
    file = card("dlib-resnet-v1").files[0]
    peer = dlib.face_recognition_model_v1(str(locate(file)))
    ours = Analyst.open(ModelOptions(views=1)).encoder
    reference = np.array([peer.compute_face_descriptor(chip) for chip in crops.pixels])
    difference = float(np.abs(ours.encode(crops).vectors - reference).max())

    result: dict[str, object] = {"chips": len(crops), "largest_difference": difference}
    for batch in (1, 32):
        part = Crops(crops.pixels[:batch], crops.transforms[:batch], crops.template)
        pixels = [np.ascontiguousarray(chip) for chip in part.pixels]
        peer_ms: list[float] = []
        ours_ms: list[float] = []
        for _ in range(ROUNDS):
            peer_ms += record.times_ms(lambda p=pixels: peer.compute_face_descriptor(p), 1)
            ours_ms += record.times_ms(lambda c=part: ours.encode(c), 5)
        per_face = record.median(peer_ms) / batch, record.median(ours_ms) / batch
        result[f"batch_{batch}"] = {
            "dlib_ms_a_face": round(per_face[0], 3),
            "lookalike_ms_a_face": round(per_face[1], 3),
            "ratio": round(per_face[0] / per_face[1], 1),
            "dlib_ms": [round(ms, 2) for ms in peer_ms],
            "lookalike_ms": [round(ms, 2) for ms in ours_ms],
        }
    record.write("encode", result)


if __name__ == "__main__":
    main()
