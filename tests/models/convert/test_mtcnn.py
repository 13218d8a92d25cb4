"""The converted networks against a plain NumPy reading of the same arrays."""

from __future__ import annotations

import joblib
import numpy as np
import pytest

from lookalike.errors import WeightsUnreadable
from lookalike.models.card import card
from lookalike.models.convert.mtcnn import build
from lookalike.models.session import open_sessions
from lookalike.models.store import locate


def convolved(x, kernel, bias):
    """Convolve (rows, columns, in) with (height, width, in, out), without padding."""
    height, width = kernel.shape[:2]
    rows, columns = x.shape[0] - height + 1, x.shape[1] - width + 1
    result = np.zeros((rows, columns, kernel.shape[3])) + bias
    for i in range(height):
        for j in range(width):
            result += x[i : i + rows, j : j + columns] @ kernel[i, j].astype(np.float64)
    return result


def activated(x, slope):
    return np.where(x > 0, x, x * slope.reshape(-1))


def pooled(x, size, *, same=True):
    """Take the maximum of windows two apart; "same" lets them leave at the far ends first."""
    sides = [-(-n // 2) if same else (n - size) // 2 + 1 for n in x.shape[:2]]
    before = [
        max((out - 1) * 2 + size - n, 0) // 2 for out, n in zip(sides, x.shape[:2], strict=True)
    ]
    result = np.empty((*sides, x.shape[2]))
    for i in range(sides[0]):
        for j in range(sides[1]):
            top, left = max(2 * i - before[0], 0), max(2 * j - before[1], 0)
            window = x[top : 2 * i - before[0] + size, left : 2 * j - before[1] + size]
            result[i, j] = window.max(axis=(0, 1))
    return result


def face_probability(logits):
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return powers[..., 1] / powers.sum(axis=-1)


def heads(x, arrays, apply):
    """Run the last layers; how many numbers one gives says what it is."""
    found = {}
    for kernel, bias in zip(arrays[::2], arrays[1::2], strict=True):
        found[len(bias)] = apply(x, kernel, bias)
    return face_probability(found.pop(2)), *(found[size] for size in sorted(found))


def dense(x, kernel, bias):
    return x @ kernel.astype(np.float64) + bias


def body(x, arrays, pools):
    """Run the convolutions; `pools` says how each is pooled."""
    for at, pool in enumerate(pools):
        kernel, bias, slope = arrays[3 * at : 3 * at + 3]
        x = activated(convolved(x, kernel, bias), slope)
        if pool:
            x = pooled(x, pool[0], same=pool[1])
    return x, arrays[3 * len(pools) :]


def forward(name, x, arrays):
    x = (x.astype(np.float64) - 127.5) / 128
    if name == "pnet":
        return heads(*body(x, arrays, [(2, True), None, None]), convolved)
    pools = [(3, True), (3, False), None] if name == "rnet" else [(3, True), (3, False), (2, True)]
    x, rest = body(x, arrays, [*pools, *([None] if name == "onet" else [])])
    columns_first = x.transpose(1, 0, 2).reshape(-1)
    kernel, bias, slope = rest[:3]
    return heads(activated(dense(columns_first, kernel, bias), slope), rest[3:], dense)


@pytest.fixture(scope="module")
def files():
    return {file.name: locate(file) for file in card("mtcnn").files}


@pytest.fixture(scope="module")
def sessions():
    return open_sessions(card("mtcnn"))


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("pnet", (12, 12)),
        ("pnet", (31, 26)),
        ("pnet", (40, 13)),
        ("rnet", (24, 24)),
        ("onet", (48, 48)),
    ],
)
def test_network_gives_the_numbers_of_a_plain_forward_pass(files, sessions, astronaut, name, shape):
    # A face and noise: in noise, most of the network is silent.
    noise = np.random.default_rng(1).integers(0, 256, (*shape, 3), np.uint8)
    face = astronaut.pixels[62:172:2, 170:280:2][: shape[0], : shape[1]]
    assert face.shape == noise.shape
    for picture in (noise, face):
        expected = forward(name, picture, joblib.load(files[name]))
        batch = picture.transpose(2, 0, 1)[None].astype(np.float32)
        found = sessions[name].run(batch)
        assert len(found) == len(expected)
        np.testing.assert_allclose(found[0][0].squeeze(0), expected[0], atol=1e-4)
        for output, wanted in zip(found[1:], expected[1:], strict=True):
            numbers = wanted.transpose(2, 0, 1) if wanted.ndim == 3 else wanted
            np.testing.assert_allclose(output[0], numbers, atol=1e-4)


@pytest.mark.parametrize(
    ("part", "other"), [("pnet", "rnet"), ("pnet", "onet"), ("rnet", "pnet"), ("onet", "rnet")]
)
def test_another_network_is_not_taken_for_it(files, part, other):
    with pytest.raises(WeightsUnreadable, match=f"{other}.lz4 does not hold {part}"):
        build({**files, part: files[other]})


@pytest.mark.parametrize("content", [b"", b"hello there", bytes(range(256)), None])
def test_a_damaged_file_is_unreadable(files, tmp_path, content):
    damaged = tmp_path / "damaged.lz4"
    damaged.write_bytes(files["pnet"].read_bytes()[:9000] if content is None else content)
    with pytest.raises(WeightsUnreadable, match=r"damaged\.lz4 does not hold pnet"):
        build({**files, "pnet": damaged})


@pytest.mark.parametrize("content", [[1, 2, 3], {"a": 1}, 5])
def test_a_file_of_something_else_is_unreadable(files, tmp_path, content):
    other = tmp_path / "other.lz4"
    joblib.dump(content, other)
    with pytest.raises(WeightsUnreadable, match=r"other\.lz4 does not hold rnet"):
        build({**files, "rnet": other})
