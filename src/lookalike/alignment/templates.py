"""Where a face belongs in a crop: the templates that encoders were trained with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

import numpy as np

from lookalike.registry import unknown

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Template(Protocol):
    """A way to place faces in square crops."""

    @property
    def name(self) -> str:
        """How cards call it."""
        ...

    @property
    def size_px(self) -> int:
        """Side of the crop."""
        ...

    def fit(self, landmarks: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the affine map from picture pixels to crop pixels for each face.

        Parameters
        ----------
        landmarks : ndarray of shape (n, 5, 2), float32
            Left eye, right eye, nose, left and right mouth corner, in picture pixels.

        Returns
        -------
        ndarray of shape (n, 2, 3), float32
            The maps; all zeros for a face whose landmarks are one point.
        """
        ...


@dataclass(frozen=True, slots=True)
class FivePoints:
    """Turns, scales and shifts a face so that its landmarks fall near five fixed points.

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

    def fit(self, landmarks: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the similarity with the least squared error for each face.

        Parameters
        ----------
        landmarks : ndarray of shape (n, 5, 2), float32
            In picture pixels.

        Returns
        -------
        ndarray of shape (n, 2, 3), float32
            Maps from picture pixels to crop pixels.
        """
        return fit_similarity(landmarks, np.array(self.points))


@dataclass(frozen=True, slots=True)
class UprightSquare:
    """Cuts a square around the face without turning it, as networks fed from boxes expect.

    Parameters
    ----------
    name : str
        How cards call it.
    size_px : int
        Side of the crop.
    reach : float
        Side of the square in the picture, in distances from mid-eyes to mid-mouth. Unlike the
        distance of the eyes, that one hardly shrinks when a head turns.
    """

    name: str
    size_px: int
    reach: float

    def fit(self, landmarks: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the map of the square around the mean of the five points, for each face.

        Parameters
        ----------
        landmarks : ndarray of shape (n, 5, 2), float32
            In picture pixels.

        Returns
        -------
        ndarray of shape (n, 2, 3), float32
            Maps from picture pixels to crop pixels, without turn or mirror.
        """
        points = landmarks.astype(np.float64)
        drop = points[:, :2].mean(axis=1) - points[:, 3:].mean(axis=1)
        sides = self.reach * np.hypot(drop[:, 0], drop[:, 1])
        scales = np.divide(self.size_px, sides, out=np.zeros_like(sides), where=sides > 1e-6)
        maps = np.zeros((len(points), 2, 3), np.float32)
        maps[:, 0, 0] = maps[:, 1, 1] = scales
        # The middle of the crop lies between the centers of its first and its last pixel.
        middle = (self.size_px - 1) / 2
        maps[:, :, 2] = middle - scales[:, None] * points.mean(axis=1)
        maps[scales == 0] = 0
        return maps


#: The median of where MTCNN's landmarks fall in the crops that dlib's own alignment makes.
DLIB_150: Final = FivePoints(
    "dlib-150",
    150,
    ((48.87, 46.86), (102.67, 46.91), (75.54, 79.09), (51.89, 105.94), (99.33, 105.90)),
)

#: The five points that ArcFace, SphereFace and their successors share.
ARCFACE_112: Final = FivePoints(
    "arcface-112",
    112,
    (
        (38.2946, 51.6963),
        (73.5318, 51.5014),
        (56.0252, 71.7366),
        (41.5493, 92.3655),
        (70.7299, 92.2041),
    ),
)

#: What MTCNN's boxes with FaceNet's margin of 32 pixels in 160 come to.
FACENET_160: Final = UprightSquare("facenet-160", 160, 3.0)

#: VGG-Face was trained on boxes around upright faces, too.
VGG_224: Final = UprightSquare("vgg-224", 224, 3.0)

#: Where eyes, nose and mouth lie in the mean shape that OpenFace aligns to, at 96 pixels.
OPENFACE_96: Final = FivePoints(
    "openface-96",
    96,
    ((26.63, 16.06), (67.79, 15.26), (47.24, 40.52), (29.48, 61.62), (66.76, 60.88)),
)

TEMPLATES: Final[dict[str, Template]] = {
    template.name: template
    for template in (DLIB_150, ARCFACE_112, FACENET_160, VGG_224, OPENFACE_96)
}


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
        The affine maps ``[[a, -b, tx], [b, a, ty]]`` with the least squared error; all zeros for
        a face whose landmarks are one point.

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
    spread = (np.abs(centered) ** 2).sum(axis=-1)
    factor = (np.conj(centered) * (q - q_mean)).sum(axis=-1) / np.maximum(spread, 1e-12)
    shift = q_mean - factor * p_mean[..., 0]
    maps = np.empty((len(p), 2, 3), np.float32)
    maps[:, 0, 0] = maps[:, 1, 1] = factor.real
    maps[:, 1, 0] = factor.imag
    maps[:, 0, 1] = -factor.imag
    maps[:, 0, 2] = shift.real
    maps[:, 1, 2] = shift.imag
    maps[spread <= 1e-12] = 0
    return maps
