"""Places become one source: each is recognized by looking at it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from lookalike.errors import OptionError
from lookalike.sources.addresses import AddressSource
from lookalike.sources.archive_limits import ArchiveLimits
from lookalike.sources.blend import BlendedSource
from lookalike.sources.celeb_mini import CelebMiniSource
from lookalike.sources.folder import FolderSource
from lookalike.sources.imdb_filters import ImdbFilters
from lookalike.sources.imdb_wiki import ImdbWikiSource
from lookalike.sources.label_map import find_label_map
from lookalike.sources.naming import PHOTO_SUFFIXES, Layout, check_layout
from lookalike.sources.reading import reading
from lookalike.sources.table import TableSource
from lookalike.sources.tar_archive import TarSource
from lookalike.sources.zip_archive import ZipSource

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lookalike.protocols import Source

_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_PACKED: Final = (b"\x1f\x8b", b"\xfd7zXZ\x00", b"BZh", b"\x28\xb5\x2f\xfd")
_MATLAB: Final = (b"MATLAB ", b"\x89HDF")
_USTAR: Final = slice(257, 262)
_TABLES: Final = frozenset({".csv", ".tsv", ".jsonl", ".ndjson", ".parquet"})
_TAPES: Final = frozenset({".tar", ".tgz", ".txz", ".tbz2", ".tzst"})
_OTHER: Final = {
    ".json": "save it as JSON lines, one object in each line, in a file called .jsonl",
    ".xlsx": "save it as CSV",
    ".xls": "save it as CSV",
    ".rar": "unpack it and give the folder",
    ".7z": "unpack it and give the folder",
}
_KINDS: Final = "give a folder, an archive (.zip, .tar), a table (.csv, .parquet, .jsonl) or a .mat"


@dataclass(frozen=True, slots=True)
class SourceOptions:
    """How to read what is opened. Each kind of source takes what concerns it.

    Parameters
    ----------
    layout : {"auto", "people", "flat"}
        What names the people in folders and archives, see `lookalike.sources.naming.owner_of`.
        With ``auto``, a folder may also be one with a label map, or that of IMDB-WIKI.
    numbered : bool
        Whether a number at the end of a file's name only counts the photos of one person.
    images : Path, optional
        The folder that the paths of a table or of IMDB-WIKI start from; that of the file if not
        given.
    labels : Path, optional
        The label map of a folder such as ``celeb_mini``; looked for if not given.
    encoding : str
        That of a CSV file; UTF-8 if not given.
    imdb : ImdbFilters
        Which rows of IMDB-WIKI to take.
    crops : bool, optional
        Whether the photos of IMDB-WIKI are its face crops; judged by the name of their folder if
        not given.
    limits : ArchiveLimits
        What to refuse of archives.

    Raises
    ------
    OptionError
        If there is no such layout.
    """

    layout: Layout = "auto"
    numbered: bool = False
    images: Path | None = None
    labels: Path | None = None
    encoding: str = ""
    imdb: ImdbFilters = field(default_factory=ImdbFilters)
    crops: bool | None = None
    limits: ArchiveLimits = field(default_factory=ArchiveLimits)

    def __post_init__(self) -> None:
        """Check the layout."""
        check_layout(self.layout)


def open_source(places: Sequence[Path | str], options: SourceOptions | None = None) -> Source:
    """Open folders, archives, tables and data sets as one source.

    Parameters
    ----------
    places : sequence of Path or str
        At least one. What each is, is decided by looking at it; a text with ``://`` in it is an
        address, see `AddressSource`.
    options : SourceOptions, optional
        How to read them.

    Returns
    -------
    Source
        The source itself if there is one place; of several, the uris begin with the source's name.

    Raises
    ------
    OptionError
        If there is no place, or one is nothing that photos can be read from.
    MissingExtra
        If a table is a Parquet file and ``pyarrow`` is not installed, or an address is given and
        what reads it is not.
    """
    options = options or SourceOptions()
    sources = [one for place in places for one in _open(place, options)]
    if not sources:
        raise OptionError("there is nothing to read photos from", _KINDS)
    return sources[0] if len(sources) == 1 else BlendedSource(sources)


def _open(named: Path | str, options: SourceOptions) -> list[Source]:
    if isinstance(named, str) and "://" in named:
        numbered, limits = options.numbered, options.limits.photo
        return [AddressSource(named, options.layout, numbered=numbered, limits=limits)]
    place = Path(named)
    if place.is_dir():
        return _open_folder(place, options)
    with reading(place), place.open("rb") as file:
        start = file.read(512)
    return [_open_file(place, start, options)]


def _open_folder(folder: Path, options: SourceOptions) -> list[Source]:
    if options.labels is not None:
        return [CelebMiniSource(folder, options.labels)]
    if options.layout == "auto":
        tables = [folder / name for name in ("imdb.mat", "wiki.mat")]
        published = [path for path in tables if path.is_file()]
        if published:
            return [_open_imdb(path, options) for path in published]
        labels = find_label_map(folder)
        if labels is not None:
            return [CelebMiniSource(folder, labels)]
    return [FolderSource(folder, options.layout, numbered=options.numbered)]


def _open_file(path: Path, start: bytes, options: SourceOptions) -> Source:
    suffix = path.suffix.lower()
    numbered, limits = options.numbered, options.limits
    if start.startswith(_MATLAB) or suffix == ".mat":
        return _open_imdb(path, options)
    if suffix in _OTHER:
        raise OptionError(f"{path.name} cannot be read as it is", _OTHER[suffix])
    if start.startswith(_ZIP) or suffix == ".zip":
        return ZipSource(path, options.layout, numbered=numbered, limits=limits)
    if start[_USTAR] == b"ustar" or start.startswith(_PACKED) or suffix in _TAPES:
        return TarSource(path, options.layout, numbered=numbered, limits=limits)
    if suffix in _TABLES or start.startswith(b"PAR1"):
        return TableSource(path, options.images, encoding=options.encoding)
    if suffix in PHOTO_SUFFIXES:
        raise OptionError(f"{path.name} is one photo", "give the folder that it is in")
    raise OptionError(f"{path.name} is nothing that photos can be read from", _KINDS)


def _open_imdb(path: Path, options: SourceOptions) -> Source:
    return ImdbWikiSource(path, options.images, filters=options.imdb, crops=options.crops)
