from __future__ import annotations

import dataclasses
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from lookalike.detection.crop import CropOptions
from lookalike.detection.haar import Haar, HaarOptions
from lookalike.detection.hog import Hog, HogOptions
from lookalike.detection.mmod import MmodOptions
from lookalike.detection.opening import open_detector
from lookalike.detection.scrfd import ScrfdOptions
from lookalike.detection.ssd import Ssd, SsdOptions
from lookalike.detection.yunet import Yunet, YunetOptions
from lookalike.errors import (
    LicenceNotAccepted,
    MissingExtra,
    OptionError,
    UnknownName,
    WeightsMissing,
    WeightsUnreadable,
)
from lookalike.models import licence
from lookalike.models.card import card, cards
from lookalike.models.runtime import Runtime
from lookalike.registry import load, names
from lookalike.types import Image

#: Options with ranges, and one value below and one above each.
RANGES = [
    (YunetOptions, {"threshold": (-0.1, 1.1), "overlap": (-0.1, 1.1), "longest_px": (63, 4097)}),
    (ScrfdOptions, {"threshold": (-0.1, 1.1), "overlap": (-0.1, 1.1), "longest_px": (63, 4097)}),
    (SsdOptions, {"threshold": (-0.1, 1.1), "overlap": (-1, 2), "side_px": (149, 601)}),
    (HaarOptions, {"min_face": (0.009, 0.6), "factor": (1, 2.1), "neighbors": (0, 101)}),
    (HogOptions, {"min_face": (0.01, 0.6), "threshold": (-1.1, 2.1)}),
    (MmodOptions, {"min_face": (0.01, 0.6), "threshold": (-0.1, 2.1)}),
    (CropOptions, {"margin": (-0.1, 2.1)}),
]
CASES = [
    (kind, option, value)
    for kind, ranges in RANGES
    for option, values in ranges.items()
    for value in (*values, float("nan"))
]


@pytest.mark.parametrize(("kind", "option", "value"), CASES)
def test_an_option_out_of_range_is_named_with_its_value(kind, option, value):
    with pytest.raises(OptionError, match=option) as caught:
        kind(**{option: value})
    assert str(value) in caught.value.message


@pytest.mark.parametrize("kind", [kind for kind, _ in RANGES])
def test_options_cannot_be_changed_and_have_defaults_in_their_ranges(kind):
    options = kind()
    (first, *_) = dataclasses.fields(options)
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(options, first.name, 1)


@pytest.mark.parametrize("name", names("detector"))
def test_a_detector_goes_by_its_own_name_and_has_a_card(name):
    assert load("detector", name).name == name
    assert name in {card.architecture for card in cards().values() if card.task == "detect"}


def test_a_name_that_is_no_detector_brings_the_near_ones():
    with pytest.raises(UnknownName, match="no detector named 'yunett'") as caught:
        open_detector("yunett", Runtime())
    assert caught.value.hint == "did you mean yunet?"
    with pytest.raises(UnknownName, match="no detector named 'dlib-resnet-v1'"):
        open_detector("dlib-resnet-v1", Runtime())


def test_a_model_without_its_weights_says_how_to_get_them():
    # Not YuNet: its converted graph may be in the cache.
    licence.accept(card("ssd-res10-uint8"))
    with pytest.raises(WeightsMissing) as caught:
        open_detector("ssd-res10-uint8", Runtime())
    assert caught.value.hint == "lookalike models pull ssd-res10-uint8"


def test_weights_that_are_not_free_are_not_opened_silently():
    with pytest.raises(LicenceNotAccepted):
        open_detector("scrfd-2.5g", Runtime())


@pytest.mark.shared_data
def test_an_architecture_stands_for_the_model_that_is_here(monkeypatch, shared_data):
    monkeypatch.setenv("LOOKALIKE_WEIGHTS", str(shared_data / "weights"))
    licence.accept(card("ssd-res10-uint8"))
    assert isinstance(open_detector("ssd", Runtime()), Ssd)


def test_without_dlib_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "dlib", None)
    with pytest.raises(MissingExtra, match="the detector 'hog' needs dlib") as caught:
        open_detector("hog", Runtime())
    assert caught.value.hint == "pip install 'lookalike[dlib]'"


def test_the_network_of_dlib_runs_without_dlib(monkeypatch, hopper_image):
    monkeypatch.setitem(sys.modules, "dlib", None)
    assert len(open_detector("mmod", Runtime()).detect([hopper_image])[0]) == 1


@pytest.mark.parametrize(("kind", "parts"), [(Haar, ["cascade"]), (Ssd, ["weights", "layers"])])
def test_a_file_that_holds_something_else_is_named(tmp_path, kind, parts):
    path = tmp_path / "wrong.pb"
    path.write_bytes(b"<nothing of the kind>")

    class Told:
        def files(self, _card):
            return dict.fromkeys(parts, path)

    with pytest.raises(WeightsUnreadable, match=r"wrong\.pb"):
        kind.open(card("haar"), Told())


@pytest.mark.parametrize("name", ["haar", "hog", "mmod", "crop"])
def test_threads_may_share_a_detector(opened_detector, hopper_image, astronaut, name):
    detector = opened_detector(name)
    images = [hopper_image, astronaut] * 2
    expected = detector.detect(images)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda image: detector.detect([image])[0], images))
    for one, other in zip(expected, found, strict=True):
        np.testing.assert_allclose(one.landmarks, other.landmarks, atol=1e-2)


@pytest.mark.shared_data
@pytest.mark.parametrize("name", ["yunet", "scrfd-2.5g", "ssd-res10-uint8"])
def test_threads_may_share_a_detector_of_downloaded_weights(
    opened_detector, hopper_image, astronaut, name
):
    test_threads_may_share_a_detector(opened_detector, hopper_image, astronaut, name)


def test_a_higher_threshold_turns_more_away(opened_detector, hopper_image):
    pytest.importorskip("dlib")
    hog = opened_detector("hog")
    strict = Hog(hog._detector, hog._landmarker, HogOptions(threshold=2))
    assert len(strict.detect([hopper_image])[0]) == 0


@pytest.mark.shared_data
def test_yunet_looks_as_closely_as_it_is_told(opened_detector, astronaut):
    session = opened_detector("yunet")._session
    far = Image(np.pad(astronaut.pixels, ((0, 512), (0, 512), (0, 0))))
    assert len(Yunet(session).detect([far])[0]) == 1
    assert len(Yunet(session, YunetOptions(longest_px=64)).detect([far])[0]) == 0


@pytest.mark.parametrize("shape", [(1, 1), (2, 9), (15, 30), (16, 900), (900, 16)])
@pytest.mark.parametrize("name", ["haar", "hog", "mmod", "crop"])
def test_nobody_in_noise_whatever_the_shape(opened_detector, shape, name):
    noise = np.random.default_rng(0).integers(0, 256, (*shape, 3), np.uint8)
    assert len(opened_detector(name).detect([Image(noise)])[0]) == 0


@pytest.mark.shared_data
@pytest.mark.parametrize("shape", [(1, 1), (2, 9), (15, 30), (16, 900), (900, 16)])
@pytest.mark.parametrize("name", ["yunet", "scrfd-2.5g", "ssd-res10-uint8"])
def test_nobody_in_noise_with_downloaded_weights(opened_detector, shape, name):
    test_nobody_in_noise_whatever_the_shape(opened_detector, shape, name)
