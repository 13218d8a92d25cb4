"""What a service counts, for Prometheus. Numbers only: no address, no name, no photo."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.process_collector import ProcessCollector

if TYPE_CHECKING:
    from collections.abc import Callable

#: Where several processes of one service put their numbers together; set by who starts them.
TOGETHER: Final = "PROMETHEUS_MULTIPROC_DIR"

_SECONDS: Final = (0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.5, 3.0, 6.0, 12.0, 25.0)


class Metrics:
    """The counters of one service."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        own: dict[str, Any] = {"namespace": "lookalike", "registry": self._registry}
        self.requests = Counter(
            "requests", "Requests that were answered.", ("method", "route", "status"), **own
        )
        self.seconds = Histogram(
            "request_seconds", "Time to answer a request.", ("route",), buckets=_SECONDS, **own
        )
        self.refusals = Counter(
            "refusals", "Requests that were not answered, by error.", ("kind",), **own
        )
        self.photos = Counter("photos", "Photos that were looked at.", **own)
        self.faces = Counter("faces", "Faces that were answered.", **own)
        self.frames = Counter(
            "frames", "Frames of cameras, by what became of them.", ("end",), **own
        )
        self.breakdowns = Counter(
            "decoder_breakdowns", "Decoding processes that broke down over a photo.", **own
        )
        self._inside = Gauge(
            "inside", "Requests that wait or are worked on.", multiprocess_mode="livesum", **own
        )
        self._live = Gauge("live_sessions", "Cameras.", multiprocess_mode="livesum", **own)
        if TOGETHER not in os.environ:
            ProcessCollector(registry=self._registry)

    def watch(self, inside: Callable[[], int], live: Callable[[], int]) -> None:
        """Say where the numbers of the moment are.

        Parameters
        ----------
        inside, live : callable
            Return how many requests and how many cameras there are.
        """
        self._read = ((self._inside, inside), (self._live, live))

    def text(self) -> bytes:
        """Return all numbers in the format of Prometheus.

        Returns
        -------
        bytes
            Of all processes of the service, where there are several.
        """
        for gauge, read in self._read:
            gauge.set(read())
        if TOGETHER not in os.environ:
            return generate_latest(self._registry)
        together = CollectorRegistry()
        MultiProcessCollector(together)  # type: ignore[no-untyped-call]
        return generate_latest(together)
