"""Faces as vectors, and the space that the vectors live in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lookalike.errors import SpaceMismatch
from lookalike.types._check import check_array

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Space:
    """What must agree before two vectors may be compared.

    Parameters
    ----------
    encoder : str
        The encoder's name, for people to read.
    dim : int
        Length of a vector.
    digest : str
        SHA-256, in hexadecimal, of the weights' SHA-256, the alignment template, and the bits
        of its numbers if they are not 32. Two spaces are the same exactly if their digests are.
    """

    encoder: str
    dim: int
    digest: str

    def require(self, other: Space) -> None:
        """Raise unless `other` is this very space.

        Parameters
        ----------
        other : Space
            The space of the vectors to compare with.

        Raises
        ------
        SpaceMismatch
            If the two differ.
        """
        if self.digest != other.digest or self.dim != other.dim:
            raise SpaceMismatch(
                f"vectors of {other} cannot be compared with vectors of {self}",
                "encode both with the same model and the same alignment",
            )

    def __str__(self) -> str:
        """Say the name and the start of the digest."""
        return f"{self.encoder} ({self.dim} numbers, {self.digest[:8]})"


@dataclass(frozen=True, slots=True, eq=False)
class Embeddings:
    """Vectors of faces.

    Parameters
    ----------
    vectors : ndarray of shape (n, d), float32
        Raw rows as the network gives them; their norms carry quality. Metrics normalize when
        they need to.
    space : Space
        Where the vectors live.
    """

    vectors: NDArray[np.float32]
    space: Space

    def __post_init__(self) -> None:
        """Check the shape against the space."""
        check_array("Embeddings.vectors", self.vectors, ("n", self.space.dim), np.float32)

    def __len__(self) -> int:
        """Return the number of vectors."""
        return len(self.vectors)

    def rows(self, start: int, stop: int) -> Embeddings:
        """Return the rows from `start` up to, not including, `stop`.

        Parameters
        ----------
        start, stop : int
            Row numbers.

        Returns
        -------
        Embeddings
            A view on the same vectors.
        """
        return Embeddings(self.vectors[start:stop], self.space)

    def mean(self) -> Embeddings:
        """Return the mean of all vectors.

        Returns
        -------
        Embeddings
            One row; there must be one vector or more.
        """
        middle = self.vectors.mean(axis=0, dtype=np.float64, keepdims=True)
        return Embeddings(np.asarray(middle, np.float32), self.space)
