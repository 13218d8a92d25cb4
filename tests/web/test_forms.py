"""Forms in memory: their limits, and what is no form."""

from __future__ import annotations

import asyncio
import tempfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from lookalike.errors import RequestError, RequestMalformed, RequestTooLarge, RequestTooSlow
from lookalike.web.forms import Form, FormLimits, read_form

LIMITS = FormLimits(1000, 2, 5.0)
TYPE = "multipart/form-data; boundary=xyz"


def part(name: str, data: bytes, filename: str | None = None) -> bytes:
    about = f'form-data; name="{name}"' + (f'; filename="{filename}"' if filename else "")
    return b"--xyz\r\nContent-Disposition: " + about.encode() + b"\r\n\r\n" + data + b"\r\n"


def form(*parts: bytes) -> bytes:
    return b"".join(parts) + b"--xyz--\r\n"


def read(*chunks: bytes, kind: str = TYPE, limits: FormLimits = LIMITS, **headers: str) -> Form:
    """Read a form that arrives in these chunks; a number is a pause in seconds."""
    waiting = list(chunks)

    async def receive() -> dict:
        chunk = waiting.pop(0)
        if isinstance(chunk, float):
            await asyncio.sleep(chunk)
            chunk = b""
        return {"type": "http.request", "body": chunk, "more_body": bool(waiting)}

    said = {"content-type": kind, **headers}.items()
    scope = {
        "type": "http",
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in said],
    }
    return asyncio.run(read_form(Request(scope, receive), limits))


def test_words_and_photos():
    body = form(
        part("k", b"3"), part("photo", b"one", "a.jpg"), part("photo", b"two", "b.jpg"),
        part("where", "name = 'Beyoncé'".encode()),
    )  # fmt: skip
    assert read(body) == Form({"k": "3", "where": "name = 'Beyoncé'"}, {"photo": [b"one", b"two"]})


@given(st.lists(st.integers(1, 40), min_size=1, max_size=30), st.binary(max_size=600))
def test_how_a_form_is_cut_up_makes_no_difference(sizes, photo):
    body = form(part("k", b"3"), part("photo", photo, "a.jpg"))
    chunks, at = [], 0
    while at < len(body):
        size = sizes[len(chunks) % len(sizes)]
        chunks.append(body[at : at + size])
        at += size
    assert read(*chunks) == Form({"k": "3"}, {"photo": [photo]})


@pytest.mark.parametrize(
    "body",
    [
        form(part("photo", b"x" * 1001, "a.jpg")),
        form(*[part("photo", b"x", "a.jpg")] * 3),
        form(part("where", b"x" * 20_000)),
        form(*[part(f"k{number}", b"x" * 200) for number in range(100)]),
        form(*[part("k", b"") for _ in range(200)]),
    ],
    ids=["photo", "photos", "word", "words", "parts"],
)
def test_over_the_limits(body):
    with pytest.raises(RequestTooLarge):
        read(body)


def test_a_stated_length_is_refused_before_anything_is_read():
    with pytest.raises(RequestTooLarge):
        read(content_length="10000000")


def test_a_body_without_a_stated_length_is_refused_where_it_is_too_long():
    # Nobody asks for the second chunk.
    with pytest.raises(RequestTooLarge):
        read(form(part("photo", b"x" * 1001, "a.jpg")), AssertionError)


def test_a_body_that_trickles_is_refused():
    limits = FormLimits(1000, 2, 0.05)
    with pytest.raises(RequestTooSlow):
        read(part("photo", b"x", "a.jpg"), 1.0, form(), limits=limits)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b'{"photo": 1}', "application/json"),
        (b"k=3", "application/x-www-form-urlencoded"),
        (b"", ""),
        (form(part("k", b"3")), "multipart/form-data"),
        (form(part("k", b"3")), "multipart/form-data; boundary=" + "x" * 1000),
        (form(part("k", b"3")), "multipart/mixed; boundary=xyz"),
        (b"no form at all", TYPE),
        (b"", TYPE),
        (form(part("k", b"3"))[:-10], TYPE),
        (part("photo", b"x", "a.jpg"), TYPE),
        (b"--xyz\r\n\r\nnameless\r\n--xyz--\r\n", TYPE),
        (form(part("k", b"\xff\xfe")), TYPE),
        (b"--xyz\r\n" + b"a" * 20_000 + b": b\r\n\r\n\r\n--xyz--\r\n", TYPE),
        (b"--xyz\r\n" + b"a: b\r\n" * 5000 + b"\r\n\r\n--xyz--\r\n", TYPE),
    ],
)
def test_what_is_no_form(body, kind):
    with pytest.raises(RequestMalformed):
        read(body, kind=kind, limits=FormLimits(100_000, 2, 5.0))


@given(st.binary(max_size=400), st.integers(0, 10_000))
def test_damage_is_an_error_of_ours_or_none(junk, at):
    body = form(part("k", b"3"), part("photo", b"x" * 100, "a.jpg"))
    at %= len(body)
    try:
        read(body[:at] + junk + body[at + len(junk) :])
    except RequestError as error:
        assert error.message


def test_no_temporary_file_is_made(client, hopper_bytes, monkeypatch):
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a temporary file")

    for name in ("SpooledTemporaryFile", "NamedTemporaryFile", "TemporaryFile", "mkstemp"):
        monkeypatch.setattr(tempfile, name, refuse)
    monkeypatch.setattr("starlette.formparsers.SpooledTemporaryFile", refuse)
    large = hopper_bytes + b"\0" * 3_000_000  # what follows the end of a JPEG is ignored
    assert client.post("/api/v1/find", files={"photo": large}).status_code == 200
