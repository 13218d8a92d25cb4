"""Whom a photo is of, where nothing else says so: its largest face."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lookalike.errors import ImageError, NoFace

if TYPE_CHECKING:
    from lookalike.protocols import Analyzer, Readable
    from lookalike.types import Analysis, Crops, Embeddings


@dataclass(frozen=True, slots=True, eq=False)
class LargestFace:
    """A photo that has been looked at, and the face in it that counts.

    Parameters
    ----------
    analysis : Analysis
        What the photo shows.
    row : int
        The number of its largest face.
    """

    analysis: Analysis
    row: int

    @property
    def embedding(self) -> Embeddings:
        """The face's vector, a single row."""
        return self.analysis.embeddings.rows(self.row, self.row + 1)

    @property
    def crop(self) -> Crops:
        """The face as it was encoded, a single crop."""
        return self.analysis.crops.rows(self.row, self.row + 1)


def largest_face(analyzer: Analyzer, photo: Readable | LargestFace) -> LargestFace:
    """Look at a photo and say which of its faces is the largest.

    Parameters
    ----------
    analyzer : Analyzer
        What looks at it.
    photo : path, bytes, file, PIL image, ndarray, Image or LargestFace
        The photo; one that has been looked at is not looked at again.

    Returns
    -------
    LargestFace
        The photo and its face.

    Raises
    ------
    ImageError, NoFace
        If it cannot be read, or shows no face.
    """
    if isinstance(photo, LargestFace):
        return photo
    (analysis,) = analyzer.analyze([photo])
    if isinstance(analysis, ImageError):
        raise analysis
    if len(analysis) == 0:
        name = photo if isinstance(photo, str | os.PathLike) else "the picture"
        raise NoFace(f"no face was found in {name}", "use a photo that shows the face upright")
    return LargestFace(analysis, int(np.argmax(analysis.faces.sizes_px)))
