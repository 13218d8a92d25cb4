"""From what people name to footage."""

from __future__ import annotations

import sys
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from lookalike.errors import OptionError
from lookalike.video.film import Film
from lookalike.video.footage import USUAL_RATE, Span
from lookalike.video.stills import Stills

if TYPE_CHECKING:
    from pathlib import Path

    from lookalike.video.footage import Footage

#: FFmpeg's name of the cameras of a system.
_CAMERAS: Final = {"linux": "v4l2", "darwin": "avfoundation", "win32": "dshow"}
#: A camera or a server that says nothing for so long is not there, in seconds.
_WAIT_S: Final = 10.0


def open_footage(where: Path, span: Span | None = None, rate: float | None = None) -> Footage:
    """Open a file or a folder of frames.

    Parameters
    ----------
    where : Path
        The file or folder.
    span : Span, optional
        Which part is wanted.
    rate : float, optional
        Frames a second of a folder; 25 by default.

    Returns
    -------
    Footage
        To be labeled once.

    Raises
    ------
    VideoMissing, VideoUnreadable
        If it cannot be opened.
    OptionError
        If the part or the rate is none.
    """
    span = span or Span()
    if span.start_s < 0 or (span.end_s is not None and span.end_s <= span.start_s):
        raise OptionError(
            f"there is nothing from {span.start_s:g} s to {span.end_s} s",
            "a part begins at 0 or later, and ends after it begins",
        )
    if where.is_dir():
        if rate is not None and rate <= 0:
            raise OptionError(f"the rate must be more than 0, got {rate:g}")
        exact = Fraction(rate).limit_denominator(1001) if rate else USUAL_RATE
        return Stills(where, exact, span)
    return Film(str(where), span)


def open_live(source: str, size: str = "") -> Film:
    """Open a camera or an address that sends for as long as it likes.

    Parameters
    ----------
    source : str
        A camera's number or device (``0``, ``/dev/video0``), or an address: ``rtsp://``,
        ``http://``, ``udp://``, ``srt://``, … or a file.
    size : str, optional
        What a camera shall send, for example ``"1280x720"``.

    Returns
    -------
    Film
        To be labeled once.

    Raises
    ------
    VideoMissing, VideoUnreadable
        If nobody answers.
    """
    number = source.isdigit()
    if number or source.startswith("/dev/video"):
        form = next((_CAMERAS[name] for name in _CAMERAS if sys.platform.startswith(name)), None)
        device = f"/dev/video{source}" if number and form == "v4l2" else source
        options = {"video_size": size} if size else {}
        return Film(device, form=form, options=options)
    # Over UDP, a lost packet is a broken frame.
    options = {"rtsp_transport": "tcp"} if source.startswith("rtsp://") else {}
    return Film(source, options=options, wait_s=_WAIT_S)
