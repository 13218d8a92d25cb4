"""Fetching one address into one file: resumed, retried, and watched for stalls.

Nothing here decides whether the bytes are the right ones; that is left to digests.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import requests
import urllib3.exceptions

from lookalike.errors import DownloadFailed, WeightsUnwritable
from lookalike.whole_files import writing

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

#: What to do about a disk that takes no more.
SPACE_HINT: Final = "make room, or set LOOKALIKE_WEIGHTS to a folder with free space"

#: Nothing larger is ever written; no face network comes near it.
LARGEST_BYTES: Final = 4 << 30

_CHUNK: Final = 1 << 16

#: An attempt that brings this much was worth it, and does not count as a failure.
_WORTH_IT: Final = 1 << 20

_SLOWEST_BYTES_A_SECOND: Final = 1024

_LONGEST_PAUSE_S: Final = 30.0

_WORTH_ANOTHER_TRY: Final = frozenset({408, 425, 429})


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait, and how often to try.

    Parameters
    ----------
    connect_s : float
        Seconds until a server must have answered the call.
    stall_s : float
        Seconds that may pass without news.
    attempts : int
        Tries at one address that bring nothing.
    backoff_s : float
        Pause after the first of them in seconds; doubled after each.
    """

    connect_s: float = 10.0
    stall_s: float = 30.0
    attempts: int = 4
    backoff_s: float = 1.0


@dataclass(frozen=True, slots=True)
class Order:
    """One address, and where its bytes go.

    Parameters
    ----------
    url : str
        The address.
    part : Path
        The bytes so far; a file that is there is gone on with.
    note : Path
        Where those bytes came from.
    bytes : int
        How many there must be; 0 if that is not known.
    checked : bool
        Whether a digest is known for the whole. Then bytes from another address may be gone on
        with: should they not fit together, that is noticed.
    """

    url: str
    part: Path
    note: Path
    bytes: int = 0
    checked: bool = False


class _Hiccup(Exception):
    """Something that may be over at the next attempt."""


def fetch(
    order: Order, patience: Patience, report: Callable[[int, int | None], None] | None = None
) -> None:
    """Bring all bytes of an address into a file.

    Parameters
    ----------
    order : Order
        What and where.
    patience : Patience
        How long and how often.
    report : callable, optional
        Told the bytes so far and in total; the total is None if the server does not say.

    Raises
    ------
    DownloadFailed
        If the address does not give them. What has come stays for the next attempt.
    WeightsUnwritable
        If the disk is full or the folder is read-only.
    """
    failures = 0
    with requests.Session() as web:
        # Proxies and certificates of the environment are honored by the session.
        web.headers.update({"User-Agent": "lookalike", "Accept-Encoding": "identity"})
        while not (order.bytes and _size(order.part) == order.bytes):
            before = _size(order.part)
            try:
                _attempt(web, order, patience, report)
            except _Hiccup as hiccup:
                failures = 1 if _size(order.part) - before >= _WORTH_IT else failures + 1
                if failures >= patience.attempts:
                    raise DownloadFailed(str(hiccup)) from hiccup
                time.sleep(min(patience.backoff_s * 2 ** (failures - 1), _LONGEST_PAUSE_S))
            else:
                return


def _attempt(
    web: requests.Session,
    order: Order,
    patience: Patience,
    report: Callable[[int, int | None], None] | None,
) -> None:
    have, headers = _resumption(order)
    wait = (patience.connect_s, patience.stall_s)
    try:
        with web.get(order.url, headers=headers, stream=True, timeout=wait) as response:
            start, total = _begun(response, order, have)
            if start != total:
                _copy(response, order, (start, total), patience.stall_s, report)
    except requests.exceptions.SSLError as error:
        raise DownloadFailed("its certificate cannot be trusted") from error
    except requests.ConnectTimeout as error:
        raise _Hiccup(f"no answer within {patience.connect_s:g} seconds") from error
    except (requests.Timeout, urllib3.exceptions.TimeoutError) as error:
        raise _Hiccup(f"no news for {patience.stall_s:g} seconds") from error
    except requests.exceptions.ProxyError as error:
        raise _Hiccup(f"the proxy: {_reason(error)}") from error
    except (
        requests.ConnectionError,
        requests.exceptions.ChunkedEncodingError,
        urllib3.exceptions.HTTPError,
    ) as error:
        raise _Hiccup(_reason(error)) from error
    except requests.RequestException as error:
        raise DownloadFailed(str(error).partition(" (")[0] or type(error).__name__) from error


def _resumption(order: Order) -> tuple[int, dict[str, str]]:
    """Say how many bytes to go on from, and how to ask for the others."""
    have = _size(order.part)
    if not have or (order.bytes and have > order.bytes):
        return 0, {}
    wanted = {"Range": f"bytes={have}-"}
    note = _note(order)
    if note.get("url") == order.url and note.get("validator"):
        # The server sends the whole file anew if it is another one by now.
        return have, wanted | {"If-Range": note["validator"]}
    return (have, wanted) if order.checked else (0, {})


def _begun(response: requests.Response, order: Order, have: int) -> tuple[int, int | None]:
    """Read the head of an answer: where its bytes start, and how many there are in total."""
    if response.status_code == 416 and have:
        if response.headers.get("Content-Range") == f"bytes */{have}":
            return have, have
        order.part.unlink()
        raise _Hiccup("it could not go on where the last attempt stopped")
    _require_file(response, order)
    start, total = 0, _number(response.headers.get("Content-Length"))
    if response.status_code == 206:
        span = re.fullmatch(r"bytes (\d+)-\d+/(\d+|\*)", response.headers.get("Content-Range", ""))
        if not have or not span or int(span[1]) != have:
            order.part.unlink(missing_ok=True)
            raise _Hiccup("it sent another part of the file than it was asked for")
        start, total = have, _number(span[2])
    elif response.headers.get("Content-Encoding", "identity") != "identity":
        total = None
    if total == 0:
        raise DownloadFailed("an empty file came")
    if total is not None and total != (order.bytes or total):
        raise DownloadFailed(f"it offers {total:,} bytes, the card says {order.bytes:,}")
    _require_room(order, (total or order.bytes) - start)
    if start == 0:
        _write_note(order, response, resumable=total is not None)
    return start, total


def _require_file(response: requests.Response, order: Order) -> None:
    """Raise unless the answer is a file, or a part of one."""
    status = response.status_code
    if order.url.startswith("https:") and not response.url.startswith("https:"):
        raise DownloadFailed("it leads to an address without encryption")
    if status in _WORTH_ANOTHER_TRY or status >= 500:
        raise _Hiccup(f"{status} {response.reason}")
    if status not in (200, 206):
        raise DownloadFailed(f"{status} {response.reason}")
    if response.headers.get("Content-Type", "").startswith("text/html"):
        raise DownloadFailed("a web page came instead of the file")


def _copy(
    response: requests.Response,
    order: Order,
    span: tuple[int, int | None],
    stall_s: float,
    report: Callable[[int, int | None], None] | None,
) -> None:
    done, total = span
    expected = total or order.bytes
    watched_from, watched_at = done, time.monotonic()
    with (
        writing(order.part, WeightsUnwritable, SPACE_HINT),
        order.part.open("ab" if done else "wb") as stream,
    ):
        while chunk := response.raw.read1(_CHUNK, decode_content=True):
            stream.write(chunk)
            done += len(chunk)
            if done > (expected or LARGEST_BYTES):
                stream.truncate(0)
                raise DownloadFailed(f"more than {expected or LARGEST_BYTES:,} bytes came")
            if report:
                report(done, expected or None)
            now = time.monotonic()
            if now - watched_at >= stall_s:
                if done - watched_from < _SLOWEST_BYTES_A_SECOND * stall_s:
                    raise _Hiccup("the connection has become too slow")
                watched_from, watched_at = done, now
        stream.flush()
        os.fsync(stream.fileno())
    if done < expected:
        raise _Hiccup(f"the connection broke after {done:,} of {expected:,} bytes")


def _require_room(order: Order, needed: int) -> None:
    with writing(order.part, WeightsUnwritable, SPACE_HINT):
        order.part.parent.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(order.part.parent).free
    if free < needed:
        raise WeightsUnwritable(
            f"{needed / 1e6:,.1f} MB are needed in {order.part.parent.parent}, "
            f"{free / 1e6:,.1f} MB are free",
            SPACE_HINT,
        )


def _note(order: Order) -> dict[str, str]:
    try:
        note = json.loads(order.note.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return note if isinstance(note, dict) else {}


def _write_note(order: Order, response: requests.Response, *, resumable: bool) -> None:
    tag = response.headers.get("ETag", "")
    # A weak tag promises the same meaning, not the same bytes.
    validator = tag if tag and not tag.startswith("W/") else response.headers.get("Last-Modified")
    note = {"url": order.url, "validator": validator if resumable else None}
    with writing(order.note, WeightsUnwritable, SPACE_HINT):
        order.note.write_text(json.dumps(note), "utf-8")


def _reason(error: BaseException) -> str:
    """Find the one plain line in a chain of exceptions."""
    said = "the connection broke"
    link: BaseException | None = error
    while link is not None:
        if isinstance(link, socket.gaierror):
            return "its name cannot be resolved; is there a network?"
        if isinstance(link, OSError) and link.strerror:
            said = link.strerror.lower()
        link = link.__cause__ or link.__context__
    return said


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() else None


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0
