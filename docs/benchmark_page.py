"""The page ``docs/benchmarks.md`` and its plots, from the results in ``benchmarks/results``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import speed_tables as tables
from install_table import installs
from jinja2 import Environment, StrictUndefined
from plots import Axis, Panel, Series, decades, plot, steps
from speed_tables import number

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from speed_tables import Result

FOLDER = Path(__file__).parent
RESULTS = FOLDER.parent / "benchmarks" / "results"
#: In the order of the page.
NAMES = (
    "peers",
    "build",
    "encode",
    "int8",
    "batch_find",
    "search",
    "growth",
    "memory",
    "soak",
    "video",
    "live",
    "start",
    "install",
)


def results() -> dict[str, Result]:
    """Return all results."""
    return {name: json.loads((RESULTS / f"{name}.json").read_text("utf-8")) for name in NAMES}


def benchmark_page() -> str:
    """Return the text of the page."""
    found = results()
    words = FOLDER.joinpath("benchmarks.md.jinja").read_text("utf-8")
    # What is written is Markdown of our own, from numbers of our own.
    environment = Environment(undefined=StrictUndefined, autoescape=False)  # noqa: S701
    resident = found["video"]["memory"]["resident_mb"]
    encode, start = found["encode"]["batch_32"], found["start"]
    return environment.from_string(words).render(
        **beside(found["peers"]),
        ways=tables.ways(found["build"]),
        ours_ms=number(encode["lookalike_ms_a_face"]),
        dlib_ms=number(encode["dlib_ms_a_face"]),
        int8=found["int8"],
        batch=found["batch_find"],
        batch_table=tables.batch(found["batch_find"]),
        videos=tables.videos(found["video"]["speed"]),
        video_memory={"early": resident[1], "late": resident[-1]},
        live=found["live"],
        engines=tables.engines(found["search"]),
        sizes=tables.sizes(found["growth"]),
        galleries=tables.galleries(found["growth"]),
        laws=tables.laws(found["growth"]),
        smallest=found["growth"]["law_from_people"],
        lengths=tables.lengths(found["memory"]),
        soak={"note": "", **found["soak"]},
        start=start,
        starts=tables.starts(start),
        wheel_mb=found["install"]["wheel_megabytes"],
        installs=installs(found["install"]),
        machines=tables.machines(found),
    )


def beside(peers: Result) -> dict[str, Any]:
    """Return what the page says of other programs."""
    there = tables.measured_beside(peers)
    return {
        "builds": tables.builds(there),
        "queries": tables.queries(there),
        "stages": tables.stages(there),
        "together": ", ".join(
            f"**{number(peer['all_440_photos']['times_faster'])} × {name}** "
            f"({number(peer['all_440_photos']['times_less_processor'])} × less processor time)"
            for name, peer in there.items()
        ),
        "versions": "; ".join(
            f"{name} with "
            + ", ".join(f"{package} {version}" for package, version in peer["versions"].items())
            for name, peer in there.items()
        ),
        "missing": [
            (name, peer["could_not_be_installed"])
            for name, peer in peers.items()
            if "could_not_be_installed" in peer
        ],
    }


def benchmark_plots() -> dict[str, Figure]:
    """Return the plots by the names of their files."""
    found = results()
    return {
        "queries.svg": _queries(tables.measured_beside(found["peers"])),
        "growth.svg": _growth(found["growth"]["sizes"]),
        "memory.svg": _memory(found["memory"]["builds"], found["soak"]["raw"]),
    }


def _queries(there: Result) -> Figure:
    sizes = (0.06, 2.0, 12.0)
    first = next(iter(there.values()))["queries"].values()
    lines = [Series("lookalike", sizes, [run["ours_ms"] for run in first])]
    lines += [
        Series(name, sizes, [run["theirs_ms"] for run in peer["queries"].values()])
        for name, peer in there.items()
    ]
    marks = [(0.04, ""), (0.06, "250 px"), (2.0, "2 MP"), (12.0, "12 MP")]
    across = Axis("size of the photo", marks, logarithmic=True)
    note = "both axes are logarithmic, and lower is better"
    panel = _upward("Photo in, five people out", note, across, ("milliseconds", lines))
    return plot("A question, beside others", "", [panel])


def _growth(sizes: list[Result]) -> Figure:
    people = [size["people"] for size in sizes]
    across = Axis("people", decades(people[0], people[-1]), logarithmic=True)
    names = {"exact": "exact", "auto": "auto", "gallery": "Gallery.find"}
    times = [_of(sizes, kind, name, "processor_p50_ms") for kind, name in names.items()]
    memory = [
        _of(sizes, "gallery", "open gallery", "mb"),
        _of(sizes, "exact", "vectors alone", "rows_mb"),
    ]
    panels = [
        _upward("Time of a question", "median, on one thread", across, ("milliseconds", times)),
        _upward("Memory", "resident, in one process", across, ("megabytes", memory)),
    ]
    return plot("As a gallery grows", "", panels)


def _of(sizes: list[Result], kind: str, name: str, value: str) -> Series:
    there = [(size["people"], size[kind][value]) for size in sizes if kind in size]
    return Series(name, [people for people, _ in there], [one for _, one in there])


def _upward(title: str, note: str, across: Axis, lines: tuple[str, list[Series]]) -> Panel:
    """Return a panel whose values lie on a logarithmic axis."""
    every = [value for line in lines[1] for value in line.y]
    upward = Axis(lines[0], decades(min(every), max(every)), logarithmic=True)
    return Panel(title, note, across, upward, lines[1])


def _memory(builds: list[Result], finds: Result) -> Figure:
    lines = [
        Series(f"{build['photos']:,} photos", build["raw"]["photos"], build["raw"]["mb"],
               dotted=False)
        for build in reversed(builds)
    ]  # fmt: skip
    asked = [Series("one Finder", finds["finds"], finds["mb"], dotted=False)]
    panels = [
        _from_zero("A build", "while photos are added", ("photos", lines)),
        _from_zero("Questions", "while look-alikes are found", ("questions", asked)),
    ]
    return plot("Memory stays", "", panels)


def _from_zero(title: str, note: str, lines: tuple[str, list[Series]]) -> Panel:
    most = max(value for line in lines[1] for value in line.y)
    last = max(value for line in lines[1] for value in line.x)
    return Panel(
        title, note, Axis(lines[0], steps(last)), Axis("megabytes", steps(most * 1.1)), lines[1]
    )
