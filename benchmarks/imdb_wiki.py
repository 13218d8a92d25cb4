"""Reading and filtering a table as long as that of IMDB, in a fresh process: time and memory.

Run: ``python benchmarks/imdb_wiki.py [--data ../shared/data]``. The file is made anew, with the
published file names where they are at hand; no photo is needed.
"""

from __future__ import annotations

import argparse
import csv
import json
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import record

# The peak is asked of the kernel: what `resource` says includes the process that started this one.

#: As many as the published table has.
ROWS = 460_723

OURS = """
import json, sys, time
began = time.perf_counter()
from lookalike.sources.imdb_wiki import ImdbWikiSource
from lookalike.sources.imdb_columns import read_columns
from pathlib import Path
imported = time.perf_counter()
rows = len(read_columns(Path(sys.argv[1])))
read = time.perf_counter()
source = ImdbWikiSource(sys.argv[1])
kept = sum(1 for _ in source)
done = time.perf_counter()
status = Path("/proc/self/status").read_text()
peak = int(status.split("VmHWM:")[1].split()[0]) / 1024
print(json.dumps({"import_s": imported - began, "read_s": read - imported,
    "read_and_filter_s": done - read, "peak_mb": peak, "rows": rows, "kept": kept,
    "dropped": dict(source.faults.counts)}))
"""

SCIPY = """
import json, sys, time
from pathlib import Path
from scipy.io import loadmat
began = time.perf_counter()
rows = loadmat(sys.argv[1])["imdb"][0, 0]["full_path"].size
done = time.perf_counter()
status = Path("/proc/self/status").read_text()
peak = int(status.split("VmHWM:")[1].split()[0]) / 1024
print(json.dumps({"read_s": done - began, "peak_mb": peak, "rows": rows}))
"""


def cells(values: list[Any]) -> np.ndarray:
    """Make a row of cells."""
    row = np.empty((1, len(values)), object)
    for at, value in enumerate(values):
        row[0, at] = value
    return row


def people(data: Path | None) -> list[tuple[str, str, int]]:
    """Return people's numbers, dates of birth and the years of photos."""
    listing = data / "imdb-wiki-file-names.csv" if data else None
    if listing is None or not listing.is_file():
        return [
            (f"nm{n:07}", f"19{n % 80 + 10}-{n % 12 + 1}-{n % 28 + 1}", 2000) for n in range(6000)
        ]
    with listing.open(encoding="utf-8") as stream:
        names = [
            row["label"].rsplit("/", 1)[1].removesuffix(".jpg") for row in csv.DictReader(stream)
        ]
    parts = [name.split("_") for name in names if name.startswith("nm")]
    return [(person, born, int(year)) for person, _, born, year in parts]


def write_table(path: Path, data: Path | None) -> None:
    """Write a table with the columns, types and shares of faces of the published one."""
    from scipy.io import savemat

    chance = np.random.default_rng(0)
    known = people(data)
    drawn = [known[at] for at in chance.integers(0, len(known), ROWS)]
    paths, births = [], np.empty(ROWS)
    for at, (person, born, year) in enumerate(drawn):
        paths.append(f"{at % 100:02}/{person}_rm{at}_{born}_{year}.jpg")
        y, m, d = map(int, born.split("-"))
        births[at] = date(y, max(m, 1), max(d, 1)).toordinal() + 366
    score = np.where(chance.random(ROWS) < 0.08, -np.inf, chance.normal(3, 1.5, ROWS))
    second = np.where(chance.random(ROWS) < 0.6, np.nan, chance.normal(2, 1, ROWS))
    gender = np.where(chance.random(ROWS) < 0.02, np.nan, chance.integers(0, 2, ROWS))
    boxes = 1 + 500 * chance.random((ROWS, 1, 4))
    columns = {
        "dob": births[None],
        "photo_taken": np.array([[year for *_, year in drawn]], float),
        "full_path": cells(paths),
        "gender": gender[None],
        "name": cells([f"Person {person[2:]}" for person, *_ in drawn]),
        "face_location": cells(list(boxes)),
        "face_score": score[None],
        "second_face_score": second[None],
        "celeb_names": cells(sorted({f"Person {person[2:]}" for person, *_ in drawn})),
        "celeb_id": np.ones((1, ROWS)),
    }
    table = np.empty((1, 1), [(name, object) for name in columns])
    for name, column in columns.items():
        table[0, 0][name] = column
    savemat(path, {"imdb": table}, do_compression=True)


def measure(code: str, path: Path, repeats: int = 3) -> list[dict[str, Any]]:
    """Run code in fresh processes."""
    results = []
    for _ in range(repeats):
        done = subprocess.run(
            [sys.executable, "-c", code, str(path)], check=True, capture_output=True, text=True
        )
        result = json.loads(done.stdout)
        results.append(
            {key: round(one, 3) if isinstance(one, float) else one for key, one in result.items()}
        )
    return results


def main() -> None:
    """Measure and write ``results/imdb_wiki.json``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    data = parser.parse_args().data
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "imdb.mat")
        write_table(path, data)
        ours, scipy = measure(OURS, path), measure(SCIPY, path)
        summary = {
            name: {
                "read_s": record.median([one["read_s"] for one in results]),
                "peak_mb": record.median([one["peak_mb"] for one in results]),
            }
            for name, results in (("lookalike", ours), ("scipy.io.loadmat", scipy))
        }
        summary["lookalike"]["read_and_filter_s"] = record.median(
            [one["read_and_filter_s"] for one in ours]
        )
        record.write(
            "imdb_wiki",
            {
                "rows": ROWS,
                "file_mb": round(path.stat().st_size / 1e6, 1),
                "median": summary,
                "raw": {"lookalike": ours, "scipy.io.loadmat": scipy},
            },
        )


if __name__ == "__main__":
    main()
