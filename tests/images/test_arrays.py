"""Arrays of every shape and dtype that people hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from lookalike.errors import ArrayError
from lookalike.images import read

if TYPE_CHECKING:
    from numpy.typing import NDArray


def test_rgb_is_not_copied(truth: NDArray[np.uint8]) -> None:
    assert np.shares_memory(read(truth).pixels, truth)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_floats(dtype: Any, truth: NDArray[np.uint8]) -> None:
    assert np.array_equal(read((truth / 255).astype(dtype)).pixels, truth)


def test_deep_integers(truth: NDArray[np.uint8]) -> None:
    assert np.array_equal(read(truth.astype(np.uint16) * 257).pixels, truth)
    ramp = np.arange(65536, dtype=np.uint16).reshape(256, 256)
    assert np.array_equal(read(ramp).pixels[..., 0], np.rint(ramp / 257).astype(np.uint8))


def test_bool(truth: NDArray[np.uint8]) -> None:
    mask = truth[..., 0] > 99
    assert np.array_equal(read(mask).pixels[..., 2], np.where(mask, 255, 0))


def test_gray(truth: NDArray[np.uint8]) -> None:
    gray = truth[..., 0]
    expected = np.dstack([gray, gray, gray])
    assert np.array_equal(read(gray).pixels, expected)
    assert np.array_equal(read(gray[..., None]).pixels, expected)


@pytest.mark.parametrize("scale", [1, 257])
def test_alpha(scale: int, truth: NDArray[np.uint8]) -> None:
    alpha = np.zeros(truth.shape[:2], np.uint8)
    alpha[:, 100:] = 255
    layer = np.dstack([truth, alpha])
    pixels = read(layer if scale == 1 else layer.astype(np.uint16) * np.uint16(scale)).pixels
    assert (pixels[:, :100] == 255).all()
    assert np.array_equal(pixels[:, 100:], truth[:, 100:])


def test_views_become_contiguous(truth: NDArray[np.uint8]) -> None:
    for view in (truth[..., ::-1], truth[::2, ::-1], np.asfortranarray(truth)):
        pixels = read(view).pixels
        assert pixels.flags.c_contiguous
        assert np.array_equal(pixels, view)


@pytest.mark.parametrize(
    ("array", "hint"),
    [
        (np.zeros((3, 40, 50), np.uint8), "transpose"),
        (np.zeros((2, 40, 50, 3), np.uint8), "batch"),
        (np.zeros((40, 50, 2), np.uint8), "one picture"),
        (np.zeros(40, np.uint8), "one picture"),
        (np.zeros((0, 50, 3), np.uint8), "one picture"),
        (np.zeros((40, 50, 3), np.int64), "astype"),
        (np.zeros((40, 50, 3), complex), "astype"),
        (np.full((40, 50, 3), "a"), "astype"),
        (np.full((40, 50, 3), 200.0), "divide by 255"),
        (np.full((40, 50, 3), -0.5), "divide by 255"),
        (np.full((40, 50, 3), np.nan), "divide by 255"),
    ],
)
def test_other_arrays_are_refused(array: NDArray[Any], hint: str) -> None:
    with pytest.raises(ArrayError) as caught:
        read(array)
    assert hint in caught.value.hint
    assert "\n" not in caught.value.message
