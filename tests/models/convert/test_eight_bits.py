"""Rounding to 8 bits, against integers added up by numpy."""

from __future__ import annotations

import numpy as np
import onnx
import pytest
from onnx import numpy_helper
from onnx.reference import ReferenceEvaluator

from lookalike.models.convert.eight_bits import activations, in_eight_bits
from lookalike.models.convert.graph import GraphBuilder
from lookalike.models.session import OnnxSession

#: Half a step of the filters' scale, which gives the largest number of a filter 63 steps.
HALF_A_STEP = 0.5 / 63


def one_convolution(filters, bias):
    graph = GraphBuilder("one", (filters.shape[1], 5, 5))
    x = graph.node("Conv", "input", graph.constant(filters), graph.constant(bias))
    graph.output(x, (len(filters), 3, 3))
    return graph.serialize()


def run(network, batch, tmp_path):
    path = tmp_path / "network.onnx"
    path.write_bytes(network)
    return OnnxSession(path, threads=1).run(batch.astype(np.float32))[0]


def integers(network):
    return {
        one.name: numpy_helper.to_array(one)
        for one in onnx.load_from_string(network).graph.initializer
        if one.data_type in (onnx.TensorProto.INT8, onnx.TensorProto.INT32)
        and one.name.endswith(".whole")
    }


@pytest.fixture
def rng():
    return np.random.default_rng(0)


@pytest.fixture
def filters(rng):
    return rng.normal(0.2, 1, (4, 2, 3, 3)).astype(np.float32)


@pytest.fixture
def bias(rng):
    return rng.normal(0, 50, 4).astype(np.float32)


@pytest.fixture
def whole_numbers(rng):
    return rng.integers(0, 256, (3, 2, 5, 5))


def test_integers_are_multiplied_and_added_up_without_loss(filters, bias, whole_numbers, tmp_path):
    network = in_eight_bits(one_convolution(filters, bias), {"input": (0.0, 255.0)})
    weights, offsets = integers(network).values()
    windows = np.lib.stride_tricks.sliding_window_view(whole_numbers, (3, 3), axis=(2, 3))
    sums = np.einsum("nirckl,oikl->norc", windows, weights.astype(np.int64))
    sums += offsets.astype(np.int64).reshape(1, -1, 1, 1)
    scales = np.abs(filters).max(axis=(1, 2, 3)) / 63
    found = run(network, whole_numbers, tmp_path)
    np.testing.assert_allclose(found, sums * scales.reshape(1, -1, 1, 1), rtol=1e-5)


def test_rounding_is_near_the_float32_network(filters, bias, whole_numbers, tmp_path):
    network = one_convolution(filters, bias)
    exact = run(network, whole_numbers, tmp_path)
    rounded = run(in_eight_bits(network, {"input": (0, 255)}), whole_numbers, tmp_path)
    largest = np.abs(filters).max(axis=(1, 2, 3)).reshape(1, -1, 1, 1)
    # No number of a filter moves by more than a step, each is multiplied with 255 at most.
    assert (np.abs(rounded - exact) <= 2 * HALF_A_STEP * largest * (255 * 18 + 1)).all()
    assert np.abs(rounded - exact).mean() < 0.01 * np.abs(exact).mean()
    assert (rounded != exact).any()


def test_errors_of_a_filter_cancel_out(filters, bias):
    weights = integers(in_eight_bits(one_convolution(filters, bias), {"input": (0, 255)}))
    whole = next(iter(weights.values())).astype(np.float64)
    steps = filters / (np.abs(filters).max(axis=(1, 2, 3), keepdims=True) / 63)
    assert np.abs((whole - steps).sum(axis=(1, 2, 3))).max() <= 0.5 + 1e-4
    assert np.abs(np.rint(steps) - steps).sum() > 0
    assert (np.abs((np.rint(steps) - steps).sum(axis=(1, 2, 3))) > 0.5).any()
    assert np.abs(whole - steps).max() < 1


def test_the_largest_products_are_not_cut_off(tmp_path):
    filters = np.stack([np.full((16, 3, 3), 2.0), np.full((16, 3, 3), -2.0)]).astype(np.float32)
    network = in_eight_bits(one_convolution(filters, np.zeros(2, np.float32)), {"input": (0, 255)})
    assert {int(x) for x in np.unique(next(iter(integers(network).values())))} == {-63, 63}
    found = run(network, np.full((1, 16, 5, 5), 255), tmp_path)
    expected = np.full((1, 2, 3, 3), 255 * 2 * 16 * 9) * np.array([1, -1]).reshape(1, 2, 1, 1)
    np.testing.assert_allclose(found, expected, rtol=1e-6)


def test_a_filter_of_zeros_gives_its_bias(tmp_path):
    filters = np.zeros((1, 2, 3, 3), np.float32)
    network = in_eight_bits(
        one_convolution(filters, np.array([3.0], np.float32)), {"input": (0, 1)}
    )
    found = run(network, np.ones((1, 2, 5, 5)), tmp_path)
    np.testing.assert_allclose(found, 3, atol=1 / 255)


def test_what_lies_outside_a_range_is_cut_off(tmp_path):
    filters = np.zeros((1, 1, 3, 3), np.float32)
    filters[0, 0, 1, 1] = 1
    network = one_convolution(filters, np.zeros(1, np.float32))
    batch = np.linspace(-4, 8, 25).reshape(1, 1, 5, 5)
    found = run(in_eight_bits(network, {"input": (-1.0, 2.0)}), batch, tmp_path)
    expected = np.clip(batch[:, :, 1:-1, 1:-1], -1, 2)
    np.testing.assert_allclose(found, expected, atol=3 / 255)
    assert found.max() == pytest.approx(2, abs=3 / 255)


def a_residual_block(rng):
    """Return a network with everything that dlib's has."""
    graph = GraphBuilder("block", (3, 12, 12))

    def conv(x, inside, out):
        filters = rng.normal(0, 0.3, (out, inside, 3, 3)).astype(np.float32)
        bias = rng.normal(0, 0.3, out).astype(np.float32)
        parts = graph.constant(filters), graph.constant(bias)
        return graph.node("Conv", x, *parts, pads=[1] * 4)

    x = graph.node("Relu", conv("input", 3, 8))
    x = graph.node("MaxPool", x, kernel_shape=[2, 2], strides=[2, 2])
    y = conv(graph.node("Relu", conv(x, 8, 8)), 8, 16)
    x = graph.node("AveragePool", x, kernel_shape=[1, 1])
    x = graph.node("Pad", x, graph.constant(np.array([0, 0, 0, 0, 0, 8, 0, 0], np.int64)))
    x = graph.node("Relu", graph.node("Add", y, x))
    graph.output(graph.node("Flatten", graph.node("GlobalAveragePool", x)), (16,))
    return graph.serialize()


def measured(network, batch):
    """Return the ranges of activations, by ONNX's own evaluator."""
    model = onnx.load_from_string(network)
    names = activations(network)
    for name in names:
        model.graph.output.append(onnx.helper.make_tensor_value_info(name, 1, None))
    found = ReferenceEvaluator(model).run(list(names), {"input": batch})
    return {name: (float(x.min()), float(x.max())) for name, x in zip(names, found, strict=True)}


def test_a_network_is_rounded_as_onnx_defines_it(rng, tmp_path):
    network = a_residual_block(rng)
    batch = rng.uniform(0, 1, (4, 3, 12, 12)).astype(np.float32)
    ranges = {"input": (0.0, 1.0), **measured(network, batch)}
    assert len(ranges) == 6
    rounded = in_eight_bits(network, ranges)
    exact, found = run(network, batch, tmp_path), run(rounded, batch, tmp_path)
    model = onnx.load_from_string(rounded)
    model.opset_import[0].version = 21  # The evaluator knows no older DequantizeLinear.
    (defined,) = ReferenceEvaluator(model).run(None, {"input": batch})
    # Half a step may fall to either side where the runtime joins two roundings in one.
    step = max(high - low for low, high in ranges.values()) / 255
    np.testing.assert_allclose(found, defined, atol=step)
    np.testing.assert_allclose(found, exact, atol=0.05 * np.abs(exact).max())
    assert (found != exact).any()


def test_every_convolution_works_on_integers(rng):
    network = a_residual_block(rng)
    ranges = dict.fromkeys(("input", *activations(network)), (0.0, 1.0))
    nodes = onnx.load_from_string(in_eight_bits(network, ranges)).graph.node
    made_by = {node.output[0]: node.op_type for node in nodes}
    given = [made_by[name] for node in nodes if node.op_type == "Conv" for name in node.input]
    assert given == ["DequantizeLinear"] * 9


def test_a_convolution_without_a_range_is_an_error(filters, bias):
    with pytest.raises(KeyError, match="input"):
        in_eight_bits(one_convolution(filters, bias), {})
