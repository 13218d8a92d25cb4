from __future__ import annotations

import numpy as np
import onnx
import pytest

from lookalike.errors import WeightsUnreadable
from lookalike.models.convert.free_size import build
from lookalike.models.session import OnnxSession

NAME = "face_detection_yunet_2023mar.onnx"


@pytest.fixture
def freed(shared_data, tmp_path):
    path = tmp_path / "free.onnx"
    path.write_bytes(build({"yunet": shared_data / "weights" / NAME})["yunet"])
    return path


@pytest.mark.shared_data
def test_the_stated_size_gives_the_same_numbers(freed, shared_data):
    batch = np.random.default_rng(0).uniform(0, 255, (1, 3, 640, 640)).astype(np.float32)
    expected = OnnxSession(shared_data / "weights" / NAME).run(batch)
    for one, other in zip(OnnxSession(freed).run(batch), expected, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.shared_data
def test_any_multiple_of_the_stride_can_be_run(freed):
    outputs = OnnxSession(freed).run(np.zeros((1, 3, 64, 96), np.float32))
    assert [one.shape[1] for one in outputs[:3]] == [96, 24, 6]


@pytest.mark.shared_data
def test_the_graph_is_a_valid_one(freed):
    onnx.checker.check_model(onnx.load(freed), full_check=True)


def test_a_file_that_is_no_network_is_named(tmp_path):
    path = tmp_path / "wrong.onnx"
    path.write_bytes(b"\xff\xff nothing of the kind")
    with pytest.raises(WeightsUnreadable, match=r"wrong\.onnx"):
        build({"yunet": path})


def test_a_network_without_a_picture_is_named(tmp_path):
    path = tmp_path / "empty.onnx"
    path.write_bytes(onnx.ModelProto(ir_version=9).SerializeToString())
    with pytest.raises(WeightsUnreadable, match=r"empty\.onnx"):
        build({"yunet": path})
