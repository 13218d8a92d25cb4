from __future__ import annotations

import dataclasses
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from lookalike.encoding.onnx import OnnxEncoder
from lookalike.errors import ArrayError, OptionError
from lookalike.models.card import card
from lookalike.types import Crops

#: The first numbers of Grace Hopper's vector, so that no change goes unnoticed.
GOLDEN = [-0.0638, 0.0172, 0.0549, 0.0442, -0.0567]


@pytest.fixture(scope="module")
def faces(analyst, hopper, astronaut):
    """Return the crops of two portraits."""
    return Crops.concatenate([seen.crops for seen in analyst.analyze([hopper, astronaut])])


@pytest.fixture(scope="module")
def with_views(analyst):
    session = analyst.encoder._session
    return lambda views: OnnxEncoder(card("dlib-resnet-v1"), session, views)


def mirrored(crops):
    pixels = np.ascontiguousarray(crops.pixels[:, :, ::-1])
    return dataclasses.replace(crops, pixels=pixels)


def test_the_vector_of_a_portrait_is_what_it_always_was(analyst, hopper):
    (analysis,) = analyst.analyze([hopper])
    np.testing.assert_allclose(analysis.embeddings.vectors[0, :5], GOLDEN, atol=1e-3)


def test_two_views_are_the_mean_of_two_encodings(with_views, faces):
    plain = with_views(1)
    mean = (plain.encode(faces).vectors + plain.encode(mirrored(faces)).vectors) / 2
    np.testing.assert_allclose(with_views(2).encode(faces).vectors, mean, atol=1e-5)
    assert np.abs(plain.encode(faces).vectors - mean).max() > 0.01


def test_a_mirrored_face_has_the_same_two_view_vector(with_views, faces):
    both = with_views(2)
    one, other = both.encode(faces).vectors, both.encode(mirrored(faces)).vectors
    np.testing.assert_allclose(one, other, atol=1e-5)


@pytest.mark.parametrize("views", [5, 8])
def test_more_views_stay_near_the_face(with_views, faces, views):
    one, other = with_views(views).encode(faces).vectors, with_views(2).encode(faces).vectors
    assert (np.linalg.norm(one - other, axis=1) < 0.25).all()


def test_vectors_are_raw_and_alike_faces_are_near(analyst, faces):
    vectors = analyst.encoder.encode(faces).vectors
    lengths = np.linalg.norm(vectors, axis=1)
    assert (np.abs(lengths - 1) > 1e-3).all(), "not normalized"
    assert np.linalg.norm(vectors[0] - vectors[1]) > 0.53


@pytest.mark.parametrize("name", ["", "dlib-151", "arcface-112"])
def test_crops_of_another_template_are_refused(analyst, faces, name):
    with pytest.raises(ArrayError, match=f"needs crops of template 'dlib-150', got '{name}'") as it:
        analyst.encoder.encode(dataclasses.replace(faces, template=name))
    assert "dlib-150" in it.value.hint


@pytest.mark.parametrize("views", [0, -3, 1000])
def test_an_impossible_number_of_views_is_refused(with_views, faces, views):
    with pytest.raises(OptionError, match=f"views must be .* got {views}"):
        with_views(views).encode(faces)


class Recorder:
    """A network that keeps what it was fed and gives the mean of each channel."""

    provider = "cpu"

    def __init__(self):
        self.batches = []

    def run(self, batch):
        self.batches.append(batch.copy())
        return (batch.mean(axis=(2, 3)),)


def card_with(**changes):
    default = card("dlib-resnet-v1")
    return dataclasses.replace(
        default, dimension=3, input=dataclasses.replace(default.input, **changes)
    )


def crops_of(n, seed=0):
    pixels = np.random.default_rng(seed).integers(0, 256, (n, 150, 150, 3), np.uint8)
    return Crops(pixels, np.zeros((n, 2, 3), np.float32), "dlib-150")


@pytest.mark.parametrize(("channels", "order"), [("rgb", [0, 1, 2]), ("bgr", [2, 1, 0])])
def test_a_network_is_fed_as_its_card_says(channels, order):
    mean, scale = (10.0, 20.0, 127.5), 1 / 128
    session, crops = Recorder(), crops_of(2)
    spec = card_with(channels=channels, mean=mean, scale=scale)
    encoder = OnnxEncoder(spec, session, views=1)
    found = encoder.encode(crops)

    fed = np.concatenate(session.batches)
    expected = (crops.pixels[..., order].astype(float) - mean) * scale
    assert fed.dtype == np.float32
    assert fed.flags.c_contiguous
    np.testing.assert_allclose(fed, expected.transpose(0, 3, 1, 2), atol=1e-5)
    np.testing.assert_allclose(found.vectors, expected.mean(axis=(1, 2)), atol=1e-4)


def test_encoding_leaves_the_crops_alone():
    crops = crops_of(2)
    before = crops.pixels.copy()
    OnnxEncoder(card_with(mean=(1.0, 2.0, 3.0)), Recorder(), views=2).encode(crops)
    np.testing.assert_array_equal(crops.pixels, before)


@pytest.mark.parametrize("views", [1, 2])
def test_memory_is_bounded_and_rows_keep_their_order(views):
    session, crops = Recorder(), crops_of(75)
    found = OnnxEncoder(card_with(), session, views=views).encode(crops)
    assert max(len(batch) for batch in session.batches) <= 32
    np.testing.assert_allclose(found.vectors, crops.pixels.mean(axis=(1, 2)), atol=1e-3)


def test_threads_may_share_an_encoder(analyst, faces):
    expected = analyst.encoder.encode(faces).vectors
    with ThreadPoolExecutor(4) as pool:
        for vectors in pool.map(lambda _: analyst.encoder.encode(faces).vectors, range(8)):
            np.testing.assert_allclose(vectors, expected, atol=1e-5)
