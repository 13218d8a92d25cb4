"""What goes into a gallery and what comes out of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from lookalike.types import Face, Person, Photo, Space

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
    """

    person: Person
    photo: Photo
    stamp: str
    face: Face
    vector: NDArray[np.float32]
    thumbnail: bytes = b""


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
    """

    uri: str
    stamp: str
    person: str
    sha256: str
    reason: Reason
    detail: str = ""


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
        import numpy as np

        faces = np.flatnonzero(chosen[self.groups])
        renumber = np.cumsum(chosen) - 1
        return Columns(
            tuple(person for person, keep in zip(self.people, chosen, strict=True) if keep),
            tuple(self.photos[face] for face in faces),
            renumber[self.groups[faces]],
            self.vectors[faces],
            self.numbers[faces],
        )
