"""What one file is, and what is wrong with it by itself."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, Final, NamedTuple

from lookalike.cleaning.damage import damage
from lookalike.cleaning.faults import Fault
from lookalike.cleaning.fingerprint import Fingerprint, fingerprint
from lookalike.cleaning.frames import frames
from lookalike.cleaning.suffixes import SUFFIXES, claims_picture, fits
from lookalike.errors import ImageTooLarge, ImageUnreadable
from lookalike.images import read
from lookalike.images.formats import Format, sniff

if TYPE_CHECKING:
    from lookalike.cleaning.options import CleanOptions
    from lookalike.cleaning.walking import Entry
    from lookalike.images import Limits
    from lookalike.types import Image

#: A fingerprint needs no more, and a large photo is read several times faster.
_ENOUGH_PX: Final = 256
_CHUNK: Final = 1 << 20
_HEAD: Final = 1 << 10
_NAME: Final = "the picture"


class Mark(NamedTuple):
    """One thing that is wrong with a file.

    Parameters
    ----------
    fault : Fault
        What.
    detail : str
        More about it.
    """

    fault: Fault
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Contents:
    """A file as it was read.

    Parameters
    ----------
    data : bytes
        All of it; of a file over the limit only the start.
    sha256 : str
        Of all of it, in hexadecimal.
    size : int
        In bytes.
    modified_ns : int
        When it was changed last.
    """

    data: bytes
    sha256: str
    size: int
    modified_ns: int


@dataclass(frozen=True, slots=True)
class Examined:
    """A file that is a photo, or should be one.

    Parameters
    ----------
    entry : Entry
        Where it is.
    marks : tuple of Mark
        What is wrong with it by itself.
    sha256 : str
        In hexadecimal; empty if it could not be read.
    size, modified_ns : int
        In bytes, and when it was changed last: to know it again.
    suffix : str
        What its name should end in.
    width, height : int
        In pixels, upright, to within 7; 0 if it cannot be decoded.
    print : Fingerprint or None
        What it looks like.
    linked : bool
        Whether it is a link to a file.
    """

    entry: Entry
    marks: tuple[Mark, ...] = ()
    sha256: str = ""
    size: int = 0
    modified_ns: int = 0
    suffix: str = ""
    width: int = 0
    height: int = 0
    print: Fingerprint | None = None
    linked: bool = False


def contents(entry: Entry, limits: Limits) -> Contents:
    """Read a file and take its checksum.

    Parameters
    ----------
    entry : Entry
        A regular file.
    limits : Limits
        A file of more bytes is read piece by piece, and not kept.

    Returns
    -------
    Contents
        The file.

    Raises
    ------
    OSError
        If it cannot be read.
    """
    digest = hashlib.sha256()
    kept = bytearray()
    size = 0
    with entry.path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
            if size <= limits.max_bytes:
                kept += chunk
            else:
                del kept[_HEAD:]
        modified_ns = entry.path.stat().st_mtime_ns
    return Contents(bytes(kept), digest.hexdigest(), size, modified_ns)


def examine(entry: Entry, options: CleanOptions) -> Examined | None:
    """Say what a file is, and what is wrong with it by itself.

    Parameters
    ----------
    entry : Entry
        Something in the folder.
    options : CleanOptions
        What counts as a fault.

    Returns
    -------
    Examined or None
        None if neither its name nor its contents are those of a picture.
    """
    if entry.fault is not None:
        return Examined(entry, (Mark(entry.fault, entry.detail),))
    claims = claims_picture(entry.path.name)
    try:
        file = contents(entry, options.limits)
    except OSError as error:
        mark = Mark(Fault.UNREADABLE, (error.strerror or str(error)).lower())
        return Examined(entry, (mark,)) if claims else None
    except MemoryError:
        return Examined(entry, (Mark(Fault.TOO_LARGE, "does not fit into memory"),))
    known = (file.sha256, file.size, file.modified_ns)
    linked = entry.path.is_symlink()
    sight = _see(file, entry.path.name, options)
    if isinstance(sight, Mark):
        # A name that promises no picture is not held to one: "BMW.txt" starts like a bitmap.
        return Examined(entry, (sight,), *known, linked=linked) if claims else None
    kind, image, marks = sight
    if not claims and kind is Format.TIFF and PurePath(entry.path.name).suffix:
        # Raw photos of cameras are TIFF files, too, and their endings are right.
        return None
    size = image.width * image.reduction, image.height * image.reduction
    suffix = SUFFIXES[kind][0]
    return Examined(entry, marks, *known, suffix, *size, fingerprint(image), linked)


def _see(
    file: Contents, name: str, options: CleanOptions
) -> Mark | tuple[Format, Image, tuple[Mark, ...]]:
    """Open a photo; the mark of one that nothing can be seen of."""
    if not file.size:
        return Mark(Fault.EMPTY)
    try:
        kind = sniff(file.data, _NAME)
    except ImageUnreadable as error:
        return Mark(Fault.NOT_A_PICTURE, _said(error))
    try:
        options.limits.check_bytes(file.size, _NAME)
        image = read(file.data, limits=options.opened, longest_px=_ENOUGH_PX)
    except ImageTooLarge as error:
        return Mark(Fault.TOO_LARGE, _said(error))
    except ImageUnreadable as error:
        return Mark(Fault.BROKEN, _said(error))
    marks = []
    if hurt := damage(file.data, kind):
        marks.append(Mark(Fault.DAMAGED, hurt))
    if min(image.width, image.height) * image.reduction < options.min_side_px:
        marks.append(Mark(Fault.TOO_SMALL, f"{image.width} x {image.height} pixels"))
    if (count := frames(file.data, kind)) > 1:
        marks.append(Mark(Fault.ANIMATED, f"{count} frames, {kind.value}"))
    elif kind is Format.GIF:
        marks.append(Mark(Fault.GIF, "few programs of the field read it"))
    if not fits(name, kind):
        marks.append(Mark(Fault.WRONG_SUFFIX, f"is {kind.value}"))
    return kind, image, tuple(marks)


def _said(error: ImageUnreadable | ImageTooLarge) -> str:
    return error.message.removeprefix(f"{_NAME} ").removeprefix("is ")
