"""VGG-Face, narrowed so that it fits into a test, against the network written out in NumPy."""

from __future__ import annotations

import sys

import h5py
import numpy as np
import onnx
import pytest

from lookalike.errors import MissingExtra, WeightsUnreadable
from lookalike.models.convert import vgg_face
from lookalike.models.convert.keras_file import read_layers
from lookalike.models.session import OnnxSession

from . import plain_layers as plain

GROUPS = ((4, 4), (6, 6), (8, 8, 8), (8, 8, 8), (10, 10, 10))
SIZE, FC, PEOPLE = 224, 12, 20


@pytest.fixture
def _narrow(monkeypatch):
    monkeypatch.setattr(vgg_face, "_GROUPS", GROUPS)
    monkeypatch.setattr(vgg_face, "_FC7", FC)
    monkeypatch.setattr(vgg_face, "_PEOPLE", PEOPLE)


def random_layers(groups=GROUPS, fc=FC, people=PEOPLE, seed=0):
    """Return kernels in Keras order (rows, columns, in, out) and biases."""
    rng = np.random.default_rng(seed)
    outs = [out for group in groups for out in group]
    shapes = [(3, inside, out) for inside, out in zip([3, *outs], outs, strict=False)]
    shapes += [(7, outs[-1], fc), (1, fc, fc), (1, fc, people)]
    for kernel, inside, out in shapes:
        spread = np.sqrt(2 / (kernel**2 * inside))
        weights = rng.normal(0, spread, (kernel, kernel, inside, out))
        yield weights.astype(np.float32), rng.normal(0, 0.1, out).astype(np.float32)


def write(path, layers, *, inside="", as_bytes=True):
    """Write layers as Keras does, with layers that hold nothing in between."""
    with h5py.File(path, "w") as file:
        root = file.create_group(inside) if inside else file
        names = []
        for at, (kernel, bias) in enumerate(layers):
            names += [f"zero_padding2d_{at}", f"conv2d_{at}"]
            root.create_group(names[-2]).attrs["weight_names"] = np.array([], "S1")
            group = root.create_group(names[-1])
            group[f"{names[-1]}/kernel:0"], group[f"{names[-1]}/bias:0"] = kernel, bias
            inner = [f"{names[-1]}/kernel:0", f"{names[-1]}/bias:0"]
            group.attrs["weight_names"] = [n.encode() for n in inner] if as_bytes else inner
        root.attrs["layer_names"] = [n.encode() for n in names] if as_bytes else names
    return path


def reference(layers, x):
    """Return the last hidden layer and the scores, as the paper's table tells them."""
    taken = iter(layers)

    def conv(x, pad=0):
        kernel, bias = next(taken)
        filters = kernel.transpose(3, 2, 0, 1).astype(np.float64)
        return plain.conv(x, filters, bias, pad=(pad, pad))

    for group in GROUPS:
        for _ in group:
            x = plain.relu(conv(x, pad=1))
        x = plain.max_pool(x, 2, 2)
    hidden = plain.relu(conv(plain.relu(conv(x))))
    return hidden[:, :, 0, 0], conv(hidden)[:, :, 0, 0]


def run(build, path):
    graph = path.with_suffix(".onnx")
    graph.write_bytes(build({"network": path})["network"])
    return OnnxSession(graph).run(crops())[0]


def crops():
    return np.random.default_rng(1).normal(0, 60, (2, 3, SIZE, SIZE)).astype(np.float32)


@pytest.mark.usefixtures("_narrow")
@pytest.mark.parametrize("inside", ["", "model_weights"])
@pytest.mark.parametrize("as_bytes", [True, False])
def test_both_vectors_are_what_numpy_gives(tmp_path, inside, as_bytes):
    layers = list(random_layers())
    path = write(tmp_path / "vgg.h5", layers, inside=inside, as_bytes=as_bytes)
    hidden, scores = reference(layers, crops().astype(np.float64))
    assert hidden.std() > 1
    np.testing.assert_allclose(run(vgg_face.build_fc7, path), hidden, rtol=1e-4, atol=1e-3)
    np.testing.assert_allclose(run(vgg_face.build, path), scores, rtol=1e-4, atol=1e-3)


@pytest.mark.usefixtures("_narrow")
def test_another_network_is_refused(tmp_path):
    layers = list(random_layers())
    for name, other in {"short": layers[:-2], "wrong": [layers[0], layers[3], *layers[2:]]}.items():
        path = write(tmp_path / f"{name}.h5", other)
        with pytest.raises(WeightsUnreadable, match="a layer has arrays of shapes"):
            vgg_face.build({"network": path})


def test_the_network_at_its_real_size(tmp_path):
    """Two of 16 layers are enough to see the size: the first one and the wrong one."""
    first = (np.zeros((3, 3, 3, 64), np.float32), np.zeros(64, np.float32))
    path = write(tmp_path / "vgg.h5", [first, first])
    with pytest.raises(WeightsUnreadable, match=r"expected \(\(3, 3, 64, 64\), \(64,\)\)"):
        vgg_face.build({"network": path})


@pytest.mark.slow
def test_the_whole_network_is_built_at_its_real_size(tmp_path, monkeypatch):
    """145 million zeros, taken by the shapes that the converter asks for."""

    def zeros(_, shape):
        return np.zeros(shape, np.float32), np.zeros(shape[-1], np.float32)

    monkeypatch.setattr(vgg_face, "read_layers", lambda _: [])
    monkeypatch.setattr(vgg_face._Layers, "_next", zeros)
    made = onnx.load_from_string(vgg_face.build({"network": tmp_path / "none"})["network"])
    numbers = sum(int(np.prod(array.dims)) for array in made.graph.initializer)
    assert numbers == 145_002_878
    inferred = onnx.shape_inference.infer_shapes(made, strict_mode=True)
    assert [d.dim_value for d in inferred.graph.output[0].type.tensor_type.shape.dim][1:] == [2622]


@pytest.mark.parametrize("content", [b"", b"not HDF5", b"\x89HDF\r\n\x1a\n cut"])
def test_what_is_no_keras_file_is_refused(tmp_path, content):
    path = tmp_path / "vgg.h5"
    path.write_bytes(content)
    with pytest.raises(WeightsUnreadable, match=r"vgg\.h5 does not hold the weights of a Keras"):
        read_layers(path)


def test_an_hdf5_file_of_something_else_is_refused(tmp_path):
    with h5py.File(tmp_path / "other.h5", "w") as file:
        file["x"] = np.zeros(3)
    with pytest.raises(WeightsUnreadable):
        read_layers(tmp_path / "other.h5")


def test_without_h5py_the_way_to_it_is_told(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "h5py", None)
    with pytest.raises(MissingExtra, match="h5py") as caught:
        read_layers(tmp_path / "vgg.h5")
    assert caught.value.hint == "pip install 'lookalike[keras]'"
