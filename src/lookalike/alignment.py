"""Step 3: set faces upright, all in the same place and at the same size.

A similarity transform (turn, scale, shift) is fitted so that the five landmarks fall as near as
possible to where a template wants them, and the picture is warped by it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from lookalike.registry import unknown
from lookalike.types import Crops

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lookalike.types import Faces, Image


@dataclass(frozen=True, slots=True)
class Template:
    """Where the five landmarks belong in a crop.

    Parameters
    ----------
    name : str
        How cards call it.
    size_px : int
        Side of the crop.
    points : tuple of five pairs of float
        ``x y`` in crop pixels: left eye, right eye, nose, left and right mouth corner.
    """

    name: str
    size_px: int
    points: tuple[tuple[float, float], ...]


#: The median of where MTCNN's landmarks fall in the crops that dlib's own alignment makes.
DLIB_150: Final = Template(
    "dlib-150",
    150,
    ((48.87, 46.86), (102.67, 46.91), (75.54, 79.09), (51.89, 105.94), (99.33, 105.90)),
)

#: In a portrait: distance of the eyes and the place between them, as parts of its side.
_PORTRAIT_EYES: Final = 0.28
_PORTRAIT_MIDDLE: Final = (0.5, 0.45)

#: OpenCV warps no picture with a longer side.
_TOO_LONG_PX: Final = (1 << 15) - 1

TEMPLATES: Final = {template.name: template for template in (DLIB_150,)}


def template(name: str) -> Template:
    """Return the template of that name.

    Parameters
    ----------
    name : str
        For example ``"dlib-150"``.

    Returns
    -------
    Template
        The template.

    Raises
    ------
    UnknownName
        If there is none.
    """
    if name not in TEMPLATES:
        raise unknown("alignment template", name, TEMPLATES)
    return TEMPLATES[name]


def fit_similarity(
    points: NDArray[np.float32], target: NDArray[np.floating]
) -> NDArray[np.float32]:
    """Fit turn, scale and shift from five points to five points, for many faces at once.

    Parameters
    ----------
    points : ndarray of shape (n, 5, 2), float32
        Landmarks of each face.
    target : ndarray of shape (5, 2), float
        Where they shall go.

    Returns
    -------
    ndarray of shape (n, 2, 3), float32
        The affine maps ``[[a, -b, tx], [b, a, ty]]`` with the least squared error.

    Notes
    -----
    With both sets centered, p = points and q = target, and written as complex numbers, the least
    squares factor is ``sum(conj(p) q) / sum(|p|²)``: its length is the scale and its angle the
    turn. A mirrored face is never unmirrored, because the map has no reflection.

    References
    ----------
    Umeyama, "Least-Squares Estimation of Transformation Parameters Between Two Point Patterns",
    IEEE PAMI, 1991.
    """
    p = points[..., 0].astype(np.float64) + 1j * points[..., 1]
    q = target[..., 0] + 1j * target[..., 1]
    p_mean, q_mean = p.mean(axis=-1, keepdims=True), q.mean()
    centered = p - p_mean
    spread = np.maximum((np.abs(centered) ** 2).sum(axis=-1), 1e-12)
    factor = (np.conj(centered) * (q - q_mean)).sum(axis=-1) / spread
    shift = q_mean - factor * p_mean[..., 0]
    maps = np.empty((len(p), 2, 3), np.float32)
    maps[:, 0, 0] = maps[:, 1, 1] = factor.real
    maps[:, 1, 0] = factor.imag
    maps[:, 0, 1] = -factor.imag
    maps[:, 0, 2] = shift.real
    maps[:, 1, 2] = shift.imag
    return maps


def align(image: Image, faces: Faces, name: str = DLIB_150.name) -> Crops:
    """Cut out every face of a picture as its template wants it.

    Parameters
    ----------
    image : Image
        The picture.
    faces : Faces
        Its faces.
    name : str, default "dlib-150"
        The template.

    Returns
    -------
    Crops
        One for each face; black outside the picture.

    Raises
    ------
    UnknownName
        If there is no template of that name.
    """
    wanted = template(name)
    maps = fit_similarity(faces.landmarks, np.array(wanted.points))
    side = wanted.size_px
    pixels = np.empty((len(faces), side, side, 3), np.uint8)
    for crop, matrix in zip(pixels, maps, strict=True):
        crop[:] = _warp(image.pixels, matrix, side)
    return Crops(pixels, maps, wanted.name)


def portraits(image: Image, faces: Faces, size_px: int) -> NDArray[np.uint8]:
    """Cut out every face upright and with its hair, for people to look at.

    Parameters
    ----------
    image : Image
        The picture.
    faces : Faces
        Its faces.
    size_px : int
        Side of a portrait.

    Returns
    -------
    ndarray of shape (n, size_px, size_px, 3), uint8
        RGB; outside the picture its mirror image, which jars less than a black edge.
    """
    points = np.array(DLIB_150.points)
    middle = points[:2].mean(axis=0)
    eyes_apart = points[1, 0] - points[0, 0]
    zoom = _PORTRAIT_EYES * size_px / eyes_apart
    target = (points - middle) * zoom + np.array(_PORTRAIT_MIDDLE) * size_px
    maps = fit_similarity(faces.landmarks, target)
    result = np.empty((len(faces), size_px, size_px, 3), np.uint8)
    for portrait, matrix in zip(result, maps, strict=True):
        portrait[:] = _warp(image.pixels, matrix, size_px, cv2.BORDER_REFLECT_101)
    return result


def _warp(
    pixels: NDArray[np.uint8],
    matrix: NDArray[np.float32],
    side: int,
    border: int = cv2.BORDER_CONSTANT,
) -> NDArray[np.uint8]:
    """Warp the face, from a picture no more than twice as large as the crop needs.

    Bilinear sampling looks at four pixels only: a face that shrinks more than twofold would be
    sampled with gaps, so the part of the picture that holds it is reduced first.
    """
    scale = float(np.hypot(matrix[0, 0], matrix[1, 0]))
    if scale <= 0:
        return np.zeros((side, side, 3), np.uint8)
    if scale < 0.5 or max(pixels.shape) >= _TOO_LONG_PX:
        corners = np.array([[0, 0], [side, 0], [0, side], [side, side]], np.float64)
        inverse = cv2.invertAffineTransform(matrix.astype(np.float64))
        reach = corners @ inverse[:, :2].T + inverse[:, 2]
        height, width = pixels.shape[:2]
        x1, y1 = np.clip(np.floor(reach.min(axis=0)) - 2, 0, [width - 1, height - 1]).astype(int)
        x2, y2 = np.clip(np.ceil(reach.max(axis=0)) + 2, [x1 + 1, y1 + 1], [width, height]).astype(
            int
        )
        part = pixels[y1:y2, x1:x2]
        shrink = min(scale * 1.5, 1.0)
        small = max(round((x2 - x1) * shrink), 1), max(round((y2 - y1) * shrink), 1)
        ratio = np.array([(x2 - x1) / small[0], (y2 - y1) / small[1]])
        pixels = np.asarray(cv2.resize(part, small, interpolation=cv2.INTER_AREA), np.uint8)
        # small -> picture, then picture -> crop; pixel centers lie at +0.5
        shift = (ratio - 1) / 2 + np.array([x1, y1])
        matrix = np.column_stack(
            [matrix[:, :2] * ratio, matrix[:, :2] @ shift + matrix[:, 2]]
        ).astype(np.float32)
    return np.asarray(
        cv2.warpAffine(pixels, matrix, (side, side), flags=cv2.INTER_LINEAR, borderMode=border),
        np.uint8,
    )
