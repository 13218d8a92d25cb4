"""What every detector must do."""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np

from lookalike.protocols import Detector
from lookalike.types import Faces, Image


class DetectorContract(ABC):
    """What every detector must do."""

    @abstractmethod
    def detector(self) -> Detector:
        """Return a detector that is ready."""

    @abstractmethod
    def portrait(self) -> Image:
        """Return a picture with exactly one face that the detector finds."""

    def test_is_a_detector(self) -> None:
        """It has the seam's names."""
        assert isinstance(self.detector(), Detector)

    def test_no_pictures_no_answers(self) -> None:
        """An empty batch is fine."""
        assert self.detector().detect([]) == []

    def test_a_blank_picture_has_no_face(self) -> None:
        """Nothing found is an answer, whatever the picture's shape."""
        for shape in ((64, 64, 3), (16, 400, 3), (400, 16, 3)):
            (faces,) = self.detector().detect([Image(np.full(shape, 200, np.uint8))])
            assert isinstance(faces, Faces)
            assert len(faces) == 0

    def test_finds_the_face_of_a_portrait(self) -> None:
        """Landmarks lie in the box, left is left, eyes are above the mouth."""
        (faces,) = self.detector().detect([self.portrait()])
        assert len(faces) == 1
        (face,) = faces
        assert face.size_px > 0
        assert 0 < face.score <= 1
        left_eye, right_eye, nose, left_mouth, right_mouth = face.landmarks
        assert left_eye[0] < right_eye[0]
        assert left_mouth[0] < right_mouth[0]
        assert max(left_eye[1], right_eye[1]) < nose[1] < min(left_mouth[1], right_mouth[1])
        assert (face.landmarks >= face.box[:2]).all()
        assert (face.landmarks <= face.box[2:]).all()

    def test_a_batch_is_as_good_as_one_by_one(self) -> None:
        """Answers come in order and do not depend on the company."""
        portrait, blank = self.portrait(), Image(np.zeros((80, 50, 3), np.uint8))
        alone = self.detector().detect([portrait])[0]
        first, second, third = self.detector().detect([blank, portrait, blank])
        assert (len(first), len(third)) == (0, 0)
        np.testing.assert_allclose(second.boxes, alone.boxes, atol=0.01)

    def test_moves_with_the_picture(self) -> None:
        """A frame around the picture moves the face by as much, within a few percent."""
        portrait = self.portrait()
        margin = 32
        framed = Image(np.pad(portrait.pixels, ((margin,) * 2, (margin,) * 2, (0, 0)), "edge"))
        (before,), (after,) = self.detector().detect([portrait]), self.detector().detect([framed])
        assert len(after) == 1
        slack = 0.08 * before.sizes_px[0]
        np.testing.assert_allclose(after.landmarks - margin, before.landmarks, atol=slack)
