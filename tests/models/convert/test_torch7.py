"""The reader against files written after the format's description, and against OpenCV's reader."""

from __future__ import annotations

import struct

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lookalike.errors import WeightsUnreadable
from lookalike.models.convert.torch7 import TorchObject, read_torch7

from .torch7_files import LongStorage, Thing, dumps, integer, named, storage, string

plain = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text("abc é", max_size=5),
    lambda inside: st.dictionaries(st.text("abc", max_size=3), inside, max_size=3),
    max_leaves=12,
)


@given(plain)
def test_values_are_read_as_they_were_written(value):
    assert read_torch7(dumps(value)) == value


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int64, np.uint8])
def test_tensors(dtype):
    array = np.random.default_rng(0).uniform(0, 100, (2, 3, 4)).astype(dtype)
    found = read_torch7(dumps(array))
    np.testing.assert_array_equal(found, array)
    assert found.dtype == dtype


def test_tensors_are_read_as_opencv_reads_them(tmp_path):
    array = np.random.default_rng(0).normal(size=(5, 7)).astype(np.float32)
    path = tmp_path / "tensor.t7"
    path.write_bytes(dumps(array))
    np.testing.assert_array_equal(cv2.dnn.readTorchBlob(str(path)), read_torch7(path.read_bytes()))


def test_objects_and_what_they_share():
    weights = np.ones((2, 2), np.float32)
    layer = Thing("nn.Linear", {"weight": weights, "train": False})
    found = read_torch7(dumps(Thing("nn.Sequential", {"modules": [layer, layer], "w": weights})))
    assert isinstance(found, TorchObject)
    assert found.kind == "nn.Sequential"
    first, second = found.fields["modules"][1], found.fields["modules"][2]
    assert first is second
    assert first.fields["weight"] is found.fields["w"]


def test_a_storage_is_its_numbers():
    np.testing.assert_array_equal(read_torch7(dumps(LongStorage((736, 3, 3)))), [736, 3, 3])


def test_a_table_may_refer_to_itself():
    table = {}
    table["self"] = table
    found = read_torch7(dumps(table))
    assert found["self"] is found


@pytest.mark.parametrize("kind", [6, 7, 8, 9, -1, 2**31 - 1])
def test_program_code_is_refused(kind):
    with pytest.raises(WeightsUnreadable, match=f"kind {kind}") as caught:
        read_torch7(integer(kind) + integer(1) + string("\x1bLJ code"))
    assert "never read" in caught.value.hint


def test_values_too_deep_are_refused():
    value = None
    for _ in range(150):
        value = {"inside": value}
    with pytest.raises(WeightsUnreadable, match="too deep"):
        read_torch7(dumps(value))


@pytest.mark.parametrize(
    ("axes", "numbers"),
    [(1, (5, 1, 1)), (1, (4, 1, 2)), (1, (-1, 1, 1)), (99, ()), (1, (2, -1, 2))],
)
def test_a_tensor_that_leaves_its_storage_is_refused(axes, numbers):
    raw = b"".join(int(n).to_bytes(8, "little", signed=True) for n in numbers)
    body = integer(4) + integer(2) + named("torch.FloatStorage") + (4).to_bytes(8, "little")
    data = integer(4) + integer(1) + named("torch.FloatTensor") + integer(axes) + raw + body
    with pytest.raises(WeightsUnreadable):
        read_torch7(data + bytes(16))


@given(st.floats(0, 0.999))
def test_a_file_cut_anywhere_is_refused(kept):
    fields = {"weight": np.ones((3, 2), np.float32), "name": "x", "modules": [1.5, None]}
    whole = dumps(Thing("nn.Linear", fields))
    with pytest.raises(WeightsUnreadable, match="damaged"):
        read_torch7(whole[: int(len(whole) * kept)])


@given(st.binary(max_size=80))
def test_noise_never_breaks_the_reader(noise):
    try:
        read_torch7(noise)
    except WeightsUnreadable:
        return


def test_many_tensors_of_one_storage_do_not_fill_the_memory():
    def tensors(count):
        head = named("torch.FloatTensor") + integer(1)
        head += struct.pack("<3q", 1000, 1, 1)
        numbers = named("torch.FloatStorage")
        numbers += storage(np.zeros(1000, np.float32))
        file = integer(3) + integer(1) + integer(count)
        for at in range(count):
            file += dumps(at)
            file += integer(4) + integer(3 + at) + head
            file += integer(4) + integer(2) + (b"" if at else numbers)
        return file

    assert len(read_torch7(tensors(3))) == 3
    with pytest.raises(WeightsUnreadable, match="many times as large"):
        read_torch7(tensors(20))


def test_a_storage_that_is_a_table_is_refused():
    file = integer(4) + integer(1) + named("torch.FloatTensor") + integer(1)
    file += struct.pack("<3q", 2, 1, 1)
    file += integer(3) + integer(2) + integer(2) + b"".join(map(dumps, (1, 1, 2, 2)))
    with pytest.raises(WeightsUnreadable, match="something else"):
        read_torch7(file)
