"""The service's forms: photos and words, or what is wrong with the request."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

INSTRUMENTED = ("lookalike", "python_multipart")
LONGEST = 1 << 13


def use(data: bytes, folder: Path) -> None:
    """Read a form: the first line is its type, the second how it is cut into pieces."""
    from starlette.requests import Request

    from lookalike.web.forms import FormLimits, read_form

    said, _, rest = data.partition(b"\n")
    cuts, _, body = rest.partition(b"\n")
    scope = {"type": "http", "method": "POST", "headers": [(b"content-type", said)]}
    request = Request(scope, _pieces(body, [1 + cut for cut in cuts]))
    limits = FormLimits(max_bytes=2000, max_photos=2, time_s=5)
    form = asyncio.run(read_form(request, limits))
    assert sum(map(len, form.photos.values())) <= limits.max_photos
    assert all(len(one) <= limits.max_bytes for several in form.photos.values() for one in several)


def _pieces(body: bytes, cuts: list[int]) -> Any:
    pieces = []
    for cut in cuts:
        pieces.append(body[:cut])
        body = body[cut:]
    pieces.append(body)

    async def receive() -> dict[str, Any]:
        piece = pieces.pop(0)
        return {"type": "http.request", "body": piece, "more_body": bool(pieces)}

    return receive


def seeds() -> dict[str, bytes]:
    """Send a photo and words, in one piece and in several."""
    parts = (
        b'--x\r\nContent-Disposition: form-data; name="photo"; filename="a.jpg"\r\n'
        b"Content-Type: image/jpeg\r\n\r\n\xff\xd8\xff\xd9\r\n"
        b'--x\r\nContent-Disposition: form-data; name="where"\r\n\r\nborn > 1980\r\n--x--\r\n'
    )
    kind = b"multipart/form-data; boundary=x\n"
    return {"whole.txt": kind + b"\n" + parts, "pieces.txt": kind + b"\x03Z\x10\x20\n" + parts}
