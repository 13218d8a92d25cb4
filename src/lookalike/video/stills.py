"""Footage from a folder of frames: pictures whose names are in order."""

from __future__ import annotations

import re
import threading
from typing import TYPE_CHECKING, Any

from lookalike.errors import ImageError, VideoMissing, VideoUnreadable
from lookalike.images import read
from lookalike.video.cuts import Cuts
from lookalike.video.footage import USUAL_RATE, Faults, Picture, Span
from lookalike.video.pyav import library
from lookalike.video.upright import planes, upright

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from fractions import Fraction
    from pathlib import Path

    from av.stream import Stream

SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff", ".gif", ".avif"})
_NUMBER = re.compile(r"(\d+)")


class Stills:
    """Footage from the pictures of a folder.

    Parameters
    ----------
    folder : Path
        The folder. Pictures are ordered by name, numbers in names by their value.
    rate : Fraction, optional
        Frames a second.
    span : Span, optional
        Which part is wanted.

    Raises
    ------
    VideoMissing
        If the folder cannot be read.
    VideoUnreadable
        If there is no picture in it.
    """

    def __init__(self, folder: Path, rate: Fraction = USUAL_RATE, span: Span | None = None) -> None:
        self.name = str(folder)
        self.rate = rate
        self.time_base = 1 / rate
        self.faults = Faults()
        self.stop = threading.Event()
        self.copied: Sequence[Stream] = ()
        self.metadata: Mapping[str, str] = {}
        self.picture_metadata: Mapping[str, str] = {}
        self.chapters: list[Any] = []
        self._span = span or Span()
        try:
            there = [path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES]
        except OSError as error:
            raise VideoMissing(
                f"cannot open {folder}: {error.strerror}", "check the path"
            ) from error
        if not there:
            raise VideoUnreadable(f"there are no pictures in {folder}", "name a folder of frames")
        self._paths = sorted(there, key=lambda path: _by_value(path.name))
        self.length_s: float | None = float(len(there) / rate)

    def close(self) -> None:
        """Do nothing: no file stays open."""

    def events(self) -> Iterator[Picture]:
        """Go through the frames.

        Yields
        ------
        Picture
            In order. Pictures that cannot be read, or are of another size than the first, are
            counted in `faults` and left out.

        Raises
        ------
        VideoUnreadable
            If none can be read.
        """
        av, cuts, number, size = library(), Cuts(), 0, None
        for at, path in enumerate(self._paths):
            time_s = float(at / self.rate)
            if self.stop.is_set():
                self.faults.stopped_s, self.faults.reason = time_s, "stopped"
                break
            if time_s < self._span.start_s or self._span.past(time_s):
                continue
            try:
                pixels = read(path).pixels
            except ImageError:
                self.faults.damaged += 1
                continue
            size = size or pixels.shape
            if pixels.shape != size:
                self.faults.damaged += 1
                continue
            frame = av.VideoFrame.from_ndarray(pixels, format="rgb24").reformat(format="yuv420p")
            frame.time_base = self.time_base
            frame.pts = at - round(self._span.start_s * self.rate)
            shown = upright(frame)
            yield Picture(number, time_s, shown, cuts.begins(planes(shown)[0]))
            number += 1
        if number == 0 and not self.stop.is_set():
            raise VideoUnreadable(
                f"no picture in {self.name} can be read", "name a folder of frames"
            )


def _by_value(name: str) -> list[tuple[int, str]]:
    """Order frame9 before frame10."""
    parts = _NUMBER.split(name.casefold())
    return [(int(part), "") if part.isdigit() else (-1, part) for part in parts]
