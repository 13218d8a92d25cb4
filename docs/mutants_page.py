"""The page on mutants, of the stored result and of what is said of those that survive."""

from __future__ import annotations

import json
import re
import tomllib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

HEAD = """# Mutants

This page is generated from `benchmarks/results/mutants.json` and `benchmarks/survivors.toml` by
`make docs`; do not edit it.

A line that tests run is not yet a line that tests check. So one thing at a time is changed in the
code (a plus becomes a minus, a number one more, an argument nothing), and the tests are asked
again: a change that no test notices, a *survivor*, is a gap in the tests, or makes no difference.
`make mutants` does that with [mutmut](https://pypi.org/project/mutmut/) to what everything else
rests on: how faces are placed, how boxes are compared, how distances are measured, how people are
ranked and chosen. Which files and which tests these are stands in `pyproject.toml`. Only the
quick tests of the files themselves are asked, so a change that breaks the answers of the whole
pipeline, but nothing near, counts as one that nobody has noticed. The words of errors are not
changed: tests ask for those that matter.
"""

KINDS = {
    "equivalent": "make no difference",
    "faster": "change how long an answer takes, not the answer",
    "unreachable": "are told apart only by values that do not occur",
    "words": "change words or a format that nothing rests on",
}


def mutants_page(root: Path) -> str:
    """Return the text of ``docs/concepts/mutants.md``.

    Raises
    ------
    ValueError
        If a survivor is not explained, or an explanation is of none.
    """
    results = root / "benchmarks"
    kept = json.loads(results.joinpath("results", "mutants.json").read_text("utf-8"))
    said = tomllib.loads(results.joinpath("survivors.toml").read_text("utf-8"))["survivor"]
    reasons = {
        (one["file"], one["where"], change): one for one in said for change in one["changes"]
    }
    there = {(one["file"], one["where"], change_of(one)) for one in kept["survivors"]}
    if there != set(reasons):
        left = sorted(there - set(reasons)) + sorted(set(reasons) - there)
        raise ValueError(
            f"benchmarks/survivors.toml does not explain, or explains too much: {left}"
        )
    return "\n".join([HEAD, *_figures(kept), *_survivors(said)]).rstrip() + "\n"


def change_of(survivor: dict[str, str]) -> str:
    """Return what a survivor changes, as `survivors.toml` says it."""
    return f"{survivor['was']} -> {survivor['now']}"


def _figures(kept: dict[str, Any]) -> list[str]:
    files = kept["files"]
    kinds = ("mutants", "killed", "timeout", "survived", "not tried")
    total = {kind: sum(one[kind] for one in files) for kind in kinds}
    noticed = total["killed"] + total["timeout"]
    rows = [
        f"| `{one['file']}` | {one['mutants']} | {one['mutants'] - one['not tried']} | "
        f"{one['killed'] + one['timeout']} | {one['survived']} | {_percent(one['score'])} |"
        for one in files
    ]
    tried = total["mutants"] - total["not tried"]
    missing = total["not tried"]
    left = (
        f"{missing} have not been tried yet: `make mutants` goes on with them. " if missing else ""
    )
    summary = (
        f"Of {total['mutants']:,} changes, {tried:,} were tried and {noticed:,} of these noticed, "
        f"{noticed / tried:.1%}. {total['survived']} survive, and each is explained below. "
        f"{left}"
        f"(mutmut {kept['with']['mutmut']}, pytest {kept['with']['pytest']}, "
        f"{kept['machine']['date']}.)"
    )
    return [
        summary,
        "",
        "| file | changes | tried | noticed | survive | score |",
        "|---|---|---|---|---|---|",
        *rows,
        "",
    ]


def _percent(score: float | None) -> str:
    return "not yet" if score is None else f"{score:.1%}"


def _survivors(said: list[dict[str, Any]]) -> list[str]:
    counts = {kind: sum(len(s["changes"]) for s in said if s["kind"] == kind) for kind in KINDS}
    lines = ["## Those that survive", ""]
    lines += [f"- {count} {KINDS[kind]} (*{kind}*)" for kind, count in counts.items() if count]
    for file in sorted({one["file"] for one in said}):
        lines += ["", f"### {file}", ""]
        for one in said:
            if one["file"] == file:
                lines += [f"**`{one['where']}`**, *{one['kind']}*: {one['why']}", "", "```diff"]
                lines += [
                    *(line for change in one["changes"] for line in _shown(change)),
                    "```",
                    "",
                ]
    return lines


def _shown(change: str) -> tuple[str, str]:
    """Return what stood there and what it became; both may hold arrows, and are about as long."""
    arrows = [found.start() for found in re.finditer(" -> ", change)]
    at = min(arrows, key=lambda start: abs(2 * start + 4 - len(change)))
    return f"- {change[:at]}", f"+ {change[at + 4 :]}"
