"""Frames as they are seen: upright, 4:2:0, of even size."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np

from lookalike.video.pyav import library

if TYPE_CHECKING:
    from av import VideoFrame
    from numpy.typing import NDArray

    Planes: TypeAlias = tuple[NDArray[np.uint8], NDArray[np.uint8], NDArray[np.uint8]]

#: How a stored picture is turned: transposed first, then mirrored left to right and top to bottom.
Turn: TypeAlias = tuple[bool, bool, bool]

AS_IT_IS: Final[Turn] = (False, False, False)
#: Eight bits and half the colors: what every player and every encoder takes.
FORMATS: Final = ("yuv420p", "yuvj420p")


def turn_of(frame: VideoFrame) -> Turn:
    """Return how a frame must be turned to be upright.

    Parameters
    ----------
    frame : av.VideoFrame
        As it was decoded.

    Returns
    -------
    Turn
        From the display matrix that phones store beside the picture.
    """
    matrix: Any = frame.side_data.get("DISPLAYMATRIX")
    if matrix is None:
        return AS_IT_IS
    a, b, _, c, d, *_ = struct.unpack("=9i", bytes(matrix)[:36])
    # A pixel at x, y is shown at ax + cy, bx + dy.
    return (True, c < 0, b < 0) if abs(b) > abs(a) else (False, a < 0, d < 0)


def planes(frame: VideoFrame) -> Planes:
    """Return brightness and colors of a frame, without copying.

    Parameters
    ----------
    frame : av.VideoFrame
        In one of `FORMATS`.

    Returns
    -------
    tuple of ndarray of shape (h, w), uint8
        Y, U and V; the latter two of half the size, rounded up.
    """
    y, u, v = map(_pixels, frame.planes)
    return y, u, v


def _pixels(plane: Any) -> NDArray[np.uint8]:
    rows = np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)
    return rows[: plane.height, : plane.width]


def blank(like: VideoFrame, width: int, height: int) -> VideoFrame:
    """Make a frame to be filled, with the time and the colors of another one.

    Parameters
    ----------
    like : av.VideoFrame
        The other one.
    width, height : int
        The new frame's size in pixels.

    Returns
    -------
    av.VideoFrame
        Eight bits, 4:2:0.
    """
    frame = library().VideoFrame(width, height, "yuv420p")
    frame.pts, frame.time_base, frame.duration = like.pts, like.time_base, like.duration
    frame.color_range, frame.colorspace = like.color_range, like.colorspace
    frame.color_primaries, frame.color_trc = like.color_primaries, like.color_trc
    made: VideoFrame = frame
    return made


def upright(frame: VideoFrame, turn: Turn = AS_IT_IS) -> VideoFrame:
    """Return a frame as it is seen.

    Parameters
    ----------
    frame : av.VideoFrame
        As it was decoded.
    turn : Turn, optional
        How it must be turned.

    Returns
    -------
    av.VideoFrame
        The same frame where nothing had to be done. An odd row or column at the edge is doubled.
    """
    if frame.format.name not in FORMATS:
        pts, time_base, duration = frame.pts, frame.time_base, frame.duration
        frame = frame.reformat(format="yuv420p")
        frame.pts, frame.time_base, frame.duration = pts, time_base, duration
    if turn == AS_IT_IS and frame.width % 2 == 0 and frame.height % 2 == 0:
        return frame
    transposed, mirrored, flipped = turn
    wide, high = (frame.height, frame.width) if transposed else (frame.width, frame.height)
    made = blank(frame, wide + wide % 2, high + high % 2)
    for old, new in zip(planes(frame), planes(made), strict=True):
        seen = old.T if transposed else old
        seen = seen[:: -1 if flipped else 1, :: -1 if mirrored else 1]
        height, width = seen.shape
        new[:height, :width] = seen
        new[:height, width:] = seen[:, -1:]
        new[height:] = new[height - 1 : height]
    return made


def copied(frame: VideoFrame) -> VideoFrame:
    """Return a copy to draw on; the decoder may still need the frame itself.

    Parameters
    ----------
    frame : av.VideoFrame
        Upright, see `upright`.

    Returns
    -------
    av.VideoFrame
        With pixels of its own.
    """
    made = blank(frame, frame.width, frame.height)
    for old, new in zip(planes(frame), planes(made), strict=True):
        new[:] = old
    return made


def rgb(frame: VideoFrame) -> NDArray[np.uint8]:
    """Return a frame as a picture.

    Parameters
    ----------
    frame : av.VideoFrame
        Upright.

    Returns
    -------
    ndarray of shape (H, W, 3), uint8
        RGB.
    """
    return np.ascontiguousarray(frame.to_ndarray(format="rgb24"))
