"""Why a video cannot be read or written."""

from __future__ import annotations

from lookalike.errors.general import LookalikeError


class VideoError(LookalikeError):
    """A video cannot be read or written."""


class VideoMissing(VideoError):
    """There is no such file or folder, or it may not be read."""


class VideoUnreadable(VideoError):
    """The file is broken from the start, empty, or no video at all."""


class VideoUnwritable(VideoError):
    """The disk is full, the folder is read-only, or the format cannot hold what it should."""
