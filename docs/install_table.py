"""The table of what an installation weighs."""

from __future__ import annotations

from typing import Any


def installs(result: dict[str, Any]) -> str:
    """Return what base and extras weigh on each Python.

    Parameters
    ----------
    result : dict
        Of ``benchmarks/install.py``.

    Returns
    -------
    str
        A table in Markdown.
    """
    rows = result["pythons"]
    names = sorted({name for row in rows for name in row["extras"]})
    head = ["", *(f"Python {row['python']}" for row in rows)]
    lines = [
        ["base, MB", *(f"{row['megabytes']:,.0f}" for row in rows)],
        ["packages, with pip", *(str(row["packages"]) for row in rows)],
        ["`import lookalike`, ms", *(f"{row['import_ms']:.1f}" for row in rows)],
        ["modules that it loads", *(str(row["import_modules"]) for row in rows)],
        *(
            [
                f"`[{name}]`, MB more",
                *(_megabytes(row["extras"].get(name)) for row in rows),
            ]
            for name in names
        ),
    ]
    table = [head, ["---", *("---:" for _ in rows)], *lines]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in table)


def _megabytes(tried: dict[str, float] | None) -> str:
    return "not tried" if tried is None else f"{tried['megabytes_more']:,.0f}"
