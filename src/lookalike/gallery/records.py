"""What goes into a gallery and what comes out of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from lookalike.errors import ImageHarmful, ImageMissing, ImageTooLarge, ImageTooSlow

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

    from lookalike.errors import ImageError
    from lookalike.types import Candidate, Face, Person, Photo, Space

VectorType = Literal["float32", "float16"]


class Reason(StrEnum):
    """Why a photo was not used."""

    MISSING = "missing"
    UNREADABLE = "unreadable"
    TOO_LARGE = "too large"
    NO_FACE = "no face"
    SEVERAL_FACES = "several faces"
    LOW_QUALITY = "low quality"
    DUPLICATE = "duplicate"
    OPTED_OUT = "opted out"
    TOO_SLOW = "too slow"
    CRASHES = "crashes"


_REASONS: Final[tuple[tuple[type[ImageError], Reason], ...]] = (
    (ImageTooLarge, Reason.TOO_LARGE),
    (ImageMissing, Reason.MISSING),
    (ImageTooSlow, Reason.TOO_SLOW),
    (ImageHarmful, Reason.CRASHES),
)


@dataclass(frozen=True, slots=True)
class Header:
    """What a gallery is.

    Parameters
    ----------
    space : Space
        Where its vectors live.
    template : str
        The alignment behind them.
    views : int
        Number of views averaged in each vector.
    vector_type : {"float32", "float16"}
        How vectors are written; float16 halves the file and moves distances by about 1e-4.
    title : str
        How people call the gallery.
    """

    space: Space
    template: str
    views: int
    vector_type: VectorType = "float32"
    title: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class FaceRecord:
    """A face of a known person, as it is stored.

    Parameters
    ----------
    person : Person
        Who it is.
    photo : Photo
        Where it was seen.
    stamp : str
        The photo's stamp, see `Candidate`.
    face : Face
        Where in the photo, in pixels of the file.
    vector : ndarray of shape (d,), float32
        The raw vector.
    thumbnail : bytes
        A JPEG portrait; empty for none.
    thumbnail_points : ndarray of shape (5, 2), float32, optional
        The landmarks in pixels of the portrait, so that the face can be encoded again from it.
    quality : float, optional
        0 to 1, see `lookalike.encoding.quality`; None if it was not measured.
    photo_size : tuple of int
        Width and height of the upright photo in pixels; zeros if they are not known.
    """

    person: Person
    photo: Photo
    stamp: str
    face: Face
    vector: NDArray[np.float32]
    thumbnail: bytes = b""
    thumbnail_points: NDArray[np.float32] | None = None
    quality: float | None = None
    photo_size: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """A photo that was not used.

    Parameters
    ----------
    uri : str
        Its name in the source.
    stamp : str
        Its stamp, see `Candidate`.
    person : str
        Whom the source says it shows.
    sha256 : str
        The file's digest, empty if it could not be read.
    reason : Reason
        Why it was not used.
    detail : str
        More words.
    source : str
        The name of the source.
    """

    uri: str
    stamp: str
    person: str
    sha256: str
    reason: Reason
    detail: str = ""
    source: str = ""

    @classmethod
    def of(cls, candidate: Candidate, sha256: str, reason: Reason, detail: str) -> LedgerEntry:
        """Write down why a photo is not used.

        Parameters
        ----------
        candidate : Candidate
            The photo.
        sha256 : str
            Of its file; empty if it could not be read.
        reason : Reason
            Why.
        detail : str
            The same in words.

        Returns
        -------
        LedgerEntry
            Without the name of the source.
        """
        who = candidate.person.name
        return cls(candidate.uri, candidate.stamp, who, sha256, reason, detail)

    @classmethod
    def unread(cls, candidate: Candidate, sha256: str, error: ImageError) -> LedgerEntry:
        """Write down that a photo cannot be read.

        Parameters
        ----------
        candidate : Candidate
            The photo.
        sha256 : str
            Of its file; empty if not even that could be read.
        error : ImageError
            Why it cannot.

        Returns
        -------
        LedgerEntry
            Without the name of the source.
        """
        reason = next((reason for kind, reason in _REASONS if isinstance(error, kind)), None)
        return cls.of(candidate, sha256, reason or Reason.UNREADABLE, error.message)


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """Everything of a gallery that searching needs, in memory.

    Parameters
    ----------
    people : tuple of Person
        Everybody with at least one face, in the order in which they were added.
    photos : tuple of Photo
        The photo of each face.
    groups : ndarray of shape (n,), int64
        The person of each face: a position in `people`.
    vectors : ndarray of shape (n, d), float32
        The raw vector of each face.
    numbers : ndarray of shape (n,), int64
        The face's number in the file, for thumbnails.
    """

    people: tuple[Person, ...]
    photos: tuple[Photo, ...]
    groups: NDArray[np.int64]
    vectors: NDArray[np.float32]
    numbers: NDArray[np.int64]

    @property
    def counts(self) -> NDArray[np.int64]:
        """How many faces each person has."""
        return np.bincount(self.groups, minlength=len(self.people))

    def of(self, chosen: NDArray[np.bool_]) -> Columns:
        """Return only some of the people, with their faces.

        Parameters
        ----------
        chosen : ndarray of shape (len(people),), bool
            Whom to keep.

        Returns
        -------
        Columns
            Groups are numbered anew.
        """
        return self._picked(np.flatnonzero(chosen[self.groups]))

    def without(self, keys: Collection[str]) -> Columns:
        """Leave out people and photos.

        Parameters
        ----------
        keys : collection of str
            Ids of people and SHA-256 of photos.

        Returns
        -------
        Columns
            The same if none of them is here.
        """
        gone = np.array([person.id in keys for person in self.people], bool)
        lost = np.array([photo.id in keys for photo in self.photos], bool)
        if not gone.any() and not lost.any():
            return self
        return self._picked(np.flatnonzero(~gone[self.groups] & ~lost))

    def _picked(self, faces: NDArray[np.int64]) -> Columns:
        """Return only some of the faces, with the people whom they show."""
        shown = np.flatnonzero(np.bincount(self.groups[faces], minlength=len(self.people)))
        numbered = np.empty(len(self.people), np.int64)
        numbered[shown] = np.arange(len(shown))
        return Columns(
            tuple(self.people[group] for group in shown),
            tuple(self.photos[face] for face in faces),
            numbered[self.groups[faces]],
            self.vectors[faces],
            self.numbers[faces],
        )
