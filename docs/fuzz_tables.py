"""The table of ``docs/concepts/robustness.md``: what each search did."""

from __future__ import annotations

from typing import Any

from speed_tables import table

_READERS = {
    "card": "model cards",
    "condition": "`--where`",
    "csv_gallery": "galleries as CSV",
    "dlib_file": "dlib's weights",
    "form": "the service's forms",
    "gallery": "gallery files",
    "images": "photos",
    "mat_table": "`.mat` tables",
    "table": "tables of photos",
    "torch7_file": "Torch7's weights",
    "torch_state": "torch's weights",
    "train_config": "training",
}


def _longest(run: dict[str, Any]) -> tuple[float, str]:
    return -round(run["seconds"], -2), run["target"]


def searched(result: dict[str, Any]) -> str:
    """Return the table of the latest run of each target, the longest first."""
    rows = [
        (
            _READERS[run["target"]],
            f"{run['seconds']:.0f}",
            f"{run['executions']:,}",
            f"{run['edges']:,}",
            f"{run['features']:,}",
            f"{run['corpus']:,}",
            str(len(run["findings"])),
        )
        for run in sorted(result["runs"], key=_longest)
    ]
    head = ("reader", "seconds", "inputs tried", "edges", "features", "kept", "broke the promise")
    return table(head, rows).rstrip()
