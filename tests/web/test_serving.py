"""A real server: dawdlers, the end, several processes, and what it refuses to start with."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest
from typer.testing import CliRunner

from lookalike.cli.app import app
from lookalike.client import Client
from lookalike.errors import OptionError, ServiceUnreachable
from lookalike.gallery.gallery import Gallery
from lookalike.pipeline import Finder
from lookalike.web import Settings, create_app, patience
from lookalike.web.serving import _listen, serve

from .conftest import running


@pytest.fixture
def hasty(monkeypatch):
    monkeypatch.setattr(patience, "HEAD_S", 0.4)
    monkeypatch.setattr(patience, "REST_S", 0.4)


def connected(address: str) -> socket.socket:
    parts = urlsplit(address)
    return socket.create_connection((parts.hostname, parts.port), timeout=10)


def ended(link: socket.socket) -> bool:
    """Wait for the other side to hang up; say whether it does."""
    try:
        while link.recv(65536):
            pass
    except ConnectionError:
        return True
    except TimeoutError:
        return False
    return True


@pytest.mark.parametrize(
    "trickle",
    [
        [b""],
        [b"GET / HT"],
        [b"GET /health HTTP/1.1\r\nHost: localhost\r\n", *[b"X: y\r\n"] * 100],
        [b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n", *[b"G"] * 100],
        # A body that nobody reads, behind an answer that came at once.
        [
            b"POST /health HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n",
            *[b"x"] * 100,
        ],
    ],
    ids=["silent", "line", "headers", "second", "body"],
)
def test_dawdlers_are_hung_up_on(service_address, hasty, trickle):
    with connected(service_address) as link:
        begun = time.monotonic()
        dripping = threading.Event()

        def drip() -> None:
            try:
                for drop in trickle:
                    link.sendall(drop)
                    if dripping.wait(0.05):
                        return
            except OSError:
                return

        thread = threading.Thread(target=drip)
        thread.start()
        assert ended(link)
        dripping.set()
        thread.join()
        assert time.monotonic() - begun < 8


def test_a_slow_photo_is_given_up(analyst, gallery_path, hopper_bytes):
    settings = Settings(workers=1, upload_time_s=0.4)
    slow = create_app(Finder(Gallery.open(gallery_path), analyst), settings)
    head = (
        b"POST /api/v1/find HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n"
        b"Content-Type: multipart/form-data; boundary=xyz\r\n\r\n--xyz\r\n"
    )
    with running(slow, settings) as address, connected(address) as link:
        link.sendall(head)
        assert b"408" in link.recv(4096)
        # Others are answered all the while.
        with Client(address) as client:
            assert client.find(hopper_bytes, k=1).photos[0].faces


def test_dawdlers_keep_nobody_out(service_address, hopper_bytes):
    links = [connected(service_address) for _ in range(50)]
    for link in links:
        link.sendall(b"POST /api/v1/find HTTP/1.1\r\nHost: localhost\r\n")
    with Client(service_address) as client:
        assert client.find(hopper_bytes, k=1).photos[0].faces[0].matches[0].id == "grace-hopper"
    for link in links:
        link.close()


def test_only_so_many_connections(analyst, gallery_path):
    settings = Settings(workers=1, guard=False, connections=3)
    small = create_app(Finder(Gallery.open(gallery_path), analyst), settings)
    with running(small, settings) as address, contextlib.ExitStack() as open_links:
        for _ in range(3):
            open_links.enter_context(connected(address)).sendall(b"GET /health HTTP/1.1\r\n")
        with connected(address) as one_more:
            one_more.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert one_more.recv(4096).startswith(b"HTTP/1.1 503")


@pytest.mark.parametrize(
    "request_",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n",
        b"GET /health HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: five\r\n\r\nhello",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"y" * 1_000_000 + b"\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"\0" * 1000 + b"\r\n\r\n",
    ],
)
def test_what_is_no_request(service_address, request_):
    with connected(service_address) as link:
        link.sendall(request_)
        answer = link.recv(4096)
    assert answer.split(b" ")[1][:1] == b"4"
    assert b"Traceback" not in answer


@pytest.mark.parametrize(
    "settings",
    [
        {"host": "192.0.2.9"},
        {"host": "::"},
        {"host": "faces.example"},
        {"hosts": ("faces.example",)},
    ],
)
def test_it_does_not_start_where_strangers_could_come(settings, monkeypatch):
    with pytest.raises(OptionError, match="everybody could use this service"):
        serve(Settings(**settings))
    for allowed in ({"public": True}, {"find_tokens": ("f" * 30,)}, {"manage_tokens": ("m" * 30,)}):
        assert Settings(**settings, **allowed).require_safe()


def test_the_command_says_why_it_does_not_start(monkeypatch):
    done = CliRunner().invoke(app, ["serve", "--host", "192.0.2.9"])
    assert done.exit_code == 2
    assert "token" in done.output
    monkeypatch.setenv("LOOKALIKE_SERVE_FIND_TOKENS", "short")
    done = CliRunner().invoke(app, ["serve", "--host", "192.0.2.9"])
    assert done.exit_code == 2
    assert "at least 24 letters" in done.output
    assert "short" not in done.output


def test_without_the_extra_it_says_what_to_install():
    code = (
        "import sys; sys.modules['fastapi'] = None; sys.argv = ['lookalike', 'serve'];"
        "from lookalike.__main__ import main; main()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 8
    assert "pip install 'lookalike[web]'" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_port_that_is_taken():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(OptionError, match="cannot listen"):
            serve(Settings(port=taken.getsockname()[1]))


def started(*arguments: str) -> tuple[subprocess.Popen, str]:
    service = subprocess.Popen(
        [sys.executable, "-m", "lookalike", "serve", "--port", "0", *arguments],
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert service.stderr is not None
    return service, service.stderr.readline().split()[1].rstrip("/")


@pytest.mark.slow
@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_what_has_begun_is_finished_and_nobody_is_left(gallery_path, hopper_bytes, stop):
    import psutil

    service, address = started("-g", str(gallery_path))
    with Client(address, time_s=60) as client, ThreadPoolExecutor(1) as pool:
        client.find(hopper_bytes)
        decoders = psutil.Process(service.pid).children(recursive=True)
        assert decoders
        asked = pool.submit(client.find, *[hopper_bytes] * 8)
        time.sleep(0.2)
        service.send_signal(stop)
        assert len(asked.result(60).photos) == 8
        assert service.wait(60) in (0, -stop, 130)
        with pytest.raises(ServiceUnreachable):
            client.find(hopper_bytes)
    assert service.stderr is not None
    assert "Traceback" not in service.stderr.read()
    service.stderr.close()
    _, alive = psutil.wait_procs(decoders, timeout=10)
    assert not alive


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="processes share no port there")
def test_two_processes_share_the_work_and_count_together(
    gallery_path, hopper_bytes, monkeypatch, tmp_path
):
    monkeypatch.setenv("LOOKALIKE_SERVE_PROCESSES", "2")
    monkeypatch.setenv("LOOKALIKE_SERVE_WORKERS", "1")
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    service, address = started("-g", str(gallery_path))
    try:

        def ask(_: int) -> str:
            with Client(address, time_s=200, patience_s=200) as client:
                return client.find(hopper_bytes, k=1).photos[0].faces[0].matches[0].id

        with ThreadPoolExecutor(4) as pool:
            assert set(pool.map(ask, range(12))) == {"grace-hopper"}
        import requests

        numbers = requests.get(f"{address}/metrics", timeout=30).text
        assert "lookalike_photos_total 12.0" in numbers
    finally:
        service.terminate()
        service.wait(60)
    assert service.stderr is not None
    assert "Traceback" not in service.stderr.read()
    service.stderr.close()
    assert list(tmp_path.iterdir()) == []


def test_answers_do_not_wait_for_acknowledgements():
    async def at_once() -> int:
        accepted = asyncio.get_running_loop().create_future()
        listening = _listen(Settings(port=0))
        server = await asyncio.start_server(
            lambda _, writer: accepted.set_result(writer), sock=listening
        )
        _, asking = await asyncio.open_connection(*listening.getsockname())
        answering = await accepted
        at_once = answering.get_extra_info("socket").getsockopt(
            socket.IPPROTO_TCP, socket.TCP_NODELAY
        )
        for writer in (answering, asking):
            writer.close()
        server.close()
        return at_once

    assert asyncio.run(at_once())
