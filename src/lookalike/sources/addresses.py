"""Photos in object storage, or wherever else fsspec reads: S3, GCS, a web server, archives there.

The protocol says who reads: ``s3://`` needs the package s3fs, ``gs://`` gcsfs, and
so on. Credentials are those packages' own concern and are never kept here.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from functools import partial
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Final

from lookalike.errors import ImageMissing, MissingExtra, OptionError
from lookalike.images import Limits
from lookalike.sources.faults import Faults
from lookalike.sources.members import Members
from lookalike.sources.naming import Layout, check_layout
from lookalike.types import Candidate, Person

if TYPE_CHECKING:
    from collections.abc import Iterator

#: What file systems call what changes with a file, the surest first.
_CHANGES: Final = ("ETag", "etag", "md5Hash", "mtime", "LastModified", "updated", "created")

#: What is nobody's business: user and password, and signatures in a query.
_SECRET: Final = re.compile(r"(?<=://)[^/@\s]*@|\?\S*")


@dataclass(frozen=True, slots=True)
class Address:
    """Where a photo is.

    Parameters
    ----------
    root : str
        The address that was given.
    path : str
        The photo's path, as its file system calls it.
    size : int or None
        In bytes, None if its file system does not say.
    uri : str
        Its name below the root.
    limits : Limits
        The sizes to refuse.
    """

    root: str
    path: str
    size: int | None
    uri: str
    limits: Limits


class AddressSource:
    """Photos below an address, in the order of their names.

    Folders name people as folders on disk do. The list of all names is read first.

    Parameters
    ----------
    address : str
        For example ``s3://bucket/people``. ``tar://::s3://bucket/shard.tar`` is an archive there;
        an address that ends with ``.tar`` is taken for one.
    layout : {"auto", "people", "flat"}
        What names the people, see `lookalike.sources.naming.owner_of`.
    numbered : bool
        Whether a number at the end of a file's name only counts the photos of one person.
    limits : Limits, optional
        The sizes to refuse.

    Attributes
    ----------
    name : str
        The last part of the address, without a suffix.
    faults : Faults
        What the last pass passed over.

    Raises
    ------
    OptionError
        If nothing reads such addresses.
    MissingExtra
        If fsspec, or its package for such addresses, is not installed.
    """

    def __init__(
        self,
        address: str,
        layout: Layout = "auto",
        *,
        numbered: bool = False,
        limits: Limits | None = None,
    ) -> None:
        check_layout(layout)
        bare = shown(address).rstrip("/")
        self.address = f"tar://::{address}" if bare.lower().endswith(".tar") else address
        last = PurePosixPath(bare).name
        self.name = last.removesuffix(".tar") or last
        self.layout: Layout = layout
        self.numbered = numbered
        self.limits = limits or Limits()
        self.faults = Faults()
        _opened(self.address)

    def __iter__(self) -> Iterator[Candidate]:
        """Offer the photos one by one.

        Raises
        ------
        OptionError
            If the storage does not say what is there.
        """
        faults = self.faults = Faults()
        members = Members(self.layout, faults, numbered=self.numbered)
        system, root = _opened(self.address)
        try:
            # What was listed before may have changed.
            system.invalidate_cache()
            found = system.find(root, detail=True)
        except (OSError, ValueError) as error:
            raise OptionError(
                f"{shown(self.address)} cannot be read: {_said(error, self.address)}",
                "check the address and who may read it",
            ) from error
        if not found:
            raise OptionError(f"there is nothing at {shown(self.address)}", "check the spelling")
        for path, facts in sorted(found.items()):
            labelled = members.label(path.removeprefix(root).lstrip("/"))
            if labelled is None:
                continue
            uri, owner = labelled
            # Web servers only list names.
            size = facts.get("size")
            place = Address(self.address, path, size, uri, self.limits)
            changed = next((facts[key] for key in _CHANGES if facts.get(key)), "")
            load = partial(read_address, place)
            yield Candidate(Person.named(owner), uri, load, f"{size or 0}-{changed}".strip('"'))


def read_address(place: Address) -> bytes:
    """Read a photo from where it is.

    Parameters
    ----------
    place : Address
        Where.

    Returns
    -------
    bytes
        The photo's file.

    Raises
    ------
    ImageTooLarge, ImageUnreadable
        If it is over the limit, or empty; then nothing has been read.
    ImageMissing
        If it is not there any more, or the storage does not give it.
    """
    if place.size is not None:
        place.limits.check_bytes(place.size, place.uri)
    try:
        system, _ = _opened(place.root)
        if place.size is not None:
            data = bytes(system.cat_file(place.path))
        else:
            with system.open(place.path, "rb") as stream:
                data = bytes(stream.read(place.limits.max_bytes + 1))
    except (OSError, ValueError, KeyError) as error:
        raise ImageMissing(
            f"{place.uri} cannot be read from {shown(place.root)}: {_said(error, place.root)}",
            "check that it is there and who may read it",
        ) from error
    place.limits.check_bytes(len(data), place.uri)
    return data


def shown(address: str) -> str:
    """Write an address as anybody may see it.

    Parameters
    ----------
    address : str
        As it was given.

    Returns
    -------
    str
        Without what stands before an ``@`` and after a ``?``: names with passwords, signatures.
    """
    return _SECRET.sub("", address)


def _said(error: Exception, address: str) -> str:
    """Return an error's words, in which the address may be repeated."""
    words = str(error).replace(address, shown(address))
    return _SECRET.sub("", words.replace(address.rpartition("::")[2], shown(address)))


@functools.lru_cache(maxsize=32)
def _opened(address: str) -> tuple[Any, str]:
    """Return the file system of an address, and the path in it."""
    try:
        from fsspec.core import url_to_fs

        system, root = url_to_fs(address)
    except ImportError as error:
        raise MissingExtra(
            f"{shown(address)} cannot be read: {_said(error, address)}",
            "pip install 'lookalike[cluster]' and what it names",
        ) from error
    except (ValueError, OSError) as error:
        raise OptionError(
            f"{shown(address)} cannot be read: {_said(error, address)}",
            "for example s3://bucket/folder",
        ) from error
    return system, str(root)
