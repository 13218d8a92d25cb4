"""Tables of results between marks in pages that are otherwise written by hand."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import fuzz_tables
import scale_tables

from lookalike.evaluation.bootstrap import Rate
from lookalike.evaluation.wording import number, rate

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_MARKED = re.compile(r"(<!-- table: ([a-z-]+) -->\n).*?(<!-- end -->)", re.DOTALL)

_QUESTIONS = {"known": "the photo's own person is there", "look-alike": "that person is left out"}


def with_tables(root: Path) -> dict[Path, str]:
    """Return pages with their tables written anew.

    Parameters
    ----------
    root : Path
        Of the repository.

    Returns
    -------
    dict of Path to str
        The text of each page.
    """
    pages = {}
    for page, tables in _PAGES.items():
        text = (root / page).read_text("utf-8")
        made = {name: make(_results(root, source)) for name, (source, make) in tables.items()}
        found = {match[1] for match in _MARKED.findall(text)}
        if found != set(made):
            raise SystemExit(f"{page}: marks of tables {sorted(found)}, known {sorted(made)}")
        pages[root / page] = _MARKED.sub(
            lambda match, made=made: f"{match[1]}{made[match[2]]}\n{match[3]}", text
        )
    return pages


def _results(root: Path, name: str) -> dict[str, Any]:
    return json.loads((root / "benchmarks" / "results" / f"{name}.json").read_text("utf-8"))


def _rate(fields: dict[str, Any]) -> Rate:
    missing = float("nan")
    return Rate(*(missing if fields[key] is None else fields[key] for key in
                  ("value", "low", "high")))  # fmt: skip


def _points(gap: Rate) -> str:
    """Return a difference of rates in percentage points."""
    value, low, high = (f"{100 * one + 0.0:.2f}".replace("-", "−") for one in
                        (gap.value, gap.low, gap.high))  # fmt: skip
    return f"{value} ({low} to {high})"


def _table(headings: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [headings, ("---",) * len(headings), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _groups(name: str) -> Callable[[dict[str, Any]], str]:
    """Return what makes the table of one set of labels."""

    def made(result: dict[str, Any]) -> str:
        rows = []
        for at in result[name]["at"]:
            for group in at["groups"]:
                times = _rate(group["times"])
                rows.append(
                    (
                        f"{at['threshold']:.4f} ({100 * at['fmr_of_the_card']:g} %)",
                        group["name"],
                        f"{group['people']:,}",
                        rate(_rate(group["fmr"])),
                        number(times, 1) if times.value > 0 else "0" if times.value == 0 else "1",
                        rate(_rate(group["fnmr"])),
                    )
                )
        return _table(
            ("threshold (stated rate)", "people", "how many", "two taken for one",
             "times everybody's", "one taken for two"), rows,
        )  # fmt: skip

    return made


def _encoders(result: dict[str, Any]) -> str:
    rows = [
        (
            f"`{encoder}`, {one['metric']}",
            f"{one['threshold']:.4f}",
            group["name"],
            f"{group['people']:,}",
            rate(_rate(group["fmr"])),
            rate(_rate(group["fnmr"])),
        )
        for encoder, one in result.items()
        if encoder != "machine"
        for group in one["groups"]
        if group["name"] != "everybody"
    ]
    headings = ("encoder", "threshold", "names", "people", "two taken for one", "one taken for two")
    return _table(headings, rows)


def _agreement(result: dict[str, Any]) -> str:
    rows = [
        (
            f"{data}, {_QUESTIONS[one['question']]}",
            f"{one['asked']:,} among {one['among']:,}",
            f"{one['one']} / {one['other']}",
            rate(_rate(one["first"])),
            rate(_rate(one["shared"])),
            number(_rate(one["kendall"])),
            number(_rate(one["spearman"])),
        )
        for data in ("pins", "lfw")
        for rank in ("nearest", "centroid")
        for one in result[data][rank]["agreement"]
        if one["other"].startswith("mahalanobis")
    ]
    return _table(
        ("asked", "photos, people", "metrics", "same first person", "of ten shared", "Kendall τ",
         "Spearman ρ"), rows,
    )  # fmt: skip


def _right(result: dict[str, Any]) -> str:
    rows = []
    for data in ("pins", "lfw"):
        for rank in ("nearest", "centroid"):
            for at, one in enumerate(result[data][rank]["rank_1"]):
                gap = _rate(one["more_than_the_first"])
                rows.append((data, rank, one["metric"], rate(_rate(one)),
                             "" if at == 0 else _points(gap)))  # fmt: skip
    return _table(
        (
            "set",
            "ranking",
            "metric",
            "right person first",
            "more than Euclidean, percentage points",
        ),
        rows,
    )


def _server(result: dict[str, Any]) -> str:
    """Return how the database finds beside the indexes in memory."""
    found = result["search"]
    ways = [name for name, row in found["all"].items() if isinstance(row, dict)]
    walked = found["filter, graph only"]
    return _table(
        ("", "recall", "p50 ms", "p95 ms", "of 5 %: recall", "p50 ms", "p95 ms",
         "of 5 %, graph only: recall"),
        [
            (
                name.replace("pgvector ", "pgvector, candidates "),
                *(
                    f"{found[part][name][key]:.3f}" if key == "recall"
                    else f"{found[part][name][key]:.1f}"
                    for part in ("all", "filter")
                    for key in ("recall", "p50_ms", "p95_ms")
                ),
                f"{walked[name]['recall']:.3f}" if name in walked else "",
            )
            for name in ways
        ],
    )  # fmt: skip


_PAGES: dict[str, dict[str, tuple[str, Callable[[dict[str, Any]], str]]]] = {
    "docs/concepts/fairness.md": {
        "pins-gender": ("groups", _groups("pins, gender by hand")),
        "lfw-first-name": ("groups", _groups("lfw, gender by first name")),
        "lfw-family-name": ("groups", _groups("lfw, family name")),
        "encoders": ("group_encoders", _encoders),
    },
    "docs/concepts/agreement.md": {
        "agreement": ("agreement", _agreement),
        "right": ("agreement", _right),
    },
    "docs/concepts/robustness.md": {"fuzz": ("fuzz", fuzz_tables.searched)},
    "docs/guides/server.md": {"server": ("server", _server)},
    "docs/concepts/scale.md": {
        name: ("sharding", make) for name, make in scale_tables.TABLES.items()
    },
}
