"""Watching labeled frames in a browser on this machine while they are made.

A stream of JPEG pictures over HTTP, as network cameras send it: every browser shows it, nothing
has to be installed, and it works through an SSH tunnel. Only this machine can connect, and only
who knows the address, which is another one each time.
"""

from __future__ import annotations

import secrets
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Final

from lookalike.images.write import encode_jpeg
from lookalike.video.upright import rgb

if TYPE_CHECKING:
    from av import Packet, VideoFrame

_PAGE: Final = b"""<!doctype html><meta charset="utf-8"><title>lookalike</title>
<style>body{margin:0;background:#111418;display:grid;place-items:center;height:100vh}
img{max-width:100vw;max-height:100vh}</style><img src="frames" alt="labeled frames">"""
_BOUNDARY: Final = "lookalike-frame"
#: More than so many frames a second nobody needs to watch work.
_MOST_HZ: Final = 15.0
_WIDEST_PX: Final = 1280
#: How long somebody who watches is waited for at the end, in seconds.
_PATIENCE_S: Final = 1.0


class Preview:
    """A sink that shows frames in a browser. Who is slow misses some.

    Parameters
    ----------
    port : int, default 0
        Where to listen; any free one by default.
    """

    def __init__(self, port: int = 0) -> None:
        self._jpeg, self._number = b"", 0
        self._changed = threading.Condition()
        self._over = False
        self._watchers = 0
        self._next_s = 0.0
        token = secrets.token_urlsafe(12)
        self._server = ThreadingHTTPServer(("127.0.0.1", port), _handler(self, f"/{token}/"))
        self._server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}/{token}/"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def picture(self, frame: VideoFrame) -> None:
        """Show a frame, if somebody watches and the last one is long enough ago.

        Parameters
        ----------
        frame : av.VideoFrame
            Labeled.
        """
        now_s = time.monotonic()
        if now_s < self._next_s or self._watchers == 0:
            return
        self._next_s = now_s + 1 / _MOST_HZ
        if frame.width > _WIDEST_PX:
            high = round(frame.height * _WIDEST_PX / frame.width / 2) * 2
            frame = frame.reformat(width=_WIDEST_PX, height=high)
        jpeg = encode_jpeg(rgb(frame), 80)
        with self._changed:
            self._jpeg, self._number = jpeg, self._number + 1
            self._changed.notify_all()

    def packet(self, packet: Packet[Any]) -> None:
        """Pass over sound.

        Parameters
        ----------
        packet : av.Packet
            Not heard.
        """

    def finish(self) -> None:
        """End the stream."""
        with self._changed:
            self._over = True
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._watchers == 0, _PATIENCE_S)
        self._server.shutdown()
        self._server.server_close()

    def discard(self) -> None:
        """End the stream."""
        self.finish()

    def next_after(self, number: int) -> tuple[int, bytes] | None:
        """Wait for a newer frame.

        Parameters
        ----------
        number : int
            The number of the one that was shown last.

        Returns
        -------
        tuple of (int, bytes) or None
            Its number and a JPEG file; None at the end.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._over or self._number > number)
            return None if self._over else (self._number, self._jpeg)

    def watching(self, more: int) -> None:
        """Count who watches.

        Parameters
        ----------
        more : int
            1 or -1.
        """
        with self._changed:
            self._watchers += more
            self._changed.notify_all()


def _handler(preview: Preview, root: str) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == root:
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.send_header("Content-Length", str(len(_PAGE)))
                self.end_headers()
                self.wfile.write(_PAGE)
            elif self.path == f"{root}frames":
                self._stream()
            else:
                self.send_error(404)

        def _stream(self) -> None:
            self.send_response(200)
            kind = f"multipart/x-mixed-replace; boundary={_BOUNDARY}"
            self.send_header("Content-Type", kind)
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            preview.watching(1)
            number = 0
            try:
                while (shown := preview.next_after(number)) is not None:
                    number, jpeg = shown
                    head = f"--{_BOUNDARY}\r\nContent-Type: image/jpeg\r\n"
                    self.wfile.write(f"{head}Content-Length: {len(jpeg)}\r\n\r\n".encode())
                    self.wfile.write(jpeg + b"\r\n")
            except OSError:
                self.close_connection = True
            finally:
                preview.watching(-1)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Handler
