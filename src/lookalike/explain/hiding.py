"""Ways to hide a part of a face."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

Filler: TypeAlias = Literal["blur", "strong blur", "mean"]

#: All ways to hide something.
FILLERS: Final[tuple[Filler, ...]] = ("blur", "strong blur", "mean")

#: Of a blur, as parts of the side: the first leaves where eyes and mouth are, the second nothing.
_SIGMAS: Final = {"blur": 1 / 19, "strong blur": 1 / 8}


def cover(pixels: NDArray[np.uint8], filler: Filler) -> NDArray[np.float32]:
    """Return what a crop looks like where it is hidden.

    Parameters
    ----------
    pixels : ndarray of shape (S, S, 3), uint8
        The crop.
    filler : {"blur", "strong blur", "mean"}
        What is put in the place of what is hidden.

    Returns
    -------
    ndarray of shape (S, S, 3), float32
        0 to 255.
    """
    from scipy.ndimage import gaussian_filter

    whole = pixels.astype(np.float32)
    if filler == "mean":
        return np.broadcast_to(whole.mean(axis=(0, 1)), whole.shape)
    sigma = len(pixels) * _SIGMAS[filler]
    return np.asarray(gaussian_filter(whole, (sigma, sigma, 0.0)), np.float32)


def hidden(
    pixels: NDArray[np.uint8], masks: NDArray[np.float32], covered: NDArray[np.float32]
) -> NDArray[np.uint8]:
    """Return a crop with something hidden, once for each mask.

    Parameters
    ----------
    pixels : ndarray of shape (S, S, 3), uint8
        The crop.
    masks : ndarray of shape (n, S, S), float32
        0 keeps the crop, 1 hides it.
    covered : ndarray of shape (S, S, 3), float32
        As `cover` gives it.

    Returns
    -------
    ndarray of shape (n, S, S, 3), uint8
        RGB.
    """
    change = covered - pixels
    made = np.empty((len(masks), *pixels.shape), np.uint8)
    for mask, crop in zip(masks, made, strict=True):
        crop[:] = np.rint(pixels + change * mask[..., None])
    return made
