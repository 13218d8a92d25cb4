"""Which networks to open, and what runs them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ModelOptions:
    """Which networks look at photos, and what runs them.

    Parameters
    ----------
    detector, encoder : str
        Names of model cards; for a detector also of an architecture.
    views : int
        Views averaged in each vector: 1 as is, 2 with the mirror image, up to 32 with
        moved crops.
    provider : str
        What runs the networks: cpu, cuda, tensorrt, coreml or directml.
    threads : int or None
        Threads of each run for one photo; of many, so many are looked at at a time, on one thread
        each. All cores by default.
    """

    detector: str = "mtcnn"
    encoder: str = "dlib-resnet-v1"
    views: int = 2
    provider: str = "cpu"
    threads: int | None = None
