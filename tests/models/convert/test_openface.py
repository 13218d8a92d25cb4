"""OpenFace's network against OpenCV, which reads the same file with code of its own."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from lookalike.errors import WeightsUnreadable
from lookalike.models.convert.openface import build
from lookalike.models.session import OnnxSession

from .torch7_files import LongStorage, Thing, dumps


class Nn4Small2:
    """Makes the modules of nn4.small2 with random weights, as its definition lists them."""

    def __init__(self, seed=0):
        self.rng = np.random.default_rng(seed)

    def normal(self, spread, *shape):
        return self.rng.normal(0, spread, shape).astype(np.float32)

    def conv(self, inside, out, kernel, stride=1, pad=0, kind="SpatialConvolution"):
        shape = (out, inside * kernel**2) if kind.endswith("MM") else (out, inside, kernel, kernel)
        window = {
            f"{name}{axis}": n
            for name, n in (("k", kernel), ("d", stride), ("pad", pad))
            for axis in "WH"
        }
        weight = self.normal(np.sqrt(2 / (inside * kernel**2)), *shape)
        fields = {"nInputPlane": inside, "nOutputPlane": out, "weight": weight}
        fields |= window | {"bias": self.normal(0.1, out), "train": False}
        return Thing(f"nn.{kind}", fields)

    def norm(self, size):
        uniform = self.rng.uniform(0.5, 2, (2, size)).astype(np.float32)
        fields = {"eps": 1e-5, "momentum": 0.1, "affine": True, "bias": self.normal(0.1, size)}
        fields |= {"running_mean": self.normal(0.1, size), "running_var": uniform[0]}
        return Thing("nn.SpatialBatchNormalization", fields | {"weight": uniform[1]})

    def unit(self, inside, out, kernel, stride=1, pad=0, **kind):
        relu = Thing("nn.ReLU", {"inplace": False, "threshold": 0, "val": 0})
        return [self.conv(inside, out, kernel, stride, pad, **kind), self.norm(out), relu]

    def inception(self, inside, kernels, stride, outs, reduces, pool):
        branches = [
            self.unit(inside, reduces[at], 1)
            + self.unit(reduces[at], out, kernel, stride, kernel // 2)
            for at, (kernel, out) in enumerate(zip(kernels, outs, strict=True))
        ]
        pooled, straight = (*reduces[len(kernels) :], None, None)[:2]
        branches.append([pool, *(self.unit(inside, pooled, 1) if pooled else [])])
        if straight:
            branches.append(self.unit(inside, straight, 1))
        modules = [sequential(*branch) for branch in branches]
        joined = Thing(
            "nn.DepthConcat", {"dimension": 2, "modules": modules, "size": LongStorage(())}
        )
        # As dpnn's decorator keeps it, with the activation beside it.
        return Thing("nn.Inception", {"modules": [joined], "module": joined, "train": False})

    def network(self):
        lrn = {"size": 5, "alpha": 1e-4, "beta": 0.75, "k": 1}
        old = {"kind": "SpatialConvolutionMM"}
        linear = {"weight": self.normal(0.05, 128, 736), "bias": self.normal(0.1, 128)}
        return sequential(
            *self.unit(3, 64, 7, 2, 3, **old),
            max_pool(3, 2, 1),
            Thing("nn.SpatialCrossMapLRN", lrn),
            *self.unit(64, 64, 1, **old),
            *self.unit(64, 192, 3, 1, 1, **old),
            Thing("nn.SpatialCrossMapLRN", dict(lrn)),
            max_pool(3, 2, 1),
            self.inception(192, (3, 5), 1, (128, 32), (96, 16, 32, 64), max_pool(3, 2)),
            self.inception(256, (3, 5), 1, (128, 64), (96, 32, 64, 64), lp_pool(3)),
            self.inception(320, (3, 5), 2, (256, 64), (128, 32), max_pool(3, 2)),
            self.inception(640, (3, 5), 1, (192, 64), (96, 32, 128, 256), lp_pool(3)),
            self.inception(640, (3, 5), 2, (256, 128), (160, 64), max_pool(3, 2)),
            self.inception(1024, (3,), 1, (384,), (96, 96, 256), lp_pool(3)),
            self.inception(736, (3,), 1, (384,), (96, 96, 256), max_pool(3, 2)),
            Thing("nn.SpatialAveragePooling", window(3, 1) | {"count_include_pad": True}),
            Thing("nn.Reshape", {"size": LongStorage((736,)), "batchMode": True, "nelement": 736}),
            Thing("nn.Linear", linear),
            Thing("nn.Normalize", {"p": 2, "eps": 1e-10}),
        )


def sequential(*modules):
    return Thing("nn.Sequential", {"modules": list(modules), "train": False})


def window(kernel, stride, pad=0):
    sides = {
        f"{name}{axis}": n
        for name, n in (("k", kernel), ("d", stride), ("pad", pad))
        for axis in "WH"
    }
    return sides | {"ceil_mode": False}


def max_pool(kernel, stride, pad=0):
    return Thing("nn.SpatialMaxPooling", window(kernel, stride, pad))


def lp_pool(kernel):
    modules = [
        Thing("nn.Square", {"train": False}),
        Thing("nn.SpatialAveragePooling", window(kernel, kernel) | {"count_include_pad": True}),
        Thing("nn.MulConstant", {"constant_scalar": kernel**2}),
        Thing("nn.Sqrt", {"eps": 0}),
    ]
    return Thing("nn.SpatialLPPooling", {"modules": modules, "kW": kernel, "kH": kernel})


def written(folder, network):
    path = folder / "nn4.small2.v1.t7"
    path.write_bytes(dumps(network))
    return path


def session_of(path):
    graph = path.with_suffix(".onnx")
    graph.write_bytes(build({"network": path})["network"])
    return OnnxSession(graph)


def crops_of(n):
    return np.random.default_rng(1).uniform(0, 1, (n, 3, 96, 96)).astype(np.float32)


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return written(tmp_path_factory.mktemp("net"), Nn4Small2().network())


def test_the_graph_gives_what_opencv_gives(path):
    (found,) = session_of(path).run(crops_of(3))
    network = cv2.dnn.readNetFromTorch(str(path))
    for crop, vector in zip(crops_of(3), found, strict=True):
        network.setInput(crop[None])
        np.testing.assert_allclose(vector, network.forward()[0], atol=1e-5)
    assert np.abs(found[0] - found[1]).max() > 1e-3
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, atol=1e-6)


def test_early_files_keep_the_inverse_deviation(tmp_path, path):
    network = Nn4Small2().network()
    for module in every(network):
        if module.kind == "nn.SpatialBatchNormalization":
            variance = module.fields.pop("running_var")
            module.fields["running_std"] = (1 / np.sqrt(variance + 1e-5)).astype(np.float32)
    early = written(tmp_path, network)
    (found,), (expected,) = session_of(early).run(crops_of(2)), session_of(path).run(crops_of(2))
    np.testing.assert_allclose(found, expected, atol=1e-5)


def every(module):
    yield module
    for inside in module.fields.get("modules", []):
        yield from every(inside)


def test_an_unknown_module_is_named(tmp_path):
    network = sequential(Thing("nn.SpatialUpSamplingNearest", {"scale_factor": 2}))
    with pytest.raises(WeightsUnreadable, match=r"holds nn\.SpatialUpSamplingNearest"):
        build({"network": written(tmp_path, network)})


@pytest.mark.parametrize("value", [None, 3.5, {"modules": []}, np.ones(3, np.float32)])
def test_a_file_without_a_network_is_refused(tmp_path, value):
    with pytest.raises(WeightsUnreadable, match="not known here"):
        build({"network": written(tmp_path, value)})


def test_a_network_with_another_end_is_refused(tmp_path):
    network = sequential(*Nn4Small2().unit(3, 64, 7, 2, 3))
    with pytest.raises(WeightsUnreadable, match=r"ends in shape \(64, 48, 48\), expected \(128,\)"):
        build({"network": written(tmp_path, network)})


def test_a_module_that_does_not_fit_is_refused(tmp_path):
    network = sequential(*Nn4Small2().unit(4, 64, 7))
    with pytest.raises(WeightsUnreadable, match="a module of the network is damaged"):
        build({"network": written(tmp_path, network)})


def test_a_small_file_of_billions_of_modules_is_refused(tmp_path):
    network = sequential(Thing("nn.Identity", {}))
    for _ in range(25):
        network = sequential(network, network)
    path = written(tmp_path, network)
    assert path.stat().st_size < 20_000
    with pytest.raises(WeightsUnreadable, match="more than 2000 modules"):
        build({"network": path})


def test_a_module_that_holds_itself_is_refused(tmp_path):
    network = sequential()
    network.fields["modules"].append(network)
    with pytest.raises(WeightsUnreadable, match="a module of the network is damaged"):
        build({"network": written(tmp_path, network)})


@pytest.mark.parametrize(
    "module",
    [
        max_pool(3, 0),
        Thing("nn.SpatialMaxPooling", window(3, 2) | {"kW": float("inf")}),
        Thing("nn.Reshape", {"size": {1: float("inf")}}),
    ],
)
def test_numbers_that_cannot_be_calculated_with_are_refused(tmp_path, module):
    with pytest.raises(WeightsUnreadable, match="a module of the network is damaged"):
        build({"network": written(tmp_path, sequential(module))})
