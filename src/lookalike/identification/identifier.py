"""Who of a gallery is in a photo, or nobody of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lookalike.encoding.gate import gate
from lookalike.errors import ArrayError, ImageError
from lookalike.identification.options import IdentifyOptions
from lookalike.identification.training import kept, train
from lookalike.identification.trials import BATCH
from lookalike.types import Identified, Identity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from numpy.typing import NDArray

    from lookalike.gallery.gallery import Gallery
    from lookalike.identification.training import Trained
    from lookalike.protocols import Analyzer, Readable
    from lookalike.types import Embeddings


class Identifier:
    """Names who of a gallery a face shows, or nobody. Safe to share between threads.

    Parameters
    ----------
    gallery : Gallery
        The known people: of a gallery that the user has made.
    analyzer : Analyzer
        Of the gallery's own space.
    trained : Trained
        What tells them apart.
    options : IdentifyOptions, optional
        From which score on somebody is named.

    Raises
    ------
    SpaceMismatch
        If gallery and analyzer do not belong together.
    OptionError
        If the rate that is asked for cannot be held with so few faces.
    """

    def __init__(
        self,
        gallery: Gallery,
        analyzer: Analyzer,
        trained: Trained,
        options: IdentifyOptions | None = None,
    ) -> None:
        gallery.header.space.require(analyzer.space)
        options = options or IdentifyOptions(trained.head.name)
        self.gallery = gallery
        self.analyzer = analyzer
        self.head = trained.head
        self.certainty = trained.certainty
        self.people = trained.people
        self.kept = trained.kept
        self._least_quality = options.min_quality
        self.threshold = (
            trained.certainty.threshold(options.fpir)
            if options.threshold is None
            else options.threshold
        )

    @classmethod
    def open(
        cls,
        gallery: Gallery,
        analyzer: Analyzer,
        options: IdentifyOptions | None = None,
        on_step: Callable[[], None] = lambda: None,
    ) -> Identifier:
        """Open what the gallery keeps to tell its people apart, or learn it now.

        Parameters
        ----------
        gallery : Gallery
            The known people.
        analyzer : Analyzer
            Of the gallery's own space.
        options : IdentifyOptions, optional
            By which head, and how surely.
        on_step : callable, optional
            Called after each step of learning, if anything is learned.

        Returns
        -------
        Identifier
            Ready for photos.

        Raises
        ------
        SpaceMismatch
            If gallery and analyzer do not belong together.
        GalleryEmpty, GalleryInvalid
            If there are fewer than two people, or the file is damaged.
        OptionError
            If the rate that is asked for cannot be held with so few faces.
        """
        options = options or IdentifyOptions()
        gallery.header.space.require(analyzer.space)
        trained = kept(gallery, options.head) or train(gallery, options.head, on_step)
        return cls(gallery, analyzer, trained, options)

    def identify(self, photo: Readable) -> Identified:
        """Say who is in a photo.

        Parameters
        ----------
        photo : path, bytes, file, PIL image, ndarray or Image
            The photo.

        Returns
        -------
        Identified
            Nothing in it if there is no face.

        Raises
        ------
        ImageError
            If the photo cannot be read.
        """
        (identified,) = self.identify_all([photo])
        if isinstance(identified, ImageError):
            raise identified
        return identified

    def identify_all(self, photos: Iterable[Readable]) -> Iterator[Identified | ImageError]:
        """Say who is in many photos.

        Parameters
        ----------
        photos : iterable of path, bytes, file, PIL image, ndarray or Image
            Any number.

        Yields
        ------
        Identified or ImageError
            For each photo in order; a photo that cannot be read is its error.
        """
        for analysis in self.analyzer.analyze(photos):
            if isinstance(analysis, ImageError):
                yield analysis
            else:
                clear = gate(analysis, self._least_quality)
                yield Identified(clear, tuple(self.identify_faces(clear.embeddings)))

    def identify_faces(self, faces: Embeddings) -> list[Identity]:
        """Say whom faces show.

        Parameters
        ----------
        faces : Embeddings
            Of the gallery's own space.

        Returns
        -------
        list of Identity
            One for each face.

        Raises
        ------
        SpaceMismatch
            If the faces were encoded by another model.
        """
        self.gallery.header.space.require(faces.space)
        found: list[Identity] = []
        for at in range(0, len(faces), BATCH):
            found += self._decided(self.head.scores(faces.vectors[at : at + BATCH]))
        return found

    def identify_track(self, faces: Embeddings) -> Identity:
        """Say whom several faces show that are known to be of one person.

        Parameters
        ----------
        faces : Embeddings
            At least one; for example a face followed through a video, or several photos.

        Returns
        -------
        Identity
            By the mean of their scores. The threshold is that of a single face, so the rate of
            false names is at most the one that is stated if the faces differ.

        Raises
        ------
        SpaceMismatch
            If the faces were encoded by another model.
        ArrayError
            If there is no face.
        """
        self.gallery.header.space.require(faces.space)
        if len(faces) == 0:
            raise ArrayError("a track needs at least one face")
        total = np.zeros(len(self.people))
        for at in range(0, len(faces), BATCH):
            total += self.head.scores(faces.vectors[at : at + BATCH]).sum(axis=0, dtype=np.float64)
        return self._decided((total / len(faces))[None].astype(np.float32))[0]

    def _decided(self, scores: NDArray[np.float32]) -> list[Identity]:
        """Name the likeliest person of each row of scores, shape (n, people), if it is enough."""
        best = scores.argmax(axis=1)
        top = scores[np.arange(len(scores)), best]
        chances = self.certainty.probability(top)
        answers = []
        for row, (number, score) in enumerate(zip(best.tolist(), top.tolist(), strict=True)):
            likeliest = self.people[number]
            answers.append(
                Identity(
                    likeliest if score > self.threshold else None,
                    likeliest,
                    score,
                    None if chances is None else float(chances[row]),
                )
            )
        return answers
