"""The client against a stand-in that answers what it is told to."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from lookalike import errors
from lookalike.client import Client
from lookalike.client.answers import FindAnswer
from lookalike.client.gallery_answers import GalleryAnswer
from lookalike.client.making import made

GALLERY = {
    "name": "two", "default": True, "title": "Two", "people": 2, "photos": 2, "encoder": "e",
    "space": "s", "views": 2,
}  # fmt: skip


class _StandIn(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.server.asked.append((self.command, self.path, self.headers["authorization"]))
        length = int(self.headers["content-length"] or 0)
        self.server.bodies.append(self.rfile.read(length))
        status, headers, body = self.server.answers.pop(0)
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(data))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def do_POST(self) -> None:
        self.do_GET()

    def do_DELETE(self) -> None:
        self.do_GET()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def stand_in():
    server = ThreadingHTTPServer(("127.0.0.1", 0), _StandIn)
    server.daemon_threads = True
    server.asked, server.bodies, server.answers = [], [], []
    server.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def error(kind: str) -> dict:
    return {"error": {"kind": kind, "message": "words", "hint": "a hint"}}


@pytest.mark.parametrize(
    ("kind", "raised"),
    [
        ("NoFace", errors.NoFace),
        ("ImageUnreadable", errors.ImageUnreadable),
        ("TokenWrong", errors.TokenWrong),
        ("LookalikeError", errors.LookalikeError),
        ("FromTheFuture", errors.RequestError),
        ("annotations", errors.RequestError),
        ("__builtins__", errors.RequestError),
        (None, errors.RequestError),
    ],
)
def test_errors_are_those_of_the_library(stand_in, kind, raised):
    stand_in.answers.append((422, {}, error(kind)))
    with Client(stand_in.address) as client, pytest.raises(raised) as caught:
        client.find(b"photo")
    assert type(caught.value) is raised
    assert (caught.value.message, caught.value.hint) == ("words", "a hint")


@pytest.mark.parametrize("body", [b"<html>", b"[]", b'{"error": 1}', b"", b'"words"'])
def test_what_is_no_service_is_said(stand_in, body):
    stand_in.answers.append((502, {}, body))
    with Client(stand_in.address) as client, pytest.raises(errors.ServiceUnreachable):
        client.galleries()


@pytest.mark.parametrize("body", [{"galleries": [{"name": "two"}]}, {"galleries": 3}])
def test_answers_that_lack_something_are_no_answers(stand_in, body):
    stand_in.answers.append((200, {}, body))
    with Client(stand_in.address) as client, pytest.raises(errors.ServiceUnreachable):
        client.galleries()


def test_nobody_there():
    with Client("http://127.0.0.1:9") as client, pytest.raises(errors.ServiceUnreachable):
        client.galleries()


def test_patience(stand_in):
    busy = (503, {"Retry-After": "1"}, error("ServiceBusy"))
    stand_in.answers += [busy, (200, {}, {"galleries": [GALLERY]})]
    with Client(stand_in.address, patience_s=5) as client:
        assert client.galleries() == [GalleryAnswer(**GALLERY)]
    stand_in.answers += [busy]
    with Client(stand_in.address) as client, pytest.raises(errors.ServiceBusy) as caught:
        client.galleries()
    assert caught.value.again_s == 1
    assert len(stand_in.asked) == 3


def test_names_are_never_paths_and_tokens_are_shown(stand_in):
    stand_in.answers.append((200, {}, {"faces_deleted": 1, "forever": True}))
    with Client(stand_in.address, token="s" * 30) as client:
        assert client.remove("../a b", "Zoë/..", forever=True).faces_deleted == 1
    path = "/api/v1/galleries/..%2Fa%20b/people/Zo%C3%AB%2F..?forever=true"
    assert stand_in.asked == [("DELETE", path, f"Bearer {'s' * 30}")]


def test_the_name_of_a_file_stays_at_home(stand_in, tmp_path):
    (tmp_path / "me at the beach.jpg").write_bytes(b"photo")
    stand_in.answers.append((422, {}, error("NoFace")))
    with Client(stand_in.address) as client, pytest.raises(errors.NoFace):
        client.find(tmp_path / "me at the beach.jpg", k=3, everyone=True, where="")
    (body,) = stand_in.bodies
    assert b"beach" not in body
    for words in (b'name="k"\r\n\r\n3', b'name="everyone"\r\n\r\nTrue', b'filename="photo"'):
        assert words in body


def test_a_file_that_is_not_there(tmp_path):
    with Client() as client, pytest.raises(errors.ImageMissing):
        client.find(tmp_path / "nothing.jpg")


def test_fields_of_a_newer_service_are_passed_over():
    told = {"gallery": "g", "encoder": "e", "space": "s", "views": 2, "metric": "m", "rank": "r",
            "among": 3, "photos": [], "mood": "good"}  # fmt: skip
    assert made(FindAnswer, told).among == 3
