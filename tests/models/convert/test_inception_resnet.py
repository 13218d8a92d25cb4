"""Inception-ResNet-v1 against the network written out in NumPy, in torch, and as published."""

from __future__ import annotations

import numpy as np
import onnx
import pytest
from onnx import numpy_helper

from lookalike.errors import WeightsUnreadable
from lookalike.models.convert.inception_resnet import build
from lookalike.models.convert.torch_state import read_state
from lookalike.models.session import OnnxSession

from . import plain_layers as plain
from .torch_files import save

#: Basic convolutions: name, inputs, outputs, kernel.
STEM = [
    ("conv2d_1a", 3, 32, (3, 3)),
    ("conv2d_2a", 32, 32, (3, 3)),
    ("conv2d_2b", 32, 64, (3, 3)),
    ("conv2d_3b", 64, 80, (1, 1)),
    ("conv2d_4a", 80, 192, (3, 3)),
    ("conv2d_4b", 192, 256, (3, 3)),
]


def block35(name):
    return [
        (f"{name}.branch0", 256, 32, (1, 1)),
        (f"{name}.branch1.0", 256, 32, (1, 1)),
        (f"{name}.branch1.1", 32, 32, (3, 3)),
        (f"{name}.branch2.0", 256, 32, (1, 1)),
        (f"{name}.branch2.1", 32, 32, (3, 3)),
        (f"{name}.branch2.2", 32, 32, (3, 3)),
    ]


def cross(name, inside, width, span):
    return [
        (f"{name}.branch0", inside, width, (1, 1)),
        (f"{name}.branch1.0", inside, width, (1, 1)),
        (f"{name}.branch1.1", width, width, (1, span)),
        (f"{name}.branch1.2", width, width, (span, 1)),
    ]


BASICS = [
    *STEM,
    *[row for at in range(5) for row in block35(f"repeat_1.{at}")],
    ("mixed_6a.branch0", 256, 384, (3, 3)),
    ("mixed_6a.branch1.0", 256, 192, (1, 1)),
    ("mixed_6a.branch1.1", 192, 192, (3, 3)),
    ("mixed_6a.branch1.2", 192, 256, (3, 3)),
    *[row for at in range(10) for row in cross(f"repeat_2.{at}", 896, 128, 7)],
    ("mixed_7a.branch0.0", 896, 256, (1, 1)),
    ("mixed_7a.branch0.1", 256, 384, (3, 3)),
    ("mixed_7a.branch1.0", 896, 256, (1, 1)),
    ("mixed_7a.branch1.1", 256, 256, (3, 3)),
    ("mixed_7a.branch2.0", 896, 256, (1, 1)),
    ("mixed_7a.branch2.1", 256, 256, (3, 3)),
    ("mixed_7a.branch2.2", 256, 256, (3, 3)),
    *[row for at in range(5) for row in cross(f"repeat_3.{at}", 1792, 192, 3)],
    *cross("block8", 1792, 192, 3),
]
#: Convolutions that end a residual block: name, inputs, outputs.
JOINS = [
    *[(f"repeat_1.{at}.conv2d", 96, 256) for at in range(5)],
    *[(f"repeat_2.{at}.conv2d", 256, 896) for at in range(10)],
    *[(f"repeat_3.{at}.conv2d", 384, 1792) for at in range(5)],
    ("block8.conv2d", 384, 1792),
]


def normalization(rng, name, size):
    return {
        f"{name}.weight": rng.uniform(0.5, 1.5, size),
        f"{name}.bias": rng.normal(0, 0.1, size),
        f"{name}.running_mean": rng.normal(0, 0.1, size),
        f"{name}.running_var": rng.uniform(0.5, 2, size),
    }


def random_state(seed=0):
    rng = np.random.default_rng(seed)
    state = {}
    for name, inside, out, kernel in BASICS:
        spread = np.sqrt(2 / (inside * kernel[0] * kernel[1]))
        state[f"{name}.conv.weight"] = rng.normal(0, spread, (out, inside, *kernel))
        state |= normalization(rng, f"{name}.bn", out)
    for name, inside, out in JOINS:
        state[f"{name}.weight"] = rng.normal(0, np.sqrt(1 / inside), (out, inside, 1, 1))
        state[f"{name}.bias"] = rng.normal(0, 0.1, out)
    state["last_linear.weight"] = rng.normal(0, 0.02, (512, 1792))
    state |= normalization(rng, "last_bn", 512)
    state["logits.weight"] = np.zeros((7, 512))
    return {name: array.astype(np.float32) for name, array in state.items()}


class Reference:
    """The network as its authors draw it."""

    def __init__(self, state, layers=plain):
        self.state, self.layers = state, layers

    def bn(self, x, name):
        parts = ("weight", "bias", "running_mean", "running_var")
        return self.layers.batch_norm(x, *(self.state[f"{name}.{part}"] for part in parts), 0.001)

    def basic(self, x, name, stride=1, pad=(0, 0)):
        y = self.layers.conv(x, self.state[f"{name}.conv.weight"], stride=stride, pad=pad)
        return self.layers.relu(self.bn(y, f"{name}.bn"))

    def added(self, x, name, branches, scale):
        joined = self.layers.join(branches)
        weight, bias = self.state[f"{name}.conv2d.weight"], self.state[f"{name}.conv2d.bias"]
        return self.layers.conv(joined, weight, bias) * scale + x

    def block35(self, x, name):
        one = self.basic(x, f"{name}.branch0")
        two = self.basic(self.basic(x, f"{name}.branch1.0"), f"{name}.branch1.1", pad=(1, 1))
        three = self.basic(self.basic(x, f"{name}.branch2.0"), f"{name}.branch2.1", pad=(1, 1))
        three = self.basic(three, f"{name}.branch2.2", pad=(1, 1))
        return self.layers.relu(self.added(x, name, [one, two, three], 0.17))

    def cross(self, x, name, reach, scale):
        two = self.basic(x, f"{name}.branch1.0")
        two = self.basic(two, f"{name}.branch1.1", pad=(0, reach))
        two = self.basic(two, f"{name}.branch1.2", pad=(reach, 0))
        return self.added(x, name, [self.basic(x, f"{name}.branch0"), two], scale)

    def mixed_6a(self, x):
        one = self.basic(x, "mixed_6a.branch0", stride=2)
        two = self.basic(self.basic(x, "mixed_6a.branch1.0"), "mixed_6a.branch1.1", pad=(1, 1))
        two = self.basic(two, "mixed_6a.branch1.2", stride=2)
        return self.layers.join([one, two, self.layers.max_pool(x, 3, 2)])

    def mixed_7a(self, x):
        name = "mixed_7a.branch"
        one = self.basic(self.basic(x, f"{name}0.0"), f"{name}0.1", stride=2)
        two = self.basic(self.basic(x, f"{name}1.0"), f"{name}1.1", stride=2)
        three = self.basic(self.basic(x, f"{name}2.0"), f"{name}2.1", pad=(1, 1))
        three = self.basic(three, f"{name}2.2", stride=2)
        return self.layers.join([one, two, three, self.layers.max_pool(x, 3, 2)])

    def __call__(self, x):
        x = self.basic(x, "conv2d_1a", stride=2)
        x = self.basic(self.basic(x, "conv2d_2a"), "conv2d_2b", pad=(1, 1))
        x = self.basic(self.layers.max_pool(x, 3, 2), "conv2d_3b")
        x = self.basic(self.basic(x, "conv2d_4a"), "conv2d_4b", stride=2)
        for at in range(5):
            x = self.block35(x, f"repeat_1.{at}")
        x = self.mixed_6a(x)
        for at in range(10):
            x = self.layers.relu(self.cross(x, f"repeat_2.{at}", 3, 0.10))
        x = self.mixed_7a(x)
        for at in range(5):
            x = self.layers.relu(self.cross(x, f"repeat_3.{at}", 1, 0.20))
        x = self.cross(x, "block8", 1, 1.0)
        return self.bn(x.mean(axis=(2, 3)) @ self.state["last_linear.weight"].T, "last_bn")


def session_of(state, folder, *, legacy=False):
    save(folder / "net.pt", state, legacy=legacy)
    (folder / "net.onnx").write_bytes(build({"network": folder / "net.pt"})["network"])
    return OnnxSession(folder / "net.onnx")


@pytest.fixture(scope="module")
def state():
    return random_state()


@pytest.fixture(scope="module")
def session(state, tmp_path_factory):
    return session_of(state, tmp_path_factory.mktemp("net"))


def crops_of(n):
    return np.random.default_rng(1).uniform(-1, 1, (n, 3, 160, 160)).astype(np.float32)


def test_the_graph_gives_what_numpy_gives(state, session):
    (found,) = session.run(crops_of(2))
    exact = {name: array.astype(np.float64) for name, array in state.items()}
    expected = Reference(exact)(crops_of(2).astype(np.float64))
    assert found.shape == (2, 512)
    assert expected.std() > 0.1
    np.testing.assert_allclose(found, expected, atol=1e-4)


def test_the_vector_is_not_normalized(session):
    (found,) = session.run(crops_of(2))
    assert (np.abs(np.linalg.norm(found, axis=1) - 1) > 0.01).all()


def test_the_graph_gives_what_torch_gives(state, session):
    torch = pytest.importorskip("torch")
    functional = torch.nn.functional

    class Layers:
        relu, max_pool = functional.relu, functional.max_pool2d

        @staticmethod
        def conv(x, filters, bias=None, *, stride=1, pad=(0, 0)):
            return functional.conv2d(x, filters, bias, stride, pad)

        @staticmethod
        def batch_norm(x, gain, bias, mean, variance, epsilon):
            return functional.batch_norm(x, mean, variance, gain, bias, eps=epsilon)

        @staticmethod
        def join(parts):
            return torch.cat(parts, dim=1)

    tensors = {name: torch.from_numpy(array) for name, array in state.items()}
    expected = Reference(tensors, Layers)(torch.from_numpy(crops_of(2))).numpy()
    np.testing.assert_allclose(session.run(crops_of(2))[0], expected, atol=1e-4)


def test_both_formats_of_torch_make_the_same_graph(state, session, tmp_path):
    other = session_of(state, tmp_path, legacy=True)
    np.testing.assert_array_equal(other.run(crops_of(1))[0], session.run(crops_of(1))[0])


def published_state(path):
    """Read the published graph's weights back into a state dictionary.

    Its convolutions have swallowed their batch normalization, so that one is made to do nothing.
    """
    model = onnx.load(path)
    arrays = {i.name: numpy_helper.to_array(i).astype(np.float32) for i in model.graph.initializer}
    casts = {n.output[0]: n.input[0] for n in model.graph.node if n.op_type == "Cast"}

    def array_of(name):
        return arrays[casts.get(name, name)]

    convs = [node for node in model.graph.node if node.op_type == "Conv"]
    basics, joins = iter(BASICS), iter(JOINS)
    state = {}
    for node in convs:
        weight, bias = array_of(node.input[1]), array_of(node.input[2])
        if "Conv2d_1x1" in node.input[1] and "Branch" not in node.input[1]:
            name, inside, out = next(joins)
            assert weight.shape == (out, inside, 1, 1)
            state |= {f"{name}.weight": weight, f"{name}.bias": bias}
            continue
        name, inside, out, kernel = next(basics)
        assert weight.shape == (out, inside, *kernel), name
        state[f"{name}.conv.weight"] = weight
        state |= identity(f"{name}.bn", bias)
    (gemm,) = [node for node in model.graph.node if node.op_type == "Gemm"]
    state["last_linear.weight"] = np.ascontiguousarray(array_of(gemm.input[1]).T)
    return state | identity("last_bn", array_of(gemm.input[2]))


def identity(name, bias):
    one = np.ones_like(bias)
    return {
        f"{name}.weight": one,
        f"{name}.bias": bias,
        f"{name}.running_mean": np.zeros_like(bias),
        f"{name}.running_var": one - np.float32(0.001),
    }


@pytest.mark.shared_data
def test_real_weights_give_the_vectors_of_the_published_graph(shared_data, tmp_path):
    path = shared_data / "weights" / "facenet-inception-resnet-v1-vggface2-512d.onnx"
    rebuilt = session_of(published_state(path), tmp_path)
    (expected,), (found,) = OnnxSession(path).run(crops_of(3)), rebuilt.run(crops_of(3))
    assert expected.std() > 0.1
    np.testing.assert_allclose(found, expected, atol=1e-4)


@pytest.mark.parametrize(
    ("name", "array", "message"),
    [
        ("repeat_2.7.branch1.1.conv.weight", None, "is missing, expected .128, 128, 1, 7."),
        ("last_bn.running_var", None, "is missing"),
        ("block8.conv2d.bias", np.zeros(3, np.float32), r"has shape \(3,\), expected \(1792,\)"),
    ],
)
def test_another_network_is_refused(state, tmp_path, name, array, message):
    other = {key: value for key, value in state.items() if key != name}
    if array is not None:
        other[name] = array
    save(tmp_path / "net.pt", other)
    with pytest.raises(WeightsUnreadable, match=message) as caught:
        build({"network": tmp_path / "net.pt"})
    assert "Inception-ResNet-v1" in caught.value.hint


def test_the_state_holds_every_number_of_the_network(state):
    """23,482,624 trained numbers, as facenet-pytorch's class counts them without its logits."""
    trained = [a for n, a in state.items() if "running" not in n and "logits" not in n]
    assert sum(array.size for array in trained) == 23_482_624


def test_what_is_saved_is_read(state, tmp_path):
    save(tmp_path / "net.pt", state)
    assert sorted(read_state(tmp_path / "net.pt")) == sorted(state)
