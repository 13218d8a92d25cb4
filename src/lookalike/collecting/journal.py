"""What has been collected so far, line by line, so that a killed run loses nothing.

One JSON object a line, each with one key that says what it is: ``person``, ``photo``, ``passed``
(a photo that was looked at and not kept) or ``done`` (nothing more is to be had). A line that was
cut off by a power failure is dropped.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from lookalike.collecting.disk import writing
from lookalike.collecting.naming import folder_name, own_name

if TYPE_CHECKING:
    from pathlib import Path

    from lookalike.collecting.records import Subject

_NAME: Final = "journal.jsonl"


@dataclass(frozen=True, slots=True)
class Kept:
    """A photo that is in the folder.

    Parameters
    ----------
    person : str
        The subject's key.
    key : str
        The offer's key.
    path : str
        Relative to the folder, with forward slashes.
    sha256 : str
        Of the file, in hexadecimal.
    width, height : int
        In pixels, upright.
    licence, licence_page, credit, page, url, title, service : str
        As in the offer.
    retrieved : str
        When, in ISO form, UTC.
    """

    person: str
    key: str
    path: str
    sha256: str
    width: int
    height: int
    licence: str
    licence_page: str
    credit: str
    page: str
    url: str
    title: str
    service: str
    retrieved: str


@dataclass(frozen=True, slots=True)
class Known:
    """A person who has a folder.

    Parameters
    ----------
    key : str
        The subject's key.
    name : str
        Its name, told apart from the others' here.
    folder : str
        The name of the folder.
    attributes : dict of str to str
        What is known of the person.
    """

    key: str
    name: str
    folder: str
    attributes: dict[str, str]


class Journal:
    """The journal of one folder.

    Parameters
    ----------
    folder : Path
        Where it is kept. It is made if it is not there.

    Raises
    ------
    FolderUnwritable
        If it cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / _NAME
        self.people: dict[str, Known] = {}
        self.photos: dict[str, list[Kept]] = {}
        self._seen: dict[str, set[str]] = {}
        self._done: dict[str, tuple[str, int, int]] = {}
        with writing(self._path):
            folder.mkdir(parents=True, exist_ok=True)
            self._stream: BinaryIO = self._path.open("a+b")
        self._read()

    def close(self) -> None:
        """Close the file."""
        self._stream.close()

    def person(self, subject: Subject) -> Known:
        """Return a person's entry, and make it where there is none.

        Parameters
        ----------
        subject : Subject
            The person.

        Returns
        -------
        Known
            With the name and the folder that are the person's from now on.

        Raises
        ------
        FolderUnwritable
            If the disk takes no more.
        """
        there = self.people.get(subject.key)
        if there and there.attributes == dict(subject.attributes):
            return there
        name = there.name if there else own_name(subject, (p.name for p in self.people.values()))
        folder = there.folder if there else self._own_folder(folder_name(name))
        known = Known(subject.key, name, folder, dict(subject.attributes))
        self._add("person", asdict(known))
        return known

    def has_seen(self, person: str, key: str) -> bool:
        """Say whether a photo has been dealt with for a person.

        Parameters
        ----------
        person : str
            The subject's key.
        key : str
            The offer's key.

        Returns
        -------
        bool
            True if it is kept, or was looked at and passed over for good.
        """
        return key in self._seen.get(person, ())

    def keep(self, photo: Kept) -> None:
        """Write down a photo that is in the folder now.

        Parameters
        ----------
        photo : Kept
            The photo.

        Raises
        ------
        FolderUnwritable
            If the disk takes no more.
        """
        self._add("photo", asdict(photo))

    def pass_over(self, person: str, key: str, reason: str) -> None:
        """Write down that a photo is not wanted, so that it is not downloaded again.

        Parameters
        ----------
        person : str
            The subject's key.
        key : str
            The offer's key.
        reason : str
            Why.

        Raises
        ------
        FolderUnwritable
            If the disk takes no more.
        """
        self._add("passed", {"person": person, "key": key, "reason": reason})

    def finish(self, person: str, request: str, wanted: int) -> None:
        """Write down that nothing more is to be had for a person.

        Parameters
        ----------
        person : str
            The subject's key.
        request : str
            What was asked for.
        wanted : int
            How many photos were wanted.

        Raises
        ------
        FolderUnwritable
            If the disk takes no more.
        """
        kept = len(self.photos.get(person, ()))
        entry = {"person": person, "request": request, "wanted": wanted, "kept": kept}
        self._add("done", entry)

    def is_done(self, person: str, request: str, wanted: int, there: int) -> bool:
        """Say whether a person needs no more asking.

        Parameters
        ----------
        person : str
            The subject's key.
        request : str
            What is asked for.
        wanted : int
            How many photos are wanted.
        there : int
            How many are in the folder; somebody may have deleted some.

        Returns
        -------
        bool
            True if there are enough, or if the same request has found no more before.
        """
        if there >= wanted:
            return True
        done_request, done_wanted, kept = self._done.get(person, ("", 0, 0))
        return done_request == request and done_wanted >= wanted and there >= kept

    def _own_folder(self, name: str) -> str:
        # Two names may differ only in what no folder's name may hold.
        taken = {known.folder.casefold() for known in self.people.values()}
        folder, number = name, 1
        while folder.casefold() in taken:
            number += 1
            folder = f"{name} ({number})"
        return folder

    def _read(self) -> None:
        self._stream.seek(0)
        whole = 0
        for line in self._stream:
            if not line.endswith(b"\n"):
                break
            whole += len(line)
            try:
                ((kind, entry),) = json.loads(line).items()
                self._take(kind, entry)
            except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
                continue
        with writing(self._path):
            self._stream.truncate(whole)

    def _add(self, kind: str, entry: dict[str, Any]) -> None:
        line = json.dumps({kind: entry}, ensure_ascii=False).encode("utf-8", "backslashreplace")
        with writing(self._path):
            self._stream.write(line + b"\n")
            self._stream.flush()
            os.fsync(self._stream.fileno())
        self._take(kind, entry)

    def _take(self, kind: str, entry: dict[str, Any]) -> None:
        if kind == "person":
            self.people[entry["key"]] = Known(**entry)
        elif kind == "photo":
            photo = Kept(**entry)
            self._seen.setdefault(photo.person, set()).add(photo.key)
            self.photos.setdefault(photo.person, []).append(photo)
        elif kind == "passed":
            self._seen.setdefault(entry["person"], set()).add(entry["key"])
        elif kind == "done":
            done = (entry["request"], entry["wanted"], entry["kept"])
            self._done[entry["person"]] = done
