"""How much a face tells: whether its vector can be trusted.

Notes
-----
Every loss of quality moves the vectors of one person apart. So each property of a face is turned
into a distance: by how much a face like this lies further from the same person's other photos,
measured with dlib-resnet-v1 on photos made worse step by step (small, blurred, flat, burnt out,
cut off), and for the pose on photos as they are. The distances add up, and the score halves with
every 0.05 of them; for comparison, that encoder tells two people apart at about 0.53::

    score = 2 ** -(sum of losses / 0.05)

A small face is a blurred one, too, so of these two only the greater loss counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from lookalike.alignment import UprightSquare
from lookalike.alignment.warp import MIRROR, warp
from lookalike.errors import ArrayError
from lookalike.types._check import check_array, check_same_length

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lookalike.types import Crops, Faces, Image

#: A loss that halves the score.
_HALVING: Final = 0.05

#: The part of a face between forehead and chin, at one size for all pictures.
_WINDOW: Final = UprightSquare("quality-64", 64, 2.2)
_LUMA: Final = np.array([0.299, 0.587, 0.114], np.float32)
_BURNT: Final = 250

#: Where each measure stands, and the loss there; straight lines in between.
_SIZE: Final = ((4.7, 6.3, 9.4, 12.6, 15.7, 19.7, 30.0), (0.20, 0.15, 0.07, 0.035, 0.018, 0.008, 0))
_SHARPNESS: Final = (
    (-6.5, -5.7, -5.3, -4.7, -3.7, -2.9, -2.2),
    (0.23, 0.155, 0.12, 0.075, 0.034, 0.012, 0),
)
_YAW: Final = ((0.1, 0.2, 0.3, 0.4, 0.55, 1.0), (0, 0.015, 0.04, 0.06, 0.10, 0.20))
_PITCH: Final = ((0.0, 0.3, 0.44, 0.5, 0.75, 0.9, 1.2), (0.10, 0.04, 0.015, 0, 0, 0.04, 0.10))
_ROLL: Final = ((5.0, 10.0, 20.0, 45.0, 90.0), (0, 0.01, 0.03, 0.06, 0.10))
_CONTRAST: Final = ((1.0, 2.2, 4.4, 8.7, 13.0, 20.0), (0.25, 0.18, 0.068, 0.021, 0.010, 0))
_GLARE: Final = (
    (0.02, 0.1, 0.3, 0.55, 0.67, 0.78, 1.0),
    (0, 0.017, 0.044, 0.084, 0.124, 0.178, 0.25),
)
_INSIDE: Final = ((0.0, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9), (0.30, 0.20, 0.10, 0.055, 0.035, 0.015, 0))


@dataclass(frozen=True, slots=True, eq=False)
class Quality:
    """The quality of the faces of a picture, as columns.

    Parameters
    ----------
    score : ndarray of shape (n,), float32
        All in all, 0 to 1: the product of the next five, where only the lesser of `size` and
        `sharpness` counts.
    size, sharpness, frontality, exposure, inside : ndarray of shape (n,), float32
        What is left of the score, 0 to 1, if the face is small; blurred; turned away; flat or
        burnt out; cut off by the edge of the picture.
    size_px : ndarray of shape (n,), float32
        The distance from mid-eyes to mid-mouth in pixels.
    yaw, pitch : ndarray of shape (n,), float32
        How far the tip of the nose stands beside the middle of the face, in widths of the mouth
        and eyes, 0 for a face that looks into the camera and positive if it looks to the right
        of the picture; and how far down from the eyes to the mouth, about 0.55.
    roll_degrees : ndarray of shape (n,), float32
        How far the head leans, -180 to 180, positive clockwise.
    brightness, contrast : ndarray of shape (n,), float32
        Mean and standard deviation of the gray of the face, 0 to 255.
    """

    score: NDArray[np.float32]
    size: NDArray[np.float32]
    sharpness: NDArray[np.float32]
    frontality: NDArray[np.float32]
    exposure: NDArray[np.float32]
    inside: NDArray[np.float32]
    size_px: NDArray[np.float32]
    yaw: NDArray[np.float32]
    pitch: NDArray[np.float32]
    roll_degrees: NDArray[np.float32]
    brightness: NDArray[np.float32]
    contrast: NDArray[np.float32]

    def __post_init__(self) -> None:
        """Check shapes, dtypes and lengths."""
        columns = {name: getattr(self, name) for name in self.__slots__}
        for name, column in columns.items():
            check_array(f"Quality.{name}", column, ("n",), np.float32)
        check_same_length("Quality", **columns)

    def __len__(self) -> int:
        """Return the number of faces."""
        return len(self.score)


def quality(image: Image, faces: Faces, crops: Crops) -> Quality:
    """Say how much each face of a picture tells.

    Parameters
    ----------
    image : Image
        The picture.
    faces : Faces
        Its faces.
    crops : Crops
        The same faces as they are encoded.

    Returns
    -------
    Quality
        One row for each face.

    Raises
    ------
    ArrayError
        If there are not as many crops as faces.
    """
    if len(faces) != len(crops):
        raise ArrayError(f"each face needs its crop, got {len(faces)} faces, {len(crops)} crops")
    size_px, yaw, pitch, roll = _pose(faces.landmarks)
    brightness, contrast, glare, detail = _light(image, faces)
    shown = _shown(image, crops)
    size, sharpness = _left(size_px, _SIZE), _left(detail, _SHARPNESS)
    turned = _left(np.abs(yaw), _YAW) * _left(pitch, _PITCH) * _left(np.abs(roll), _ROLL)
    exposure = _left(contrast, _CONTRAST) * _left(glare, _GLARE)
    inside = _left(shown, _INSIDE)
    score = np.minimum(size, sharpness) * turned * exposure * inside
    columns = (
        *(score, size, sharpness, turned, exposure, inside),
        *(size_px, yaw, pitch, roll, brightness, contrast),
    )
    return Quality(*(column.astype(np.float32) for column in columns))


def _left(
    measure: NDArray[np.float64], losses: tuple[tuple[float, ...], tuple[float, ...]]
) -> NDArray[np.float64]:
    """Return what a measure leaves of the score."""
    left: NDArray[np.float64] = np.exp2(-np.interp(measure, *losses) / _HALVING)
    return left


def _pose(landmarks: NDArray[np.float32]) -> tuple[NDArray[np.float64], ...]:
    """Return size in pixels, yaw, pitch and roll of each face, shape (n,) each."""
    points = landmarks.astype(np.float64)
    left_eye, right_eye, nose, left_mouth, right_mouth = points.transpose(1, 0, 2)
    eyes, mouth = (left_eye + right_eye) / 2, (left_mouth + right_mouth) / 2
    across = (right_eye + right_mouth - left_eye - left_mouth) / 2
    down = mouth - eyes
    wide, high = (np.maximum((axis**2).sum(axis=1), 1e-6) for axis in (across, down))
    yaw = ((nose - (eyes + mouth) / 2) * across).sum(axis=1) / wide
    pitch = ((nose - eyes) * down).sum(axis=1) / high
    gaze = right_eye - left_eye
    return np.hypot(*down.T), yaw, pitch, np.degrees(np.arctan2(gaze[:, 1], gaze[:, 0]))


def _light(image: Image, faces: Faces) -> tuple[NDArray[np.float64], ...]:
    """Return mean, deviation, burnt share and detail of each face's gray, shape (n,) each."""
    side = _WINDOW.size_px
    gray = np.empty((len(faces), side, side))
    for window, matrix in zip(gray, _WINDOW.fit(faces.landmarks), strict=True):
        window[:] = warp(image.pixels, matrix, side, MIRROR) @ _LUMA
    ripple = -4 * gray[:, 1:-1, 1:-1] + gray[:, :-2, 1:-1] + gray[:, 2:, 1:-1]
    ripple += gray[:, 1:-1, :-2] + gray[:, 1:-1, 2:]
    # The Laplacian's share of the variance: what is left of it does not depend on the light.
    detail = np.log((ripple.var(axis=(1, 2)) + 1e-3) / (gray.var(axis=(1, 2)) + 1))
    burnt = (gray >= _BURNT).mean(axis=(1, 2))
    return gray.mean(axis=(1, 2)), gray.std(axis=(1, 2)), burnt, detail


def _shown(image: Image, crops: Crops) -> NDArray[np.float64]:
    """Return which share of each crop comes from inside of the picture, shape (n,)."""
    height, width = image.pixels.shape[:2]
    steps = (np.arange(16) + 0.5) / 16 * crops.pixels.shape[1] - 0.5
    grid = np.stack(np.meshgrid(steps, steps), axis=-1).reshape(-1, 2)
    shown = np.zeros(len(crops))
    for row, matrix in enumerate(crops.transforms.astype(np.float64)):
        turn = matrix[:, :2]
        if abs(np.linalg.det(turn)) > 1e-12:
            points = np.linalg.solve(turn, (grid - matrix[:, 2]).T)
            in_width = (points[0] >= -0.5) & (points[0] <= width - 0.5)
            shown[row] = np.mean(in_width & (points[1] >= -0.5) & (points[1] <= height - 0.5))
    return shown
