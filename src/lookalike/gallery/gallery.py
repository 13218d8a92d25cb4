"""Known people, and the question whom of them a face resembles."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Self

from lookalike.errors import ArrayError
from lookalike.gallery.asking.answering import Answering
from lookalike.gallery.asking.like_me import condition, find_like_me
from lookalike.gallery.asking.made import Made
from lookalike.gallery.asking.ranking import FindOptions
from lookalike.gallery.asking.selection import Selections
from lookalike.gallery.opening import open_store
from lookalike.gallery.opt_out import opted_out
from lookalike.gallery.pictures import PORTRAIT_PX, match_portrait

if TYPE_CHECKING:
    from collections.abc import Collection
    from types import TracebackType

    import numpy as np
    from numpy.typing import NDArray

    from lookalike.gallery.asking.probe import Guess
    from lookalike.gallery.asking.ranking import Rank
    from lookalike.gallery.places import Place
    from lookalike.gallery.records import Columns, Header
    from lookalike.gallery.seam import Store
    from lookalike.protocols import Metric
    from lookalike.types import Embeddings, Match, Person


class Gallery:
    """A gallery opened for finding. Safe to share between threads.

    The file is read once, at the first question; what is added to it later is seen by a gallery
    that is opened later.

    Parameters
    ----------
    file : Store
        Where the people are: a file, or a server.
    opted_out : collection of str, optional
        Ids of people and SHA-256 of photos that are not to be found here.
    """

    def __init__(self, file: Store, opted_out: Collection[str] = ()) -> None:
        self.file = file
        self.opted_out = frozenset(opted_out)
        self._selections = Selections(file, self.opted_out)
        self._made = Made(file, self._selections)
        self._answering = Answering(file, self._selections, self._made)

    @classmethod
    def open(cls, place: str | Place) -> Gallery:
        """Open a gallery for reading, without those on this user's opt-out list.

        Parameters
        ----------
        place : str, Path or Address
            A file, or ``postgresql://…``.

        Returns
        -------
        Gallery
            Ready for questions.

        Raises
        ------
        GalleryMissing, GalleryInvalid, GalleryVersion
            If it cannot be read.
        OptionError
            If the opt-out list cannot be read.
        """
        return cls(open_store(place), opted_out())

    def __enter__(self) -> Self:
        """Return the gallery itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let go of the file."""
        self.file.close()

    @property
    def header(self) -> Header:
        """What the gallery is."""
        return self.file.header

    @property
    def people(self) -> tuple[Person, ...]:
        """Everybody in the gallery with at least one face."""
        return self.columns(everyone=True).people

    def columns(self, *, everyone: bool, where: str = "") -> Columns:
        """Return the faces that are ranked.

        Parameters
        ----------
        everyone : bool
            If not, and the gallery says who is well known, only those.
        where : str, default ""
            Only those of whom this holds, see `lookalike.gallery.where`.

        Returns
        -------
        Columns
            Without a condition, kept for the next question.

        Raises
        ------
        OptionError
            If the condition is none.
        """
        columns = self._selections.get(everyone=everyone).columns
        people = self._selections.pool(everyone=everyone, where=where).people
        return columns if people is None else columns.of(people)

    def count(self, options: FindOptions) -> int:
        """Return how many people are ranked.

        Parameters
        ----------
        options : FindOptions
            As for `find`.

        Returns
        -------
        int
            0 and up.
        """
        return self._selections.pool(everyone=options.everyone, where=options.where).among

    def metric(self, name: str) -> Metric:
        """Return a metric, fitted on this gallery where it must be.

        Parameters
        ----------
        name : str
            A name of the registry.

        Returns
        -------
        Metric
            Ready to measure with.
        """
        return self._made.metric(name)

    def guess(self, faces: Embeddings, attribute: str) -> list[Guess]:
        """Guess an attribute of faces from the people of whom it is known.

        Parameters
        ----------
        faces : Embeddings
            Of the gallery's own space.
        attribute : str
            For example ``"gender"``.

        Returns
        -------
        list of Guess
            One for each face, with its confidence and how often such guesses are right.

        Raises
        ------
        SpaceMismatch
            If the faces were encoded by another model.
        OptionError
            If the attribute is known of too few people here.
        """
        self.header.space.require(faces.space)
        return self._made.probe(attribute).guess(faces.vectors)

    def find(self, faces: Embeddings, options: FindOptions | None = None) -> list[list[Match]]:
        """Rank the people whom each face resembles most.

        Parameters
        ----------
        faces : Embeddings
            Of the gallery's own space.
        options : FindOptions, optional
            How many, and by what.

        Returns
        -------
        list of list of Match
            For each face, the most alike first; `options.k` people, or all if there are fewer.

        Raises
        ------
        SpaceMismatch
            If the faces were encoded by another model.
        GalleryEmpty
            If there is nobody to compare with.
        UnknownName
            If there is no such metric.
        OptionError
            If the metric cannot be fitted on this gallery.
        """
        options = options or FindOptions()
        self.header.space.require(faces.space)
        if options.like_me:
            return find_like_me(self.find, faces, self.guess(faces, options.like_me), options)
        return self._answering.one_by_one(faces.vectors, options)

    def find_together(self, faces: Embeddings, options: FindOptions | None = None) -> list[Match]:
        """Rank the people whom somebody in several photos resembles most.

        Parameters
        ----------
        faces : Embeddings
            This one person's face in each photo, one and up; of the gallery's own space.
        options : FindOptions, optional
            How many, and by what.

        Returns
        -------
        list of Match
            The most alike first. Distances are those of the mean of the faces, which is nearer
            to everybody than a single face is; their rarity is that among means of strangers'
            photos. Each has its stability if there is more than one face.

        Raises
        ------
        SpaceMismatch, GalleryEmpty, UnknownName, OptionError
            As for `find`.
        ArrayError
            If there is no face.
        """
        options = options or FindOptions()
        self.header.space.require(faces.space)
        if len(faces) == 0:
            raise ArrayError("a face is needed to find somebody, got none")
        if options.like_me:
            (guess,) = self.guess(faces.mean(), options.like_me)
            options = replace(options, like_me="", where=condition(guess, options))
        return self._answering.together(faces, options)

    def prepare(self) -> None:
        """Make the index of the usual question now; otherwise whoever asks first waits for it.

        Raises
        ------
        GalleryError
            If the file cannot be read.
        """
        options = FindOptions()
        if self.count(options):
            self._made.index(options)

    def learn(self, metric: str = "euclidean", rank: Rank = "nearest") -> bool:
        """Learn what distances mean in this gallery and keep it in the file.

        Parameters
        ----------
        metric : str, default "euclidean"
            A name of the registry; not one that judges by a model of each person.
        rank : {"nearest", "mean", "centroid"}
            How far somebody is.

        Returns
        -------
        bool
            False if nothing had to be learned: it still fits, or there are too few people.

        Raises
        ------
        OptionError
            If the metric cannot be fitted on this gallery.
        GalleryBusy, GalleryUnwritable
            If it cannot be kept.
        """
        columns = self.columns(everyone=True)
        return self._answering.meanings.learn(columns, self.metric(metric), metric, rank)

    def portrait(self, match: Match, size_px: int = PORTRAIT_PX) -> NDArray[np.uint8] | None:
        """Return a portrait from the photo that a match rests on first.

        Parameters
        ----------
        match : Match
            As `find` gave it.
        size_px : int, default 216
            Side of the portrait.

        Returns
        -------
        ndarray of shape (size_px, size_px, 3), uint8, or None
            RGB; None if the gallery keeps no pictures.
        """
        return match_portrait(self.file, self.columns(everyone=True), match, size_px)
