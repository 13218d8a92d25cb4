"""How often one visitor may ask: a bucket that fills by itself, for each address."""

from __future__ import annotations

import ipaddress
import math
import time
from collections import OrderedDict
from typing import TYPE_CHECKING, Final

from lookalike.errors import TooManyRequests

if TYPE_CHECKING:
    from collections.abc import Callable

#: How many visitors are remembered; beyond that, those who have not asked for longest are not.
_REMEMBERED: Final = 10_000
#: Whoever has an address of the newer kind has as many as 64 bits can tell apart.
_NETWORK_BITS: Final = 64


class Rate:
    """Token buckets, in memory. To be used from one thread.

    Parameters
    ----------
    a_minute : float
        How many requests a minute, and how many at once after a pause of a minute.
    clock : callable, optional
        Returns seconds.
    """

    def __init__(self, a_minute: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = max(1.0, a_minute)
        self._a_second = a_minute / 60
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, visitor: str) -> None:
        """Count a request.

        Parameters
        ----------
        visitor : str
            An address; of IPv6 a whole network counts as one visitor.

        Raises
        ------
        TooManyRequests
            If it is one too many.
        """
        key = _network(visitor)
        now = self._clock()
        left, then = self._buckets.pop(key, (self._most, now))
        left = min(self._most, left + (now - then) * self._a_second)
        enough = left >= 1
        self._buckets[key] = (left - 1 if enough else left, now)
        if len(self._buckets) > _REMEMBERED:
            self._buckets.popitem(last=False)
        if not enough:
            again_s = math.ceil((1 - left) / self._a_second)
            raise TooManyRequests(
                "this service answers everybody only so often",
                f"try again in {again_s} s",
                again_s,
            )


def _network(visitor: str) -> str:
    try:
        address = ipaddress.ip_address(visitor)
    except ValueError:
        return visitor
    if address.version == 6:
        return str(ipaddress.ip_network((int(address), _NETWORK_BITS), strict=False))
    return visitor
