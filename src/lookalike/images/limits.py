"""How large a picture may be, asked before it is decoded."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final

from lookalike.errors import ImageTooLarge, ImageUnreadable, OptionError

_MEBI = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """What `read` refuses to open, so that no file can exhaust the memory.

    Parameters
    ----------
    max_bytes : int, default 100 MiB
        Largest file, in bytes as stored.
    max_pixels : int, default 120 million
        Largest width times height, in pixels. The header says it, so a small file that would
        unpack into gigabytes is refused unopened.
    min_side_px : int, default 16
        Smallest width and smallest height, in pixels. No face can be seen in less.

    Raises
    ------
    OptionError
        If a limit is below 1.

    Examples
    --------
    >>> Limits(max_pixels=50_000_000).max_bytes
    104857600
    """

    max_bytes: int = 100 * _MEBI
    max_pixels: int = 120_000_000
    min_side_px: int = 16

    def __post_init__(self) -> None:
        """Check that every limit lets something through."""
        for field in fields(self):
            value = getattr(self, field.name)
            if value < 1:
                raise OptionError(f"Limits.{field.name} must be at least 1, got {value}")

    def check_bytes(self, count: int, name: str) -> None:
        """Raise unless a file of this many bytes may be opened.

        Parameters
        ----------
        count : int
            Size of the file in bytes.
        name : str
            How the error calls the file.

        Raises
        ------
        ImageUnreadable
            If there is not a single byte.
        ImageTooLarge
            If there are more than `max_bytes`.
        """
        if count == 0:
            raise ImageUnreadable(f"{name} is empty", "copy or download the photo again")
        if count > self.max_bytes:
            raise ImageTooLarge(
                f"{name} is over the limit of {self.max_bytes / _MEBI:,.1f} MiB",
                "make the photo smaller, or raise max_bytes",
            )

    def check_size(self, size: tuple[int, int], name: str) -> None:
        """Raise unless a picture of this size may be decoded.

        Parameters
        ----------
        size : tuple of (int, int)
            Width and height in pixels; the order does not matter.
        name : str
            How the error calls the file.

        Raises
        ------
        ImageUnreadable
            If a side is shorter than `min_side_px`.
        ImageTooLarge
            If there are more than `max_pixels` pixels.
        """
        width, height = size
        if min(size) < self.min_side_px:
            raise ImageUnreadable(
                f"{name} has only {width} x {height} pixels",
                f"each side must have at least {self.min_side_px} pixels",
            )
        if width * height > self.max_pixels:
            raise ImageTooLarge(
                f"{name} has {width:,} x {height:,} pixels, over the limit of "
                f"{self.max_pixels / 1e6:,.6g} million",
                "make the photo smaller, or raise max_pixels",
            )


#: Of a picture that is kept around a face, which is small, in a gallery that may be a stranger's: a
#: few bytes must not unfold into a gigabyte.
KEPT: Final = Limits(max_pixels=1 << 22)
