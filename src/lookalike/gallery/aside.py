"""Photos that are set aside, because looking at them does harm."""

from lookalike.errors import ImageError


class ImageTooSlow(ImageError):
    """Looking at it took longer than it may."""


class ImageHarmful(ImageError):
    """Looking at it ends the process that does."""
