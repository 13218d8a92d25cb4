"""The whole flow on one page: a photo goes in, people whom it resembles come out.

::

    1 read      bytes, path, array  → Image
    2 detect    Image               → Faces
    3 align     Image + Faces       → Crops
    4 encode    Crops               → Embeddings       Analyst, steps 1 to 4
    5 search    Embeddings          → Neighbors
    6 match     Neighbors           → people           Finder, all steps
    7 judge     distance            → one person or not, at a stated false-match rate   Comparer
                Embeddings          → who it is, or nobody, at a stated rate            Identifier
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lookalike.comparing import CompareOptions, Comparer
from lookalike.detection.opening import open_detector
from lookalike.encoding.gate import gate
from lookalike.errors import ImageError
from lookalike.eye import Eye
from lookalike.gallery.asking.ranking import FindOptions
from lookalike.gallery.gallery import Gallery
from lookalike.gallery.starter import starter_place
from lookalike.identification.identifier import Identifier
from lookalike.images import buffered
from lookalike.models.card import card
from lookalike.models.options import ModelOptions
from lookalike.models.runtime import Runtime
from lookalike.models.threads import threads_to_use
from lookalike.registry import load
from lookalike.search.calibration import DEFAULT_FMR
from lookalike.staging import staged
from lookalike.types import Found, FoundTogether
from lookalike.visitors.choosing import visitor_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lookalike.gallery.places import Place
    from lookalike.identification.options import IdentifyOptions
    from lookalike.protocols import Analyzer, Detector, Encoder, Readable
    from lookalike.types import Analysis, Comparison


class Analyst:
    """Reads, detects, aligns and encodes. Safe to share between threads.

    Parameters
    ----------
    detector : Detector
        Finds faces; safe to share between threads.
    encoder : Encoder
        Turns them into vectors; safe to share between threads.
    threads : int, optional
        How many of many photos are looked at at a time; one on each core by default.
    """

    def __init__(self, detector: Detector, encoder: Encoder, threads: int | None = None) -> None:
        self.detector = detector
        self.encoder = encoder
        self.space = encoder.space
        self.views = encoder.views
        self.template = encoder.template
        self.eye = Eye(detector, encoder)  # a service gives it another reader
        self._workers = threads or threads_to_use()

    @classmethod
    def open(cls, options: ModelOptions | None = None) -> Analyst:
        """Open the networks.

        Parameters
        ----------
        options : ModelOptions, optional
            Which ones.

        Returns
        -------
        Analyst
            Ready for photos.

        Raises
        ------
        UnknownName, ModelError
            If a network cannot be used.
        """
        options = options or ModelOptions()
        runtime = Runtime(options.provider, options.threads)
        encodes = card(options.encoder)
        encoder = load("encoder", encodes.architecture).open(encodes, runtime, options.views)
        return cls(open_detector(options.detector, runtime), encoder, options.threads)

    def analyze(self, photos: Iterable[Readable]) -> Iterator[Analysis | ImageError]:
        """Say what photos show.

        Parameters
        ----------
        photos : iterable of path, bytes, file, PIL image, ndarray or Image
            Any number.

        Yields
        ------
        Analysis or ImageError
            For each photo in order; a photo that cannot be read is its error.
        """
        yield from staged(map(buffered, photos), self.eye.see, self.eye.encode, self._workers)

    def compare(
        self, one: Readable, other: Readable, metric: str = "euclidean", fmr: float = DEFAULT_FMR
    ) -> Comparison:
        """Say how alike the largest faces of two photos are, and whether they are one person.

        Parameters
        ----------
        one, other : path, bytes, file, PIL image, ndarray or Image
            The photos.
        metric : str, default "euclidean"
            A metric that needs no fitting.
        fmr : float, default 1e-3
            The highest false-match rate to accept.

        Returns
        -------
        Comparison
            See `lookalike.comparing.Comparer`, which can do it by a gallery, too.

        Raises
        ------
        ImageError, NoFace
            If a photo cannot be read, or shows no face.
        UnknownName, OptionError
            If there is no such metric, it must be fitted first, or the rate is out of range.
        """
        return Comparer(self).compare(one, other, CompareOptions(metric, fmr))


class Finder:
    """Answers whom a face resembles. Safe to share between threads.

    Parameters
    ----------
    gallery : Gallery
        The known people.
    analyzer : Analyzer
        Of the gallery's own space.

    Raises
    ------
    SpaceMismatch
        If the two do not belong together.

    Examples
    --------
    >>> from lookalike import Finder, FindOptions
    >>> finder = Finder.open()
    >>> [match.person.name for match in finder.find(portrait, FindOptions(k=2)).matches[0]]
    ['Alan Greenspan', 'Li Peng']
    """

    def __init__(self, gallery: Gallery, analyzer: Analyzer) -> None:
        gallery.header.space.require(analyzer.space)
        self.gallery = gallery
        self.analyzer = analyzer

    @classmethod
    def open(
        cls,
        gallery: str | Place | None = None,
        *,
        detector: str = "mtcnn",
        provider: str = "cpu",
        threads: int | None = None,
    ) -> Finder:
        """Open a gallery together with the networks that it was made with.

        Parameters
        ----------
        gallery : str, Path or Address, optional
            A gallery file, or ``postgresql://…``; the starter gallery by default.
        detector : str, default "mtcnn"
            What finds faces: the name of a model card.
        provider : str, default "cpu"
            What runs the networks: cpu, cuda, tensorrt, coreml or directml.
        threads : int, optional
            See `ModelOptions`; all cores by default.

        Returns
        -------
        Finder
            Ready for photos.

        Raises
        ------
        GalleryError, ModelError, UnknownName
            If the gallery or the networks cannot be used.
        """
        opened = Gallery.open(gallery or starter_place())
        encoder, views = opened.header.space.encoder, opened.header.views
        models = ModelOptions(detector, encoder, views, provider, threads)
        return cls(opened, Analyst.open(models))

    def find(self, photo: Readable, options: FindOptions | None = None) -> Found:
        """Find the look-alikes of every face of a photo.

        Parameters
        ----------
        photo : path, bytes, file, PIL image, ndarray or Image
            The photo.
        options : FindOptions, optional
            How many, and by what.

        Returns
        -------
        Found
            Nothing in it if there is no face.

        Raises
        ------
        ImageError
            If the photo cannot be read.
        """
        (found,) = self.find_all([photo], options)
        if isinstance(found, ImageError):
            raise found
        return found

    def find_all(
        self, photos: Iterable[Readable], options: FindOptions | None = None
    ) -> Iterator[Found | ImageError]:
        """Find the look-alikes of every face of many photos.

        Parameters
        ----------
        photos : iterable of path, bytes, file, PIL image, ndarray or Image
            Any number.
        options : FindOptions, optional
            How many, and by what.

        Yields
        ------
        Found or ImageError
            For each photo in order; a photo that cannot be read is its error.
        """
        options = options or FindOptions()
        for analysis in self.analyzer.analyze(photos):
            if isinstance(analysis, ImageError):
                yield analysis
            else:
                clear = gate(analysis, options.min_quality)
                ranked = self.gallery.find(clear.embeddings, options)
                yield Found(clear, tuple(map(tuple, ranked)), self.gallery.count(options))

    def find_together(
        self, photos: Iterable[Readable], options: FindOptions | None = None
    ) -> FoundTogether:
        """Find the look-alikes of one visitor by several photos.

        Parameters
        ----------
        photos : iterable of path, bytes, file, PIL image, ndarray or Image
            Of one person; others may be in them. Two to twenty are a good number.
        options : FindOptions, optional
            How many, and by what.

        Returns
        -------
        FoundTogether
            One answer, how stable it is, and what became of each photo.

        Raises
        ------
        NoFace, ImageError
            If there is no face in any of them, or none can be read.
        """
        options = options or FindOptions()
        visitor = visitor_in(photos, self.analyzer, options.min_quality)
        matches = self.gallery.find_together(visitor.faces, options)
        return FoundTogether(visitor, tuple(matches), self.gallery.count(options))

    def identifier(self, options: IdentifyOptions | None = None) -> Identifier:
        """Make what says who of the gallery is in a photo, or that nobody of it is.

        Parameters
        ----------
        options : IdentifyOptions, optional
            By which head, and how surely.

        Returns
        -------
        Identifier
            From what the gallery keeps, or learned now.

        Raises
        ------
        GalleryError, OptionError
            If the gallery is damaged, or too small for what is asked.
        """
        return Identifier.open(self.gallery, self.analyzer, options)
