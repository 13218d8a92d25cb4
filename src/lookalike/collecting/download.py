"""One offer becomes one file: whole, a photo, and under its final name, or nothing at all."""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from lookalike.collecting.disk import writing
from lookalike.collecting.questions import Question
from lookalike.errors import AnswerTooLong, Complaint, ImageError, ImageTooLarge, ServiceRefused
from lookalike.images import Limits, read
from lookalike.images.formats import Format, sniff

if TYPE_CHECKING:
    import threading

    from lookalike.collecting.records import Offer
    from lookalike.collecting.web import Web

_SUFFIXES: Final = {
    Format.JPEG: ".jpg",
    Format.PNG: ".png",
    Format.GIF: ".gif",
    Format.WEBP: ".webp",
    Format.AVIF: ".avif",
    Format.HEIC: ".heic",
    Format.BMP: ".bmp",
    Format.TIFF: ".tif",
}

#: A preview of another width than Wikimedia's will never be served, although the status is 429.
_HOPELESS: Final = (b"Use thumbnail",)


class PassedOver(Exception):
    """An offer is no photo that can be kept, and will never be one.

    Parameters
    ----------
    reason : str
        Which kind of trouble, to be counted.
    detail : str
        What exactly.
    """

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Saved:
    """A photo that is in its place.

    Parameters
    ----------
    path : Path
        The file.
    sha256 : str
        Of the file, in hexadecimal.
    width, height : int
        In pixels, upright.
    """

    path: Path
    sha256: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Means:
    """What all downloads of a run have in common.

    Parameters
    ----------
    web : Web
        What they come through.
    limits : Limits
        How large a photo may be.
    parts : Path
        A folder in the same file system for what is not whole yet.
    stopped : Event
        Ends them when it is set.
    """

    web: Web
    limits: Limits
    parts: Path
    stopped: threading.Event


def save(offer: Offer, folder: Path, means: Means) -> Saved:
    """Download a photo into a folder, or take the one that is there.

    Parameters
    ----------
    offer : Offer
        What to download.
    folder : Path
        Where it shall be.
    means : Means
        By what, and within which limits.

    Returns
    -------
    Saved
        The file, which has been decoded once.

    Raises
    ------
    PassedOver
        If it is no photo, too large, or not there any more.
    ServiceUnavailable
        If it cannot be had now.
    FolderUnwritable
        If the disk takes no more.
    Stopped
        If the run has ended.
    """
    # Named after the offer, a file that was saved just before a crash is recognized.
    stem = hashlib.sha256(offer.key.encode()).hexdigest()[:16]
    for suffix in _SUFFIXES.values():
        there = folder / f"{stem}{suffix}"
        if there.is_file():
            return _checked(there, means.limits)[0]
    with writing(means.parts):
        means.parts.mkdir(parents=True, exist_ok=True)
        folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=means.parts, prefix=stem)
    part = Path(name)
    try:
        with os.fdopen(handle, "w+b") as stream:
            _fetch(offer, stream, means)
            with writing(part):
                stream.flush()
                os.fsync(stream.fileno())
        saved, kind = _checked(part, means.limits)
        path = folder / f"{stem}{_SUFFIXES[kind]}"
        with writing(path):
            part.chmod(0o644)
            part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return Saved(path, saved.sha256, saved.width, saved.height)


def _fetch(offer: Offer, stream: BinaryIO, means: Means) -> None:
    question = Question(
        offer.address, accept="image/*", most_bytes=means.limits.max_bytes, hopeless=_HOPELESS
    )
    try:
        means.web.bring(question, stream, means.stopped)
    except AnswerTooLong as error:
        raise PassedOver("too large", str(error)) from error
    except Complaint as error:
        raise PassedOver("not there", error.message) from error
    except ServiceRefused as error:
        raise PassedOver("not reachable", error.message) from error


def _checked(path: Path, limits: Limits) -> tuple[Saved, Format]:
    try:
        image = read(path, limits=limits)
    except ImageTooLarge as error:
        raise PassedOver("too large", error.message) from error
    except ImageError as error:
        raise PassedOver("not a photo", error.message) from error
    data = path.read_bytes()
    saved = Saved(path, hashlib.sha256(data).hexdigest(), image.width, image.height)
    return saved, sniff(data, path.name)
