"""Some decoding processes that many threads share."""

from __future__ import annotations

import queue
import threading
from typing import TYPE_CHECKING

from lookalike.errors import ServiceBusy
from lookalike.images import read
from lookalike.web.guard.decoder import Decoder

if TYPE_CHECKING:
    from collections.abc import Callable

    from lookalike.images import Limits
    from lookalike.protocols import Readable
    from lookalike.types import Image


class Decoders:
    """Decoding processes. Safe to share between threads.

    Without any, photos are decoded here.

    Parameters
    ----------
    limits : Limits
        What they refuse.
    count : int
        How many there are.
    time_s : float
        How long one may take for a photo, and how long a photo may wait for one.
    on_breakdown : callable, optional
        Called for each process that a photo has broken.
    """

    def __init__(
        self,
        limits: Limits,
        count: int,
        time_s: float,
        on_breakdown: Callable[[], None] = lambda: None,
    ) -> None:
        self._on_breakdown = on_breakdown
        self._limits = limits
        self._count = count
        self._time_s = time_s
        self._lock = threading.Lock()
        self._closed = False
        self._idle: queue.SimpleQueue[Decoder] = queue.SimpleQueue()

    def start(self) -> None:
        """Start all processes."""
        for _ in range(self._count):
            self._idle.put(Decoder(self._limits, self._time_s))

    def read(self, photo: Readable, longest_px: int | None = None) -> Image:
        """Decode a photo.

        Parameters
        ----------
        photo : bytes, or what `lookalike.images.read` takes
            Bytes are decoded apart; pixels need no decoding.
        longest_px : int, optional
            See `lookalike.images.read`.

        Returns
        -------
        Image
            As `lookalike.images.read` gives it.

        Raises
        ------
        ImageError
            If it cannot be decoded.
        ServiceBusy
            If no process becomes free in time.
        """
        if not isinstance(photo, bytes) or not self._count:
            return read(photo, limits=self._limits, longest_px=longest_px)
        self._limits.check_bytes(len(photo), "the picture")
        try:
            decoder = self._idle.get(timeout=self._time_s)
        except queue.Empty:
            raise ServiceBusy("nothing is free to decode the picture", "try again later") from None
        try:
            return decoder.read(photo, longest_px)
        finally:
            self._idle.put(self._replaced(decoder))

    def close(self) -> None:
        """End all processes; those at work end when they are done."""
        with self._lock:
            self._closed = True
        while True:
            try:
                self._idle.get_nowait().close()
            except queue.Empty:
                return

    def _replaced(self, decoder: Decoder) -> Decoder:
        with self._lock:
            if self._closed:
                decoder.close()
                return decoder
        if not decoder.broken:
            return decoder
        self._on_breakdown()
        return Decoder(self._limits, self._time_s)
