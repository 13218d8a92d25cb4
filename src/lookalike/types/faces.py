"""Where the faces of a picture are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from lookalike.types._check import check_array, check_same_length

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """One face of a picture.

    Parameters
    ----------
    box : ndarray of shape (4,), float32
        ``x1 y1 x2 y2`` in pixels, origin top left; may leave the picture.
    landmarks : ndarray of shape (5, 2), float32
        ``x y`` in pixels: left eye, right eye, nose, left and right mouth corner, left and right
        as seen in the picture.
    score : float
        The detector's confidence, 0 to 1.
    """

    box: NDArray[np.float32]
    landmarks: NDArray[np.float32]
    score: float

    def __post_init__(self) -> None:
        """Check shapes and dtypes."""
        check_array("Face.box", self.box, (4,), np.float32)
        check_array("Face.landmarks", self.landmarks, (5, 2), np.float32)

    @property
    def size_px(self) -> float:
        """The longer side of the box in pixels."""
        return float(max(self.box[2] - self.box[0], self.box[3] - self.box[1]))


@dataclass(frozen=True, slots=True, eq=False)
class Faces:
    """All faces of one picture, as columns.

    Parameters
    ----------
    boxes : ndarray of shape (n, 4), float32
        ``x1 y1 x2 y2`` in pixels, origin top left; may leave the picture.
    landmarks : ndarray of shape (n, 5, 2), float32
        ``x y`` in pixels: left eye, right eye, nose, left and right mouth corner, left and right
        as seen in the picture.
    scores : ndarray of shape (n,), float32
        The detector's confidence, 0 to 1, highest first.
    """

    boxes: NDArray[np.float32]
    landmarks: NDArray[np.float32]
    scores: NDArray[np.float32]

    def __post_init__(self) -> None:
        """Check shapes, dtypes and lengths."""
        check_array("Faces.boxes", self.boxes, ("n", 4), np.float32)
        check_array("Faces.landmarks", self.landmarks, ("n", 5, 2), np.float32)
        check_array("Faces.scores", self.scores, ("n",), np.float32)
        check_same_length("Faces", boxes=self.boxes, landmarks=self.landmarks, scores=self.scores)

    @classmethod
    def none(cls) -> Faces:
        """Return the answer of a picture without a face."""
        return cls(
            np.empty((0, 4), np.float32),
            np.empty((0, 5, 2), np.float32),
            np.empty(0, np.float32),
        )

    def __len__(self) -> int:
        """Return the number of faces."""
        return len(self.boxes)

    def __iter__(self) -> Iterator[Face]:
        """Go through the faces one by one."""
        for box, landmarks, score in zip(self.boxes, self.landmarks, self.scores, strict=True):
            yield Face(box, landmarks, float(score))

    def take(self, rows: NDArray[Any] | list[int]) -> Faces:
        """Return some of the faces.

        Parameters
        ----------
        rows : ndarray or list of int
            Row numbers, or a mask of shape (n,).

        Returns
        -------
        Faces
            The chosen rows, in the order given.
        """
        chosen = np.asarray(rows)
        if chosen.size == 0:
            return Faces.none()
        return Faces(self.boxes[chosen], self.landmarks[chosen], self.scores[chosen])

    def scaled(self, factor: float) -> Faces:
        """Return the same faces in a picture of another size.

        Parameters
        ----------
        factor : float
            Size of the other picture divided by the size of this one.

        Returns
        -------
        Faces
            Boxes and landmarks multiplied by `factor`.
        """
        times = np.float32(factor)
        return Faces(self.boxes * times, self.landmarks * times, self.scores)

    @property
    def sizes_px(self) -> NDArray[np.float32]:
        """The longer side of each box in pixels, shape (n,), float32."""
        sides = self.boxes[:, 2:] - self.boxes[:, :2]
        longest: NDArray[np.float32] = sides.max(axis=1, initial=0.0)
        return longest
