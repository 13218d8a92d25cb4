"""The nouns of collecting: whom photos are of, and what a service offers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping


@dataclass(frozen=True, slots=True)
class Subject:
    """Somebody whom photos are collected of.

    Parameters
    ----------
    key : str
        What tells this person from everybody else in the folder: a Wikidata id, or the keyword.
    name : str
        As people write it. Two subjects may have one name.
    mark : str
        What is put behind the name where somebody else already has it.
    attributes : mapping of str to str
        What is known of the person, for example ``{"born": "1997-02-01"}``.
    """

    key: str
    name: str
    mark: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Offer:
    """A photo that a service offers, not yet downloaded.

    Parameters
    ----------
    key : str
        What the photo is called in its service, the same in every run.
    address : str
        Where its file is.
    page : str
        The address of the page that it was published on, empty if not known.
    title : str
        What it is called, empty if not known.
    licence : str
        Its licence, for example "CC BY-SA 4.0"; empty if the service does not say.
    licence_page : str
        The address of the licence's text, empty if not known.
    credit : str
        Whom to name when it is shown, empty if not known.
    width, height : int
        In pixels, as the service says; 0 if it does not.
    service : str
        Who offers it.
    """

    key: str
    address: str
    page: str = ""
    title: str = ""
    licence: str = ""
    licence_page: str = ""
    credit: str = ""
    width: int = 0
    height: int = 0
    service: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """How many photos of one person are wanted, and where they come from.

    Parameters
    ----------
    subject : Subject
        The person.
    wanted : int
        How many photos.
    offers : callable
        Takes nothing and returns the offers, the best first. Called once, and only if photos are
        still missing.
    request : str
        What was asked for, in words: a person who is done with one request may not be done with
        another.
    """

    subject: Subject
    wanted: int
    offers: Callable[[], Iterator[Offer]]
    request: str = ""
