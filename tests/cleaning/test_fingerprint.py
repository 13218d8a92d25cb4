"""Copies are near, other photos are far."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow

from lookalike.cleaning.fingerprint import BITS, Fingerprint, fingerprint, near_pairs
from lookalike.cleaning.options import NEAR_BITS
from lookalike.types import Image


def bits_apart(one: bytes, other: bytes) -> int:
    return (int.from_bytes(one, "big") ^ int.from_bytes(other, "big")).bit_count()


def taken(picture: Pillow.Image) -> Fingerprint:
    found = fingerprint(Image(np.array(picture.convert("RGB"))))
    assert found is not None
    return found


def test_copies_are_near(hopper: Path) -> None:
    portrait = Pillow.open(hopper)
    own = taken(portrait).plain
    stream = io.BytesIO()
    portrait.resize((171, 200)).save(stream, "JPEG", quality=40)
    brighter = Pillow.eval(portrait, lambda value: min(255, int(value * 1.2)))
    for copy in (Pillow.open(stream), portrait.convert("L"), brighter):
        assert bits_apart(own, taken(copy).plain) <= NEAR_BITS
    mirrored = portrait.transpose(Pillow.Transpose.FLIP_LEFT_RIGHT)
    assert bits_apart(own, taken(mirrored).plain) > 80
    assert bits_apart(own, taken(mirrored).mirrored) <= 2


def test_a_picture_of_nothing_is_like_no_other() -> None:
    for color in ("black", "white", "navy"):
        blank = Image(np.array(Pillow.new("RGB", (300, 300), color)))
        assert fingerprint(blank) is None


@pytest.mark.parametrize("count", [0, 1, 2, 3000])
def test_pairs_are_those_of_a_plain_search(count: int) -> None:
    numbers = np.random.default_rng(count)
    rows = numbers.integers(0, 2, (count, BITS)).astype(bool)
    for row in range(0, count - 3, 3):
        flipped = rows[row].copy()
        flipped[: row % 40] ^= True
        rows[row + 1] = flipped
    plain = np.packbits(rows, axis=1)
    mirrored = plain[:, ::-1].copy()
    prints = [Fingerprint(a.tobytes(), b.tobytes()) for a, b in zip(plain, mirrored, strict=True)]
    found = {(pair.first, pair.second): pair.bits for pair in near_pairs(prints, 24)}
    expected = {(row, row + 1): row % 40 for row in range(0, count - 3, 3) if row % 40 <= 24}
    assert found == expected
    assert list(near_pairs(prints, -1)) == []


def test_mirrored_pairs_say_so(hopper: Path, rough: Callable) -> None:
    portrait = Pillow.open(hopper)
    turned = portrait.transpose(Pillow.Transpose.FLIP_LEFT_RIGHT)
    prints = [taken(picture) for picture in (portrait, rough(1), turned)]
    (pair,) = near_pairs(prints, NEAR_BITS)
    assert (pair.first, pair.second, pair.mirrored) == (0, 2, True)


@pytest.mark.shared_data
@pytest.mark.slow
def test_real_photos_of_different_moments_are_far(shared_data: Path) -> None:
    """No false alarm among real faces; what is found was looked at: all are copies."""
    paths = sorted((shared_data / "pins").rglob("*.jpg"))
    prints = []
    for path in paths:
        with Pillow.open(path) as picture:
            prints.append(taken(picture))
    pairs = list(near_pairs(prints, NEAR_BITS))
    assert len(pairs) == 6
    assert {paths[pair.first].parent for pair in pairs} == {
        paths[pair.second].parent for pair in pairs
    }
