"""All detectors on the same photos, in the same run, taking turns: time, and faces found.

Everything runs on one thread, and both the time on the clock and the time of the processor are
kept: the second does not depend on what else the machine does.

Run: ``python benchmarks/detect.py --data DATA`` with ``DATA/lfw``, ``DATA/pins`` and
``DATA/weights``. With ``--with-mtcnn-package FOLDER`` the package mtcnn runs as well, in an
environment of its own in that folder, which is made there with TensorFlow if need be. ``--again
NAME`` measures one detector anew and replaces its rows in ``results/detect.json``, which then
says so.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import dlib
import numpy as np
import record

from lookalike.detection.mtcnn import MtcnnOptions
from lookalike.detection.nms import overlaps
from lookalike.detection.opening import open_detector
from lookalike.images import read
from lookalike.models import licence
from lookalike.models.card import card
from lookalike.models.runtime import Runtime
from lookalike.models.store import locate
from lookalike.types import Faces, Image

if TYPE_CHECKING:
    from collections.abc import Callable

    from lookalike.protocols import Detector

ROUNDS = 5
NAMES = ("mtcnn", "yunet", "scrfd-2.5g", "ssd-res10-uint8", "haar", "hog", "mmod")
JUDGES = ("mtcnn", "yunet", "scrfd-2.5g")
PLAIN_MTCNN = Path(__file__).parents[1] / "tests" / "detection"

PEER = """
import json, sys, time
import numpy as np
from mtcnn import MTCNN
detector = MTCNN(device="CPU:0")
photos = np.load(sys.argv[1])
rows = []
for name in photos.files:
    detector.detect_faces(photos[name])
    walls, processors = [], []
    for _ in range(int(sys.argv[2])):
        wall, processor = time.perf_counter(), time.process_time()
        faces = detector.detect_faces(photos[name])
        walls.append((time.perf_counter() - wall) * 1000)
        processors.append((time.process_time() - processor) * 1000)
    rows.append([walls, processors, len(faces)])
print(json.dumps(rows))
"""


def spread(folder: Path, pattern: str, count: int) -> list[Path]:
    """Return that many photos, evenly over the alphabet."""
    photos = sorted(folder.glob(pattern))
    return photos[:: len(photos) // count][:count]


def photos_of_640(data: Path) -> list[Image]:
    """Return four portraits enlarged to 640 x 640 and four groups of twelve at 640 x 480."""
    tiles = [read(photo).pixels for photo in spread(data / "lfw", "*/*_0001.jpg", 52)]
    portraits = [cv2.resize(tile, (640, 640), interpolation=cv2.INTER_CUBIC) for tile in tiles[:4]]
    groups = []
    for at in range(4, 52, 12):
        rows = [np.concatenate(tiles[at + row : at + row + 4], axis=1) for row in (0, 4, 8)]
        group = cv2.resize(np.concatenate(rows), (640, 480), interpolation=cv2.INTER_AREA)
        groups.append(group)
    return [Image(np.ascontiguousarray(one, np.uint8)) for one in [*portraits, *groups]]


def contenders(detectors: dict[str, Detector]) -> dict[str, Callable[[Image], int]]:
    """Return what is timed: each takes a picture and says how many faces it found."""
    sys.path.insert(0, str(PLAIN_MTCNN))
    import plain_mtcnn
    import plain_networks

    with tempfile.TemporaryDirectory() as folder:
        sessions = plain_networks.opened(folder, threads=1)
    hog = dlib.get_frontal_face_detector()
    mmod = dlib.cnn_face_detection_model_v1(str(locate(card("mmod").files[0])))

    def ours(detector: Detector, image: Image) -> int:
        return len(detector.detect([image])[0])

    def plain(image: Image) -> int:
        return len(plain_mtcnn.detect(sessions, image.pixels, MtcnnOptions()))

    runs: dict[str, Callable[[Image], int]] = {
        name: partial(ours, detector) for name, detector in detectors.items()
    }
    runs["plain mtcnn"] = plain
    runs["plain dlib hog, enlarged once"] = lambda image: len(hog(image.pixels, 1))
    runs["plain dlib mmod, not enlarged"] = lambda image: len(mmod(image.pixels, 0))
    return runs


def timed(photos: list[Image], runs: dict[str, Callable[[Image], int]]) -> dict[str, Any]:
    """Return milliseconds for each photo of 640 pixels, all detectors taking turns."""
    rows: dict[str, list[list[Any]]] = {name: [] for name in runs}
    for photo in photos:
        took: dict[str, tuple[list[float], list[float]]] = {name: ([], []) for name in runs}
        for turn in range(ROUNDS + 1):
            for name, run in runs.items():
                if turn > 1 and "mmod" in name:
                    continue  # one round of the slowest says enough
                wall, processor = time.perf_counter(), time.process_time()
                faces = run(photo)
                if turn:  # the first round is not counted
                    took[name][0].append((time.perf_counter() - wall) * 1000)
                    took[name][1].append((time.process_time() - processor) * 1000)
                if turn == 1:
                    rows[name].append([*took[name], faces])
    return {name: summary(row) for name, row in rows.items()}


def summary(rows: list[list[Any]]) -> dict[str, Any]:
    """Return the mean over portraits and over groups of the best round of each photo."""
    half = len(rows) // 2
    best = {
        kind: [round(min(row[column]), 2) for row in rows]
        for column, kind in enumerate(("wall_ms", "processor_ms"))
    }
    return {
        "portraits": {kind: round(sum(ms[:half]) / half, 1) for kind, ms in best.items()},
        "groups": {kind: round(sum(ms[half:]) / half, 1) for kind, ms in best.items()},
        "faces": [row[2] for row in rows],
        "raw": best,
    }


def peer_timed(photos: list[Image], folder: Path) -> dict[str, Any]:
    """Return the same for the package mtcnn, in its own environment."""
    python = folder / "bin" / "python"
    if not python.is_file():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        install = ["-m", "pip", "install", "-q", "mtcnn==1.0.0", "tensorflow-cpu"]
        subprocess.run([str(python), *install], check=True)
    one_thread = {f"TF_NUM_{which}_THREADS": "1" for which in ("INTRAOP", "INTEROP")}
    with tempfile.TemporaryDirectory() as work:
        pictures = Path(work, "photos.npz")
        np.savez(pictures, *[photo.pixels for photo in photos])
        done = subprocess.run(
            [str(python), "-c", PEER, str(pictures), str(ROUNDS)],
            check=True,
            capture_output=True,
            text=True,
            env={**os.environ, **one_thread},
        )
    return summary(json.loads(done.stdout.strip().splitlines()[-1]))


def agreed(seen: dict[str, Faces]) -> np.ndarray:
    """Return the boxes that at least two of the judges see, shape (n, 4)."""
    kept: list[np.ndarray] = []
    for name in JUDGES:
        for box in seen[name].boxes:
            others = [other for other in JUDGES if other != name]
            second = any(hits(box[None], seen[other].boxes).any() for other in others)
            known = hits(box[None], np.array(kept).reshape(-1, 4)).any()
            if second and not known:
                kept.append(box)
    return np.array(kept, np.float32).reshape(-1, 4)


def hits(boxes: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Say for each box whether one of the others is the same face."""
    together = np.concatenate([boxes, others]).astype(np.float32)
    return (overlaps(together)[: len(boxes), len(boxes) :] > 0.3).any(axis=1)


def counted(photos: list[Path], detectors: dict[str, Detector]) -> dict[str, Any]:
    """Return what each detector finds of the faces that two of three judges agree on."""
    result = {
        name: {"found": 0, "missed": 0, "others": 0, "processor_ms": 0.0} for name in detectors
    }
    empty = dict.fromkeys(detectors, 0)
    for photo in photos:
        image = read(photo)
        seen: dict[str, Faces] = {}
        for name, detector in detectors.items():
            began = time.process_time()
            (seen[name],) = detector.detect([image])
            result[name]["processor_ms"] += (time.process_time() - began) * 1000
        truth = agreed(seen)
        for name, faces in seen.items():
            there = hits(truth, faces.boxes)
            result[name]["found"] += int(there.sum())
            result[name]["missed"] += int(len(truth) - there.sum())
            result[name]["others"] += len(faces) - int(hits(faces.boxes, truth).sum())
            empty[name] += len(faces) == 0
    for name, row in result.items():
        row["photos_without_a_face"] = empty[name]
        row["processor_ms"] = round(row["processor_ms"] / len(photos), 1)
    return result


def again(
    name: str,
    detectors: dict[str, Detector],
    photos: list[Image],
    lfw: list[Path],
    pins: list[Path],
) -> None:
    """Measure one detector beside the judges and replace its rows."""
    path = record.RESULTS / "detect.json"
    result = json.loads(path.read_text("utf-8"))
    detector = detectors[name]
    runs = {name: lambda image: len(detector.detect([image])[0])}
    result["photos_of_640_px"][name] = timed(photos, runs)[name]
    for kind, chosen in (("lfw", lfw), ("pins", pins)):
        result[kind][name] = counted(chosen, detectors)[name]
    result.setdefault("measured_again", {})[name] = record.machine()
    path.write_text(json.dumps(result, indent=2, ensure_ascii=False) + "\n", "utf-8")
    print(json.dumps({kind: result[kind][name] for kind in ("lfw", "pins")}, indent=2))


def main() -> None:
    """Measure and write ``results/detect.json``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--lfw", type=int, default=500)
    parser.add_argument("--pins", type=int, default=200)
    parser.add_argument("--with-mtcnn-package", type=Path, metavar="FOLDER")
    parser.add_argument("--again", choices=NAMES)
    arguments = parser.parse_args()
    data = arguments.data
    cv2.setNumThreads(1)
    with tempfile.TemporaryDirectory() as config:
        os.environ["LOOKALIKE_WEIGHTS"] = str(data / "weights")
        os.environ["LOOKALIKE_CONFIG"] = config
        detectors = {}
        for name in [*JUDGES, arguments.again] if arguments.again else NAMES:
            licence.accept(card(name))
            detectors[name] = open_detector(name, Runtime(threads=1))
    photos = photos_of_640(data)
    lfw = spread(data / "lfw", "*/*_0001.jpg", arguments.lfw)
    pins = spread(data / "pins", "*/*.jpg", arguments.pins)
    if arguments.again:
        again(arguments.again, detectors, photos, lfw, pins)
        return
    speed = timed(photos, contenders(detectors))
    if arguments.with_mtcnn_package:
        speed["package mtcnn 1.0.0"] = peer_timed(photos, arguments.with_mtcnn_package)
    ratios = {
        kind: {
            clock: round(speed["mtcnn"][kind][clock] / speed["plain mtcnn"][kind][clock], 3)
            for clock in ("wall_ms", "processor_ms")
        }
        for kind in ("portraits", "groups")
    }
    record.write(
        "detect",
        {
            "mtcnn_of_plain_mtcnn": ratios,
            "photos_of_640_px": speed,
            "lfw": counted(lfw, detectors),
            "pins": counted(pins, detectors),
        },
    )


if __name__ == "__main__":
    main()
