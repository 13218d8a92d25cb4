"""lookalike beside face_recognition and deepface: the same photos, the same weights, in turns.

All three encode faces with dlib's network; deepface is told to, and to find them by MTCNN, whose
weights are ours, too. The others are installed into environments of their own in ``--work``, which
is used again. Everything is warm when it is measured. Sets are cut into parts; with each part it is
our turn, then the other's, then ours again, so that what else the machine does is shared.

Run: ``python benchmarks/peers.py --data DATA --work FOLDER`` with ``DATA/lfw`` and ``DATA/pins``.
``--part`` measures one part anew and keeps the others of ``results/peers.json``.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import record
from build import copied, large_set, photos_of, small_set
from peers_install import PEERS, install

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from peers_install import Installed

WORKER = Path(__file__).with_name("peers_worker.py")
SMALL, MEDIUM, LARGE = "small photos", "photos of 2 megapixels", "photos of 12 megapixels"
PARTS = 4
#: Large photos that deepface is given: it takes up to a minute for one.
FEW = 4
QUERIES = {SMALL: 24, MEDIUM: 8, LARGE: 4}


class Worker:
    """A program in its process."""

    def __init__(self, name: str, python: str, environment: dict[str, str], home: Path) -> None:
        self.name = name
        # Only what a worker needs of this process's surroundings, and the folder of its weights.
        variables = {"PATH": "/usr/bin:/bin", "DEEPFACE_HOME": str(home), "HOME": str(home)}
        self.process = subprocess.Popen(
            [python, str(WORKER), name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=(home / f"{name}.log").open("w", encoding="utf-8"),
            text=True,
            env={**variables, **environment},
        )
        self._line()

    def _line(self) -> dict[str, Any]:
        for line in self.process.stdout or ():
            answer: dict[str, Any] = json.loads(line)
            return answer
        raise SystemExit(f"{self.name} has ended, see its log")

    def ask(self, do: str, **question: Any) -> dict[str, Any]:
        """Have something done."""
        if self.process.stdin:
            self.process.stdin.write(json.dumps({"do": do, **question}) + "\n")
            self.process.stdin.flush()
        return self._line()

    def build(self, folder: Path, *, count: bool) -> dict[str, Any]:
        """Have a gallery built."""
        return self.ask("build", folder=str(folder), count=count)


@contextmanager
def worker(name: str, python: str, environment: dict[str, str], home: Path) -> Iterator[Worker]:
    """Start a program, and end it."""
    started = Worker(name, python, environment, home)
    try:
        yield started
    finally:
        started.process.kill()
        started.process.wait()


def parts_of(photos: list[Path], folder: Path) -> list[Path]:
    """Lay the photos out in parts, in each of which is something of everything."""
    for part in range(PARTS):
        copied(photos[part::PARTS], folder / str(part), len(photos[part::PARTS]))
    return [folder / str(part) for part in range(PARTS)]


def lay_out(data: Path, work: Path) -> dict[str, list[Path]]:
    """Make the sets, once."""
    sets, done = work / "sets", work / "sets" / "done"
    if not done.exists():
        shutil.rmtree(sets, ignore_errors=True)
        small = photos_of(small_set(data, sets / "all small"))
        large = photos_of(large_set(data, sets / "all large"))
        parts_of(small, sets / "small")
        parts_of(large, sets / "large")
        parts_of(large[:: len(large) // FEW][:FEW], sets / "few")
        asked = [*data.glob("lfw/*/*.jpg")]
        known = {photo.name for photo in small}
        fresh = sorted(photo for photo in asked if photo.name not in known)
        copied(fresh[:: len(fresh) // QUERIES[SMALL]][: QUERIES[SMALL]], sets / "ask small", 24)
        large_set(data, sets / "ask large", 2 * QUERIES[MEDIUM])
        for photo in photos_of(sets / "ask large")[::2]:
            lesser = sets / "ask medium" / photo.parent.name
            lesser.mkdir(parents=True, exist_ok=True)
            pixels = cv2.resize(cv2.imread(str(photo)), (1632, 1224), interpolation=cv2.INTER_AREA)
            cv2.imwrite(str(lesser / photo.name), pixels, [cv2.IMWRITE_JPEG_QUALITY, 90])
        done.touch()
    return {name: [sets / name / str(part) for part in range(PARTS)] for name in SETS}


SETS = ("small", "large", "few")


def built(ours: Worker, other: Worker, parts: list[Path]) -> list[dict[str, Any]]:
    """Build a gallery of each part in turns: ours, theirs, ours again."""
    rows = []
    for part in parts:
        before = ours.build(part, count=True)
        theirs = other.build(part, count=True)
        rows.append({"ours": [before, ours.build(part, count=False)], "theirs": [theirs]})
        print(part, rows[-1], file=sys.stderr, flush=True)
    return rows


def summary(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what follows from builds in turns; ratios are taken within each turn."""

    def ratios(kind: str) -> list[float]:
        means = [
            {side: statistics.mean(one[kind] / one["photos"] for one in row[side]) for side in row}
            for row in rows
        ]
        return [round(mean["theirs"] / mean["ours"], 2) for mean in means]

    return {
        **{side: speed([row[side] for row in rows]) for side in ("ours", "theirs")},
        "times_faster": record.median(ratios("wall_s")),
        "times_faster_each": ratios("wall_s"),
        "times_less_processor": record.median(ratios("processor_s")),
    }


def speed(turns: list[list[dict[str, Any]]]) -> dict[str, Any]:
    """Return medians over parts, and what was found in all of them."""
    counted, timed = [turn[0] for turn in turns], [one for turn in turns for one in turn]
    return {
        "photos": sum(one["photos"] for one in counted),
        "photos_per_second": record.median([one["photos"] / one["wall_s"] for one in timed]),
        "processor_ms_a_photo": record.median(
            [one["processor_s"] / one["photos"] * 1000 for one in timed]
        ),
        "cores_used": record.median([one["processor_s"] / one["wall_s"] for one in timed]),
        "faces": sum(one["faces"] for one in counted),
        "photos_with_a_face": sum(one["photos_with_a_face"] for one in counted),
        "raw": [{kind: round(one[kind], 3) for kind in ("wall_s", "processor_s")} for one in timed],
    }


def asked(ours: Worker, other: Worker, photos: list[Path]) -> dict[str, Any]:
    """Ask about each photo in turns; return the milliseconds and what follows."""
    mine: list[float] = []
    theirs: list[float] = []
    named = {"ours": 0, "theirs": 0}
    for photo in photos:
        took = [ours.ask("query", photo=str(photo)) for _ in range(3)]
        answered = other.ask("query", photo=str(photo))
        took += [ours.ask("query", photo=str(photo)) for _ in range(3)]
        mine.append(record.median([one["ms"] for one in took]))
        theirs.append(round(answered["ms"], 1))
        named["ours"] += bool(took[0]["people"])
        named["theirs"] += bool(answered["people"])
    print(len(photos), record.median(mine), record.median(theirs), file=sys.stderr, flush=True)
    return {
        "photos": len(photos),
        "ours_ms": record.median(mine),
        "theirs_ms": record.median(theirs),
        "times_faster": record.median([b / a for a, b in zip(mine, theirs, strict=True)]),
        "answered": named,
        "raw_ms": {"ours": mine, "theirs": theirs},
    }


def stages(ours: Worker, photos: list[Path]) -> dict[str, float]:
    """Return the median milliseconds of each step of a query."""
    rows = [ours.ask("stages", photo=str(photo))["ms"] for photo in photos for _ in range(5)]
    return {step: record.median([row[step] for row in rows]) for step in rows[0]}


def beside(peer: Installed, data: Path, work: Path) -> dict[str, Any]:
    """Measure ourselves beside one of the others."""
    sets = lay_out(data, work)
    questions = {
        SMALL: photos_of(work / "sets" / "ask small"),
        MEDIUM: photos_of(work / "sets" / "ask medium"),
        LARGE: photos_of(work / "sets" / "ask large")[1::2],
    }
    few = peer.peer.name == "deepface"
    home = work / peer.peer.name
    with ExitStack() as started:
        ours = started.enter_context(worker("ours", sys.executable, {}, home))
        other = started.enter_context(
            worker(peer.peer.name, peer.python, peer.peer.environment, home)
        )
        gallery = work / "sets" / "all small"
        for program in (ours, other):  # This also warms up.
            program.ask("open", folder=str(gallery), count=False)
        queries = {
            name: asked(ours, other, photos[: QUERIES[name] // 2 if few else QUERIES[name]])
            for name, photos in questions.items()
        }
        steps = {name: stages(ours, photos) for name, photos in questions.items()}
        builds = {
            SMALL: summary(built(ours, other, sets["small"])),
            LARGE: summary(built(ours, other, sets["few" if few else "large"])),
        }
    return {
        "versions": peer.versions,
        "builds": builds,
        "all_440_photos": together(builds),
        "queries": queries,
        "query_stages_ms": steps,
        "load": record.machine()["load"],
    }


def together(builds: dict[str, Any]) -> dict[str, float]:
    """Return how many times less time all photos take: 400 small ones and 40 large ones."""

    def took(side: str, value: Callable[[dict[str, Any]], float]) -> float:
        return 400 * value(builds[SMALL][side]) + 40 * value(builds[LARGE][side])

    kinds: dict[str, Callable[[dict[str, Any]], float]] = {
        "times_faster": lambda run: statistics.median(
            one["wall_s"] / run["photos"] * PARTS for one in run["raw"]
        ),
        "times_less_processor": lambda run: run["processor_ms_a_photo"],
    }
    return {
        name: round(took("theirs", value) / took("ours", value), 1) for name, value in kinds.items()
    }


def main() -> None:
    """Measure and write ``results/peers.json``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--part", choices=[peer.name for peer in PEERS])
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    path = record.RESULTS / "peers.json"
    kept = json.loads(path.read_text("utf-8")) if path.exists() and options.part else {}
    kept.pop("machine", None)
    for peer in PEERS:
        if options.part in {None, peer.name}:
            there = install(peer, options.work)
            kept[peer.name] = (
                {"could_not_be_installed": there.problem}
                if there.problem
                else beside(there, options.data, options.work)
            )
    record.write("peers", {peer.name: kept[peer.name] for peer in PEERS if peer.name in kept})


if __name__ == "__main__":
    main()
