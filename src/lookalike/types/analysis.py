"""What the first four steps say about one photo."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lookalike.types._check import check_same_length

if TYPE_CHECKING:
    from lookalike.types.crops import Crops
    from lookalike.types.embeddings import Embeddings
    from lookalike.types.faces import Faces
    from lookalike.types.image import Image


@dataclass(frozen=True, slots=True, eq=False)
class Analysis:
    """A photo that has been read, with its faces found, aligned and encoded.

    Parameters
    ----------
    image : Image
        The photo.
    faces : Faces
        Its faces, in pixels of `image`.
    crops : Crops
        The same faces, aligned.
    embeddings : Embeddings
        The same faces as vectors.
    """

    image: Image
    faces: Faces
    crops: Crops
    embeddings: Embeddings

    def __post_init__(self) -> None:
        """Check that every column speaks of the same faces."""
        check_same_length(
            "Analysis", faces=self.faces, crops=self.crops, embeddings=self.embeddings
        )

    def __len__(self) -> int:
        """Return the number of faces."""
        return len(self.faces)
