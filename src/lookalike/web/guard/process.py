"""The process that decodes. It is started by `lookalike.web.guard.decoder`, not by people."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from pathlib import Path
from typing import Any, Final

from lookalike.errors import ImageError, LookalikeError
from lookalike.images import Limits, read
from lookalike.web.guard.frames import receive, send

#: Bytes that decoding one pixel may take at most: what the decoder holds, its copy the right way
#: up, and the array that is handed over.
_BYTES_A_PIXEL: Final = 16
_SPARE_BYTES: Final = 256 * 1024 * 1024


def main() -> None:
    """Decode photos until nobody asks any more."""
    # Ctrl-C reaches every process of a terminal; the service decides when this one ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    questions, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    # Whatever a library prints must not get between the answers.
    os.dup2(2, 1)
    head, _ = receive(questions)
    limits = Limits(**head)
    _load_decoders()
    _shut_in(limits)
    send(answers, {"ready": True})
    with contextlib.suppress(EOFError, BrokenPipeError):
        while True:
            asked, data = receive(questions)
            _answer(answers, bytes(data), asked["longest_px"], limits)


def _answer(answers: Any, data: bytes, longest_px: int | None, limits: Limits) -> None:
    try:
        image = read(data, limits=limits, longest_px=longest_px)
    except LookalikeError as error:
        kind = type(error).__name__ if isinstance(error, ImageError) else "ImageUnreadable"
        send(answers, {"error": kind, "message": error.message, "hint": error.hint})
    except MemoryError:
        send(answers, {"error": "ImageTooLarge", "message": "the picture needs too much memory",
                       "hint": "make the photo smaller"})  # fmt: skip
    else:
        send(answers, {"shape": image.pixels.shape, "reduction": image.reduction}, image.pixels)


def _load_decoders() -> None:
    """Import what decoders need now: later, no file may be opened."""
    import PIL.AvifImagePlugin
    import PIL.BmpImagePlugin
    import PIL.GifImagePlugin
    import PIL.JpegImagePlugin
    import PIL.PngImagePlugin
    import PIL.TiffImagePlugin
    import PIL.WebPImagePlugin  # noqa: F401

    with contextlib.suppress(ImportError):
        import pillow_heif  # noqa: F401


def _shut_in(limits: Limits) -> None:
    """Give up whatever decoding does not need, where the system knows how."""
    try:
        import resource
    except ImportError:  # Windows
        return
    room = _size_now() + _SPARE_BYTES + limits.max_bytes + _BYTES_A_PIXEL * limits.max_pixels
    for what, most in (
        (resource.RLIMIT_AS, room),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(what, (most, most))


def _size_now() -> int:
    """Return the address space that is in use, in bytes; 0 where that is not told."""
    with contextlib.suppress(OSError), Path("/proc/self/statm").open("rb") as file:
        return int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    return 4 * 1024**3


if __name__ == "__main__":
    main()
