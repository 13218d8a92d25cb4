"""Steps 1 to 3 for one photo, and step 4 for a few together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from lookalike.alignment import align, template
from lookalike.detection.stepping_back import faces_of
from lookalike.encoding.together import encode_together
from lookalike.errors import ImageError
from lookalike.images import read
from lookalike.types import Analysis

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from lookalike.protocols import Detector, Encoder, Readable
    from lookalike.types import Crops, Faces, Image

    #: Opens a photo, given as `lookalike.images.read` takes it, with its `longest_px`.
    Reader: TypeAlias = Callable[..., Image]

    #: A photo with its faces found and aligned.
    Seen: TypeAlias = tuple[Image, Faces, Crops]

_ENOUGH_PX: Final = 1600  # a photo much larger than this is first read at a reduced scale


class Eye:
    """Goes through the steps up to the vectors. Safe to share between threads.

    Parameters
    ----------
    detector : Detector
        Finds faces.
    encoder : Encoder
        Turns them into vectors.
    reader : callable, optional
        What opens photos, as `lookalike.images.read` does.
    """

    def __init__(self, detector: Detector, encoder: Encoder, reader: Reader | None = None) -> None:
        self._detector, self._encoder, self._reader = detector, encoder, reader
        self._face_px = template(encoder.template).size_px

    def see(self, photo: Readable | ImageError) -> Seen | ImageError:
        """Read a photo, find its faces and align them.

        Parameters
        ----------
        photo : path, bytes, file, PIL image, ndarray, Image or ImageError
            The photo; an error is handed on.

        Returns
        -------
        tuple of (Image, Faces, Crops), or ImageError
            What it shows, or why it cannot be read.
        """
        if isinstance(photo, ImageError):
            return photo
        opened = self._reader or read
        try:
            image = opened(photo, longest_px=_ENOUGH_PX)
            faces = faces_of(self._detector, image)
            if image.reduction > 1 and (faces.sizes_px < self._face_px).any():
                # A small face in a large photo: its crop needs every pixel that there is.
                faces = faces.scaled(image.reduction)
                image = opened(photo)
        except ImageError as error:
            return error
        return image, faces, align(image, faces, self._encoder.template)

    def encode(self, seen: Sequence[Seen | ImageError]) -> list[Analysis | ImageError]:
        """Encode the faces of a few photos together.

        Parameters
        ----------
        seen : sequence of (Image, Faces, Crops) or ImageError
            As `see` gave them.

        Returns
        -------
        list of Analysis or ImageError
            One for each, in order.
        """
        crops = [one[2] for one in seen if not isinstance(one, ImageError)]
        rows = iter(encode_together(self._encoder, crops))
        return [one if isinstance(one, ImageError) else Analysis(*one, next(rows)) for one in seen]
