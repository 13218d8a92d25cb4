"""A ZIP archive of photos, read in place."""

from __future__ import annotations

import lzma
import stat
import struct
import zipfile
import zlib
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from lookalike.errors import ImageUnreadable, OptionError
from lookalike.sources.archive_limits import ArchiveLimits
from lookalike.sources.faults import Faults
from lookalike.sources.members import Members
from lookalike.sources.naming import Layout, check_layout
from lookalike.sources.zip_directory import directory_size
from lookalike.types import Candidate, Person

if TYPE_CHECKING:
    from collections.abc import Iterator

#: What Python's reader raises at damaged archives; they share no narrower parent.
_BROKEN: Final = (
    OSError, EOFError, RuntimeError, ValueError, zipfile.BadZipFile,
    zlib.error, lzma.LZMAError, struct.error,
)  # fmt: skip

_ENCRYPTED: Final = 0x1
_NAME_IS_UTF8: Final = 0x800
_BYTES_PER_ENTRY: Final = 256


class ZipSource:
    """Photos in a ZIP archive, in its order; nothing is unpacked to disk.

    Folders inside it name people as folders on disk do. Hidden files, those of ``__MACOSX``,
    links, and files that are clearly something else are passed over.

    Parameters
    ----------
    path : str or Path
        The archive.
    layout : {"auto", "people", "flat"}
        What names the people, see `lookalike.sources.naming.owner_of`.
    numbered : bool
        Whether a number at the end of a file's name only counts the photos of one person.
    limits : ArchiveLimits
        What to refuse.

    Attributes
    ----------
    name : str
        The archive's name without its suffix.
    faults : Faults
        What the last pass passed over.

    Raises
    ------
    OptionError
        If it is no ZIP archive, damaged, encrypted, or over the limits.
    """

    def __init__(
        self,
        path: str | Path,
        layout: Layout = "auto",
        *,
        numbered: bool = False,
        limits: ArchiveLimits | None = None,
    ) -> None:
        check_layout(layout)
        self.path = Path(path)
        self.name = self.path.stem
        self.layout: Layout = layout
        self.numbered = numbered
        self.limits = limits or ArchiveLimits()
        self.faults = Faults()
        self._archive = self._open()
        self._check()

    def _open(self) -> zipfile.ZipFile:
        name = self.path.name
        try:
            stated = directory_size(self.path)
            if stated is not None:
                members, size = stated
                # The list is read whole: a long one costs several times its size in memory.
                self.limits.check_count(max(members, size // _BYTES_PER_ENTRY), name)
            return zipfile.ZipFile(self.path)
        except OptionError:
            raise
        except FileNotFoundError as error:
            raise OptionError(f"there is no file {self.path}", "check the spelling") from error
        except _BROKEN as error:
            raise OptionError(
                f"{name} is no ZIP archive, or a damaged one: {error}", "copy or download it again"
            ) from error

    def _check(self) -> None:
        infos = self._archive.infolist()
        self.limits.check_count(len(infos), self.path.name)
        unpacked = sum(info.file_size for info in infos)
        self.limits.check_whole(unpacked, self.path.stat().st_size, self.path.name)
        if any(info.flag_bits & _ENCRYPTED for info in infos):
            raise OptionError(
                f"{self.path.name} is encrypted", "unpack it with its password, give the folder"
            )

    def __iter__(self) -> Iterator[Candidate]:
        """Offer the photos one by one."""
        self.faults = Faults()
        members = Members(self.layout, self.faults, numbered=self.numbered)
        for info in self._archive.infolist():
            if info.is_dir() or stat.S_ISLNK(info.external_attr >> 16):
                continue
            labelled = members.label(_name(info))
            if labelled is not None:
                uri, owner = labelled
                load = partial(self._load, info, uri)
                stamp = f"{info.file_size}-{info.CRC:08x}"
                yield Candidate(Person.named(owner), uri, load, stamp)

    def _load(self, info: zipfile.ZipInfo, uri: str) -> bytes:
        name = f"{uri} of {self.path.name}"
        self.limits.check_photo(info.file_size, info.compress_size, name)
        try:
            with self._archive.open(info) as stream:
                data = stream.read(info.file_size)
                # The checksum is looked at when the end is seen.
                stream.read(1)
        except NotImplementedError as error:
            raise ImageUnreadable(
                f"{name} is packed in a way that cannot be read here",
                "pack the archive again with the usual method, deflate",
            ) from error
        except _BROKEN as error:
            raise ImageUnreadable(
                f"{name} is damaged: {error}", "copy or download the archive again"
            ) from error
        if len(data) != info.file_size:
            raise ImageUnreadable(f"{name} is cut off", "copy or download the archive again")
        return data


def _name(info: zipfile.ZipInfo) -> str:
    """Read a member's name again where the archive does not say in which encoding it is."""
    if info.flag_bits & _NAME_IS_UTF8:
        return info.filename
    # Many programs write UTF-8 and do not say so; the standard's own encoding is cp437.
    try:
        return info.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return info.filename
