"""What decoders raise when bytes are bad, turned into this library's errors."""

from __future__ import annotations

import struct
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING

from lookalike.errors import ImageTooLarge, ImageUnreadable
from lookalike.images.quiet import quiet

if TYPE_CHECKING:
    from collections.abc import Iterator

# Decoders meet bad bytes deep inside their parsers and let many kinds of error out. `Warning` is
# here for programs that turn warnings into errors just while a photo is decoded.
DECODER_FAULTS: tuple[type[Exception], ...] = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    AssertionError,
    EOFError,
    BufferError,
    RuntimeError,
    Warning,
    struct.error,
    zlib.error,
)


@contextmanager
def decoding(name: str) -> Iterator[None]:
    """Turn a decoder's errors into `ImageError`, and pass over its warnings.

    Keep the block to calls into decoders: it would disguise a mistake of our own.

    Parameters
    ----------
    name : str
        How the error calls the file.

    Yields
    ------
    None
        Nothing.

    Raises
    ------
    ImageUnreadable
        If the decoder gives up.
    ImageTooLarge
        If the decoder refuses for a limit of its own, or memory runs out.
    """
    from PIL.Image import DecompressionBombError, DecompressionBombWarning

    try:
        with quiet():
            yield
    except (DecompressionBombError, DecompressionBombWarning) as fault:
        raise ImageTooLarge(
            f"{name} would unpack into too many pixels", "make the photo smaller"
        ) from fault
    except MemoryError as fault:
        raise ImageTooLarge(f"{name} does not fit into memory", "make the photo smaller") from fault
    except DECODER_FAULTS as fault:
        raise ImageUnreadable(
            f"{name} is damaged or cut off", "copy or download the photo again"
        ) from fault
