"""Politeness: how often, and how often at once, a host is asked.

The numbers follow what the services ask for: Wikimedia's robot policy allows two downloads at
once, its API etiquette wants requests one after the other, and Openverse allows anonymous
callers one request a second.
"""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Pace:
    """How a host is treated.

    Parameters
    ----------
    interval_s : float
        Seconds from the start of one request to the start of the next.
    at_once : int
        Requests under way at the same time.
    """

    interval_s: float = 0.5
    at_once: int = 2


_ONE_BY_ONE: Final = Pace(1.0, 1)

PACES: Final = {
    "api.openverse.org": _ONE_BY_ONE,
    "commons.wikimedia.org": _ONE_BY_ONE,
    "query.wikidata.org": _ONE_BY_ONE,
    "www.wikidata.org": _ONE_BY_ONE,
    "www.bing.com": Pace(2.0, 1),
    "duckduckgo.com": Pace(2.0, 1),
    "upload.wikimedia.org": Pace(0.2, 2),
}


class Stopped(Exception):
    """The user wants no more; whoever waits or downloads gives up."""


class Closed(Exception):
    """A host wants to be left alone for so long that waiting makes no sense.

    Parameters
    ----------
    pause_s : float
        For how many more seconds.
    """

    def __init__(self, pause_s: float) -> None:
        super().__init__(f"{pause_s:.0f} s")
        self.pause_s = pause_s


def check(stopped: threading.Event) -> None:
    """Raise if there is nothing more to do.

    Parameters
    ----------
    stopped : Event
        Says so.

    Raises
    ------
    Stopped
        If it has been set.
    """
    if stopped.is_set():
        raise Stopped


class _Gate:
    def __init__(self, pace: Pace) -> None:
        self.interval_s = pace.interval_s
        self.places = threading.BoundedSemaphore(pace.at_once)
        self.lock = threading.Lock()
        self.open_at = 0.0


class Gates:
    """One gate for each host, shared by all threads.

    Parameters
    ----------
    scale : float
        What intervals are multiplied by: 1 for those of `PACES`, 0 for no pause at all.
    longest_pause_s : float
        A host that wants to be left alone for longer is not waited for.
    """

    def __init__(self, scale: float = 1.0, longest_pause_s: float = 300.0) -> None:
        self.longest_pause_s = longest_pause_s
        self._scale = scale
        self._gates: dict[str, _Gate] = {}
        self._lock = threading.Lock()

    @contextmanager
    def turn(self, host: str, stopped: threading.Event) -> Iterator[None]:
        """Wait for one's turn, and hold a place while the body runs.

        Parameters
        ----------
        host : str
            Whom to ask.
        stopped : Event
            Ends the waiting when it is set.

        Yields
        ------
        None
            Inside, the host is asked.

        Raises
        ------
        Stopped
            When it has been set.
        Closed
            If the host wants to be left alone for too long.
        """
        gate = self._gate(host)
        while not gate.places.acquire(timeout=0.2):
            check(stopped)
        try:
            self._wait(gate, stopped)
            yield
        finally:
            gate.places.release()

    def hold(self, host: str, pause_s: float) -> None:
        """Let nobody ask a host for a while.

        Parameters
        ----------
        host : str
            Whom not to ask.
        pause_s : float
            Seconds from now.
        """
        gate = self._gate(host)
        with gate.lock:
            gate.open_at = max(gate.open_at, time.monotonic() + pause_s)

    def _wait(self, gate: _Gate, stopped: threading.Event) -> None:
        while True:
            check(stopped)
            with gate.lock:
                now = time.monotonic()
                if gate.open_at <= now:
                    gate.open_at = now + gate.interval_s * self._scale
                    return
                pause_s = gate.open_at - now
            if pause_s > self.longest_pause_s:
                raise Closed(pause_s)
            stopped.wait(pause_s)

    def _gate(self, host: str) -> _Gate:
        with self._lock:
            if host not in self._gates:
                self._gates[host] = _Gate(PACES.get(host, Pace()))
            return self._gates[host]
