"""Writing a benchmark's result: raw numbers, the machine, the versions."""

from __future__ import annotations

import json
import os
import platform
import statistics
import time
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

RESULTS = Path(__file__).parent / "results"
PACKAGES = ("av", "numpy", "onnxruntime", "opencv-python-headless", "pillow", "dlib-bin", "mtcnn")


def machine() -> dict[str, Any]:
    """Return what the numbers were measured on."""
    versions = {}
    for package in PACKAGES:
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            continue
    return {
        "cores": len(os.sched_getaffinity(0)),
        "processor": platform.processor() or platform.machine(),
        "python": platform.python_version(),
        "versions": versions,
        "load": os.getloadavg()[0],
        "date": datetime.now(UTC).date().isoformat(),
    }


def times_ms(run: Callable[[], Any], repeats: int) -> list[float]:
    """Return how long each of several runs took, after one that is not counted."""
    run()
    took = []
    for _ in range(repeats):
        began = time.perf_counter()
        run()
        took.append((time.perf_counter() - began) * 1000)
    return took


def median(numbers: list[float]) -> float:
    """Return the median, to three digits after the point."""
    return round(statistics.median(numbers), 3)


def write(name: str, result: dict[str, Any]) -> None:
    """Print a result and keep it."""
    RESULTS.mkdir(exist_ok=True)
    kept = {"machine": machine(), **result}
    text = json.dumps(kept, indent=2, ensure_ascii=False, allow_nan=False)
    (RESULTS / f"{name}.json").write_text(text + "\n", "utf-8")
    print(text)
