"""``live``: the socket that a camera's frames come in by."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from typing import TYPE_CHECKING, Final

from fastapi import APIRouter, WebSocket, WebSocketDisconnect

from lookalike.errors import LookalikeError, RequestMalformed, ServiceBusy, TokenWrong
from lookalike.web.access import Scope
from lookalike.web.answers import Fault, LiveAnswer, LiveFault, LiveReady
from lookalike.web.asked import LiveAsked, parsed
from lookalike.web.faults import fault_fields, places
from lookalike.web.live.mailbox import Mailbox
from lookalike.web.live.session import Session
from lookalike.web.routes.asking import PREFIX
from lookalike.web.routes.finding import check_metric

if TYPE_CHECKING:
    from lookalike.web.service import Service
    from lookalike.web.shelf import Opened

log = logging.getLogger(__name__)
router = APIRouter(prefix=PREFIX)

#: How long a session may take to say what it wants, and may be silent.
_FIRST_WORD_S: Final = 10.0
_SILENCE_S: Final = 60.0
_NUMBER_BYTES: Final = 4
_POLICY, _BROKEN, _LATER, _BYE = 1008, 1011, 1013, 1000


@router.websocket("/live")
async def live(socket: WebSocket) -> None:
    """Answer the frames of a camera until it is turned off."""
    service: Service = socket.app.state.service
    await socket.accept()
    if service.live_sessions >= service.settings.live_sessions:
        busy = ServiceBusy("too many cameras are on", "try again in a minute", 60)
        await _refuse(socket, busy, _LATER)
        return
    service.live_sessions += 1
    try:
        await _Talk(socket, service).go_on()
    finally:
        service.live_sessions -= 1


class _Talk:
    """One socket. Frames are taken as they come, the newest waits, and one is looked at."""

    def __init__(self, socket: WebSocket, service: Service) -> None:
        self._socket = socket
        self._service = service
        self._frames: Mailbox[tuple[int, bytes]] = Mailbox()
        self._session = Session()
        self._asked: LiveAsked | None = None

    async def go_on(self) -> None:
        """Talk until one side has had enough."""
        answering = asyncio.create_task(self._answer())
        try:
            await self._listen()
        except (WebSocketDisconnect, RuntimeError):
            pass
        except TimeoutError:
            await self._close(_BYE, "nothing was sent for long")
        except LookalikeError as error:
            await _refuse(self._socket, error, _POLICY)
        finally:
            self._frames.close()
            answering.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await answering

    async def _listen(self) -> None:
        while True:
            async with asyncio.timeout(_FIRST_WORD_S if self._asked is None else _SILENCE_S):
                message = await self._socket.receive()
            if message["type"] == "websocket.disconnect":
                return
            data = message.get("bytes")
            if data is None:
                if await self._heed(message.get("text") or "") is False:
                    return
            elif self._asked is None:
                raise TokenWrong("the first message says how to start", '{"type": "start"}')
            elif len(data) > _NUMBER_BYTES:
                number = int.from_bytes(data[:_NUMBER_BYTES], "big")
                self._frames.put((number, data[_NUMBER_BYTES:]))

    async def _heed(self, words: str) -> bool:
        """Do what a message says; return whether to go on."""
        try:
            said = json.loads(words)
        except (ValueError, RecursionError) as fault:
            raise RequestMalformed("the message is not JSON") from fault
        if not isinstance(said, dict):
            raise RequestMalformed("the message is not an object")
        if said.get("type") == "stop":
            await self._close(_BYE, "")
            return False
        asked = parsed(LiveAsked, said)
        if self._asked is None:
            visitor = self._socket.client.host if self._socket.client else ""
            self._service.access.require(Scope.FIND, asked.token, visitor)
        opened = await self._service.desk.do(lambda: self._open(asked))
        self._asked = asked
        limit = self._service.settings.max_bytes
        await self._say(LiveReady(gallery=opened.name, max_bytes=limit).model_dump_json())
        return True

    def _open(self, asked: LiveAsked) -> Opened:
        """Open the gallery, and see whether it can be asked that way."""
        opened = self._service.shelf.get(asked.gallery)
        opened.finder.gallery.count(asked.options)
        check_metric(asked.metric)
        return opened

    async def _answer(self) -> None:
        skipped = 0
        while True:
            taken, dropped = await self._frames.take()
            asked = self._asked
            if taken is None or asked is None:
                return
            number, data = taken
            try:
                answer = await self._service.desk.do(lambda: self._look(asked, data))  # noqa: B023
            except ServiceBusy:
                # Others are waiting for their photos; a camera has a next frame.
                skipped += dropped + 1
                self._service.metrics.frames.labels("dropped").inc(dropped + 1)
                await asyncio.sleep(0.1)
                continue
            except LookalikeError as error:
                fault = LiveFault(error=Fault(**fault_fields(error)), frame=number)
                await self._say(fault.model_dump_json())
                continue
            except Exception as error:  # noqa: BLE001 - nobody else would hear of it
                log.error("%s: %s", type(error).__name__, places(error))  # noqa: TRY400
                await self._close(_BROKEN, "the service is not in order")
                return
            self._service.metrics.frames.labels("answered").inc()
            self._service.metrics.frames.labels("dropped").inc(dropped)
            told = answer.model_copy(update={"frame": number, "dropped": dropped + skipped})
            skipped = 0
            await self._say(told.model_dump_json())

    def _look(self, asked: LiveAsked, data: bytes) -> LiveAnswer:
        return self._session.answer(self._service.shelf.get(asked.gallery), asked, data)

    async def _say(self, words: str) -> None:
        with contextlib.suppress(WebSocketDisconnect, RuntimeError):
            await self._socket.send_text(words)

    async def _close(self, code: int, reason: str) -> None:
        with contextlib.suppress(WebSocketDisconnect, RuntimeError):
            await self._socket.close(code, reason)


async def _refuse(socket: WebSocket, error: LookalikeError, code: int) -> None:
    with contextlib.suppress(WebSocketDisconnect, RuntimeError):
        await socket.send_text(LiveFault(error=Fault(**fault_fields(error))).model_dump_json())
        await socket.close(code, error.message)
