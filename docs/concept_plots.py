"""The plots of the concept pages, from stored results, a card and the starter gallery."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from plots import Axis, Panel, Series, decades, plot

from lookalike import Gallery
from lookalike.evaluation.scores import Scores
from lookalike.figures.histogram import distances
from lookalike.figures.poster import Wording
from lookalike.gallery.asking.rarity import learn, rarity
from lookalike.gallery.starter import starter_path
from lookalike.models.card import card
from lookalike.search.calibration import fitting

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ENCODER: Final = "dlib-resnet-v1"
#: The views of a face that the starter gallery, and everything by default, is made with.
VIEWS: Final = 2
FMR: Final = 1e-3
_LFW: Final = Path("benchmarks", "results", "lfw", f"lfw-mtcnn-{ENCODER}-v{VIEWS}-euclidean.json")
_TENTHS: Final = [(tenth / 10, f"{tenth / 10:g}") for tenth in range(3, 9)]


def concept_plots(root: Path) -> dict[str, Figure]:
    """Return the plots by the names of their files.

    Parameters
    ----------
    root : Path
        Of the repository.

    Returns
    -------
    dict of str to matplotlib.figure.Figure
        To be saved as SVG.
    """
    return {
        "distances.svg": _distances(Scores.load(root / _LFW)),
        "thresholds.svg": _thresholds(Scores.load(root / _LFW)),
        "rarity.svg": _rarity(),
    }


def _points() -> list[tuple[float, float]]:
    """Return rate and distance of every measured threshold, the rarest first."""
    points = fitting(card(ENCODER).calibration, "euclidean", VIEWS)
    return [(one.fmr, one.distance) for one in points]


def _distances(scores: Scores) -> Figure:
    seen = np.isfinite(scores.distances)
    (threshold,) = (place for rate, place in _points() if rate == FMR)
    return distances(
        scores.distances[seen & scores.same],
        scores.distances[seen & ~scores.same],
        Wording("One person and two", "LFW, ten folds; the threshold for one false match in 1,000"),
        metric="euclidean distance",
        threshold=threshold,
    )


def _thresholds(scores: Scores) -> Figure:
    points = _points()
    rates = [rate for rate, _ in points]
    places = [place for _, place in points]
    found = [float((scores.distances[scores.same] <= place).mean()) for place in places]
    across = Axis("false-match rate: two people called one", decades(1e-6, 0.1), logarithmic=True)
    tenths = [(tenth / 10, f"{tenth * 10} %") for tenth in range(0, 11, 2)]
    left = Panel("Where the line is drawn", "", across, Axis("distance", _TENTHS[:-1]),
                 [Series("threshold", rates, places)])  # fmt: skip
    right = Panel("What that costs", "", across, Axis("one person recognized (LFW)", tenths),
                  [Series("recognized", rates, found)])  # fmt: skip
    return plot("A threshold is a choice", "", [left, right])


def _rarity() -> Figure:
    with Gallery.open(starter_path()) as gallery:
        strangers = learn(gallery.columns(everyone=False), gallery.metric("euclidean"))
    lines = []
    for photos in (1, 4):
        there = [
            (at, told.one_in)
            for at in np.linspace(0.42, 0.8, 60)
            if (told := rarity(strangers, float(at), photos)) and told.one_in <= 1e4
        ]
        name = "one photo" if photos == 1 else f"{photos} photos"
        lines.append(Series(name, *zip(*there, strict=True), dotted=False))
    panel = Panel(
        "One in so many strangers is as near",
        "to somebody known by so many photos",
        Axis("euclidean distance to the nearest photo", _TENTHS),
        Axis("one in", decades(1, 1e4), logarithmic=True),
        lines,
    )
    return plot("What a distance means", "", [panel])
