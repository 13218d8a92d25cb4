"""A gallery's summary as charts, as words and as fields for machines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from rich.markup import escape

from lookalike.cli.output import out
from lookalike.figures.binning import doubling, even, piling
from lookalike.figures.charts import Bars, Columns
from lookalike.figures.overview import Headline, overview
from lookalike.figures.poster import Wording

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from lookalike.figures.binning import Bins
    from lookalike.gallery.summary import Spread, Summary, Tally

#: What is shown of each number: title, what it is with its unit, what was counted.
_COLUMNS: Final = {
    "photos_per_person": ("Photos per person", "photos", "people"),
    "born": ("Years of birth", "year", "people"),
    "age": ("Ages at the photo", "age in years", "photos"),
    "year": ("When the photos were taken", "year", "photos"),
    "size_px": ("Face sizes", "longer side of the face in pixels", "faces"),
    "quality": ("Quality of the faces", "quality, 0 to 1", "faces"),
    "score": ("Detector scores", "score, 0 to 1", "faces"),
}
_BARS: Final = {
    "gender": ("Gender", "people"),
    "occupations": ("Occupations", "people"),
    "countries": ("Countries", "people"),
    "reasons": ("Why photos were not used", "photos"),
    "sources": ("Sources", "photos"),
    "licences": ("Licences", "photos"),
}
_ORDER: Final = (
    "photos_per_person", "gender", "born", "age", "year", "size_px", "quality", "score",
    "occupations", "countries", "reasons", "sources", "licences",
)  # fmt: skip

#: Where an empty chart is good news, or nothing that anybody forgot to say.
_NOT_MISSED: Final = ("photos_per_person", "reasons")
_DECIMALS: Final = {"quality": 2, "score": 3}
_BAR_LENGTH: Final = 32


def charts_of(summary: Summary) -> list[Columns | Bars]:
    """Return the charts of whatever a gallery knows.

    Parameters
    ----------
    summary : Summary
        What the gallery is made of.

    Returns
    -------
    list of Columns or Bars
        Without those that would be empty.
    """
    charts: list[Columns | Bars] = []
    for name in _ORDER:
        if name in _COLUMNS and summary.spreads[name].known:
            charts.append(_columns(name, summary))
        elif name in _BARS and summary.tallies[name].counts:
            charts.append(_bars(name, summary.tallies[name], summary.counts["people"]))
    return charts


def _columns(name: str, summary: Summary) -> Columns:
    title, numbers, things = _COLUMNS[name]
    spread = summary.spreads[name]
    bins = _bins(name, spread)
    note = f"median {_said(name, spread.median)}"
    if name == "photos_per_person":
        note = f"{note} · most {_most(summary)}"
        single = dict(zip(spread.values, spread.counts, strict=True)).get(1.0, 0)
        note += f" · {single:,} with a single one" if single else ""
    elif len(spread.values) > 1:
        note += f" · {_said(name, spread.values[0])} to {_said(name, spread.values[-1])}"
    note += f" · {spread.unknown:,} {things} not known" if spread.unknown else ""
    return Columns(title, note, bins, numbers, things, bins.bin_of(spread.median + 1e-9))


def _most(summary: Summary) -> str:
    """Return the largest number of photos, and whose it is if it is one person's."""
    (name, most), *others = summary.most_photographed
    alone = not others or others[0][1] < most
    return f"{most:,} ({name})" if alone else f"{most:,}"


def _bins(name: str, spread: Spread) -> Bins:
    match name:
        case "photos_per_person":
            return piling(spread.values, spread.counts)
        case "size_px":
            return doubling(spread.values, spread.counts)
        case "quality" | "score":
            return even(spread.values, spread.counts, whole=False, most=1.0)
        case _:
            return even(spread.values, spread.counts)


def _bars(name: str, tally: Tally, people: int) -> Bars:
    title, things = _BARS[name]
    total = sum(tally.counts.values())
    note = f"{total:,} {things}" + (f" · {tally.unknown:,} not known" if tally.unknown else "")
    if name in ("occupations", "countries"):
        note = f"{len(tally.counts):,} in all · somebody may have several"
        return Bars(title, note, tuple(tally.counts.items()), people - tally.unknown)
    return Bars(title, note, tuple(tally.counts.items()))


def _said(name: str, value: float) -> str:
    if name in _DECIMALS:
        return f"{value:.{_DECIMALS[name]}f}"
    # Years have no thousands separator.
    written = f"{value:.0f}" if name in ("born", "year") else f"{value:,.1f}"
    return written.removesuffix(".0") + (" px" if name == "size_px" else "")


def absent(summary: Summary) -> list[str]:
    """Return what a gallery does not know of anybody.

    Parameters
    ----------
    summary : Summary
        What the gallery is made of.

    Returns
    -------
    list of str
        Titles of the charts that are left out, in lower case.
    """
    titles = {**_COLUMNS, **_BARS}
    known = {name for name, spread in summary.spreads.items() if spread.known}
    known |= {name for name, tally in summary.tallies.items() if tally.counts}
    return [
        titles[name][0].lower() for name in _ORDER if name not in known and name not in _NOT_MISSED
    ]


def draw_summary(summary: Summary) -> Figure:
    """Draw what a gallery is made of.

    Parameters
    ----------
    summary : Summary
        Its numbers.

    Returns
    -------
    matplotlib.figure.Figure
        For `lookalike.figures.save`.
    """
    missing = absent(summary)
    parts = ["The dark column holds the median."] if summary.counts["people"] else []
    if missing and summary.counts["people"]:
        parts.append(f"This gallery does not say: {', '.join(missing)}.")
    parts.append("For fun, never for identification.")
    wording = Wording(
        summary.title or "A gallery of known people",
        f"What this gallery is made of. Vectors by {summary.encoder}.",
        " ".join(parts),
    )
    return overview(_headlines(summary), charts_of(summary), wording)


def _headlines(summary: Summary) -> list[Headline]:
    counts = summary.counts
    cards = [("people", "people"), ("well_known", "of them well known"), ("photos", "photos")]
    if counts["faces"] != counts["photos"]:
        cards.append(("faces", "faces"))
    cards += [("hidden", "hidden faces"), ("not_used", "photos not used")]
    kept = ("people", "photos")
    singular = {"people": "person", "photos": "photo", "faces": "face"}
    return [
        Headline(f"{counts[name]:,}", singular.get(words, words) if counts[name] == 1 else words)
        for name, words in cards
        if counts[name] or name in kept
    ]


def print_summary(summary: Summary) -> None:
    """Print what a gallery is made of, with small bars.

    Parameters
    ----------
    summary : Summary
        Its numbers.
    """
    _say(f"[bold]{escape(summary.title or 'a gallery')}[/], vectors by {escape(summary.encoder)}")
    _say(" · ".join(f"{card.number} {card.words}" for card in _headlines(summary)))
    for chart in charts_of(summary):
        _say(f"\n[bold]{chart.title}[/]  [dim]{escape(chart.note)}[/]")
        if isinstance(chart, Columns):
            _print_bars(list(zip(chart.bins.labels, chart.bins.counts, strict=True)))
        else:
            _print_bars(list(chart.shortened(most=12)))
    if missing := absent(summary):
        _say(f"\n[dim]not stated in this gallery: {', '.join(missing)}[/]")


def _print_bars(rows: list[tuple[str, int]]) -> None:
    from rich.cells import cell_len, set_cell_size

    most = max(count for _, count in rows)
    longest = min(max(cell_len(word) for word, _ in rows), 40)
    # A terminal or a pipe that knows no Unicode gets no blocks.
    block = "█" if out.encoding.lower().startswith("utf") else "#"
    for word, count in rows:
        bar = block * max(round(count / most * _BAR_LENGTH), 1 if count else 0)
        label = escape(set_cell_size(word, longest))
        _say(f"  {label}  [cyan]{bar}[/] {count:,}" if count else f"  {label}  [dim]0[/]")


def _say(line: str) -> None:
    out.print(line, highlight=False, soft_wrap=True)


def summary_fields(summary: Summary) -> dict[str, Any]:
    """Return a summary as machines read it.

    Parameters
    ----------
    summary : Summary
        What the gallery is made of.

    Returns
    -------
    dict
        Every number with how often it occurs; what nobody is known by is there, and empty.
    """
    fields: dict[str, Any] = {
        "title": summary.title,
        "encoder": summary.encoder,
        "counts": dict(summary.counts),
        "most_photographed": [
            {"name": name, "photos": photos} for name, photos in summary.most_photographed
        ],
    }
    for name, spread in summary.spreads.items():
        fields[name] = {
            "known": spread.known,
            "unknown": spread.unknown,
            "median": spread.median if spread.known else None,
            "mean": round(spread.mean, 4) if spread.known else None,
            "counts": {
                f"{value:g}": count
                for value, count in zip(spread.values, spread.counts, strict=True)
            },
        }
    for name, tally in summary.tallies.items():
        fields[name] = {"unknown": tally.unknown, "counts": dict(tally.counts)}
    return fields
