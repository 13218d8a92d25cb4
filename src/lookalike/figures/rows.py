"""What a results grid shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import numpy as np

from lookalike.errors import ArrayError
from lookalike.types._check import check_array

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lookalike.types import Match


@dataclass(frozen=True, slots=True, eq=False)
class Tile:
    """One match, and how the person looks.

    Parameters
    ----------
    match : Match
        Who, at which distance and rank.
    portrait : ndarray of shape (h, w, 3), uint8, or None
        RGB, 0 to 255, any size; the middle square is shown. None draws a monogram.
    """

    match: Match
    portrait: NDArray[np.uint8] | None = None

    def __post_init__(self) -> None:
        """Check the portrait."""
        if self.portrait is not None:
            check_array("Tile.portrait", self.portrait, ("h", "w", 3), np.uint8)
            if self.portrait.size == 0:
                raise ArrayError("Tile.portrait must hold at least one pixel")

    @property
    def credit(self) -> str:
        """Whom to name under the portrait, the licence, and where the photo was published.

        Empty if there is no portrait, or nobody to name and no page.
        """
        if self.portrait is None or not self.match.photos:
            return ""
        photo = self.match.photos[0]
        host = (urlsplit(photo.page).hostname or "").removeprefix("www.")
        if not photo.credit and not host:
            return ""
        return " · ".join(part for part in (photo.credit, photo.licence, host) if part)


@dataclass(frozen=True, slots=True, eq=False)
class Reason:
    """Why a face resembles its best match.

    Parameters
    ----------
    faces : ndarray of shape (2, S, S, 3), uint8
        Both with the map over them, see `lookalike.figures.heat`.
    sentence : str
        The same in words.
    title : str, default ""
        Above the sentence.
    """

    faces: NDArray[np.uint8]
    sentence: str
    title: str = ""

    def __post_init__(self) -> None:
        """Check the faces."""
        check_array("Reason.faces", self.faces, (2, "S", "S", 3), np.uint8)


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """One face of a visitor's photo and whom it resembles.

    Parameters
    ----------
    visitor : ndarray of shape (S, S, 3), uint8
        RGB, 0 to 255.
    tiles : tuple of Tile
        Most alike first; none if there is nobody to compare with.
    label : str, default ""
        What to write under the visitor's face, for example a file name.
    reason : Reason, optional
        Why the best match looks alike.
    """

    visitor: NDArray[np.uint8]
    tiles: tuple[Tile, ...] = ()
    label: str = ""
    reason: Reason | None = None

    def __post_init__(self) -> None:
        """Check the face."""
        check_array("Row.visitor", self.visitor, ("S", "S", 3), np.uint8)
        height, width = self.visitor.shape[:2]
        if height != width or height == 0:
            raise ArrayError(f"Row.visitor must be square, got {self.visitor.shape}")
