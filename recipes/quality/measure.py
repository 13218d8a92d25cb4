"""Measure by how much worse photos of a person lie further from the same person's other photos.

The curves of `lookalike.encoding.quality` were read off what this prints. Run it beside a folder
of LFW: ``python recipes/quality/measure.py FOLDER``.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from lookalike.alignment import align
from lookalike.encoding.quality import quality
from lookalike.pipeline import Analyst
from lookalike.types import Crops, Faces, Image

#: A photo and its landmarks, and what makes worse ones of them.
Seen = tuple[NDArray[np.uint8], NDArray[np.float32]]
Way = Callable[[NDArray[np.uint8], NDArray[np.float32]], Seen]

PEOPLE, PHOTOS = 40, 4
PARTS = ("score", "size", "sharpness", "frontality", "exposure", "inside")


def same(pixels: NDArray[np.uint8], landmarks: NDArray[np.float32]) -> Seen:
    """Leave the photo as it is."""
    return pixels, landmarks


def smaller(part: float) -> Way:
    """Shrink the photo."""

    def make(pixels: NDArray[np.uint8], landmarks: NDArray[np.float32]) -> Seen:
        small = cv2.resize(pixels, None, fx=part, fy=part, interpolation=cv2.INTER_AREA)
        return small, (landmarks + 0.5) * part - 0.5

    return make


def blurred(sigma: float) -> Way:
    """Blur the photo."""
    return lambda pixels, landmarks: (cv2.GaussianBlur(pixels, (0, 0), sigma), landmarks)


def lit(gain: float, middle: float = 0.0) -> Way:
    """Multiply the light, about black or about gray."""

    def make(pixels: NDArray[np.uint8], landmarks: NDArray[np.float32]) -> Seen:
        changed = middle + (pixels.astype(np.float32) - middle) * gain
        return np.clip(changed, 0, 255).astype(np.uint8), landmarks

    return make


def cut(offset: float) -> Way:
    """Cut the photo off left of the face, or through it."""

    def make(pixels: NDArray[np.uint8], landmarks: NDArray[np.float32]) -> Seen:
        column = max(int(landmarks[:, 0].mean() + offset), 0)
        return pixels[:, column:], landmarks - np.array([column, 0], np.float32)

    return make


WAYS = {
    "as it is": same,
    **{f"smaller {part}": smaller(part) for part in (0.6, 0.4, 0.32, 0.26, 0.2, 0.13, 0.1)},
    **{f"blurred {sigma}": blurred(sigma) for sigma in (0.5, 1, 2, 3, 4, 5)},
    **{f"darker {gain}": lit(gain) for gain in (0.5, 0.3, 0.2, 0.1, 0.05)},
    **{f"brighter {gain}": lit(gain) for gain in (1.3, 1.6, 2, 2.5, 3, 4)},
    **{f"flatter {gain}": lit(gain, 128) for gain in (0.5, 0.3, 0.2, 0.1, 0.05)},
    **{f"cut {offset}": cut(offset) for offset in (-48, -36, -24, -12, 0)},
}


def main(folder: Path) -> None:
    """Print one line for each way to spoil a photo."""
    analyst = Analyst.open()
    people = [path for path in sorted(folder.iterdir()) if len(list(path.glob("*.jpg"))) >= PHOTOS]
    photos = [
        (person.name, photo)
        for person in people[:: max(len(people) // PEOPLE, 1)][:PEOPLE]
        for photo in sorted(person.glob("*.jpg"))[:PHOTOS]
    ]
    names, seen, vectors = [], [], []
    for (name, _), analysis in zip(
        photos, analyst.analyze([path for _, path in photos]), strict=True
    ):
        if len(analysis):
            largest = int(np.argmax(analysis.faces.sizes_px))
            names.append(name)
            seen.append((analysis.image.pixels, analysis.faces.landmarks[largest]))
            vectors.append(analysis.embeddings.vectors[largest])
    others = np.array(names)[:, None] == np.array(names)
    np.fill_diagonal(others, val=False)
    base = None
    for way, make in WAYS.items():
        crops, found = [], []
        for pixels, landmarks in seen:
            spoiled, moved = make(pixels, landmarks)
            image = Image(np.ascontiguousarray(spoiled))
            box, score = np.zeros((1, 4), np.float32), np.ones(1, np.float32)
            faces = Faces(box, moved[None].astype(np.float32), score)
            crops.append(align(image, faces, analyst.template))
            found.append(quality(image, faces, crops[-1]))
        gaps = np.linalg.norm(
            analyst.encoder.encode(Crops.concatenate(crops)).vectors[:, None] - np.array(vectors),
            axis=2,
        )
        distance = np.mean([np.median(row[mask]) for row, mask in zip(gaps, others, strict=True)])
        base = distance if base is None else base
        parts = "  ".join(
            f"{part} {np.mean([getattr(one, part)[0] for one in found]):.2f}" for part in PARTS
        )
        print(f"{way:14} loss {distance - base:+.3f}  {parts}", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
