"""Room for one frame: the newest wins."""

from __future__ import annotations

import asyncio
from typing import Generic, TypeVar

Thing = TypeVar("Thing")


class Mailbox(Generic[Thing]):
    """Hands the newest of what is put in to whoever waits. To be used from one event loop."""

    def __init__(self) -> None:
        self._there = asyncio.Event()
        self._thing: Thing | None = None
        self._closed = False
        self._dropped = 0

    def put(self, thing: Thing) -> None:
        """Put something in, in place of what nobody has taken.

        Parameters
        ----------
        thing : object
            The newest.
        """
        self._dropped += self._thing is not None
        self._thing = thing
        self._there.set()

    def close(self) -> None:
        """Say that nothing more will come."""
        self._closed = True
        self._there.set()

    async def take(self) -> tuple[Thing | None, int]:
        """Wait for the newest.

        Returns
        -------
        thing : object or None
            None if nothing more will come.
        dropped : int
            How many were passed over since the last time.
        """
        await self._there.wait()
        self._there.clear()
        thing, self._thing = self._thing, None
        dropped, self._dropped = self._dropped, 0
        if self._closed:
            self._there.set()
        return thing, dropped
