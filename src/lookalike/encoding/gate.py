"""Turning away faces that are too poor to say anything about."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lookalike.encoding.quality import quality
from lookalike.types import Analysis, Crops, Embeddings

if TYPE_CHECKING:
    from numpy.typing import NDArray


def scores(analysis: Analysis) -> NDArray[np.float32]:
    """Return the quality of every face of a photo.

    Parameters
    ----------
    analysis : Analysis
        The photo.

    Returns
    -------
    ndarray of shape (n,), float32
        0 to 1, see `lookalike.encoding.quality`.
    """
    return quality(analysis.image, analysis.faces, analysis.crops).score


def gate(analysis: Analysis, least: float) -> Analysis:
    """Keep the faces of a photo that are good enough.

    Parameters
    ----------
    analysis : Analysis
        The photo.
    least : float
        The quality that a face must have, 0 to 1. 0 keeps all and costs nothing.

    Returns
    -------
    Analysis
        The same photo with those faces only.
    """
    if least <= 0 or len(analysis) == 0:
        return analysis
    rows = np.flatnonzero(scores(analysis) >= least)
    crops, embeddings = analysis.crops, analysis.embeddings
    return Analysis(
        analysis.image,
        analysis.faces.take(rows),
        Crops(crops.pixels[rows], crops.transforms[rows], crops.template),
        Embeddings(embeddings.vectors[rows], embeddings.space),
    )
