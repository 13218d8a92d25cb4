"""What goes between a service and its decoders: a line of JSON, then bytes. No pickle."""

from __future__ import annotations

import json
import struct
from typing import TYPE_CHECKING, Any, BinaryIO, Final

if TYPE_CHECKING:
    from numpy.typing import NDArray

_LENGTHS: Final = struct.Struct("<IQ")


def send(stream: BinaryIO, head: dict[str, Any], body: bytes | NDArray[Any] = b"") -> None:
    """Write a frame.

    Parameters
    ----------
    stream : binary file
        Open for writing.
    head : dict
        JSON values only.
    body : bytes or ndarray
        Contiguous.
    """
    words = json.dumps(head).encode()
    view = memoryview(body).cast("B")  # type: ignore[arg-type]
    stream.write(_LENGTHS.pack(len(words), view.nbytes))
    stream.write(words)
    stream.write(view)
    stream.flush()


def receive(stream: BinaryIO) -> tuple[dict[str, Any], bytearray]:
    """Read a frame.

    Parameters
    ----------
    stream : binary file
        Open for reading.

    Returns
    -------
    head : dict
        As it was sent.
    body : bytearray
        As it was sent.

    Raises
    ------
    EOFError
        If the other side is gone.
    """
    head_bytes, body_bytes = _LENGTHS.unpack(_exactly(stream, _LENGTHS.size))
    head = json.loads(bytes(_exactly(stream, head_bytes)))
    return head, _exactly(stream, body_bytes)


def _exactly(stream: BinaryIO, count: int) -> bytearray:
    data = bytearray(count)
    view, at = memoryview(data), 0
    while at < count:
        got = stream.readinto(view[at:])  # type: ignore[attr-defined]
        if not got:
            raise EOFError("the other side is gone")
        at += got
    return data
