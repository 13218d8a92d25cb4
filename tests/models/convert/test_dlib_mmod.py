"""The rebuilt network against its layers written out in NumPy; dlib's own answers are compared
in tests/detection/test_references.py, because dlib gives no layer's output."""

from __future__ import annotations

import numpy as np
import pytest

from lookalike.errors import WeightsUnreadable
from lookalike.models.card import card
from lookalike.models.convert.dlib_mmod import build
from lookalike.models.convert.dlib_stream import DlibStream
from lookalike.models.session import OnnxSession
from lookalike.models.store import locate

from . import plain_layers as plain


@pytest.fixture(scope="module")
def weights():
    return locate(card("mmod").files[0])


@pytest.fixture(scope="module")
def session(weights, tmp_path_factory):
    path = tmp_path_factory.mktemp("graph") / "mmod.onnx"
    path.write_bytes(build({"mmod": weights})["mmod"])
    return OnnxSession(path)


def by_the_layers(weights, x):
    """Run the network as dlib's example describes it, normalizations apart."""
    stream = DlibStream(weights.read_bytes())
    x, inside = x.astype(np.float64) / 256, 3
    for out, stride in ((16, 2), (32, 2), (32, 2), (45, 1), (45, 1), (45, 1)):
        numbers = stream.tensor(out * inside * 25 + out).ravel()
        filters, bias = numbers[:-out].reshape(out, inside, 5, 5), numbers[-out:]
        gain, offset = stream.tensor(2 * out).reshape(2, out)
        _, _, mean, variance = (stream.tensor(out).ravel() for _ in range(4))
        x = plain.conv(x, filters, bias, stride=stride, pad=(0, 0) if stride == 2 else (2, 2))
        x = plain.relu(plain.batch_norm(x, gain, offset, mean, variance, 1e-4))
        inside = out
    numbers = stream.tensor(inside * 81 + 1).ravel()
    return plain.conv(x, numbers[:-1].reshape(1, inside, 9, 9), numbers[-1:], pad=(4, 4))


@pytest.mark.parametrize("shape", [(1, 3, 29, 29), (2, 3, 80, 131)])
def test_every_margin_is_that_of_the_layers(weights, session, shape):
    x = np.random.default_rng(0).normal(0, 60, shape).astype(np.float32)
    (margins,) = session.run(x)
    expected = by_the_layers(weights, x)
    assert margins.shape == expected.shape
    assert np.abs(expected).max() > 0.01
    np.testing.assert_allclose(margins, expected, atol=2e-5)


def test_any_size_of_picture_goes_in(session):
    assert session.input_shape == (None, 3, None, None)
    assert session.run(np.zeros((1, 3, 93, 1000), np.float32))[0].shape == (1, 1, 9, 122)


@pytest.mark.parametrize("kept", [0, 1000, 500_000, 720_000])
def test_a_cut_file_is_unreadable(weights, tmp_path, kept):
    cut = tmp_path / "cut.dat"
    cut.write_bytes(weights.read_bytes()[:kept])
    with pytest.raises(WeightsUnreadable, match="no tensor of"):
        build({"mmod": cut})
