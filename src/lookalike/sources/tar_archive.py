"""A tar archive of photos, packed or not, read in place."""

from __future__ import annotations

import tarfile
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, cast

from lookalike.errors import OptionError
from lookalike.sources.archive_limits import ArchiveLimits
from lookalike.sources.faults import Faults
from lookalike.sources.members import Members
from lookalike.sources.naming import Layout, check_layout
from lookalike.sources.tar_piece import Piece, damaged, gone, piece_of, read_piece, whole
from lookalike.sources.tar_stream import BROKEN, ForwardStream, opener_of
from lookalike.types import Candidate, Person

if TYPE_CHECKING:
    from collections.abc import Iterator

_AGAIN = "copy or download the archive again"


class TarSource:
    """Photos in a tar archive, in its order; nothing is unpacked to disk.

    Folders inside it name people as folders on disk do. Links, devices, hidden files, and files
    that are clearly something else are passed over. An archive that ends too early or is damaged
    further on gives what stands before, and says so in its `faults`.

    Photos of a packed archive can be loaded in any order, but going back means unpacking from the
    start: load them in the order in which they are offered.

    Parameters
    ----------
    path : str or Path
        The archive: ``.tar``, or packed as ``.tar.gz``, ``.tar.xz``, ``.tar.bz2`` or, with
        Python 3.14, ``.tar.zst``.
    layout : {"auto", "people", "flat"}
        What names the people, see `lookalike.sources.naming.owner_of`.
    numbered : bool
        Whether a number at the end of a file's name only counts the photos of one person.
    limits : ArchiveLimits
        What to refuse.

    Attributes
    ----------
    name : str
        The archive's name without its suffixes.
    faults : Faults
        What the last pass passed over.

    Raises
    ------
    OptionError
        If it is no tar archive, or packed in a way that cannot be read here; while going through
        it, if it is over the limits.
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
        self.name = _without_suffixes(self.path.name)
        self.layout: Layout = layout
        self.numbered = numbered
        self.limits = limits or ArchiveLimits()
        self.faults = Faults()
        self._unpack = None
        self._reader: ForwardStream | None = None
        try:
            self._unpack = opener_of(self.path)
            self._size = self.path.stat().st_size
            with closing(self._stream()) as stream:
                _open(stream)
        except OptionError:
            raise
        except FileNotFoundError as error:
            raise OptionError(f"there is no file {self.path}", "check the spelling") from error
        except (*BROKEN, RecursionError) as error:
            raise OptionError(
                f"{self.path.name} is no tar archive, or a damaged one: {error}", _AGAIN
            ) from error

    def _stream(self) -> ForwardStream:
        # The streams close what is below them when nobody holds them anymore.
        raw: IO[bytes] = self._unpack(self.path) if self._unpack else self.path.open("rb")
        return ForwardStream(raw)

    def _again(self) -> ForwardStream:
        try:
            return self._stream()
        except OSError as error:
            raise OptionError(f"{self.path} is gone", "put the archive back") from error

    def __iter__(self) -> Iterator[Candidate]:
        """Offer the photos one by one."""
        faults = self.faults = Faults()
        members = Members(self.layout, faults, numbered=self.numbered)
        with closing(self._again()) as stream:
            for count, info in enumerate(_infos(stream, faults, self.path.name), 1):
                self.limits.check_count(count, self.path.name)
                if self._unpack:
                    unpacked = info.offset_data + info.size
                    self.limits.check_whole(unpacked, self._size, self.path.name)
                if not info.isreg():
                    continue
                name = info.name.encode("utf-8", "surrogateescape")
                labelled = members.label(name.decode("utf-8", "backslashreplace"))
                if labelled is None:
                    continue
                uri, owner = labelled
                if info.issparse():
                    faults.add(uri, "is a file with holes, which cannot be read in place")
                    continue
                piece = Piece(
                    self.path.absolute(), info.offset_data, info.size, uri, self.limits.photo
                )
                load = partial(self._load_packed if self._unpack else read_piece, piece)
                stamp = f"{info.size}-{info.mtime}"
                yield Candidate(Person.named(owner), uri, load, stamp)

    def _load_packed(self, piece: Piece) -> bytes:
        piece.limits.check_bytes(piece.size, piece.name)
        try:
            return whole(piece, self._read_packed(piece.offset, piece.size))
        except FileNotFoundError as error:
            raise gone(self.path) from error
        except BROKEN as error:
            raise damaged(piece, error) from error

    def _read_packed(self, offset: int, size: int) -> bytes:
        # A second stream follows the one that lists the members: unpacking twice costs less than
        # the memory of all that was offered and not loaded yet.
        reader, self._reader = self._reader, None
        if reader is None or reader.tell() > offset:
            if reader is not None:
                reader.close()
            reader = self._stream()
        data = piece_of(reader, offset, size)
        self._reader = reader
        return data


def _open(stream: ForwardStream) -> tarfile.TarFile:
    return tarfile.TarFile(fileobj=cast("Any", stream), mode="r", encoding="utf-8")


def _infos(stream: ForwardStream, faults: Faults, name: str) -> Iterator[tarfile.TarInfo]:
    """Go through the headers, up to the end or to where the archive is damaged."""
    count = 0
    try:
        archive: Any = _open(stream)
        while (info := archive.next()) is not None:
            count += 1
            # Python's reader keeps all headers, for questions that nobody asks here.
            archive.members.clear()
            yield info
    except (*BROKEN, RecursionError):
        faults.add(f"{name}, after {count:,} files", "the archive is damaged or cut off here")
        return
    if stream.last.strip(b"\0") or not stream.last:
        faults.add(f"{name}, after {count:,} files", "the archive is damaged or cut off here")


def _without_suffixes(name: str) -> str:
    stem, dot, suffix = name.rpartition(".")
    if dot and suffix.lower() in {"gz", "xz", "bz2", "zst", "tgz", "txz", "tbz2", "tzst", "tar"}:
        return stem.removesuffix(".tar") or name
    return stem or name
