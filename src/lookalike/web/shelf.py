"""The galleries that a service answers from, by name. No name is ever a path."""

from __future__ import annotations

import re
import threading
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from lookalike.errors import GalleryMissing
from lookalike.gallery.gallery import Gallery
from lookalike.gallery.opt_out import opted_out
from lookalike.gallery.pictures import pictured
from lookalike.pipeline import Finder
from lookalike.web.heads import Heads

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from lookalike.gallery.places import Place
    from lookalike.protocols import Analyzer

SUFFIX: Final = ".gallery"
_NAME: Final = re.compile(r"\w[\w. -]{0,99}")


@dataclass(frozen=True, slots=True)
class Opened:
    """A gallery as it was when it was opened.

    Parameters
    ----------
    name : str
        How it is called here.
    finder : Finder
        What answers.
    generation : int
        How often the gallery had been changed.
    pictures : dict
        The number of each face that has a picture, by photo and person.
    shown : frozenset of int
        The same numbers.
    heads : Heads
        What tells its people apart.
    """

    name: str
    finder: Finder
    generation: int
    pictures: dict[tuple[str, str], int]
    shown: frozenset[int]
    heads: Heads


class Shelf:
    """Galleries, opened when they are first asked for and again when they have changed.

    Safe to share between threads.

    Parameters
    ----------
    finder : Finder
        What answers by default.
    folder : Path or None
        Its ``*.gallery`` files answer, too.
    opening : callable
        Takes a gallery and returns what looks at photos for it.
    """

    def __init__(
        self,
        finder: Finder,
        folder: Path | None,
        opening: Callable[[Gallery], Analyzer],
    ) -> None:
        self._folder = folder
        self._opening = opening
        self._lock = threading.Lock()
        self._locks: dict[str, threading.Lock] = defaultdict(threading.Lock)
        self._default_place = finder.gallery.file.place
        self.default: Final = self._default_place.stem
        self._analyzers = {(finder.analyzer.space, finder.analyzer.views): finder.analyzer}
        self._opened = {self.default: _opened(self.default, finder)}

    def names(self) -> tuple[str, ...]:
        """Return the names of all galleries, the default one first."""
        return (self.default, *sorted(self._places().keys() - {self.default}))

    def place(self, name: str) -> Place:
        """Return where a gallery is.

        Parameters
        ----------
        name : str
            One of the names; anything else is refused.

        Returns
        -------
        Path or Address
            A gallery file, or one on a server.

        Raises
        ------
        GalleryMissing
            If there is none of that name.
        """
        place = self._places().get(name)
        if place is None:
            raise GalleryMissing("there is no gallery of that name", "ask for the list of them")
        return place

    def get(self, name: str = "") -> Opened:
        """Return a gallery, as it is now.

        Parameters
        ----------
        name : str, default ""
            Its name; the default one if empty.

        Returns
        -------
        Opened
            Ready for questions.

        Raises
        ------
        GalleryMissing
            If there is none of that name.
        GalleryError, ModelError
            If it cannot be used.
        """
        name = name or self.default
        place = self.place(name)
        with self._lock:
            lock = self._locks[name]
        with lock:
            there = self._opened.get(name)
            if there is not None and _is_fresh(there):
                return there
            gallery = Gallery.open(place)
            self._opened[name] = _opened(name, Finder(gallery, self._analyzer(gallery)))
        if there is not None:
            # Whoever is still asking it has a connection of their own.
            there.finder.gallery.file.close()
        return self._opened[name]

    def close(self) -> None:
        """Let go of all files."""
        for opened in self._opened.values():
            opened.finder.gallery.file.close()

    def _analyzer(self, gallery: Gallery) -> Analyzer:
        key = (gallery.header.space, gallery.header.views)
        with self._lock:
            if key not in self._analyzers:
                self._analyzers[key] = self._opening(gallery)
            return self._analyzers[key]

    def _places(self) -> dict[str, Place]:
        found: dict[str, Place] = {}
        if self._folder is not None and self._folder.is_dir():
            folder = self._folder.resolve()
            for path in self._folder.glob(f"*{SUFFIX}"):
                # A link may lead to another gallery in the folder, and nowhere else.
                inside = path.resolve().is_relative_to(folder) and path.is_file()
                if inside and _NAME.fullmatch(path.stem):
                    found[path.stem] = path
        found[self.default] = self._default_place
        return found


def _is_fresh(opened: Opened) -> bool:
    gallery = opened.finder.gallery
    return gallery.file.generation == opened.generation and opted_out() == gallery.opted_out


def _opened(name: str, finder: Finder) -> Opened:
    gallery = finder.gallery
    generation = gallery.file.generation
    # Of a large gallery that takes longer than a visitor is given.
    gallery.prepare()
    columns = gallery.columns(everyone=True)
    kept = pictured(gallery.file)
    pictures = {
        (photo.id, columns.people[group].id): int(number)
        for photo, group, number in zip(
            columns.photos, columns.groups, columns.numbers, strict=True
        )
        if int(number) in kept
    }
    return Opened(name, finder, generation, pictures, frozenset(pictures.values()), Heads(gallery))
