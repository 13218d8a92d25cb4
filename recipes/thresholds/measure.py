"""Measure an encoder's thresholds: at which distance do how many strangers pass as one person?

Run: ``python recipes/thresholds/measure.py DATA --encoder dlib-resnet-v1`` with ``DATA/lfw``. It
prints the ``[calibration]`` of the encoder's card. The strangers are the first photo of every
person of LFW against the first photo of every other person, 16 million pairs.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from lookalike.errors import ImageError
from lookalike.gallery.choice import choose_face
from lookalike.models.options import ModelOptions
from lookalike.pipeline import Analyst
from lookalike.registry import load

RATES = (1e-2, 1e-3, 1e-4, 1e-5)
METRICS = ("euclidean", "sqeuclidean", "cosine")


def strangers(data: Path, analyst: Analyst) -> np.ndarray:
    """Return one vector of each person of LFW."""
    photos = [min(folder.glob("*.jpg")) for folder in sorted((data / "lfw").iterdir())]
    rows = []
    for analysis in analyst.analyze(photos):
        if isinstance(analysis, ImageError) or len(analysis) == 0:
            continue
        row = choose_face(analysis.image, analysis.faces, "centered")
        rows.append(analysis.embeddings.vectors[row])
    return np.array(rows, np.float32)


def main() -> None:
    """Print the rows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--encoder", default="dlib-resnet-v1")
    arguments = parser.parse_args()
    lines = []
    pairs = 0
    for views in (1, 2):
        analyst = Analyst.open(ModelOptions(encoder=arguments.encoder, views=views))
        vectors = strangers(arguments.data, analyst)
        pairs = len(vectors) * (len(vectors) - 1) // 2
        upper = np.triu_indices(len(vectors), k=1)
        for name in METRICS:
            metric = load("metric", name)()
            rows = metric.project(vectors).astype(np.float64)
            squares = (rows**2).sum(axis=1)
            squared = squares[:, None] + squares - 2 * rows @ rows.T
            distances = metric.distances(squared[upper])
            for rate in RATES:
                threshold = np.partition(distances, int(rate * pairs))[int(rate * pairs)]
                lines.append(
                    f'    {{ metric = "{name}", views = {views}, fmr = {rate:g}, '
                    f"distance = {threshold:.4f} }},"
                )
    print(f'[calibration]\nmeasured_on = "LFW, first photos, {pairs:,} pairs of strangers"')
    print("thresholds = [", *lines, "]", sep="\n")


if __name__ == "__main__":
    main()
