"""The rebuilt network against dlib itself."""

from __future__ import annotations

import dlib
import numpy as np
import pytest

from lookalike.encoding.onnx import OnnxEncoder
from lookalike.errors import ImageError, WeightsUnreadable
from lookalike.models.card import card
from lookalike.models.convert.dlib_resnet import build, build_folded
from lookalike.models.session import OnnxSession, open_sessions
from lookalike.models.store import locate
from lookalike.types import Crops


@pytest.fixture(scope="module")
def weights():
    return locate(card("dlib-resnet-v1").files[0])


@pytest.fixture(scope="module")
def by_dlib(weights):
    """Return dlib's own vectors of crops."""
    network = dlib.face_recognition_model_v1(str(weights))
    return lambda pixels: np.array([network.compute_face_descriptor(crop) for crop in pixels])


@pytest.fixture(scope="module")
def by_us():
    model = card("dlib-resnet-v1")
    encoder = OnnxEncoder(model, open_sessions(model)["resnet"], views=1)

    def encode(pixels):
        transforms = np.zeros((len(pixels), 2, 3), np.float32)
        return encoder.encode(Crops(pixels, transforms, "dlib-150")).vectors

    return encode


@pytest.fixture(scope="module")
def hopper_crop(analyst, hopper):
    (seen,) = analyst.analyze([hopper])
    return np.ascontiguousarray(seen.crops.pixels[:1].transpose(0, 3, 1, 2), np.float32)


def test_two_portraits_and_noise_as_dlib_sees_them(analyst, hopper, astronaut, by_dlib, by_us):
    crops = [analysis.crops.pixels for analysis in analyst.analyze([hopper, astronaut])]
    noise = np.random.default_rng(0).integers(0, 256, (1, 150, 150, 3), np.uint8)
    pixels = np.concatenate([*crops, noise])
    assert len(pixels) == 3
    np.testing.assert_allclose(by_us(pixels), by_dlib(pixels), atol=1e-5)


@pytest.mark.slow
@pytest.mark.shared_data
def test_fifty_people_as_dlib_sees_them(analyst, shared_data, by_dlib, by_us):
    people = sorted(path for path in (shared_data / "lfw").iterdir() if path.is_dir())
    photos = [min(person.glob("*.jpg")) for person in people[:: len(people) // 52][:52]]
    analyses = [seen for seen in analyst.analyze(photos) if not isinstance(seen, ImageError)]
    pixels = np.concatenate([seen.crops.pixels[:1] for seen in analyses])
    assert len(pixels) >= 50
    ours, theirs = by_us(pixels), by_dlib(pixels)
    np.testing.assert_allclose(ours, theirs, atol=1e-5)
    # Far from trivially alike: two of these people are 0.8 apart.
    assert np.median(np.linalg.norm(theirs[1:] - theirs[:-1], axis=1)) > 0.6


def test_the_division_may_be_part_of_the_first_convolution(weights, hopper_crop, tmp_path):
    vectors = []
    for made in (build, build_folded):
        graph = tmp_path / f"{made.__name__}.onnx"
        graph.write_bytes(made({"resnet": weights})["resnet"])
        vectors.append(OnnxSession(graph).run(hopper_crop)[0])
    np.testing.assert_allclose(vectors[1], vectors[0], atol=1e-5)


@pytest.mark.parametrize("kept", [0, 1000, 11_000_000])
def test_a_cut_file_is_unreadable(weights, tmp_path, kept):
    cut = tmp_path / "cut.dat"
    cut.write_bytes(weights.read_bytes()[:kept])
    with pytest.raises(WeightsUnreadable, match="no tensor of"):
        build({"resnet": cut})
