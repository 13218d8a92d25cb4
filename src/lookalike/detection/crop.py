"""Crop: no search, for photos that are face crops with a stated margin already."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self

import numpy as np

from lookalike.detection.landmarks import Framing, Landmarker
from lookalike.detection.ranges import check_range

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lookalike.models.card import Card
    from lookalike.models.runtime import Runtime
    from lookalike.types import Faces, Image

#: The stated box is taken for the square that O-Net expects: nobody knows whose box it was.
_FRAMING: Final = Framing(right=0.0, down=0.0, size=1.0)


@dataclass(frozen=True, slots=True)
class CropOptions:
    """How the crops were made.

    Parameters
    ----------
    margin : float
        What was added to the face's box on each side, as a part of the box's own width and
        height, 0 to 2. IMDB-WIKI has 0.4.
    least_landmarks : float
        What O-Net must say of a face, 0 to 1; 0 keeps all. More than after a search, because
        nothing else vouches for the face.
    """

    margin: float = 0.4
    least_landmarks: float = 0.5

    def __post_init__(self) -> None:
        """Check the ranges."""
        check_range("margin", self.margin, 0, 2)
        check_range("least_landmarks", self.least_landmarks, 0, 1)


class Crop:
    """Takes the picture without its margin for the face. Safe to share between threads.

    Parameters
    ----------
    landmarker : Landmarker
        Finds the landmarks, and says whether there is a face at all.
    options : CropOptions, optional
        How the crops were made.

    Notes
    -----
    A picture W wide shows a face ``W / (1 + 2 margin)`` wide. The score is O-Net's.

    References
    ----------
    Rothe, Timofte, Van Gool, "Deep Expectation of Real and Apparent Age from a Single Image
    Without Facial Landmarks", IJCV 2018: the crops of IMDB-WIKI.
    """

    name = "crop"

    def __init__(self, landmarker: Landmarker, options: CropOptions | None = None) -> None:
        self._landmarker = landmarker
        self.options = options or CropOptions()

    @classmethod
    def open(cls, card: Card, runtime: Runtime) -> Self:  # noqa: ARG003 - it has no files
        """Open the detector.

        Parameters
        ----------
        card : Card
            Without files.
        runtime : Runtime
            What runs the landmarks.

        Returns
        -------
        Crop
            Ready for pictures.

        Raises
        ------
        ModelError
            One of its kinds, if the landmarks cannot be used.
        """
        return cls(Landmarker.open(runtime))

    def detect(self, images: Sequence[Image]) -> list[Faces]:
        """Find the landmarks of the one face of each picture.

        Parameters
        ----------
        images : sequence of Image
            Any number, of any size.

        Returns
        -------
        list of Faces
            One for each picture, with one face or, if O-Net sees none, without; boxes and
            landmarks in pixels of that picture.
        """
        return [self._detect_one(image) for image in images]

    def _detect_one(self, image: Image) -> Faces:
        part = self.options.margin / (1 + 2 * self.options.margin)
        sides = np.array([image.width, image.height], np.float32)
        box = np.concatenate([sides * part, sides * (1 - part)])[None].astype(np.float32)
        least = self.options.least_landmarks
        return self._landmarker.complete(image.pixels, box, None, _FRAMING, least)
