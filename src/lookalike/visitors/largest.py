"""Whom a photo is of, where nothing else says so: its largest face."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import numpy as np

from lookalike.errors import ImageError, NoFace

if TYPE_CHECKING:
    from lookalike.protocols import Analyzer, Readable
    from lookalike.types import Analysis


def largest_face(analyzer: Analyzer, photo: Readable) -> tuple[Analysis, int]:
    """Look at a photo and say which of its faces is the largest.

    Parameters
    ----------
    analyzer : Analyzer
        What looks at it.
    photo : path, bytes, file, PIL image, ndarray or Image
        The photo.

    Returns
    -------
    analysis : Analysis
        What the photo shows.
    row : int
        The number of its largest face.

    Raises
    ------
    ImageError, NoFace
        If it cannot be read, or shows no face.
    """
    (analysis,) = analyzer.analyze([photo])
    if isinstance(analysis, ImageError):
        raise analysis
    if len(analysis) == 0:
        name = photo if isinstance(photo, str | os.PathLike) else "the picture"
        raise NoFace(f"no face was found in {name}", "use a photo that shows the face upright")
    return analysis, int(np.argmax(analysis.faces.sizes_px))
