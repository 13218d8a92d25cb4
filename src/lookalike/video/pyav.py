"""The door to PyAV: what it raises becomes what lookalike says."""

from __future__ import annotations

import contextlib
import importlib
from typing import TYPE_CHECKING, Final

from lookalike.errors import MissingExtra, VideoMissing, VideoUnreadable, VideoUnwritable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

WRITING_HINT: Final = (
    "choose a folder that exists, may be written to and has room, or another format: .mkv"
)


def library() -> ModuleType:
    """Import PyAV.

    Returns
    -------
    module
        ``av``.

    Raises
    ------
    MissingExtra
        If it is not installed.
    """
    try:
        return importlib.import_module("av")
    except ModuleNotFoundError as error:
        raise MissingExtra(
            "videos need the package 'av'", "pip install 'lookalike[video]'"
        ) from error


@contextlib.contextmanager
def reading(name: str) -> Iterator[None]:
    """Turn what is said against a video that is opened into one line.

    Parameters
    ----------
    name : str
        The file or address.

    Yields
    ------
    None
        Inside, it is opened.

    Raises
    ------
    VideoMissing
        If there is no such file, or it may not be read.
    VideoUnreadable
        If it is no video, or a broken one, or nobody answers at the address.
    """
    try:
        yield
    except (FileNotFoundError, PermissionError, IsADirectoryError) as error:
        raise VideoMissing(f"cannot open {name}: {_reason(error)}", "check the path") from error
    except OSError as error:
        raise VideoUnreadable(
            f"cannot read {name}: {_reason(error)}",
            "is it a video, and whole? lookalike reads what FFmpeg reads",
        ) from error
    except (ValueError, LookupError) as error:  # FFmpeg's own errors that are no OSError
        raise VideoUnreadable(
            f"cannot read {name}: {_reason(error)}", "lookalike reads what FFmpeg reads"
        ) from error


@contextlib.contextmanager
def writing(name: str) -> Iterator[None]:
    """Turn what is said against a video that is written into one line.

    Parameters
    ----------
    name : str
        The file.

    Yields
    ------
    None
        Inside, it is written.

    Raises
    ------
    VideoUnwritable
        If the disk is full, the folder read-only, or the format cannot hold what it shall.
    """
    try:
        yield
    except (OSError, ValueError) as error:
        raise VideoUnwritable(f"cannot write {name}: {_reason(error)}", WRITING_HINT) from error


def _reason(error: BaseException) -> str:
    return str(getattr(error, "strerror", "") or error).splitlines()[0]
