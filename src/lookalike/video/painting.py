"""Drawing names onto frames, on their brightness and colors as they are stored.

What is not drawn on keeps every bit; nothing is converted to RGB and back.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np

from lookalike.figures.hiding import hide
from lookalike.figures.nameplate import corners, nameplate
from lookalike.video.upright import copied, planes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from av import VideoFrame
    from numpy.typing import NDArray

    from lookalike.video.upright import Planes
    from lookalike.video.watching import Labeled, Shown

#: Y, U, V and opacity, the latter three at half size, and opacity at full size.
Sprite: TypeAlias = "tuple[NDArray[np.float32], ...]"

_PLATE: Final = ("#14181d", "#f6f2ea", "#f0b35e")
_QUIET: Final = ("#14181d", "#c9ccd1", "#8b929b")
_NAMED: Final = "#f0b35e"
_UNKNOWN: Final = "#d7dade"
_SHADE: Final = "#0b0d10"

#: By how much of its size a face that is hidden is larger than its box, on each side: hair, ears,
#: and movement between frames.
_BEYOND: Final = 0.22
#: Weights of red and blue in the brightness, by FFmpeg's numbers of color spaces; BT.709 has 1.
_LUMA: Final = {1: (0.2126, 0.0722), 9: (0.2627, 0.0593)}
_BT601: Final = (0.299, 0.114)
_FULL_RANGE: Final = 2


class Painter:
    """Draws on frames of one size.

    Parameters
    ----------
    hidden : {"", "unknown", "all"}
        Whose faces are made unrecognizable.
    prefix : str, default ""
        What stands before a name, for example ``"like "``.
    """

    def __init__(self, hidden: str = "", prefix: str = "") -> None:
        self._hidden = hidden
        self._prefix = prefix
        self._sprites = lru_cache(256)(self._made)

    def paint(self, labeled: Labeled) -> VideoFrame:
        """Draw the names of all faces.

        Parameters
        ----------
        labeled : Labeled
            A frame and its faces.

        Returns
        -------
        av.VideoFrame
            The frame itself if there are none.
        """
        frame = labeled.picture.frame
        if not labeled.faces:
            return frame
        drawn = copied(frame)
        seen = planes(drawn)
        for face in labeled.faces:
            if self._hides(face):
                _hide(seen, face.box)
        kind = frame.colorspace, frame.color_range
        for face in labeled.faces:
            if not self._hides(face):
                self._frame(seen, face, kind)
        for face in reversed(labeled.faces):
            person = face.verdict.person
            if person is not None and not self._hides(face):
                self._name(seen, face, person.name or person.id, kind)
        return drawn

    def _hides(self, face: Shown) -> bool:
        unknown = face.verdict.person is None
        return self._hidden == "all" or (self._hidden == "unknown" and unknown)

    def _frame(self, seen: Planes, face: Shown, kind: tuple[int, int]) -> None:
        """Draw four corners around a face."""
        x1, y1, x2, y2 = _padded(face.box)
        named = face.verdict.person is not None
        leg = int(min(max(min(x2 - x1, y2 - y1) * 0.28, 8), 64)) // 4 * 4
        width = max(min(seen[0].shape[0] / 220, leg / 4), 1.6)
        color = _NAMED if named else _UNKNOWN
        for right in (False, True):
            for low in (False, True):
                key = ("corner", leg, round(width, 1), color, right, low, *kind)
                at = (
                    (round(x2) - leg if right else round(x1)),
                    (round(y2) - leg if low else round(y1)),
                )
                _lay(seen, self._sprites, key, at)

    def _name(self, seen: Planes, face: Shown, name: str, kind: tuple[int, int]) -> None:
        """Draw a name under a face; over it where there is no room."""
        x1, y1, x2, y2 = _padded(face.box)
        height, width = seen[0].shape
        size = min(max(round(height / 26), 11), 44)
        text = self._prefix + name
        key = ("name", text, size, width, *kind)
        high, wide = self._sprites(key, 0, 0)[0].shape
        x = min(max(round((x1 + x2 - wide) / 2), 2), max(width - wide - 2, 0))
        y = round(y2) + size // 3
        if y + high > height - 2:
            y = round(y1) - size // 3 - high
        _lay(seen, self._sprites, key, (x, max(y, 2)))

    def _made(self, key: Sequence[object], odd_x: int, odd_y: int) -> Sprite:
        """Make a sprite for a place that begins at odd or even pixels."""
        if key[0] == "name":
            _, text, size, width, *kind = key
            picture = nameplate(str(text), float(size), 0.9 * float(width), _PLATE)  # type: ignore[arg-type]
        else:
            _, leg, line, color, right, low, *kind = key
            picture = corners(int(leg), float(line), str(color), _SHADE)  # type: ignore[call-overload, arg-type]
            picture = picture[:: -1 if low else 1, :: -1 if right else 1]
        return sprite(picture, (odd_x, odd_y), (kind[0], kind[1]))  # type: ignore[arg-type]


def sprite(picture: NDArray[np.uint8], odd: tuple[int, int], kind: tuple[int, int]) -> Sprite:
    """Bring a picture with transparency to brightness and colors.

    Parameters
    ----------
    picture : ndarray of shape (h, w, 4), uint8
        RGBA.
    odd : tuple of int
        Whether it will begin at an odd pixel, in x and y.
    kind : tuple of int
        FFmpeg's numbers of color space and range.

    Returns
    -------
    tuple of ndarray, float32
        Y and opacity of shape (h, w); U, V and opacity of half the size, as 4:2:0 has them.

    Notes
    -----
    ITU-R BT.601, BT.709 or BT.2020, as the frame says.
    """
    red, blue = _LUMA.get(kind[0], _BT601)
    r, g, b = (picture[..., channel].astype(np.float32) for channel in range(3))
    y = red * r + (1 - red - blue) * g + blue * b
    u, v = (b - y) / (2 * (1 - blue)), (r - y) / (2 * (1 - red))
    if kind[1] != _FULL_RANGE:
        y, u, v = 16 + y * (219 / 255), u * (224 / 255), v * (224 / 255)
    alpha = picture[..., 3].astype(np.float32) / np.float32(255)
    odd_x, odd_y = odd
    height, width = alpha.shape
    pad = (odd_y, (height + odd_y) % 2), (odd_x, (width + odd_x) % 2)
    covered = _halved(np.pad(alpha, pad))
    weight = np.maximum(covered, 1e-6)
    half = [_halved(np.pad(alpha * color, pad)) / weight + 128 for color in (u, v)]
    columns = (y, alpha, *half, covered)
    return tuple(column.astype(np.float32) for column in columns)


def _halved(plane: NDArray[np.float32]) -> NDArray[np.float32]:
    height, width = plane.shape
    mean: NDArray[np.float32] = plane.reshape(height // 2, 2, width // 2, 2).mean(axis=(1, 3))
    return mean


def _lay(seen: Planes, sprites: object, key: tuple[object, ...], at: tuple[int, int]) -> None:
    x, y = at
    luma, alpha, u, v, covered = sprites(key, x % 2, y % 2)  # type: ignore[operator]
    _blend(seen[0], luma, alpha, x, y)
    _blend(seen[1], u, covered, x // 2, y // 2)
    _blend(seen[2], v, covered, x // 2, y // 2)


def _blend(
    plane: NDArray[np.uint8],
    color: NDArray[np.float32],
    alpha: NDArray[np.float32],
    x: int,
    y: int,
) -> None:
    """Lay a color over a plane, as far as it is on it."""
    height, width = plane.shape
    top, left = max(-y, 0), max(-x, 0)
    low, right = min(color.shape[0], height - y), min(color.shape[1], width - x)
    if low <= top or right <= left:
        return
    under = plane[y + top : y + low, x + left : x + right]
    over = alpha[top:low, left:right]
    mixed = under + over * (color[top:low, left:right] - under)
    under[:] = np.rint(np.clip(mixed, 0, 255)).astype(np.uint8)


def _padded(box: NDArray[np.float32]) -> tuple[float, float, float, float]:
    """Return a box with a little air around the face."""
    x1, y1, x2, y2 = (float(value) for value in box)
    air = 0.06 * (x2 - x1 + y2 - y1) / 2
    return x1 - air, y1 - air, x2 + air, y2 + air


def _hide(seen: Planes, box: NDArray[np.float32]) -> None:
    x1, y1, x2, y2 = (float(value) for value in box)
    wide, high = _BEYOND * (x2 - x1), _BEYOND * (y2 - y1)
    x1, y1, x2, y2 = x1 - wide, y1 - high, x2 + wide, y2 + high
    hide(seen[0], (x1, y1, x2, y2))
    for plane in seen[1:]:
        hide(plane, (x1 / 2, y1 / 2, x2 / 2, y2 / 2))
