"""The encoder in 8 bits beside itself in float32, on the same faces, taking turns.

Run: ``python benchmarks/int8.py --data DATA`` with ``DATA/lfw``.
"""

from __future__ import annotations

import argparse
import statistics
import time
from pathlib import Path

import numpy as np
import record
from encode import chips

from lookalike.models.options import ModelOptions
from lookalike.pipeline import Analyst
from lookalike.types import Crops

NAMES = ("dlib-resnet-v1", "dlib-resnet-v1-int8")
ROUNDS = 21
FACES = 64


def main() -> None:
    """Measure and write ``results/int8.json``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    crops = chips(parser.parse_args().data, FACES)
    encoders = {
        name: Analyst.open(ModelOptions(encoder=name, views=1, threads=1)).encoder for name in NAMES
    }
    vectors = [encoder.encode(crops).vectors for encoder in encoders.values()]
    apart = np.linalg.norm(vectors[0] - vectors[1], axis=1)
    result: dict[str, object] = {
        "faces": len(crops),
        "threads": 1,
        "distance_between_both": {
            "mean": round(float(apart.mean()), 4),
            "largest": round(float(apart.max()), 4),
        },
    }
    for batch in (1, 8):
        took: dict[str, list[float]] = {name: [] for name in NAMES}
        for turn in range(ROUNDS + 1):
            at = turn * batch % (len(crops) - batch)
            rows = slice(at, at + batch)
            part = Crops(crops.pixels[rows], crops.transforms[rows], crops.template)
            for name, encoder in encoders.items():
                began = time.process_time()
                encoder.encode(part)
                if turn:  # the first round is not counted
                    took[name].append((time.process_time() - began) * 1000 / batch)
        medians = [statistics.median(took[name]) for name in NAMES]
        result[f"batch_{batch}"] = {
            "float32_cpu_ms_a_face": round(medians[0], 3),
            "int8_cpu_ms_a_face": round(medians[1], 3),
            "ratio": round(medians[0] / medians[1], 2),
            "raw": {name: [round(ms, 3) for ms in took[name]] for name in NAMES},
        }
    record.write("int8", result)


if __name__ == "__main__":
    main()
