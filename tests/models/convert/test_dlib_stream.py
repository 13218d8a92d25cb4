"""The reader against streams written here, after the format's description."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lookalike.errors import WeightsUnreadable
from lookalike.models.convert.dlib_stream import DlibStream


def integer(value: int) -> bytes:
    """Write an integer: a control byte with sign and length, then as few bytes as hold it."""
    length = max(1, (abs(value).bit_length() + 7) // 8)
    return bytes([length | (0x80 if value < 0 else 0)]) + abs(value).to_bytes(length, "little")


def tensor(numbers: np.ndarray, version: int = 2) -> bytes:
    header = b"".join(integer(n) for n in (version, *numbers.shape))
    return header + numbers.astype("<f4").tobytes()


def numbers_of(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


SOMETHING = b"\x05con_4" + integer(-7) + integer(65_537) + b"\x00\xff\x13\x70"


@pytest.mark.parametrize("shape", [(1, 1, 1, 1), (2, 3, 5, 7), (300, 1, 1, 2), (1, 70_000, 1, 1)])
@pytest.mark.parametrize("between", [b"", SOMETHING])
def test_a_tensor_is_read_as_it_was_written(shape, between):
    numbers = numbers_of(*shape)
    stream = DlibStream(between + tensor(numbers) + b"rest")
    found = stream.tensor(numbers.size)
    np.testing.assert_array_equal(found, numbers)
    assert found.dtype == np.float32


def test_tensors_are_read_one_after_the_other():
    first, second, third = (numbers_of(4, 1, 1, 3, seed=seed) for seed in range(3))
    data = SOMETHING + tensor(first) + SOMETHING + tensor(second) + tensor(third)
    stream = DlibStream(data)
    for expected in (first, second, third):
        np.testing.assert_array_equal(stream.tensor(12), expected)


def test_tensors_of_another_size_are_stepped_over():
    wanted = numbers_of(3, 3, 1, 1)
    stream = DlibStream(tensor(numbers_of(10, 1, 1, 1)) + SOMETHING + tensor(wanted))
    np.testing.assert_array_equal(stream.tensor(9), wanted)


def test_what_was_read_cannot_be_read_again():
    stream = DlibStream(tensor(numbers_of(5, 1, 1, 1)))
    stream.tensor(5)
    with pytest.raises(WeightsUnreadable, match="no tensor of 5 numbers after byte 30"):
        stream.tensor(5)


@pytest.mark.parametrize("version", [1, 3, -2])
def test_another_version_is_not_a_tensor(version):
    with pytest.raises(WeightsUnreadable):
        DlibStream(tensor(numbers_of(5, 1, 1, 1), version) + b"rest").tensor(5)


def test_a_shape_with_negative_sides_is_not_a_tensor():
    header = b"".join(integer(n) for n in (2, -5, -1, 1, 1))
    with pytest.raises(WeightsUnreadable):
        DlibStream(header + bytes(20)).tensor(5)


@given(st.integers(0, 63))
def test_a_stream_cut_anywhere_is_unreadable(length):
    whole = b"\x01\x09" + tensor(numbers_of(13, 1, 1, 1))
    assert len(whole) == 2 + 5 * 2 + 13 * 4
    with pytest.raises(WeightsUnreadable, match="no tensor of 13 numbers after byte 0") as caught:
        DlibStream(whole[:length]).tensor(13)
    assert "damaged" in caught.value.hint


@given(st.binary(max_size=200), st.integers(1, 40))
def test_noise_never_breaks_the_reader(data, size):
    try:
        found = DlibStream(data).tensor(size)
    except WeightsUnreadable:
        return
    assert found.size == size
    assert found.tobytes() in data


def test_sides_whose_product_wraps_around_are_not_a_tensor():
    # In 64 bits, (2 ** 62 + 1) * 4 is 4.
    sides = b"".join(map(integer, (2, 2**62 + 1, 4, 1, 1)))
    with pytest.raises(WeightsUnreadable, match="no tensor of 4 numbers"):
        DlibStream(sides + bytes(64)).tensor(4)


def test_a_tensor_may_begin_within_what_looks_like_another():
    numbers = numbers_of(2, 2, 1, 1)
    for before in (b"\x01", b"\x01\x02", b"\x02", b"\x02\x02", b"\x08\x02\x00"):
        np.testing.assert_array_equal(DlibStream(before + tensor(numbers)).tensor(4), numbers)


def test_an_integer_may_take_more_bytes_than_it_needs():
    numbers = numbers_of(2, 2, 1, 1)
    wide = b"\x08\x02" + bytes(7) + tensor(numbers)[2:]
    np.testing.assert_array_equal(DlibStream(wide).tensor(4), numbers)
