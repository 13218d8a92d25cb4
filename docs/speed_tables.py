"""The tables of the benchmark page, one function for each, from the stored results."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Result = dict[str, Any]


def table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Return a table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines) + "\n"


def number(value: float) -> str:
    """Return a number with about three digits."""
    if value >= 100:
        return f"{value:,.0f}"
    if value >= 10:
        return f"{value:.1f}"
    return f"{value:.2f}" if value >= 0.1 or value == 0 else f"{value:.2g}"


def measured_beside(peers: Result) -> dict[str, Result]:
    """Return the programs that could be installed."""
    return {
        name: peer
        for name, peer in peers.items()
        if name != "machine" and "could_not_be_installed" not in peer
    }


def builds(there: dict[str, Result]) -> str:
    """Return how fast folders become galleries, beside others."""
    rows = []
    for name, peer in there.items():
        for of, run in peer["builds"].items():
            ours, theirs = run["ours"], run["theirs"]
            rows.append(
                (
                    name,
                    f"{ours['photos']} {of}",
                    f"{number(ours['photos_per_second'])} / {number(theirs['photos_per_second'])}",
                    f"**{number(run['times_faster'])} ×**",
                    (
                        f"{number(ours['processor_ms_a_photo'])} / "
                        f"{number(theirs['processor_ms_a_photo'])}"
                    ),
                    f"{number(run['times_less_processor'])} ×",
                    f"{ours['cores_used']:.2f} / {theirs['cores_used']:.2f}",
                    f"{ours['photos_with_a_face']} / {theirs['photos_with_a_face']}",
                    f"{ours['faces']} / {theirs['faces']}",
                )
            )
    return table(
        ("beside", "photos", "photos a second", "faster", "processor ms a photo", "less of it",
         "cores at work", "photos with a face", "faces"),
        rows,
    )  # fmt: skip


def queries(there: dict[str, Result]) -> str:
    """Return how long a question takes, beside others."""
    rows = []
    for name, peer in there.items():
        runs = peer["queries"]
        rows += [
            (
                name,
                f"{run['photos']} {of}",
                number(run["ours_ms"]),
                number(run["theirs_ms"]),
                f"**{number(run['times_faster'])} ×**",
            )
            for of, run in runs.items()
        ]
        many = sum(run["photos"] for run in runs.values())
        ours, theirs = (
            sum(sum(run["raw_ms"][side]) for run in runs.values()) for side in ("ours", "theirs")
        )
        rows.append(
            (
                name,
                f"all {many}, one after another",
                f"{number(ours / many)} on average",
                f"{number(theirs / many)} on average",
                f"**{number(theirs / ours)} ×**",
            )
        )
    return table(("beside", "photos", "lookalike, ms", "theirs, ms", "faster"), rows)


def stages(there: dict[str, Result]) -> str:
    """Return where the milliseconds of a question go."""
    steps: dict[str, dict[str, float]] = {}
    for peer in there.values():
        steps = peer["query_stages_ms"]
    names = list(next(iter(steps.values()), {}))
    rows = [
        (of, *(number(took[name]) for name in names), number(sum(took.values())))
        for of, took in steps.items()
    ]
    return table(("", *names, "all"), rows)


def ways(build: Result) -> str:
    """Return what the stages of a build are worth."""
    rows = []
    for of, runs in build["speed"].items():
        for way, measured in runs.items() if isinstance(runs, dict) else ():
            best = max(measured, key=lambda one: one["photos_per_second"])
            rows.append(
                (
                    of,
                    way,
                    best["photos_per_second"],
                    best["processor_ms"],
                    best["cores_used"],
                    best["peak_rss_mb"],
                )
            )
    return table(
        ("photos", "way", "photos a second", "processor ms a photo", "cores at work", "peak MB"),
        rows,
    )


def engines(search: Result) -> str:
    """Return every index beside those of others: the fastest level of recall 0.99, if any."""
    rows = []
    for name, engine in search["engines"].items():
        runs = [run for run in engine["runs"] if run["kept"] == 1.0]
        good = [run for run in runs if run["recall"] >= 0.99]
        run = (
            min(good, key=lambda one: one["p50_ms"])
            if good
            else max(runs, key=lambda one: one["recall"])
        )
        ours = name.startswith("ours-")
        filtered = {one["kept"]: number(one["p50_ms"]) for one in engine["runs"]}
        rows.append(
            (
                f"**{' '.join(name.split('-')[1:])} bits**" if ours else name,
                f"{run['recall']:.3f}",
                number(run["p50_ms"]),
                number(run["p99_ms"]),
                " / ".join(filtered.get(kept, "–") for kept in (0.5, 0.05, 0.001)),
                engine["build"]["cpu_s"],
                f"{engine['anonymous_mb']:.0f} + {engine['mapped_mb']:.0f}",
            )
        )
    return table(
        ("index", "recall@10", "p50 ms", "p99 ms", "p50 ms where 50, 5, 0.1 % are kept",
         "built, processor s", "memory + mapped, MB"),
        rows,
    )  # fmt: skip


def sizes(growth: Result) -> str:
    """Return what indexes cost as they grow."""
    rows = []
    for size in growth["sizes"]:
        auto = size.get("auto")
        rows.append(
            (
                f"{size['people']:,}",
                f"{size['photos']:,}",
                _both(size["exact"]),
                number(size["exact"]["mb"]),
                *(
                    (
                        auto["index"],
                        _both(auto),
                        f"{auto['recall']:.3f}" if "recall" in auto else "–",
                        number(size["auto built"]["opening"]["processor_s"]),
                        number(auto["opening"]["processor_s"]),
                        number(auto["mb"]),
                    )
                    if auto
                    else ["–"] * 6
                ),
            )
        )
    return table(
        ("people", "photos", "exact, ms", "exact, MB", "auto is", "auto, ms", "recall@10",
         "auto built, s", "opened again, s", "auto, MB"),
        rows,
    )  # fmt: skip


def galleries(growth: Result) -> str:
    """Return what whole galleries cost as they grow."""
    rows = [
        (
            f"{size['people']:,}",
            _both(size["gallery"]),
            number(size["gallery"]["opening"]["processor_s"]),
            number(size["gallery"]["mb"]),
            number(size["gallery"]["file_mb"]),
            number(size["gallery"]["index_file_mb"]),
        )
        for size in growth["sizes"]
        if "gallery" in size
    ]
    return table(
        ("people", "`Gallery.find`, ms", "first answer, s", "process, MB", "file, MB",
         "index file, MB"),
        rows,
    )  # fmt: skip


def _both(run: Result) -> str:
    return f"{number(run['processor_p50_ms'])} / {number(run['processor_p99_ms'])}"


def laws(growth: Result) -> str:
    """Return the exponents of the power laws that were fitted."""
    known = {name: power for name, power in growth["exponents"].items() if power is not None}
    return table(tuple(known), [tuple(known.values())])


def starts(start: Result) -> str:
    """Return where the time of a start goes, and where it went before."""
    versions = {name: run for name, run in start.items() if name != "machine"}
    rows = [
        (
            name,
            *(f"{run[command]['processor_ms']:.0f}" for command in ("find", "demo")),
            *(f"{ms:.0f}" for ms in run["stages"].values()),
        )
        for name, run in versions.items()
    ]
    return table(("", "`find`", "`demo`", *versions["now"]["stages"]), rows)


def lengths(memory: Result) -> str:
    """Return what builds of different lengths have in memory."""
    rows = [
        (
            f"{build['photos']:,}",
            f"{build['added']:,}",
            build["peak_mb"],
            "–" if build["mb_per_1000_photos"] is None else build["mb_per_1000_photos"],
            build["gallery_mb"],
        )
        for build in memory["builds"]
    ]
    return table(
        ("photos", "added", "peak MB", "MB more for 1,000 photos more", "gallery file, MB"), rows
    )


def batch(result: Result) -> str:
    """Return how many photos a second are answered, all at once and one by one."""
    rows = [
        (way, number(result[way]["photos_per_s"]), number(result[way]["cpu_ms_per_photo"]))
        for way in ("one by one", "all at once")
    ]
    memory = [
        (f"{int(photos):,} photos", f"{mb:.0f} MB")
        for photos, mb in result["peak_mb_of_the_command"].items()
    ]
    speed = table(("way", "photos a second", "processor ms a photo"), rows)
    return speed + "\n" + table(("the command over", "has at most"), memory)


def videos(sizes: Result) -> str:
    """Return how fast videos are named, beside a plain loop."""
    rows = [
        (
            size.replace("x", " × "),
            (
                f"{number(run['ours']['frames_a_second'])} / "
                f"{number(run['face_recognition']['frames_a_second'])}"
            ),
            f"**{number(run['times_faster'])} ×**",
            (
                f"{number(run['ours']['cpu_ms_a_frame'])} / "
                f"{number(run['face_recognition']['cpu_ms_a_frame'])}"
            ),
            f"{number(run['times_less_cpu'])} ×",
        )
        for size, run in sizes.items()
    ]
    return table(("size", "frames a second", "faster", "processor ms a frame", "less of it"), rows)


def machines(results: dict[str, Result]) -> str:
    """Return what everything was measured on, and by what."""
    rows = []
    for name, result in results.items():
        about = result["machine"]
        script = f"[`benchmarks/{name}.py`](../benchmarks/{name}.py)"
        raw = f"[`{name}.json`](../benchmarks/results/{name}.json)"
        rows.append((script, raw, about["cores"], f"{about['load']:.1f}", *_versions(about)))
    return table(
        ("script", "raw results", "cores", "load", "Python", "NumPy", "ONNX Runtime", "OpenCV"),
        rows,
    )


def _versions(machine: Result) -> tuple[str, ...]:
    packages = ("numpy", "onnxruntime", "opencv-python-headless")
    return machine["python"], *(machine["versions"].get(package, "–") for package in packages)
