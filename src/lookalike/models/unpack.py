"""Taking one file of weights out of the archive that it is published in."""

from __future__ import annotations

import bz2
import os
import zipfile
import zlib
from typing import IO, TYPE_CHECKING, Final

from lookalike.errors import WeightsUnreadable, WeightsUnwritable
from lookalike.models.download import LARGEST_BYTES, SPACE_HINT
from lookalike.whole_files import writing

if TYPE_CHECKING:
    from pathlib import Path

    from lookalike.models.card import WeightsFile

_CHUNK: Final = 1 << 20

#: What the readers of archives raise at broken ones; they share no narrower parent.
_BROKEN: Final = (OSError, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error)


def is_packed(file: WeightsFile, name: str) -> bool:
    """Say whether a file of that name holds the weights in packed form.

    Parameters
    ----------
    file : WeightsFile
        The weights.
    name : str
        An address, or the name of a file at hand.

    Returns
    -------
    bool
        True for a ZIP archive that the card speaks of, and for bzip2.
    """
    return bool(file.archive) or (name.endswith(".bz2") and not file.path.endswith(".bz2"))


def unpack(packed: Path, file: WeightsFile, target: Path) -> None:
    """Write the weights that an archive holds to a file.

    Parameters
    ----------
    packed : Path
        A ZIP archive if the card names a path inside one, else a bzip2 stream.
    file : WeightsFile
        The weights. No more than their size is written.
    target : Path
        Where they go; no path of the archive is ever followed.

    Raises
    ------
    WeightsUnreadable
        If the archive is broken or does not hold the weights.
    WeightsUnwritable
        If the disk is full or the folder is read-only.
    """
    limit = file.bytes or LARGEST_BYTES
    if not file.archive:
        with bz2.open(packed) as plain:
            _copy(plain, target, limit, packed.name)
        return
    try:
        archive = zipfile.ZipFile(packed)
    except _BROKEN as error:
        raise WeightsUnreadable(f"{packed.name} is not a ZIP archive: {error}") from error
    with archive:
        try:
            stream = archive.open(file.archive)
        except KeyError as error:
            raise WeightsUnreadable(f"{packed.name} does not hold {file.archive}") from error
        except _BROKEN as error:
            raise WeightsUnreadable(f"{packed.name} cannot be unpacked: {error}") from error
        with stream:
            _copy(stream, target, limit, packed.name)


def _copy(stream: IO[bytes], target: Path, limit: int, name: str) -> None:
    written = 0
    with writing(target, WeightsUnwritable, SPACE_HINT), target.open("wb") as out:
        while chunk := _read(stream, name):
            written += len(chunk)
            # Archives can say anything about the size of what they hold.
            if written > limit:
                raise WeightsUnreadable(f"{name} holds more than {limit:,} bytes")
            out.write(chunk)
        out.flush()
        os.fsync(out.fileno())


def _read(stream: IO[bytes], name: str) -> bytes:
    try:
        return stream.read(_CHUNK)
    except _BROKEN as error:
        raise WeightsUnreadable(f"{name} is a broken archive: {error}") from error
