"""Forms with photos, read into memory as they arrive and never onto a disk.

Frameworks keep uploads over a megabyte in temporary files. Here a part is a piece of memory with a
limit, and a body that is over the limit is refused before the rest of it is read.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from lookalike.errors import RequestMalformed, RequestTooLarge, RequestTooSlow

if TYPE_CHECKING:
    from starlette.requests import Request

#: What the words of a form may take up: a condition is the longest of them.
_WORDS_BYTES: Final = 16 * 1024
_MOST_PARTS: Final = 128
_MEBI: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class FormLimits:
    """What a form may hold.

    Parameters
    ----------
    max_bytes : int
        Largest photo, in bytes.
    max_photos : int
        How many photos.
    time_s : float
        How long it may take to arrive.
    """

    max_bytes: int
    max_photos: int
    time_s: float


@dataclass(slots=True)
class Form:
    """A form as it arrived.

    Parameters
    ----------
    words : dict of str to str
        Fields; of several with one name the last one counts.
    photos : dict of str to list of bytes
        Files by the name of their field, without the names that they had elsewhere.
    """

    words: dict[str, str] = field(default_factory=dict)
    photos: dict[str, list[bytes]] = field(default_factory=dict)


async def read_form(request: Request, limits: FormLimits) -> Form:
    """Read a form as it arrives.

    Parameters
    ----------
    request : Request
        Its body has not been read.
    limits : FormLimits
        What it may hold.

    Returns
    -------
    Form
        All of it, in memory.

    Raises
    ------
    RequestMalformed
        If it is no form.
    RequestTooLarge, RequestTooSlow
        If it is over the limits; the rest of it is not read.
    """
    said = request.headers.get("content-type", "")
    kind, options = parse_options_header(said)
    boundary = options.get(b"boundary")
    if kind != b"multipart/form-data" or not boundary:
        raise RequestMalformed(
            "the body must be a form: multipart/form-data", "with curl: -F photo=@me.jpg"
        )
    most = limits.max_photos * limits.max_bytes + _WORDS_BYTES + _MOST_PARTS * 1024
    _check_stated_length(request, most)
    reader = _Reader(limits, most)
    try:
        parser = MultipartParser(boundary, reader.callbacks())  # type: ignore[arg-type]
        async with asyncio.timeout(limits.time_s):
            async for chunk in request.stream():
                reader.count(len(chunk))
                parser.write(chunk)
        parser.finalize()
    except FormParserError as fault:
        raise RequestMalformed("the form is damaged", "send it again") from fault
    except TimeoutError as fault:
        raise RequestTooSlow(
            f"the photo did not arrive within {limits.time_s:g} s", "make it smaller"
        ) from fault
    if not reader.complete:
        raise RequestMalformed("the form is cut off", "send it again")
    return reader.form


def _check_stated_length(request: Request, most: int) -> None:
    stated = request.headers.get("content-length", "")
    if stated.isdecimal() and int(stated) > most:
        raise RequestTooLarge(
            f"the request is over the limit of {most / _MEBI:,.1f} MiB",
            "send fewer or smaller photos",
        )


class _Reader:
    """Collects parts."""

    def __init__(self, limits: FormLimits, most: int) -> None:
        self.form = Form()
        self.complete = False
        self._limits = limits
        self._left = most
        self._words_left = _WORDS_BYTES
        self._photos = self._parts = 0
        self._begin()

    def callbacks(self) -> dict[str, object]:
        return {
            "on_part_begin": self._begin,
            "on_header_field": self._header_name,
            "on_header_value": self._header_value,
            "on_header_end": self._header_end,
            "on_headers_finished": self._headers_finished,
            "on_part_data": self._part_data,
            "on_part_end": self._end,
            "on_end": self._complete,
        }

    def count(self, count: int) -> None:
        self._left -= count
        if self._left < 0:
            raise RequestTooLarge("the request is too large", "send fewer or smaller photos")

    def _begin(self) -> None:
        self._header = (bytearray(), bytearray())
        self._name = ""
        self._is_photo = False
        self._data = bytearray()

    def _header_name(self, data: bytes, start: int, end: int) -> None:
        self._header[0].extend(data[start:end])

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._header[1].extend(data[start:end])

    def _header_end(self) -> None:
        name, value = self._header
        if name.lower() == b"content-disposition":
            _, options = parse_options_header(bytes(value))
            self._name = options.get(b"name", b"").decode("utf-8", "replace")
            self._is_photo = b"filename" in options
        self._header = (bytearray(), bytearray())

    def _headers_finished(self) -> None:
        self._parts += 1
        self._photos += self._is_photo
        if not self._name:
            raise RequestMalformed("a part of the form has no name", "name it photo")
        if self._photos > self._limits.max_photos:
            raise RequestTooLarge(
                f"there are more than {self._limits.max_photos} photos", "send fewer of them"
            )
        if self._parts > _MOST_PARTS:
            raise RequestTooLarge("the form has too many parts", "send fewer of them")

    def _part_data(self, data: bytes, start: int, end: int) -> None:
        if self._is_photo:
            if len(self._data) + end - start > self._limits.max_bytes:
                raise RequestTooLarge(
                    f"the photo is over the limit of {self._limits.max_bytes / _MEBI:,.1f} MiB",
                    "make it smaller",
                )
        else:
            self._words_left -= end - start
            if self._words_left < 0:
                raise RequestTooLarge("the words of the form are too long", "send fewer of them")
        self._data.extend(data[start:end])

    def _end(self) -> None:
        if self._is_photo:
            self.form.photos.setdefault(self._name, []).append(bytes(self._data))
            return
        try:
            self.form.words[self._name] = self._data.decode("utf-8")
        except UnicodeDecodeError as fault:
            raise RequestMalformed("the form is not in UTF-8", "send it again") from fault

    def _complete(self) -> None:
        self.complete = True
