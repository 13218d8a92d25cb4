"""Two photos: how alike they are, and whether they show one person."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lookalike.errors import ImageError, NoFace
from lookalike.models.card import card
from lookalike.search.calibration import DEFAULT_FMR, judge
from lookalike.search.metrics import ready_made

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lookalike.protocols import Analyzer, Readable
    from lookalike.types import Comparison


@dataclass(frozen=True, slots=True)
class CompareOptions:
    """How two photos are compared.

    Parameters
    ----------
    metric : str
        A metric that needs no fitting.
    fmr : float
        The highest false-match rate to accept.
    """

    metric: str = "euclidean"
    fmr: float = DEFAULT_FMR


class Comparer:
    """Compares photos by their largest faces. Safe to share between threads.

    Parameters
    ----------
    analyzer : Analyzer
        What finds and encodes faces.
    """

    def __init__(self, analyzer: Analyzer) -> None:
        self._analyzer = analyzer

    def compare(
        self, one: Readable, other: Readable, options: CompareOptions | None = None
    ) -> Comparison:
        """Say how alike the largest faces of two photos are, and whether they are one person.

        Parameters
        ----------
        one, other : path, bytes, file, PIL image, ndarray or Image
            The photos.
        options : CompareOptions, optional
            By which metric, and how surely.

        Returns
        -------
        Comparison
            The distance and the decision.

        Raises
        ------
        ImageError, NoFace
            If a photo cannot be read, or shows no face.
        UnknownName, OptionError
            If there is no such metric, or it must be fitted first.
        """
        options = options or CompareOptions()
        measure = ready_made(options.metric)
        first, second = (self._largest(photo) for photo in (one, other))
        gap = measure.project(first).astype(np.float64) - measure.project(second)
        distance = float(measure.distances(np.sum(gap**2, axis=1))[0])
        measured = card(self._analyzer.space.encoder).calibration
        views = self._analyzer.views
        return judge(distance, measured, metric=options.metric, views=views, fmr=options.fmr)

    def _largest(self, photo: Readable) -> NDArray[np.float32]:
        """Return the vector of a photo's largest face, shape (1, d)."""
        (analysis,) = self._analyzer.analyze([photo])
        if isinstance(analysis, ImageError):
            raise analysis
        if len(analysis) == 0:
            name = photo if isinstance(photo, str | os.PathLike) else "the picture"
            raise NoFace(f"no face was found in {name}", "use a photo that shows the face upright")
        row = int(np.argmax(analysis.faces.sizes_px))
        return analysis.embeddings.rows(row, row + 1).vectors
