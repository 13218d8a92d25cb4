"""The network with 8-bit integers beside the one with float32."""

from __future__ import annotations

import dataclasses

import numpy as np
import onnx
import pytest

from lookalike.errors import ImageError, SpaceMismatch, WeightsUnreadable
from lookalike.models.card import card
from lookalike.models.convert.dlib_resnet_int8 import build
from lookalike.models.store import sources
from lookalike.pipeline import Analyst, ModelOptions
from lookalike.types import Crops

#: The first numbers of Grace Hopper's vector. Integers are the same everywhere; only the last layer
#: may be rounded otherwise.
GOLDEN = [-0.068705, 0.021048, 0.049489, 0.053074, -0.064054]

NAME = "dlib-resnet-v1-int8"


def encoder(name, views):
    return Analyst.open(ModelOptions(encoder=name, views=views)).encoder


def distances(pixels, views):
    """Return how far the vectors are from those of the float32 network."""
    crops = Crops(pixels, np.zeros((len(pixels), 2, 3), np.float32), "dlib-150")
    one, other = (encoder(name, views).encode(crops).vectors for name in ("dlib-resnet-v1", NAME))
    return np.linalg.norm(one - other, axis=1), one


def test_two_portraits_are_where_they_are_in_float32(analyst, hopper, astronaut):
    pixels = np.concatenate([seen.crops.pixels for seen in analyst.analyze([hopper, astronaut])])
    apart, _ = distances(pixels, views=1)
    # A tenth of what two photos of one person differ by.
    assert 0 < apart.min() <= apart.max() < 0.08


@pytest.mark.slow
@pytest.mark.shared_data
@pytest.mark.parametrize(("views", "mean"), [(1, 0.05), (2, 0.04)])
def test_fifty_people_are_where_they_are_in_float32(analyst, shared_data, views, mean):
    people = sorted(path for path in (shared_data / "lfw").iterdir() if path.is_dir())
    photos = [min(person.glob("*.jpg")) for person in people[:: len(people) // 52][:52]]
    seen = [one for one in analyst.analyze(photos) if not isinstance(one, ImageError)]
    apart, exact = distances(np.concatenate([one.crops.pixels[:1] for one in seen]), views)
    assert len(apart) >= 50
    assert apart.mean() < mean
    assert apart.max() < 0.1
    # Far from trivially alike: two of these people are 0.8 apart.
    assert np.median(np.linalg.norm(exact[1:] - exact[:-1], axis=1)) > 0.6


def test_all_convolutions_are_made_of_integers():
    nodes = onnx.load_from_string(build(sources(card(NAME)))["resnet"]).graph.node
    made_by = {node.output[0]: node.op_type for node in nodes}
    given = [made_by[name] for node in nodes if node.op_type == "Conv" for name in node.input]
    assert given == ["DequantizeLinear"] * 3 * 29


def test_a_portrait_has_the_vector_that_it_always_had(analyst, hopper):
    (seen,) = analyst.analyze([hopper])
    crops = dataclasses.replace(seen.crops, pixels=seen.crops.pixels[:1])
    vector = encoder(NAME, views=1).encode(crops).vectors[0]
    np.testing.assert_allclose(vector[:5], GOLDEN, atol=1e-5)


def test_vectors_of_both_are_never_compared():
    with pytest.raises(SpaceMismatch, match=NAME):
        card("dlib-resnet-v1").space.require(card(NAME).space)


def test_a_cut_file_is_unreadable(tmp_path):
    path = tmp_path / "cut.dat"
    path.write_bytes(sources(card(NAME))["resnet"].read_bytes()[:1000])
    with pytest.raises(WeightsUnreadable, match="no tensor of"):
        build({"resnet": path})
