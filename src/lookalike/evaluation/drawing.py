"""The figures of a report, drawn."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from lookalike.figures import save
from lookalike.figures.curves import MOST_CURVES, Curve, cmc, det, roc
from lookalike.figures.histogram import distances
from lookalike.figures.poster import Wording
from lookalike.figures.scatter import Points, scatter
from lookalike.reports import Chart

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from lookalike.evaluation.asked import Answers
    from lookalike.evaluation.identification import Identification
    from lookalike.evaluation.pair_figures import PairFigures
    from lookalike.evaluation.scores import Scores
    from lookalike.figures.palette import ThemeName

#: Distances that a histogram is drawn from, and points of a scatter: more cannot be seen.
_SHOWN: Final = 20_000
_DOTS: Final = 500


def _chart(draw: Callable[[Wording], Figure], title: str, note: str, words: str) -> Chart:
    """Draw a figure for light and for dark pages."""
    themes: tuple[ThemeName, ThemeName] = ("light", "dark")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "figure.svg")
        drawn = []
        for theme in themes:
            save(draw(Wording(title, note, "", theme)), path)
            drawn.append(path.read_bytes())
    return Chart(drawn[0], drawn[1], words)


def draw_roc(figures: Sequence[tuple[str, PairFigures]]) -> Chart:
    """Draw the ROC curve of one run of verification or of several.

    Parameters
    ----------
    figures : sequence of (str, PairFigures)
        Labels, and what was derived.

    Returns
    -------
    Chart
        The first six.
    """
    curves = [_roc_curve(label, one, alone=len(figures) == 1) for label, one in figures]
    words = "; ".join(f"{label}: EER {one.eer.value:.2%}" for label, one in figures)
    note = "How often one person is accepted, at each rate of accepted strangers"
    return _chart(lambda w: roc(curves[:MOST_CURVES], w), "ROC", note, f"ROC curve. {words}")


def _roc_curve(label: str, one: PairFigures, *, alone: bool) -> Curve:
    known = one.band[np.isfinite(one.band).all(axis=1)]
    if alone and len(known) > 2:
        tmr = np.array([one.curve.tmr(rate) for rate in known[:, 0]])
        return Curve(label, known[:, 0], tmr, known[:, 1], known[:, 2])
    few = one.curve.thinned()
    return Curve(label, few.fmr, 1 - few.fnmr)


def draw_det(figures: Sequence[tuple[str, PairFigures]]) -> Chart | None:
    """Draw both errors against each other.

    Parameters
    ----------
    figures : sequence of (str, PairFigures)
        Labels, and what was derived.

    Returns
    -------
    Chart or None
        The first six that make errors of both kinds; None if there is none.
    """
    curves = []
    for label, one in figures:
        few = one.curve.thinned()
        if ((few.fmr > 0) & (few.fnmr > 0) & (few.fmr < 1) & (few.fnmr < 1)).any():
            curves.append(Curve(label, few.fmr, few.fnmr))
    if not curves:
        return None
    curves = curves[:MOST_CURVES]
    note = "Strangers taken for one person, and one person for two"
    return _chart(lambda w: det(curves, w), "Errors (DET)", note, "Detection error tradeoff.")


def draw_distances(label: str, scores: Scores, threshold: float | None) -> Chart:
    """Draw the distances of pairs of one person and of two.

    Parameters
    ----------
    label : str
        What was measured.
    scores : Scores
        Raw.
    threshold : float, optional
        A distance to mark.

    Returns
    -------
    Chart
        Two histograms, each scaled to its own whole.
    """
    same, strange = _spread_same(scores), _spread_strangers(scores)
    words = (
        f"Distances of {label}: one person, median {np.median(same):.3f}; "
        f"two people, median {np.median(strange):.3f}."
    )
    metric = scores.setting.metric.capitalize()

    def draw(wording: Wording) -> Figure:
        return distances(same, strange, wording, f"{metric} distance", threshold)

    note = label
    if len(strange) < scores.strangers:
        note += f": {len(strange):,} of {scores.strangers:,} pairs of two people, evenly"
    return _chart(draw, "Distances", note, words)


def _spread_same(scores: Scores) -> NDArray[np.float64]:
    values = np.sort(scores.distances[scores.same & np.isfinite(scores.distances)])
    return _even(values)


def _spread_strangers(scores: Scores) -> NDArray[np.float64]:
    """Return distances that are spread as those of all strangers are, listed or counted."""
    listed = np.sort(scores.distances[~scores.same & np.isfinite(scores.distances)])
    if scores.beyond is None:
        return _even(listed)
    whole = len(listed) + scores.beyond.total
    wanted = (np.arange(_SHOWN) + 0.5) / _SHOWN * whole
    near = wanted < len(listed)
    sums = np.concatenate([[0], np.cumsum(scores.beyond.counts)]) + len(listed)
    far = np.interp(wanted[~near], sums, scores.beyond.edges)
    return np.concatenate([listed[wanted[near].astype(np.int64)], far])


def _even(values: NDArray[np.float64]) -> NDArray[np.float64]:
    if len(values) <= _SHOWN:
        return values
    return values[np.linspace(0, len(values) - 1, _SHOWN).astype(np.int64)]


def draw_cmc(figures: Sequence[Identification]) -> Chart:
    """Draw how often the right person is among the first.

    Parameters
    ----------
    figures : sequence of Identification
        One for each metric and ranking.

    Returns
    -------
    Chart
        The first six.
    """
    curves = []
    for one in figures[:MOST_CURVES]:
        ranks = np.arange(1, len(one.curve) + 1, dtype=np.float64)
        values = np.array([[rate.value, rate.low, rate.high] for rate in one.curve])
        interval = (values[:, 1], values[:, 2]) if len(figures) == 1 else (None, None)
        curves.append(Curve(f"{one.metric}, {one.rank}", ranks, values[:, 0], *interval))
    words = "; ".join(
        f"{one.metric}, {one.rank}: first {one.rates[1].value:.2%}" for one in figures
    )
    note = "How often the right person is among the first"
    return _chart(lambda w: cmc(curves, w), "Ranks (CMC)", note, f"Cumulative matches. {words}")


def draw_scatter(one: Answers, other: Answers) -> Chart:
    """Draw the distances of two metrics against each other.

    Parameters
    ----------
    one, other : Answers
        Of the same photos.

    Returns
    -------
    Chart
        For some of the photos: to the own person and to the nearest other one.
    """
    kinds = []
    for label, name in (("own person", "own"), ("nearest other person", "other")):
        x, y = getattr(one, name), getattr(other, name)
        there = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
        there = there[:: max(1, len(there) // _DOTS)]
        kinds.append(Points(x[there], y[there], label))
    axes = (f"{one.metric.capitalize()} distance", f"{other.metric.capitalize()} distance")
    words = f"Distances by {one.key} against those by {other.key}."
    note = "Each photo to its own person, and to the nearest other one"
    return _chart(lambda w: scatter(kinds, w, axes), "Two metrics", note, words)
