"""How long a connection may dawdle.

The server limits how long a connection may be idle, not how slowly a request may trickle in. Bodies
have their limit where forms are read; heads, bodies that nobody reads, and answers that nobody
fetches have theirs here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

if TYPE_CHECKING:
    import asyncio

#: For a request's head, from the first byte that is expected.
HEAD_S: Final = 10.0
#: For the rest of a body that has been answered already, such as one that is too large.
REST_S: Final = 3.0
#: For a whole request and its answer; the longest work a request can start takes ten minutes.
WHOLE_S: Final = 720.0


class PatientProtocol(H11Protocol):
    """HTTP/1.1 for a connection that has only so much time for each of its steps."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._clock: asyncio.TimerHandle | None = None
        self._step: object = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin with waiting for a head."""
        super().connection_made(transport)
        self._wind()

    def data_received(self, data: bytes) -> None:
        """Look at what has come, and see what is waited for now."""
        super().data_received(data)
        self._wind()

    def on_response_complete(self) -> None:
        """See what is waited for after an answer."""
        super().on_response_complete()
        self._wind()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the clock."""
        self._stop()
        super().connection_lost(exc)

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        """Hand the connection over; a socket has rules of its own."""
        self._stop()
        self._step = "socket"
        super().handle_websocket_upgrade(event)

    def _wind(self) -> None:
        """Start the clock anew if something else is waited for than before."""
        if self._step == "socket":
            return
        theirs, ours = self.conn.their_state, self.conn.our_state
        time_s = WHOLE_S
        if theirs is h11.IDLE:
            time_s = HEAD_S
        elif theirs is h11.SEND_BODY and ours is h11.DONE:
            time_s = REST_S
        step = (self.cycle, theirs, time_s)
        if step != self._step:
            self._stop()
            self._step = step
            self._clock = self.loop.call_later(time_s, self.transport.abort)

    def _stop(self) -> None:
        if self._clock is not None:
            self._clock.cancel()
            self._clock = None
