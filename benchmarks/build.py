"""From a folder of photos to a gallery: photos a second before and after stages, and memory.

*Before* is the loop that the pipeline had until it went through stages, kept here as
`Sequential`, on networks whose threads spin while they wait. Every measurement is a process of
its own, they take turns, and each says how many cores others used meanwhile.

Run: ``python benchmarks/build.py --data DATA`` with ``DATA/lfw`` and ``DATA/pins``. ``--part``
measures one part anew and keeps the others of ``results/build.json``.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
import onnxruntime
import record

from lookalike.alignment import EYES, align, cutout, template
from lookalike.encoding.gate import scores
from lookalike.encoding.together import encode_together
from lookalike.errors import ImageError
from lookalike.gallery.build import build
from lookalike.gallery.gallery import Gallery
from lookalike.gallery.pictures import PORTRAIT_PX
from lookalike.gallery.records import Header
from lookalike.gallery.starter import starter_path
from lookalike.gallery.store import GalleryFile
from lookalike.images import buffered, encode_jpeg, read
from lookalike.models.options import ModelOptions
from lookalike.pipeline import Analyst, Finder
from lookalike.sources.folder import FolderSource
from lookalike.types import Analysis

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lookalike.protocols import Analyzer, Readable

PARTS = ("stages", "speed", "memory", "find")
ROUNDS = 3
BEFORE_BATCH = 16


class Spinning(onnxruntime.SessionOptions):
    """What networks were opened with before: their threads spin."""

    def add_session_config_entry(self, key: str, value: str) -> None:
        """Leave out what stops them."""
        if key != "session.intra_op.allow_spinning":
            super().add_session_config_entry(key, value)


class Sequential:
    """The four steps as one loop: what stages are measured against."""

    def __init__(self, analyst: Analyst) -> None:
        self.analyst = analyst
        self.space, self.views = analyst.space, analyst.views
        self.face_px = template(analyst.template).size_px

    def analyze(self, photos: Iterable[Readable]) -> Iterator[Analysis | ImageError]:
        """Look at a few photos one by one, then encode their faces together."""
        stream = iter(photos)
        while batch := list(islice(stream, BEFORE_BATCH)):
            seen = [self.see(photo) for photo in batch]
            crops = [one[2] for one in seen if not isinstance(one, ImageError)]
            rows = iter(encode_together(self.analyst.encoder, crops))
            for one in seen:
                yield one if isinstance(one, ImageError) else Analysis(*one, next(rows))

    def see(self, photo: Readable) -> Any:
        """Read, detect, align."""
        try:
            source = buffered(photo)
            if isinstance(source, ImageError):
                return source
            image = read(source, longest_px=1600)
            (faces,) = self.analyst.detector.detect([image])
            if image.reduction > 1 and (faces.sizes_px < self.face_px).any():
                faces = faces.scaled(image.reduction)
                image = read(source)
        except ImageError as error:
            return error
        return image, faces, align(image, faces, self.analyst.template)


#: What is measured: whether networks spin, their threads, and whether there are stages.
WAYS: dict[str, tuple[bool, int | None, bool]] = {
    "before": (True, None, False),
    "one thread": (False, 1, False),
    "no spinning": (False, None, False),
    "stages": (False, None, True),
}


def opened(way: str) -> Analyzer:
    """Open the networks for one way."""
    spinning, threads, staged = WAYS[way]
    if spinning:
        onnxruntime.SessionOptions = Spinning
    analyst = Analyst.open(ModelOptions(threads=threads))
    return analyst if staged else Sequential(analyst)


def photos_of(folder: Path) -> list[Path]:
    """Return the photos of a folder of folders."""
    return sorted(folder.glob("*/*.jpg"))


def build_once(way: str, folder: Path) -> dict[str, Any]:
    """Build a gallery; the networks are warm, and their opening is not counted."""
    analyzer = opened(way)
    list(analyzer.analyze(photos_of(folder)[:4]))
    with tempfile.TemporaryDirectory() as work:
        header = Header(analyzer.space, "dlib-150", analyzer.views)
        file = GalleryFile.create(Path(work, "some.gallery"), header)
        wall, processor, all_busy = time.perf_counter(), time.process_time(), busy()
        summary = build(file, FolderSource(folder), analyzer)
        wall, processor = time.perf_counter() - wall, time.process_time() - processor
        others = busy() - all_busy - processor
        vectors = file.columns().vectors
        file.close()
    return {
        "photos_per_second": round(summary.offered / wall, 1),
        "cores_used": round(processor / wall, 2),
        "cores_used_by_others": round(max(others, 0) / wall, 2),
        "processor_ms": round(processor / summary.offered * 1000, 1),
        "faces": summary.added,
        "vectors": hashlib.sha256(vectors.tobytes()).hexdigest()[:16],
        "peak_rss_mb": peak_mb(),
    }


def busy() -> float:
    """Return the seconds that all cores have worked since the machine was started."""
    counts = Path("/proc/stat").read_text("ascii").split("\n", 1)[0].split()[1:]
    ticks = [int(count) for count in counts]
    # user, nice, system; then idle, waiting, interrupts
    return (sum(ticks[:3]) + sum(ticks[5:7])) / os.sysconf("SC_CLK_TCK")


def await_quiet(most_s: float = 45.0) -> None:
    """Wait until others leave the machine alone, or long enough."""
    end = time.perf_counter() + most_s
    while time.perf_counter() < end:
        before = busy()
        time.sleep(1)
        if busy() - before < 0.15:
            return


def peak_mb() -> int:
    """Return the most memory that this process has had; what its parent had does not count."""
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM"))


def find_once(way: str, folder: Path) -> dict[str, Any]:
    """Return the median milliseconds of finding the look-alikes of one photo after another."""
    finder = Finder(Gallery.open(starter_path()), opened(way))
    times = [
        record.times_ms(lambda photo=photo: finder.find(photo), 15)
        for photo in photos_of(folder)[:4]
    ]
    return {
        "median_ms": [record.median(one) for one in times],
        "least_ms": [min(one) for one in times],
    }


def stages_once(_way: str, folder: Path) -> dict[str, Any]:
    """Return the milliseconds of each step on one core, as means over photos."""
    analyst = Analyst.open(ModelOptions(threads=1))
    took: dict[str, float] = {}
    began = time.perf_counter()

    def note(step: str) -> None:
        nonlocal began
        now = time.perf_counter()
        took[step] = took.get(step, 0.0) + now - began
        began = time.perf_counter()

    photos = photos_of(folder)
    list(analyst.analyze(photos[:2]))
    for photo in photos:
        began = time.perf_counter()
        data = photo.read_bytes()
        note("read")
        hashlib.sha256(data).hexdigest()
        note("hash")
        image = read(data, longest_px=1600)
        note("decode")
        (faces,) = analyst.detector.detect([image])
        note("detect")
        crops = align(image, faces, analyst.template)
        note("align")
        (vectors,) = encode_together(analyst.encoder, [crops])
        note("encode")
        if len(faces):
            scores(Analysis(image, faces, crops, vectors))
            note("quality")
            cut, _ = cutout(image, next(iter(faces)), EYES * PORTRAIT_PX)
            note("portrait")
            encode_jpeg(cut.pixels)
            note("portrait JPEG")
    return {step: round(seconds / len(photos) * 1000, 2) for step, seconds in took.items()}


ONCE = {"build": build_once, "find": find_once, "stages": stages_once}


def measured(kind: str, way: str, folder: Path) -> dict[str, Any]:
    """Measure in a process of its own."""
    command = [sys.executable, __file__, "--once", kind, way, str(folder)]
    await_quiet()
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def spread(folder: Path, count: int) -> list[Path]:
    """Return that many photos, evenly over the alphabet."""
    photos = photos_of(folder)
    return photos[:: len(photos) // count][:count]


def small_set(data: Path, folder: Path, count: int = 400) -> Path:
    """Lay out 300 photos of LFW and 100 of PINS, again and again with a byte more each."""
    photos = [*spread(data / "lfw", 300), *spread(data / "pins", 100)]
    return copied(photos, folder, count)


def copied(photos: list[Path], folder: Path, count: int) -> Path:
    """Copy photos; those that come again differ by what follows the end of the JPEG."""
    for at in range(count):
        again, number = divmod(at, len(photos))
        person = folder / f"{photos[number].parent.name} {again}"
        person.mkdir(parents=True, exist_ok=True)
        (person / photos[number].name).write_bytes(photos[number].read_bytes() + b"." * again)
    return folder


def large_set(data: Path, folder: Path, count: int = 40) -> Path:
    """Enlarge photos to 4000 x 3000 pixels, and add the grain of a camera."""
    grain = np.random.default_rng(0).normal(0, 6, (3000, 4000, 3)).astype(np.int16)
    half = count // 2
    for at, photo in enumerate([*spread(data / "lfw", half), *spread(data / "pins", half)]):
        pixels = cv2.imread(str(photo))
        wide = round(pixels.shape[1] * 3000 / pixels.shape[0])
        pixels = cv2.resize(pixels, (min(wide, 4000), 3000), interpolation=cv2.INTER_CUBIC)
        left = (4000 - pixels.shape[1]) // 2
        right = 4000 - pixels.shape[1] - left
        framed = cv2.copyMakeBorder(pixels, 0, 0, left, right, cv2.BORDER_REFLECT_101)
        noisy = np.clip(framed.astype(np.int16) + np.roll(grain, 37 * at, axis=1), 0, 255)
        person = folder / photo.parent.name
        person.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(
            str(person / photo.name), noisy.astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, 90]
        )
    return folder


def turns(kind: str, ways: list[str], folder: Path, rounds: int) -> dict[str, Any]:
    """Let ways take turns, and return all that each one measured."""
    rows: dict[str, list[dict[str, Any]]] = {way: [] for way in ways}
    for _ in range(rounds):
        for way in ways:
            rows[way].append(measured(kind, way, folder))
    return rows


def part(name: str, data: Path, work: Path) -> dict[str, Any]:
    """Measure one part."""
    small, large = small_set(data, work / "small"), large_set(data, work / "large")
    sets = {"400 small photos": small, "40 photos of 12 megapixels": large}
    if name == "stages":
        return {of: measured("stages", "stages", folder) for of, folder in sets.items()}
    if name == "speed":
        return {of: turns("build", list(WAYS), folder, ROUNDS) for of, folder in sets.items()}
    if name == "find":
        ways = ["before", "stages"]
        return {of: turns("find", ways, folder, ROUNDS) for of, folder in sets.items()}
    lengths = {
        "small photos": [small_set(data, work / str(count), count) for count in (500, 3000)],
        "photos of 12 megapixels": [
            copied(photos_of(large), work / f"large {count}", count) for count in (40, 160)
        ],
    }
    return {
        of: {len(photos_of(folder)): measured("build", "stages", folder) for folder in folders}
        for of, folders in lengths.items()
    }


def main() -> None:
    """Measure and write ``results/build.json``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--part", choices=PARTS)
    parser.add_argument("--once", nargs=3, metavar=("KIND", "WAY", "FOLDER"))
    arguments = parser.parse_args()
    if arguments.once:
        kind, way, folder = arguments.once
        print(json.dumps(ONCE[kind](way, Path(folder))))
        return
    path = record.RESULTS / "build.json"
    kept = json.loads(path.read_text("utf-8")) if path.exists() and arguments.part else {}
    kept.pop("machine", None)
    for name in [arguments.part] if arguments.part else PARTS:
        with tempfile.TemporaryDirectory() as work:
            kept[name] = {
                "load": record.machine()["load"],
                **part(name, arguments.data, Path(work)),
            }
    record.write("build", {name: kept[name] for name in PARTS if name in kept})


if __name__ == "__main__":
    main()
