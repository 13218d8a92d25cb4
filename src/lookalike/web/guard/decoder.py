"""One decoding process, as the service sees it."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final, Self

import numpy as np

from lookalike import errors
from lookalike.errors import ImageUnreadable
from lookalike.types import Image
from lookalike.web.guard.frames import receive, send

if TYPE_CHECKING:
    from lookalike.images import Limits

#: What a decoder finds in its environment: no token and no setting of the service.
_PASSED_ON: Final = ("PATH", "PYTHONPATH", "LANG", "LC_ALL", "SYSTEMROOT", "LD_LIBRARY_PATH")


class Decoder:
    """A process that decodes one photo after the other. For one thread at a time.

    Parameters
    ----------
    limits : Limits
        What it refuses.
    time_s : float
        How long it may take for a photo.
    """

    def __init__(self, limits: Limits, time_s: float) -> None:
        self._time_s = time_s
        environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        environment |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-W", "ignore", "-m", "lookalike.web.guard.process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            cwd=os.sep,
        )
        self._ready = False
        self._limits = limits

    def __enter__(self) -> Self:
        """Return the decoder itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the process."""
        self.close()

    def read(self, data: bytes, longest_px: int | None) -> Image:
        """Decode a photo.

        Parameters
        ----------
        data : bytes
            The file.
        longest_px : int or None
            See `lookalike.images.read`.

        Returns
        -------
        Image
            As `lookalike.images.read` gives it.

        Raises
        ------
        ImageError
            As `lookalike.images.read` raises it, and if the process broke down over the photo.
        """
        clock = threading.Timer(self._time_s, self._process.kill)
        clock.start()
        try:
            if not self._ready:
                self._ask(asdict(self._limits))
                self._ready = True
            head, body = self._ask({"longest_px": longest_px}, data)
        except (EOFError, OSError, ValueError) as fault:
            self.close()
            raise ImageUnreadable(
                "the picture cannot be decoded", "save it again in another format"
            ) from fault
        finally:
            clock.cancel()
        if "error" in head:
            raise getattr(errors, head["error"])(head["message"], head["hint"])
        pixels = np.frombuffer(body, np.uint8).reshape(head["shape"])
        return Image(pixels, head["reduction"])

    @property
    def broken(self) -> bool:
        """Whether the process has ended."""
        return self._process.poll() is not None

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()

    def _ask(self, head: dict[str, Any], body: bytes = b"") -> tuple[dict[str, Any], bytearray]:
        if self._process.stdin is None or self._process.stdout is None:
            raise EOFError
        send(self._process.stdin, head, body)  # type: ignore[arg-type]
        return receive(self._process.stdout)  # type: ignore[arg-type]
