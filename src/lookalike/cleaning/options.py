"""What counts as a fault, and what shall be done about those that people judge differently."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal, TypeAlias, get_args

from lookalike.cleaning.fingerprint import BITS
from lookalike.errors import OptionError
from lookalike.images import Limits

if TYPE_CHECKING:
    from pathlib import Path

#: What to do with a photo of several faces, see `CleanOptions`.
Several: TypeAlias = Literal["leave", "skip", "largest", "centered", "each"]

#: What to do with a photo that lies with two people, see `CleanOptions`.
Across: TypeAlias = Literal["leave", "quarantine"]

#: How many of the 256 bits of two fingerprints may differ, see docs/decisions/0017-cleaning.md.
NEAR_BITS: Final = 24


@dataclass(frozen=True, slots=True)
class CleanOptions:
    """How to clean a folder.

    Parameters
    ----------
    several : {"leave", "skip", "largest", "centered", "each"}
        A photo with several faces is reported only; or is quarantined; or is replaced by a crop
        around its largest face, or the one nearest to its middle; or each face is cut out into a
        file of its own in `output`, and the photo is quarantined.
    across : {"leave", "quarantine"}
        Copies that lie with different people are reported only, or are all quarantined: nobody
        can say whose the photo is.
    min_quality : float, default 0.0
        The quality that a face must have, 0 to 1; 0 asks for none.
    min_side_px : int, default 64
        The shortest side that a photo may have, in pixels.
    near_bits : int, default 24
        How many of the 256 bits of two fingerprints may differ between near duplicates; -1 looks
        for none.
    output : Path or None
        Where ``each`` puts the faces; outside of the folder that is cleaned.
    limits : Limits, default Limits()
        What is too large.
    workers : int, default 0
        Threads that read and decode; 0 for one on each core.

    Raises
    ------
    OptionError
        If one is out of its range, or ``each`` has no `output`.
    """

    several: Several = "leave"
    across: Across = "leave"
    min_quality: float = 0.0
    min_side_px: int = 64
    near_bits: int = NEAR_BITS
    output: Path | None = None
    limits: Limits = field(default_factory=Limits)
    workers: int = 0

    def __post_init__(self) -> None:
        """Check the ranges."""
        for name, value, allowed in (
            ("several", self.several, get_args(Several)),
            ("across", self.across, get_args(Across)),
        ):
            if value not in allowed:
                raise OptionError(f"{name} must be one of {', '.join(allowed)}, got {value!r}")
        if not 0 <= self.min_quality <= 1:
            raise OptionError(f"min_quality must lie in 0 to 1, got {self.min_quality}")
        if self.min_side_px < 1:
            raise OptionError(f"min_side_px must be at least 1, got {self.min_side_px}")
        if not -1 <= self.near_bits <= BITS // 4:
            raise OptionError(
                f"near_bits must lie in -1 to {BITS // 4}, got {self.near_bits}",
                f"{NEAR_BITS} is for copies; from 40 on, different photos count as near",
            )
        if self.workers < 0:
            raise OptionError(f"workers must be at least 0, got {self.workers}")
        if self.several == "each" and self.output is None:
            raise OptionError(
                "several=each needs a folder for the faces", "say which: --output FOLDER"
            )

    @property
    def opened(self) -> Limits:
        """What is opened at all: small pictures too, which `min_side_px` is for."""
        return Limits(self.limits.max_bytes, self.limits.max_pixels, 1)
