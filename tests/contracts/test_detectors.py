"""Every detector passes the suite of its seam."""

from __future__ import annotations

import numpy as np
import pytest

from lookalike.registry import names
from lookalike.testing import DetectorContract
from lookalike.types import Image


class OfName(DetectorContract):
    """The suite for the detector of a card."""

    card: str

    @pytest.fixture(autouse=True)
    def _opened(self, opened_detector, hopper_image):
        self.opened, self.image = opened_detector(self.card), hopper_image

    def detector(self):
        return self.opened

    def portrait(self):
        return self.image


class TestMtcnn(OfName):
    card = "mtcnn"


class TestHaar(OfName):
    card = "haar"


class TestHog(OfName):
    card = "hog"


class TestMmod(OfName):
    card = "mmod"


@pytest.mark.shared_data
class TestYunet(OfName):
    card = "yunet"


@pytest.mark.shared_data
class TestScrfd(OfName):
    card = "scrfd-2.5g"


@pytest.mark.shared_data
class TestSsd(OfName):
    card = "ssd-res10-uint8"


class TestCrop(OfName):
    card = "crop"

    def portrait(self):
        # Her face with two fifths of its width and height on each side.
        return Image(np.ascontiguousarray(self.image.pixels[22:427, 102:425]))


def test_no_detector_is_forgotten():
    tested = {suite.__name__.removeprefix("Test").lower() for suite in OfName.__subclasses__()}
    assert tested == set(names("detector"))
