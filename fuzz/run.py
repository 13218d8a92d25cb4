"""Feed changed bytes to a reader of foreign files, led by what they reach, and keep what breaks it.

``make fuzz`` runs every target, ``fuzz/run.py TARGET --seconds N`` one. New inputs are collected in
``build/fuzz``, where the next run goes on; those that break the promise lie in ``found`` there.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from promise import HERE, TARGETS, Broken, check, kept, target

ROOT: Final = HERE.parent
WORK: Final = ROOT / "build" / "fuzz"
RESULTS: Final = ROOT / "benchmarks" / "results" / "fuzz.json"

#: An input may take so long, and the process may grow to so much, before it is a finding.
TIMEOUT_S: Final = 20
MOST_MIB: Final = 2048

_STATUS: Final = re.compile(r"#(\d+)\s+\S+\s+cov: (\d+) ft: (\d+) corp: (\d+)/(\S+)")
_END: Final = re.compile(r"^Done (\d+) runs in")
_HOMES: Final = ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "TMPDIR")
_PACKAGES: Final = ("atheris", "numpy", "pillow", "pillow-heif", "sqlalchemy")


@dataclass
class Run:
    """What a run did.

    Parameters
    ----------
    target : str
        Its name.
    seconds : float
        How long it ran, by its own clock.
    executions : int
        How many inputs were tried.
    edges, features : int
        Of instrumented code that some input reached, as libFuzzer counts them.
    corpus : int
        Inputs of which each reaches something that no other does.
    findings : list of str
        What broke the promise, one line for each kind.
    """

    target: str
    seconds: float = 0
    executions: int = 0
    edges: int = 0
    features: int = 0
    corpus: int = 0
    findings: list[str] = field(default_factory=list)


def inside(name: str, arguments: list[str]) -> None:
    """Be the process that tries inputs until it is told to stop, or dies of one."""
    import atheris

    module = target(name)
    # Whatever a target imports when it is used first, is imported and instrumented here.
    including = atheris.instrument_imports(include=list(module.INSTRUMENTED))
    with including, tempfile.TemporaryDirectory() as first:
        for path in kept(name).values():
            try:
                check(module.use, path.read_bytes(), Path(first))
            except Broken as fault:
                _keep(name, path.read_bytes(), fault)
    folder = Path(tempfile.mkdtemp())  # within one that is deleted with all that is in it

    def one(data: bytes) -> None:
        try:
            check(module.use, data, folder)
        except Broken as fault:
            _keep(name, data, fault)

    options: dict[str, Any] = {}
    if hasattr(module, "mutate"):
        options["custom_mutator"] = lambda data, longest, seed: module.mutate(
            data, longest, seed, atheris.Mutate
        )
    atheris.Setup([sys.argv[0], *arguments], one, **options)
    atheris.Fuzz()


def _memory() -> str | None:
    # Files in memory: a search writes one for each input.
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108


def _keep(name: str, data: bytes, fault: Broken) -> None:
    """Keep the smallest input of each kind of fault, and go on."""
    found = WORK / name / "found"
    stem = re.sub(r"[^\w.-]+", "-", fault.what)[:120]
    path = found / stem
    if not path.exists() or path.stat().st_size > len(data):
        found.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        path.with_name(f"{stem}.txt").write_text(f"{fault.what}\n{fault.details}\n", "utf-8")


def run(name: str, seconds: float) -> Run:
    """Search for so long, through deaths of the process that searches."""
    module, done = target(name), Run(name)
    corpus, found = WORK / name / "corpus", WORK / name / "found"
    shutil.rmtree(found, ignore_errors=True)
    corpus.mkdir(parents=True, exist_ok=True)
    found.mkdir(parents=True)
    folders = [corpus, *(HERE / kind / name for kind in ("seeds", "findings"))]
    words = HERE / "dictionaries" / f"{name}.dict"
    began = time.monotonic()
    while (left := seconds - (time.monotonic() - began)) >= 1:
        arguments = [
            f"-max_total_time={int(left)}",
            f"-max_len={module.LONGEST}",
            f"-timeout={TIMEOUT_S}",
            f"-rss_limit_mb={MOST_MIB}",
            f"-artifact_prefix={found}/",
            *([f"-dict={words}"] if words.exists() else []),
            *(str(folder) for folder in folders if folder.is_dir()),
        ]
        _search(name, arguments, done)
    done.seconds = round(time.monotonic() - began, 1)
    done.findings = sorted(path.name for path in found.iterdir() if path.suffix != ".txt")
    return done


def _search(name: str, arguments: list[str], done: Run) -> None:
    command = [sys.executable, str(HERE / "run.py"), name, "--inside", *arguments]
    # Nobody's own cards, weights and lists shall be part of it.
    with tempfile.TemporaryDirectory(dir=_memory()) as home:
        own = dict.fromkeys(_HOMES, home)
        process = subprocess.Popen(
            command, stderr=subprocess.PIPE, text=True, errors="replace", env={**os.environ, **own}
        )
        executions = 0
        log = WORK / name / "log.txt"
        with log.open("a", encoding="utf-8") as notes:
            for line in process.stderr or ():
                notes.write(line)
                if status := _STATUS.search(line):
                    executions = int(status[1])
                    done.edges = max(done.edges, int(status[2]))
                    done.features = max(done.features, int(status[3]))
                    done.corpus = int(status[4])
                elif ended := _END.search(line):
                    executions = int(ended[1])
        if process.wait() and not executions:
            sys.exit(f"the search of {name} did not begin, see {log.relative_to(ROOT)}")
        done.executions += executions


def plant() -> None:
    """Write the seeds of every target anew."""
    for name in TARGETS:
        folder = HERE / "seeds" / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for title, data in target(name).seeds().items():
            (folder / title).write_bytes(data)


def record(runs: list[Run]) -> None:
    """Put runs in the place of earlier ones of the same targets."""
    there = json.loads(RESULTS.read_text("utf-8")) if RESULTS.exists() else {"runs": []}
    rows = {row["target"]: row for row in there["runs"]} | {one.target: asdict(one) for one in runs}
    facts = {
        "timeout_s": TIMEOUT_S,
        "most_mib": MOST_MIB,
        "python": sys.version.split()[0],
        "versions": {name: version(name) for name in _PACKAGES},
        "runs": [rows[name] for name in sorted(rows)],
    }
    RESULTS.write_text(json.dumps(facts, indent=1) + "\n", "utf-8")


def main() -> None:
    """Run one target, or all."""
    if "--inside" in sys.argv[2:3]:
        inside(sys.argv[1], sys.argv[3:])
        return
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", choices=[*TARGETS, "all", "plant"], help="plant writes the seeds")
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--record", action="store_true", help=f"in {RESULTS.relative_to(ROOT)}")
    asked = parser.parse_args()
    if asked.target != "plant" and find_spec("atheris") is None:
        sys.exit("atheris is not installed: pip install -c constraints.txt atheris (Linux, x86-64)")
    if asked.target == "plant":
        plant()
        return
    runs = []
    for name in TARGETS if asked.target == "all" else [asked.target]:
        runs.append(run(name, asked.seconds))
        print(json.dumps(asdict(runs[-1])), flush=True)
        if asked.record:
            record(runs[-1:])
    sys.exit(any(one.findings for one in runs))


if __name__ == "__main__":
    main()
