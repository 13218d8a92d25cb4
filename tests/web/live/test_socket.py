"""The live socket as a page uses it."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import threading

import pytest
from PIL import Image as PillowImage
from starlette.websockets import WebSocketDisconnect
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from lookalike.web.live.session import Session

from ..conftest import FIND_TOKEN

ADDRESS = "ws://localhost:8000/api/v1/live"
START = '{"type": "start"}'


def numbered(number: int, data: bytes) -> bytes:
    return number.to_bytes(4, "big") + data


@pytest.fixture(scope="module")
def frames(both_bytes) -> list[bytes]:
    """Return frames of a camera that moves a little to the side."""
    picture, made = PillowImage.open(io.BytesIO(both_bytes)), []
    for shift in range(0, 30, 10):
        stream = io.BytesIO()
        picture.crop((shift, 0, 960 + shift, 600)).resize((480, 300)).save(stream, "JPEG")
        made.append(stream.getvalue())
    return made


def test_faces_are_followed_and_named(client, frames):
    with client.websocket_connect(ADDRESS) as socket:
        socket.send_text('{"type": "start", "k": 1}')
        ready = socket.receive_json()
        assert (ready["type"], ready["gallery"]) == ("ready", "two")
        seen = []
        for number, data in enumerate(frames):
            socket.send_bytes(numbered(number, data))
            told = socket.receive_json()
            assert (told["type"], told["frame"], told["dropped"]) == ("faces", number, 0)
            assert (told["width"], told["height"]) == (480, 300)
            seen.append({face["matches"][0]["id"]: face["track"] for face in told["faces"]})
        assert seen[0].keys() == {"grace-hopper", "eileen-collins"}
        assert seen == [seen[0]] * 3
        socket.send_text('{"type": "stop"}')
        with pytest.raises(WebSocketDisconnect) as caught:
            socket.receive_json()
        assert caught.value.code == 1000


def test_options_can_be_changed_on_the_way(client, frames):
    with client.websocket_connect(ADDRESS) as socket:
        for where, names in (("", 2), ("name = 'Eileen Collins'", 1)):
            socket.send_text(json.dumps({"type": "start", "where": where}))
            assert socket.receive_json()["type"] == "ready"
            socket.send_bytes(numbered(1, frames[0]))
            assert len(socket.receive_json()["faces"][0]["matches"]) == names


def test_a_frame_that_is_no_picture_costs_one_answer(client, frames):
    with client.websocket_connect(ADDRESS) as socket:
        socket.send_text(START)
        socket.receive_json()
        socket.send_bytes(numbered(7, b"junk"))
        told = socket.receive_json()
        assert (told["type"], told["frame"]) == ("error", 7)
        assert told["error"]["kind"] == "ImageUnreadable"
        socket.send_bytes(numbered(8, frames[0]))
        assert socket.receive_json()["frame"] == 8


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("no JSON", "RequestMalformed"),
        ("[1]", "RequestMalformed"),
        ('{"type": "go"}', "OptionError"),
        ('{"type": "start", "k": 99}', "OptionError"),
        ('{"type": "start", "speed": 1}', "OptionError"),
        ('{"type": "start", "gallery": "../two"}', "GalleryMissing"),
        ('{"type": "start", "token": "made up"}', "TokenWrong"),
        ('{"type": "start", "where": "born >"}', "OptionError"),
        ('{"type": "start", "metric": "manhattan"}', "UnknownName"),
        (b"\0\0\0\1frame before the start", "TokenWrong"),
    ],
)
def test_what_cannot_be_done_is_said_and_ends_the_session(client, message, kind):
    with client.websocket_connect(ADDRESS) as socket:
        if isinstance(message, bytes):
            socket.send_bytes(message)
        else:
            socket.send_text(message)
        assert socket.receive_json()["error"]["kind"] == kind
        with pytest.raises(WebSocketDisconnect) as caught:
            socket.receive_json()
        assert caught.value.code == 1008


def test_what_nobody_foresaw_ends_the_session(client, frames, monkeypatch, caplog):
    def fail(*_: object) -> None:
        raise ZeroDivisionError("Grace Hopper")

    monkeypatch.setattr(Session, "answer", fail)
    with client.websocket_connect(ADDRESS) as socket:
        socket.send_text(START)
        socket.receive_json()
        socket.send_bytes(numbered(1, frames[0]))
        with pytest.raises(WebSocketDisconnect) as caught:
            socket.receive_json()
        assert caught.value.code == 1011
    assert "ZeroDivisionError" in caplog.text
    assert "Grace" not in caplog.text


def test_it_takes_a_token_where_finding_does(serving, frames):
    client = serving(find_tokens=(FIND_TOKEN,))
    for token, kind in ((FIND_TOKEN, "ready"), (FIND_TOKEN + "x", "error"), (None, "error")):
        with client.websocket_connect(ADDRESS) as socket:
            socket.send_text(json.dumps({"type": "start", "token": token}))
            assert socket.receive_json()["type"] == kind


def test_only_so_many_cameras(serving):
    client = serving(live_sessions=1)
    with client.websocket_connect(ADDRESS) as first:
        first.send_text(START)
        assert first.receive_json()["type"] == "ready"
        with client.websocket_connect(ADDRESS) as second:
            assert second.receive_json()["error"]["kind"] == "ServiceBusy"
            with pytest.raises(WebSocketDisconnect) as caught:
                second.receive_json()
            assert caught.value.code == 1013
    with client.websocket_connect(ADDRESS) as third:
        third.send_text(START)
        assert third.receive_json()["type"] == "ready"


def test_a_flood_is_answered_with_the_newest(service_address, frames, monkeypatch):
    """While one frame is looked at, a hundred others come: of these the last one counts."""
    gate, answer, looked = threading.Event(), Session.answer, []

    def slow(self, opened, asked, data):
        looked.append(len(data))
        gate.wait(20)
        return answer(self, opened, asked, data)

    monkeypatch.setattr(Session, "answer", slow)

    async def go() -> list[dict]:
        address = service_address.replace("http", "ws") + "/api/v1/live"
        async with connect(address) as socket:
            await socket.send(START)
            await socket.recv()
            await socket.send(numbered(0, frames[0]))
            while not looked:
                await asyncio.sleep(0.01)
            for number in range(1, 101):
                await socket.send(numbered(number, frames[number % 3]))
            # An answer to this comes when all frames before it have been taken in.
            await (await socket.ping())
            gate.set()
            return [json.loads(await socket.recv()) for _ in range(2)]

    first, second = asyncio.run(go())
    assert (first["frame"], first["dropped"]) == (0, 0)
    assert (second["frame"], second["dropped"]) == (100, 99)
    assert len(looked) == 2


def test_a_real_socket_refuses_strangers_and_giants(service_address, frames):
    address = service_address.replace("http", "ws") + "/api/v1/live"

    async def go() -> None:
        for headers in ({"origin": "http://evil.example"}, {"host": "evil.example"}):
            with pytest.raises(InvalidStatus) as caught:
                await connect(address, additional_headers=headers)
            # Two hosts are no request at all.
            assert caught.value.response.status_code == (400 if "host" in headers else 403)
        async with connect(address, max_size=None) as socket:
            await socket.send(START)
            await socket.recv()
            with contextlib.suppress(ConnectionClosed):
                await socket.send(b"\0" * (5 * 1024 * 1024))
            with pytest.raises(ConnectionClosed) as ended:
                await socket.recv()
            assert ended.value.rcvd.code == 1009

    asyncio.run(go())
