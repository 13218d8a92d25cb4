"""What a network says of itself against what its card says."""

from __future__ import annotations

import dataclasses

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from lookalike.encoding.layout import Layout, layout_of
from lookalike.encoding.onnx import OnnxEncoder
from lookalike.errors import CardError, OptionError, UnknownName, WeightsUnreadable
from lookalike.models.card import built_in
from lookalike.models.session import OnnxSession
from lookalike.types import Crops


def card_with(dimension=3, **changes):
    default = built_in()["dlib-resnet-v1"]
    spec = dataclasses.replace(default.input, **changes)
    return dataclasses.replace(default, dimension=dimension, input=spec)


FIRST, LAST = (None, 3, 150, 150), (None, 150, 150, 3)


@pytest.mark.parametrize(
    ("batch", "channels_last"),
    [
        (FIRST, False),
        (LAST, True),
        ((1, 3, 150, 150), False),
        ((16, 150, 150, 3), True),
        ((None, 3, None, None), False),
        ((None, None, None, 3), True),
        ((None, None, None, None), False),
    ],
)
def test_channels_first_or_last(batch, channels_last):
    assert layout_of(card_with(), batch, ((None, 3),)) == Layout(channels_last=channels_last)


@pytest.mark.parametrize(
    "batch",
    [(None, 3, 160, 160), (None, 1, 150, 150), (None, 3, 150), (None, 67500), (None, 224, 224, 3)],
)
def test_another_input_is_refused_with_both_shapes(batch):
    with pytest.raises(CardError, match=r"expected \(n, 3, 150, 150\) or \(n, 150, 150, 3\)"):
        layout_of(card_with(), batch, ((None, 3),))


@pytest.mark.parametrize(
    ("outputs", "chosen"),
    [
        (((None, 3),), 0),
        (((1, 3),), 0),
        (((None, 3, 1, 1),), 0),
        (((None, None),), 0),
        (((None, 7), (None, 3)), 1),
        (((None, None), (None, 3)), 1),
    ],
)
def test_the_vector_among_the_outputs(outputs, chosen):
    assert layout_of(card_with(), FIRST, outputs).output == chosen


@pytest.mark.parametrize(
    "outputs", [((None, 512),), ((None, 3), (None, 3)), ((None, None), (None, None)), ()]
)
def test_no_or_many_vectors_are_refused(outputs):
    with pytest.raises(CardError, match=r"expected one output of shape \(n, 3\)"):
        layout_of(card_with(), FIRST, outputs)


def test_a_template_of_another_size_is_refused():
    with pytest.raises(CardError, match="crops of 150 pixels, the template 'arcface-112' cuts 112"):
        layout_of(card_with(template="arcface-112"), FIRST, ((None, 3),))


def test_an_unknown_template_is_named():
    with pytest.raises(UnknownName, match="no alignment template named 'arcface'") as caught:
        layout_of(card_with(template="arcface"), FIRST, ((None, 3),))
    assert "arcface-112" in caught.value.hint


def write(path, batch, *, channels_last=False, kind=TensorProto.FLOAT, dimension=3):
    """Write a network that gives the mean of each channel, and its double as another output."""
    taken = helper.make_tensor_value_info("x", kind, batch)
    axes = [1, 2] if channels_last else [2, 3]
    nodes = [
        helper.make_node("ReduceMean", ["x"], ["means"], axes=axes, keepdims=0),
        helper.make_node("Concat", ["means", "means"], ["twice"], axis=1),
    ]
    given = [
        helper.make_tensor_value_info("twice", kind, [batch[0], 2 * dimension]),
        helper.make_tensor_value_info("means", kind, [batch[0], dimension]),
    ]
    graph = helper.make_graph(nodes, "means", [taken], given)
    opset = [helper.make_opsetid("", 17)]
    onnx.save(helper.make_model(graph, opset_imports=opset, ir_version=9), path)
    return path


class Files:
    """Opens a network that is there already."""

    def __init__(self, path):
        self.path = path

    def sessions(self, _):
        return {"network": OnnxSession(self.path, threads=1)}


def crops_of(n):
    pixels = np.random.default_rng(0).integers(0, 256, (n, 150, 150, 3), np.uint8)
    return Crops(pixels, np.zeros((n, 2, 3), np.float32), "dlib-150")


@pytest.mark.parametrize("channels_last", [False, True])
@pytest.mark.parametrize("length", ["n", 1, 4])
@pytest.mark.parametrize("kind", [TensorProto.FLOAT, TensorProto.FLOAT16])
def test_any_network_of_the_right_shape_encodes(tmp_path, channels_last, length, kind):
    side = [150, 150, 3] if channels_last else [3, 150, 150]
    path = write(tmp_path / "net.onnx", [length, *side], channels_last=channels_last, kind=kind)
    spec = card_with(channels="bgr", mean=(127.5, 120.0, 110.0), scale=1 / 128)
    encoder = OnnxEncoder.open(spec, Files(path), views=1)
    for n in (0, 1, 3, 35):
        crops = crops_of(n)
        expected = (crops.pixels[..., ::-1].mean(axis=(1, 2)) - spec.input.mean) / 128
        found = encoder.encode(crops).vectors
        assert found.dtype == np.float32
        np.testing.assert_allclose(
            found, expected, atol=2e-3 if kind != TensorProto.FLOAT else 1e-4
        )


def test_a_network_that_does_not_fit_its_card_is_not_opened(tmp_path):
    path = write(tmp_path / "net.onnx", ["n", 3, 160, 160])
    with pytest.raises(CardError, match=r"takes batches of shape \(\?, 3, 160, 160\)"):
        OnnxEncoder.open(card_with(), Files(path))
    path = write(tmp_path / "net.onnx", ["n", 3, 150, 150])
    with pytest.raises(CardError, match=r"gives \(\?, 6\), \(\?, 3\), expected .*\(n, 128\)"):
        OnnxEncoder.open(card_with(dimension=128), Files(path))
    with pytest.raises(OptionError):
        OnnxEncoder.open(card_with(), Files(path), views=33)


def test_a_vector_of_another_length_is_refused_when_it_comes():
    class Long:
        provider = "cpu"

        def run(self, batch):
            return (np.zeros((len(batch), 5), np.float32),)

    with pytest.raises(CardError, match="vectors of length 5, expected 3"):
        OnnxEncoder(card_with(), Long()).encode(crops_of(1))


def test_a_network_of_two_inputs_is_unreadable(tmp_path):
    taken = [helper.make_tensor_value_info(n, TensorProto.FLOAT, ["n", 2]) for n in "ab"]
    given = [helper.make_tensor_value_info("c", TensorProto.FLOAT, ["n", 2])]
    graph = helper.make_graph([helper.make_node("Add", ["a", "b"], ["c"])], "sum", taken, given)
    opset = [helper.make_opsetid("", 17)]
    onnx.save(helper.make_model(graph, opset_imports=opset, ir_version=9), tmp_path / "sum.onnx")
    with pytest.raises(WeightsUnreadable, match=r"sum\.onnx takes a: .*b: .*, expected one array"):
        OnnxSession(tmp_path / "sum.onnx")
