"""Where one shot ends and the next one begins."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Samples across a frame.
_SAMPLES: Final = 64
#: By how much the mean gray value of the samples differs at least between two shots, 0 to 255.
_LEAST: Final = 6.0
#: By how many times more than between the frames before.
_TIMES: Final = 4.0
#: How many frames before are looked at.
_BEFORE: Final = 8
#: What part of the picture has changed by more than noise and movement of one thing would.
_SHARE: Final = 0.3
_CHANGED: Final = 16


class Cuts:
    """Tells for each frame whether it begins a new shot.

    A cut changes most of the picture at once, and much more than the frames before it changed.
    """

    def __init__(self) -> None:
        self._last: NDArray[np.int16] | None = None
        self._changes: deque[float] = deque(maxlen=_BEFORE)

    def begins(self, brightness: NDArray[np.uint8]) -> bool:
        """Look at the next frame.

        Parameters
        ----------
        brightness : ndarray of shape (h, w), uint8
            Its gray values.

        Returns
        -------
        bool
            Whether it begins a new shot; not for the very first frame.
        """
        step = max(max(brightness.shape) // _SAMPLES, 1)
        seen = brightness[step // 2 :: step, step // 2 :: step].astype(np.int16)
        last, self._last = self._last, seen
        if last is None or last.shape != seen.shape:
            return last is not None
        apart = np.abs(seen - last)
        change = float(apart.mean())
        usual = float(np.median(self._changes)) if self._changes else 0.0
        share = float((apart > _CHANGED).mean())
        cut = change > _LEAST and change > _TIMES * usual and share > _SHARE
        if cut:
            self._changes.clear()
        else:
            self._changes.append(change)
        return cut
