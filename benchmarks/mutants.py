"""Which changes of the code does no test notice? What mutmut finds, one file after another.

What is changed and which tests are asked stands in ``pyproject.toml``. A run goes on where the last
one stopped, and tries again what has survived and functions that have changed since.

Run: ``make mutants``; ``--keep`` only writes down what the last run found. ``mutmut show NAME`` and
``mutmut browse`` say more of one of them.
"""

from __future__ import annotations

import argparse
import os
from collections import Counter
from fnmatch import fnmatch
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
import record
from mutmut.__main__ import cli
from mutmut.mutation.data import SourceFileMutationData
from mutmut.mutation.diff_apply import get_diff_for_mutant
from mutmut.stats import status_by_exit_code
from mutmut.utils.file_utils import walk_mutatable_files
from mutmut.utils.format_utils import orig_function_and_class_names_from_key

ROOT = Path(__file__).parents[1]
#: What mutmut calls it, and what it is here. Whoever uses too much processor time is stopped, and
#: what no test runs no test notices.
SAID = {
    "killed": "killed",
    "timeout": "timeout",
    "segfault": "timeout",
    "survived": "survived",
    "no tests": "survived",
}
NOTICED = ("killed", "timeout")


def run(processes: int, names: list[str]) -> None:
    """Try every mutant that has not been noticed yet, or only some."""
    if not hasattr(pytest.Item, "_nodeid"):
        # pytest 9.2 has it no more, and mutmut 3.8 asks for it.
        pytest.Item._nodeid = property(lambda item: item.nodeid)  # type: ignore[attr-defined]  # noqa: SLF001
    # The copy that is tried lies elsewhere, and threads cost more than they bring.
    os.environ.setdefault("LOOKALIKE_SHARED_DATA", str(ROOT.parent / "shared" / "data"))
    os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")
    for path in walk_mutatable_files():
        data = SourceFileMutationData(path=path)
        data.load()
        for mutant, code in data.exit_code_by_key.items():
            # A new test may notice it.
            chosen = not names or any(fnmatch(mutant, name) for name in names)
            data.exit_code_by_key[mutant] = None if chosen and _said(code) not in NOTICED else code
        if data.exit_code_by_key:
            data.save()
    cli(["run", "--max-children", str(processes), *names], standalone_mode=False)


def found() -> tuple[list[dict[str, Any]], list[dict[str, str]]]:
    """Return the figures of each file, and every mutant that no test has noticed."""
    files, survivors = [], []
    for path in sorted(walk_mutatable_files()):
        data = SourceFileMutationData(path=path)
        data.load()
        name = path.relative_to("src/lookalike").as_posix()
        counts = Counter(_said(code) for code in data.exit_code_by_key.values())
        survivors += [
            {"file": name, **_change(mutant, path)}
            for mutant, code in data.exit_code_by_key.items()
            if _said(code) == "survived"
        ]
        noticed = sum(counts[kind] for kind in NOTICED)
        tried = noticed + counts["survived"]
        files.append(
            {
                "file": name,
                "mutants": counts.total(),
                **{kind: counts[kind] for kind in ("killed", "timeout", "survived", "not tried")},
                "score": round(noticed / tried, 4) if tried else None,
            }
        )
    return files, survivors


def _said(code: int | None) -> str:
    return SAID.get(status_by_exit_code[code], "not tried")


def _change(mutant: str, path: Path) -> dict[str, str]:
    """Say where a mutant is, what stood there, and what it made of it."""
    function, owner = orig_function_and_class_names_from_key(mutant)
    lines = get_diff_for_mutant(mutant, path=path).splitlines()
    was, now = (
        " ".join(
            line[1:].strip()
            for line in lines
            if line[:1] == sign and line[:3] not in ("---", "+++")
        )
        for sign in "-+"
    )
    return {"where": f"{owner}.{function}" if owner else function, "was": was, "now": now}


def main() -> None:
    """Run, and keep what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="only mutants of these names; * stands for any")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--keep", action="store_true", help="run nothing; keep what there is")
    options = parser.parse_args()
    os.chdir(ROOT)
    if not options.keep:
        run(options.processes, options.names)
    files, survivors = found()
    with_ = {name: version(name) for name in ("mutmut", "pytest", "hypothesis")}
    record.write("mutants", {"with": with_, "files": files, "survivors": survivors})


if __name__ == "__main__":
    main()
