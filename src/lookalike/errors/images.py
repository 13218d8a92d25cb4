"""What is wrong with a photo."""

from __future__ import annotations

from lookalike.errors.general import LookalikeError


class ImageError(LookalikeError):
    """A photo cannot be read."""


class ImageUnreadable(ImageError):
    """The bytes are broken, truncated, empty, or no picture at all."""


class ImageTooLarge(ImageError):
    """The picture is over the limit on bytes or on pixels."""


class ImageMissing(ImageError):
    """There is no such file, or it may not be read."""


class ImageTooSlow(ImageError):
    """Looking at it took longer than it may."""


class ImageHarmful(ImageError):
    """Looking at it ends the process that does."""
