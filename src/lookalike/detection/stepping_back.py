"""Looking a second time, from farther away, where no face was found.

Detectors have learned faces with something around them. One that fills its picture, as selfies and
cropped portraits have it, is missed, and found as soon as the picture has a margin.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lookalike.detection.looks import Look
from lookalike.types import Faces, Image

if TYPE_CHECKING:
    from lookalike.protocols import Detector

#: What fills its picture is as easily found in a small copy. The mean color leaves an empty
#: picture empty.
_FROM_AFAR: Final = Look(640, frame=0.25, color="mean")


def faces_of(detector: Detector, image: Image) -> Faces:
    """Find the faces of a picture, also one that fills it.

    Parameters
    ----------
    detector : Detector
        What finds faces.
    image : Image
        The picture. One without a face is looked at twice.

    Returns
    -------
    Faces
        Best first; boxes and landmarks in pixels of the picture.
    """
    (faces,) = detector.detect([image])
    if len(faces):
        return faces
    canvas = _FROM_AFAR.show(image.pixels)
    (faces,) = detector.detect([Image(canvas.pixels)])
    boxes = canvas.to_picture(faces.boxes.reshape(-1, 2, 2)).reshape(-1, 4)
    return Faces(boxes, canvas.to_picture(faces.landmarks), faces.scores)
