"""What a photo looks like, in 256 bits that copies of it share.

Notes
-----
The perceptual hash: of the picture in gray at 64 x 64, the 16 x 16 lowest frequencies of the
discrete cosine transform, one bit for each that lies above their median. Scaling, compressing and
brightening hardly move it; another photo differs in about half of the bits.

References
----------
C. Zauner, "Implementation and Benchmarking of Perceptual Image Hash Functions", 2010.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from lookalike.cleaning.ahead import ahead

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray
    from PIL.Image import Image as Picture

    from lookalike.types import Image

_SIDE: Final = 16
_GRAY_PX: Final = 64

#: The length of a fingerprint.
BITS: Final = _SIDE * _SIDE

#: The median leaves half of the bits set. A picture with next to nothing on it has ties there, and
#: would be like every other such picture.
_LEAST_SET: Final = BITS // 2 - 8

#: How many distances are held at once; each takes some 20 bytes.
_AT_ONCE: Final = 1 << 20


class Fingerprint(NamedTuple):
    """The fingerprints of a photo and of its mirror image.

    Parameters
    ----------
    plain, mirrored : bytes
        32 bytes each.
    """

    plain: bytes
    mirrored: bytes


class Pair(NamedTuple):
    """Two photos that look alike.

    Parameters
    ----------
    first, second : int
        Their rows, `first` before `second`.
    bits : int
        How many bits differ.
    mirrored : bool
        Whether one is the mirror image of the other.
    """

    first: int
    second: int
    bits: int
    mirrored: bool


def fingerprint(image: Image) -> Fingerprint | None:
    """Take the fingerprints of a photo.

    Parameters
    ----------
    image : Image
        The photo, at any size from 256 pixels on or at its own.

    Returns
    -------
    Fingerprint or None
        None if there is next to nothing on it.
    """
    from PIL.Image import Resampling, Transpose, fromarray

    gray = fromarray(image.pixels).convert("L").resize((_GRAY_PX, _GRAY_PX), Resampling.LANCZOS)
    plain, mirrored = _bits(gray), _bits(gray.transpose(Transpose.FLIP_LEFT_RIGHT))
    if plain.sum() < _LEAST_SET:
        return None
    return Fingerprint(np.packbits(plain).tobytes(), np.packbits(mirrored).tobytes())


def _bits(gray: Picture) -> NDArray[np.bool_]:
    import imagehash

    found: NDArray[np.bool_] = imagehash.phash(gray, hash_size=_SIDE).hash.ravel()
    return found


def near_pairs(prints: Sequence[Fingerprint], bits: int, workers: int = 0) -> Iterator[Pair]:
    """Find the photos that look alike, by comparing each with each.

    Parameters
    ----------
    prints : sequence of Fingerprint
        The photos.
    bits : int
        How many bits may differ; none are found below 0.
    workers : int, default 0
        Threads; 0 for one on each core.

    Yields
    ------
    Pair
        Each pair at most once, as the nearer of plain and mirrored, in the order of the rows.
    """
    if bits < 0 or len(prints) < 2:
        return
    plain, mirrored = (
        np.frombuffer(b"".join(column), np.uint64).reshape(len(prints), -1)
        for column in zip(*prints, strict=True)
    )
    block = max(1, _AT_ONCE // len(prints))

    def search(start: int) -> list[Pair]:
        found: dict[tuple[int, int], Pair] = {}
        for others, turned in ((plain, False), (mirrored, True)):
            for pair in _between(plain, others, start, min(start + block, len(prints)), bits):
                known = found.get((pair[0], pair[1]))
                if known is None or pair[2] < known.bits:
                    found[pair[0], pair[1]] = Pair(*pair, turned)
        return sorted(found.values())

    for _, pairs in ahead(search, range(0, len(prints), block), workers):
        yield from pairs


def _between(
    rows: NDArray[np.uint64], others: NDArray[np.uint64], start: int, end: int, bits: int
) -> Iterator[tuple[int, int, int]]:
    """Compare some rows with the ones after them."""
    some, rest = rows[start:end, None], others[None, start:]
    # Half of the bits rule out nearly all, for half of the time.
    half = np.bitwise_count(some[..., 0] ^ rest[..., 0]) + np.bitwise_count(
        some[..., 1] ^ rest[..., 1]
    )
    first, second = np.nonzero(half <= bits)
    later = second > first
    first, second = first[later] + start, second[later] + start
    away = np.bitwise_count(rows[first] ^ others[second]).sum(axis=1)
    near = away <= bits
    for one, other, far in zip(first[near], second[near], away[near], strict=True):
        yield int(one), int(other), int(far)
