"""How a video is labeled."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias, get_args

from lookalike.errors import OptionError
from lookalike.video.watching import WatchOptions

Hidden: TypeAlias = Literal["", "unknown", "all"]


@dataclass(frozen=True, slots=True)
class LabelOptions:
    """How a video is labeled.

    Parameters
    ----------
    hidden : {"", "unknown", "all"}
        Whose faces are made unrecognizable.
    least_px : float
        The smallest face that counts, the longer side of its box in pixels.
    prefix : str
        What stands before a name on the frame.
    watching : WatchOptions
        How often to look, and how far ahead.

    Raises
    ------
    OptionError
        If a value is out of its range.
    """

    hidden: Hidden = ""
    least_px: float = 24.0
    prefix: str = ""
    watching: WatchOptions = field(default_factory=WatchOptions)

    def __post_init__(self) -> None:
        """Check the ranges."""
        if self.hidden not in get_args(Hidden):
            raise OptionError(f"hidden must be one of {get_args(Hidden)}, got {self.hidden!r}")
        if self.least_px < 0:
            raise OptionError(f"least_px must be at least 0, got {self.least_px}")
