"""What a report says of verification."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from lookalike.evaluation.bootstrap import Drawing
from lookalike.evaluation.curve import RATES
from lookalike.evaluation.drawing import draw_det, draw_distances, draw_roc
from lookalike.evaluation.failures import farthest_selves, nearest_strangers
from lookalike.evaluation.groups import groups
from lookalike.evaluation.pair_figures import PairFigures, pair_figures
from lookalike.evaluation.wording import INTERVALS, distance, number, rate, share
from lookalike.reports import Section, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lookalike.evaluation.album import Album
    from lookalike.evaluation.groups import Group
    from lookalike.evaluation.scores import Scores

_VERIFICATION: Final = (
    "Two photos are called one person if their distance stays below a threshold. FAR is how often "
    "two people are (also: false-match rate), TAR how often one person is; at the equal error rate "
    "(EER) both errors are the same."
)
_GROUPS: Final = (
    "Only pairs within a group count. A false match is two people of the group taken for one, a "
    "false non-match one person taken for two."
)
_NONE: Final = "Where none was counted, the interval is that of as many people without one."


@dataclass(frozen=True, slots=True)
class ReportOptions:
    """What a report says.

    Parameters
    ----------
    by : tuple of str
        Attributes to count errors by, group by group.
    fmr : float
        The false-match rate whose threshold groups are judged at, 0 to 1.
    threshold : float, optional
        A distance to judge groups at instead.
    worst : int
        How many of the worst pairs are shown.
    charts : bool
        Whether figures are drawn.
    drawing : Drawing
        How people are drawn again for the intervals.
    """

    by: tuple[str, ...] = ()
    fmr: float = 1e-3
    threshold: float | None = None
    worst: int = 12
    charts: bool = True
    drawing: Drawing = field(default_factory=Drawing)


def label_of(scores: Scores) -> str:
    """Say in a few words what was measured.

    Parameters
    ----------
    scores : Scores
        Raw.

    Returns
    -------
    str
        The set, the models and the metric.
    """
    one = scores.setting
    models = " + ".join(name for name in (one.detector, one.encoder) if name)
    return f"{one.data}: {models}, {one.metric}"


def verification_section(
    measured: Sequence[Scores], options: ReportOptions
) -> tuple[Section, list[PairFigures]]:
    """Say how well one person is told from two.

    Parameters
    ----------
    measured : sequence of Scores
        One run or several, to be compared.
    options : ReportOptions
        What to say.

    Returns
    -------
    section : Section
        For a report.
    figures : list of PairFigures
        What was derived from each run.
    """
    figures = [pair_figures(one, options.drawing) for one in measured]
    labelled = [(label_of(one), found) for one, found in zip(measured, figures, strict=True)]
    tables = [_summary(labelled), *(_points(*one) for one in labelled)]
    charts = []
    if options.charts:
        traded = draw_det(labelled)
        charts = [draw_roc(labelled), *([traded] if traded else [])]
        for (label, found), scores in zip(labelled, measured, strict=True):
            marked = found.curve.threshold(options.fmr)
            charts.append(draw_distances(label, scores, marked))
    words: tuple[str, ...] = (f"{_VERIFICATION} {INTERVALS}",)
    unknown = [label for (label, _), one in zip(labelled, measured, strict=True) if not one.cast]
    if unknown:
        words += (
            (
                f"Of {', '.join(unknown)} it was not stored who is in the photos: pairs were drawn "
                "instead of people, and the intervals are a little too narrow."
            ),
        )
    return Section(
        "verification", "One person or two", words, tuple(tables), tuple(charts)
    ), figures


def _summary(labelled: Sequence[tuple[str, PairFigures]]) -> Table:
    rows = []
    for label, found in labelled:
        folds = found.folds
        accuracy = f"{share(folds.accuracy)} ± {share(folds.deviation)}" if folds else "—"
        pairs = f"{found.same_pairs:,} + {found.stranger_pairs:,}"
        rows.append((label, pairs, accuracy, rate(found.eer)))
    headings = ("", "pairs of one + of two people", "accuracy over folds", "EER")
    return Table(headings, tuple(rows), "Verification")


def _points(label: str, found: PairFigures) -> Table:
    rows = tuple(
        (f"{point.fmr:g}", rate(point.tmr), distance(point.threshold)) for point in found.points
    )
    missing = len(RATES) - len(rows)
    note = f"; for FAR {RATES[-missing]:g} there are too few pairs" if missing else ""
    return Table(("FAR", "TAR", "threshold"), rows, f"{label}{note}")


def group_sections(
    at: int, scores: Scores, figures: PairFigures, options: ReportOptions
) -> tuple[list[Section], dict[str, Any]]:
    """Say whom it serves worse.

    Parameters
    ----------
    at : int
        Which run.
    scores : Scores
        Raw.
    figures : PairFigures
        What was derived.
    options : ReportOptions
        What to say.

    Returns
    -------
    sections : list of Section
        One for each attribute.
    data : dict
        The same as JSON values.
    """
    found, data = [], {}
    threshold = options.threshold
    where = f"the given threshold, {threshold}"
    if threshold is None:
        threshold = figures.curve.threshold(options.fmr)
        where = f"the threshold of a false-match rate of {options.fmr:g}, {distance(threshold)}"
    for attribute in options.by:
        counted = groups(scores, attribute, threshold, options.drawing)
        words = (f"Both errors at {where}, the same for all. {_GROUPS} {INTERVALS} {_NONE}",)
        heading = f"Errors by {attribute}"
        found.append(Section(f"by-{attribute}-{at}", heading, words, (group_table(counted),)))
        data[attribute] = {
            "threshold": round(threshold, 6),
            "groups": [group_fields(one) for one in counted],
        }
    return found, data


def group_table(counted: Sequence[Group]) -> Table:
    """Return groups as a table.

    Parameters
    ----------
    counted : sequence of Group
        Everybody first.

    Returns
    -------
    Table
        One row for each.
    """
    rows = tuple(
        (
            one.name,
            f"{one.people:,}",
            f"{one.same_pairs:,}",
            rate(one.fnmr),
            f"{one.stranger_pairs:,}",
            rate(one.fmr),
            "" if at == 0 else f"× {number(one.times)}",
        )
        for at, one in enumerate(counted)
    )
    headings = (
        "", "people", "pairs of one", "false non-match", "pairs of two", "false match",
        "of everybody's",
    )  # fmt: skip
    return Table(headings, rows)


def group_fields(one: Group) -> dict[str, Any]:
    """Return a group as JSON values.

    Parameters
    ----------
    one : Group
        The group.

    Returns
    -------
    dict
        Its counts and rates.
    """
    return {
        "name": one.name,
        "people": one.people,
        "same_pairs": one.same_pairs,
        "stranger_pairs": one.stranger_pairs,
        "fnmr": one.fnmr.fields(),
        "fmr": one.fmr.fields(),
        "times": one.times.fields(),
    }


def failure_sections(
    at: int, scores: Scores, album: Album, options: ReportOptions
) -> list[Section]:
    """Show the worst pairs.

    Parameters
    ----------
    at : int
        Which run.
    scores : Scores
        Raw, with the people in the photos.
    album : Album
        Their pictures.
    options : ReportOptions
        What to say.

    Returns
    -------
    list of Section
        Two people who are nearest, and one person who is farthest apart.
    """
    near = nearest_strangers(scores, options.worst)
    far = farthest_selves(scores, options.worst)
    kinds = (
        (near, f"nearest-{at}", "Two people who look alike",
         "The nearest pairs of two people, one for each two. Some are one person under two names."),
        (far, f"farthest-{at}", "One person who does not",
         "The farthest pairs of one person, one for each. Some are photos under a wrong name."),
    )  # fmt: skip
    return [
        Section(
            key,
            heading,
            (words,),
            pairs=tuple(album.pair(one, f"distance {one.distance:.3f}") for one in found),
        )
        for found, key, heading, words in kinds
        if found
    ]
