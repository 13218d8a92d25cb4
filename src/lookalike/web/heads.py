"""What tells the people of a gallery apart, learned at most once."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final

from lookalike.errors import OptionError
from lookalike.identification.identifier import Identifier
from lookalike.identification.options import IdentifyOptions
from lookalike.identification.training import kept, train

if TYPE_CHECKING:
    from lookalike.gallery.gallery import Gallery
    from lookalike.identification.training import Trained
    from lookalike.protocols import Analyzer

#: Learning from more faces than this keeps everybody waiting; it is done beforehand, and kept.
_MOST_FACES: Final = 2_000


class Heads:
    """Classifiers of one gallery. Safe to share between threads.

    Parameters
    ----------
    gallery : Gallery
        As it was opened.
    """

    def __init__(self, gallery: Gallery) -> None:
        self._gallery = gallery
        self._lock = threading.Lock()
        self._trained: dict[str, Trained] = {}

    def identifier(self, analyzer: Analyzer, options: IdentifyOptions) -> Identifier:
        """Return what identifies people of the gallery.

        Parameters
        ----------
        analyzer : Analyzer
            Of the gallery's own space.
        options : IdentifyOptions
            By which head, and how surely.

        Returns
        -------
        Identifier
            Ready for photos.

        Raises
        ------
        OptionError
            If the gallery keeps none of that kind and is too large to learn one now, or too small
            for the rate that is asked for.
        """
        with self._lock:
            if options.head not in self._trained:
                self._trained[options.head] = self._ready(options.head)
        return Identifier(self._gallery, analyzer, self._trained[options.head], options)

    def _ready(self, head: str) -> Trained:
        trained = kept(self._gallery, head)
        if trained is not None:
            return trained
        if len(self._gallery.columns(everyone=True).photos) > _MOST_FACES:
            raise OptionError(
                f"this gallery keeps no classifier {head!r}",
                f"its owner can make one: lookalike gallery train-classifier GALLERY --head {head}",
            )
        return train(self._gallery, head)
