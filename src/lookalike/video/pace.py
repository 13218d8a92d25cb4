"""Which frames a detector looks at: fewer where little moves, and never more than is afforded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lookalike.video.tracks import Sighting

#: How far a face may move between two looks, in its own size.
_STEP: Final = 0.35
#: How many times as long as a look takes lies between two looks at what is live.
_SHARE: Final = 2.0
#: Two faces are one if no further apart than this, in their size.
_SAME: Final = 0.6


@dataclass(frozen=True, slots=True)
class PaceOptions:
    """How often to look.

    Parameters
    ----------
    stride : int
        A detector looks at every so manieth frame; 0 chooses.
    least_hz : float
        At least so many looks a second of footage.
    most_hz : float
        At most so many, on average. Not by the clock: the same file gives the same result.
    live : bool
        Whether footage comes by the clock and does not wait: then a detector gets half of one
        core's time, however slow it is.
    """

    stride: int = 0
    least_hz: float = 5.0
    most_hz: float = 12.0
    live: bool = False


class Pace:
    """Says when to look next, and counts the looks.

    Parameters
    ----------
    options : PaceOptions, optional
        How often.
    """

    def __init__(self, options: PaceOptions | None = None) -> None:
        self.options = options or PaceOptions()
        self._purse = self.options.most_hz
        self.looks = 0
        self._cost_s = 0.0

    def earn(self, passed_s: float) -> None:
        """Let time pass.

        Parameters
        ----------
        passed_s : float
            Of the footage, in seconds.
        """
        most = self.options.most_hz
        self._purse = min(self._purse + max(passed_s, 0.0) * most, most)

    def spend(self, cost_s: float) -> None:
        """Count a look.

        Parameters
        ----------
        cost_s : float
            How long it took by the clock, in seconds.
        """
        self._purse -= 1
        self.looks += 1
        self._cost_s = cost_s if self.looks == 1 else 0.8 * self._cost_s + 0.2 * cost_s

    @property
    def affords(self) -> bool:
        """Whether there may be a look beside the regular ones."""
        options = self.options
        return options.stride == 0 and not options.live and self._purse >= 1

    def wait_s(self, speed: float) -> float:
        """Say after how long to look again, where no stride is given.

        Parameters
        ----------
        speed : float
            Of the fastest face, in its own size a second.

        Returns
        -------
        float
            In seconds of the footage.
        """
        wanted_hz = min(max(speed / _STEP, self.options.least_hz), self.options.most_hz)
        if self._purse < 1:
            wanted_hz = self.options.least_hz
        return max(1 / wanted_hz, _SHARE * self._cost_s if self.options.live else 0.0)


def agree(before: Sequence[Sighting], after: Sequence[Sighting]) -> bool:
    """Say whether two looks saw the same faces, so that nothing happened between them.

    Parameters
    ----------
    before, after : sequence of Sighting
        All faces of two frames.

    Returns
    -------
    bool
        Whether each face of either has its one counterpart nearby.
    """
    if len(before) != len(after):
        return False
    left = list(after)
    for one in before:
        gaps = [
            float(np.hypot(*(one.center - other.center))) / max(one.size_px, other.size_px, 1.0)
            for other in left
        ]
        if not gaps or min(gaps) > _SAME:
            return False
        del left[int(np.argmin(gaps))]
    return True
