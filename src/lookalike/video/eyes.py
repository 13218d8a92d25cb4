"""Finding, aligning and encoding the faces of frames."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

import numpy as np

from lookalike.alignment import align, portraits
from lookalike.encoding.quality import quality
from lookalike.types import Crops, Embeddings, Image
from lookalike.video.tracks import Sighting
from lookalike.video.upright import rgb

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from lookalike.protocols import Detector, Encoder
    from lookalike.video.footage import Picture

#: Side of the pictures of faces that are kept.
PORTRAIT_PX: Final = 216
#: A poorer face is nobody's best picture.
_PRESENTABLE: Final = 0.02


class Looker(Protocol):
    """What finds faces and encodes them, for example an `Analyst`."""

    @property
    def detector(self) -> Detector:
        """Finds faces."""
        ...

    @property
    def encoder(self) -> Encoder:
        """Turns them into vectors."""
        ...


class Eyes:
    """Looks at frames, and counts what it costs.

    Parameters
    ----------
    looker : Looker
        The networks.
    least_px : float
        The smallest face that counts.
    """

    def __init__(self, looker: Looker, least_px: float) -> None:
        self._looker = looker
        self._least_px = least_px
        self.encoded = 0
        self.found = 0

    def look(self, picture: Picture) -> list[Sighting]:
        """Find the faces of a frame.

        Parameters
        ----------
        picture : Picture
            The frame.

        Returns
        -------
        list of Sighting
            Not encoded yet.
        """
        image = Image(rgb(picture.frame))
        (faces,) = self._looker.detector.detect([image])
        faces = faces.take(np.flatnonzero(faces.sizes_px >= self._least_px))
        self.found += len(faces)
        if not len(faces):
            return []
        crops = align(image, faces, self._looker.encoder.template)
        scores = quality(image, faces, crops).score
        shown = portraits(image, faces, PORTRAIT_PX)
        return [
            Sighting(
                picture.number,
                picture.time_s,
                face,
                crop,
                float(score),
                portrait if score >= _PRESENTABLE else None,
            )
            for face, crop, score, portrait in zip(faces, crops.pixels, scores, shown, strict=True)
        ]

    def encode(self, sightings: Sequence[Sighting]) -> None:
        """Give sightings their vectors, in one batch.

        Parameters
        ----------
        sightings : sequence of Sighting
            Those that have one keep it.
        """
        new = list({id(one): one for one in sightings if one.vector is None}.values())
        if not new:
            return
        pixels = np.stack([one.crop for one in new])
        maps = np.zeros((len(new), 2, 3), np.float32)
        vectors = self._looker.encoder.encode(
            Crops(pixels, maps, self._looker.encoder.template)
        ).vectors
        self.encoded += len(new)
        for one, vector in zip(new, vectors, strict=True):
            one.vector = vector

    def embeddings(self, vectors: NDArray[np.float32]) -> Embeddings:
        """Say what space vectors live in.

        Parameters
        ----------
        vectors : ndarray of shape (n, d), float32
            Of this encoder.

        Returns
        -------
        Embeddings
            The same rows.
        """
        return Embeddings(vectors, self._looker.encoder.space)
