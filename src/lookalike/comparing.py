"""Two photos: how alike they are, and whether they show one person."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from lookalike.errors import OptionError
from lookalike.gallery.strangeness import Strangeness, odds_in
from lookalike.models.card import card
from lookalike.registry import names
from lookalike.search.calibration import (
    DEFAULT_FMR,
    check_rate,
    fitting,
    rarity_at,
    threshold_at,
)
from lookalike.search.metrics import ready_made
from lookalike.types import Comparison
from lookalike.visitors.largest import largest_face

if TYPE_CHECKING:
    from lookalike.gallery.gallery import Gallery
    from lookalike.models.card import Card
    from lookalike.protocols import Analyzer, Metric, Readable
    from lookalike.visitors.largest import LargestFace

#: What was as likely as not before the photos were looked at.
EVEN: Final = 0.5


@dataclass(frozen=True, slots=True)
class CompareOptions:
    """How two photos are compared.

    Parameters
    ----------
    metric : str
        A name of the registry; one that must be fitted needs a gallery.
    fmr : float
        The highest false-match rate to accept: how often two different people may be called one
        person. Above 0 and at most 1.
    prior : float
        How likely it is that the photos show one person, before they are looked at; above 0 and
        below 1.

    Raises
    ------
    OptionError
        If a number is out of range.
    """

    metric: str = "euclidean"
    fmr: float = DEFAULT_FMR
    prior: float = EVEN

    def __post_init__(self) -> None:
        """Check the numbers."""
        check_rate("fmr", self.fmr, one=True)
        check_rate("prior", self.prior)


class Comparer:
    """Compares photos by their largest faces. Safe to share between threads.

    Parameters
    ----------
    analyzer : Analyzer
        What finds and encodes faces.
    gallery : Gallery, optional
        Whose people say how far strangers are, instead of those of the encoder's card, and on whom
        a metric is fitted that must be.

    Raises
    ------
    SpaceMismatch
        If gallery and analyzer do not belong together.
    """

    def __init__(self, analyzer: Analyzer, gallery: Gallery | None = None) -> None:
        if gallery is not None:
            gallery.header.space.require(analyzer.space)
        self._analyzer = analyzer
        self._gallery = gallery

    def compare(
        self,
        one: Readable | LargestFace,
        other: Readable | LargestFace,
        options: CompareOptions | None = None,
    ) -> Comparison:
        """Say how alike the largest faces of two photos are, and whether they are one person.

        Parameters
        ----------
        one, other : path, bytes, file, PIL image, ndarray, Image or LargestFace
            The photos, looked at or not.
        options : CompareOptions, optional
            By which metric, and how surely.

        Returns
        -------
        Comparison
            The distance, what it means, and the decision.

        Raises
        ------
        ImageError, NoFace
            If a photo cannot be read, or shows no face.
        UnknownName, OptionError
            If there is no such metric, it must be fitted first, or the gallery is too small.
        """
        options = options or CompareOptions()
        measure = self._measure(options.metric)
        first, second = (largest_face(self._analyzer, photo) for photo in (one, other))
        mapped = [measure.project(face.embedding.vectors) for face in (first, second)]
        gap = mapped[0].astype(np.float64) - mapped[1]
        distance = float(measure.distances(np.sum(gap**2, axis=1))[0])
        if self._gallery is None:
            judged = self._by_card(distance, options)
        else:
            judged = self._by_gallery(distance, options, self._gallery)
        faces = (len(first.analysis), len(second.analysis))
        return replace(judged, prior=options.prior, faces=faces)

    def _measure(self, metric: str) -> Metric:
        if metric in names("person-model"):
            raise OptionError(
                f"{metric} measures from photos to people, not between two photos",
                "use euclidean, sqeuclidean or cosine, or mahalanobis with a gallery",
            )
        return ready_made(metric) if self._gallery is None else self._gallery.metric(metric)

    def _by_card(self, distance: float, options: CompareOptions) -> Comparison:
        """Judge by what has been measured for the encoder."""
        points = fitting(self._card.calibration, options.metric, self._analyzer.views)
        threshold, rate = threshold_at(points, options.fmr) or (None, None)
        return Comparison(
            distance,
            options.metric,
            threshold,
            rate,
            self._probability(distance, options),
            rarity=rarity_at(points, distance),
            measured_on=points[0].measured_on if points else "",
        )

    def _by_gallery(self, distance: float, options: CompareOptions, gallery: Gallery) -> Comparison:
        """Judge by the people of the gallery; probabilities only if the card has none."""
        strange = Strangeness.of(gallery, options.metric)
        likely = self._probability(distance, options)
        if likely is None:
            odds = odds_in(gallery, options.metric)
            likely = None if odds is None else odds.probability(distance, options.prior)
        return Comparison(
            distance,
            options.metric,
            strange.threshold(options.fmr),
            options.fmr,
            likely,
            rarity=strange.rarity(distance),
            measured_on=f"{gallery.file.name}, {strange.strangers.pairs:,} pairs of strangers",
        )

    @property
    def _card(self) -> Card:
        return card(self._analyzer.space.encoder)

    def _probability(self, distance: float, options: CompareOptions) -> float | None:
        """Return the probability that the card's odds give, None if it has none."""
        key = options.metric, self._analyzer.views
        for odds in self._card.odds:
            if (odds.metric, odds.views) == key:
                return odds.probability(distance, options.prior)
        return None
