"""A web server on this machine that behaves as badly as it is told."""

from __future__ import annotations

import re
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Served:
    """What is behind one path.

    `cut_after` and `stall_after` count bytes of one answer and hold for the next answers only,
    one entry each; then the server behaves.
    """

    data: bytes = b""
    etag: str | None = '"one"'
    ranges: bool = True
    statuses: list[int] = field(default_factory=list)  # each for one answer, then 200
    cut_after: list[int] = field(default_factory=list)
    stall_after: list[int] = field(default_factory=list)
    claims: int | None = None  # a Content-Length that is not true
    length: bool = True
    moved_to: str = ""
    kind: str = "application/octet-stream"
    wrong_range: bool = False
    pause_s: float = 0.0  # between pieces of 100 bytes


class LocalServer:
    def __init__(self) -> None:
        self.files: dict[str, Served] = {}
        self.requests: list[tuple[str, dict[str, str]]] = []
        self.closing = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.requests.append((self.path, dict(self.headers)))
                outer.answer(self)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self._server.handle_error = lambda *_: None  # clients that go away are the point
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()
        self.address = f"http://127.0.0.1:{self._server.server_port}"

    def serve(self, path: str, data: bytes = b"", **behavior: object) -> str:
        self.files[path] = Served(data, **behavior)
        return self.address + path

    def close(self) -> None:
        self.closing.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def asked(self, path: str) -> list[dict[str, str]]:
        return [headers for seen, headers in self.requests if seen == path]

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        served = self.files.get(request.path)
        if served is None:
            request.send_error(404)
        elif served.statuses and served.statuses[0] != 200:
            request.send_error(served.statuses.pop(0))
        elif served.moved_to:
            request.send_response(302)
            request.send_header("Location", served.moved_to)
            request.send_header("Content-Length", "0")
            request.end_headers()
        else:
            if served.statuses:
                served.statuses.pop(0)
            self._send(request, served)

    def _send(self, request: BaseHTTPRequestHandler, served: Served) -> None:
        start = self._start(request, served)
        if start is None:
            request.send_response(416)
            request.send_header("Content-Range", f"bytes */{len(served.data)}")
            request.send_header("Content-Length", "0")
            request.end_headers()
            return
        body = served.data[start:]
        request.send_response(206 if start else 200)
        request.send_header("Content-Type", served.kind)
        if served.length:
            said = len(body) if served.claims is None else served.claims - start
            request.send_header("Content-Length", str(said))
        if start:
            first = 0 if served.wrong_range else start
            size = len(served.data)
            request.send_header("Content-Range", f"bytes {first}-{size - 1}/{size}")
        if served.etag:
            request.send_header("ETag", served.etag)
        request.end_headers()
        cut = served.cut_after.pop(0) if served.cut_after else None
        stall = served.stall_after.pop(0) if served.stall_after else None
        step = 100 if served.pause_s else 8192
        limit = min(len(body) if n is None else n for n in (cut, stall))
        for at in range(0, limit, step):
            request.wfile.write(body[at : min(at + step, limit)])
            request.wfile.flush()
            if served.pause_s and self.closing.wait(served.pause_s):
                return
        if stall is not None:
            self.closing.wait(10)
        request.close_connection = True

    def _start(self, request: BaseHTTPRequestHandler, served: Served) -> int | None:
        asked = re.fullmatch(r"bytes=(\d+)-", request.headers.get("Range", ""))
        if not asked or not served.ranges:
            return 0
        if request.headers.get("If-Range", served.etag) != served.etag:
            return 0
        return int(asked[1]) if int(asked[1]) < len(served.data) else None


def free_port_address() -> str:
    """Return an address where nobody listens."""
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{taken.getsockname()[1]}"


def wait_until(condition, seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.01)
