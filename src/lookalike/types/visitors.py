"""One visitor in several photos, and whom this visitor resembles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from lookalike.errors import ImageError
from lookalike.types.results import stands_out

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lookalike.types.analysis import Analysis
    from lookalike.types.embeddings import Embeddings
    from lookalike.types.results import Match

#: What became of a photo.
Outcome = Literal["used", "unreadable", "no face", "somebody else"]


@dataclass(frozen=True, slots=True, eq=False)
class VisitorPhoto:
    """One of the photos of a visitor.

    Parameters
    ----------
    look : Analysis or ImageError
        What it shows, or why it cannot be read.
    face : int or None
        Which of its faces is the visitor's; None if there is none.
    """

    look: Analysis | ImageError
    face: int | None

    @property
    def outcome(self) -> Outcome:
        """What became of it."""
        if isinstance(self.look, ImageError):
            return "unreadable"
        if self.face is None:
            return "somebody else" if len(self.look) else "no face"
        return "used"


@dataclass(frozen=True, slots=True, eq=False)
class Visitor:
    """Somebody who is in several photos.

    Parameters
    ----------
    photos : tuple of VisitorPhoto
        All of them, in the order in which they came.
    faces : Embeddings
        The visitor's face in each photo that is used.
    agree : bool
        Whether more than half of the photos with faces show one person. If not, the largest face
        of each is used, and the answer is of nobody in particular.
    """

    photos: tuple[VisitorPhoto, ...]
    faces: Embeddings
    agree: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class FoundTogether:
    """The look-alikes of one visitor, from several photos.

    Parameters
    ----------
    visitor : Visitor
        The photos, and which of their faces are the visitor's.
    matches : tuple of Match
        The most alike first, each with its distance from the mean of the visitor's faces and, if
        there are several, with its stability.
    among : int
        How many people were ranked.
    """

    visitor: Visitor
    matches: tuple[Match, ...]
    among: int = 0

    @property
    def stability(self) -> float | None:
        """The share of halves of the photos that name the same person first, 0 to 1.

        None if a single photo was used, or if nobody was named.
        """
        return self.matches[0].stability if self.matches else None

    def stands_out(self) -> bool | None:
        """Say whether the best match is nearer than the best of so many strangers.

        Returns
        -------
        bool or None
            As `Found.stands_out` says it of one face.
        """
        return stands_out(self.matches, self.among)

    def __len__(self) -> int:
        """Return the number of matches."""
        return len(self.matches)

    def __iter__(self) -> Iterator[Match]:
        """Go through the matches, the most alike first."""
        return iter(self.matches)
