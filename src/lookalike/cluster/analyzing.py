"""An analyzer whose photos are looked at by workers."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from lookalike.cluster.looking import Job
from lookalike.cluster.sending import Held
from lookalike.encoding.gate import gate
from lookalike.errors import ImageError, OptionError
from lookalike.images import buffered, read_bytes
from lookalike.types import Analysis, Candidate, Crops, Image, Person

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lookalike.cluster.crew import Crew
    from lookalike.models.options import ModelOptions
    from lookalike.protocols import Readable
    from lookalike.types import Space

#: Photos that go to a worker together.
_PART: Final = 32
_VISITOR: Final = Person.named("visitor")
#: How `lookalike.images.read` calls a picture whose name it does not know.
_NAMELESS: Final = "the picture"


@dataclass(frozen=True, slots=True)
class Glimpse:
    """Makes of a photo what finding needs: its faces and their vectors, without the pixels.

    Parameters
    ----------
    min_quality : float
        The quality that a face must have, 0 to 1.
    """

    min_quality: float

    def __call__(
        self,
        candidate: Candidate,
        sha256: str,  # noqa: ARG002 - for galleries
        analysis: Analysis | ImageError,
    ) -> Analysis | ImageError:
        """Return the faces, or why there are none.

        Parameters
        ----------
        candidate : Candidate
            The photo.
        sha256 : str
            Of its file.
        analysis : Analysis or ImageError
            What it shows.

        Returns
        -------
        Analysis or ImageError
            One black pixel stands for the photo, and for each crop: they stay where they are.
        """
        if isinstance(analysis, ImageError):
            named = analysis.message.replace(_NAMELESS, candidate.uri, 1)
            return type(analysis)(named, analysis.hint)
        good = gate(analysis, self.min_quality)
        pixel = Image(np.zeros((1, 1, 3), np.uint8), good.image.reduction)
        pixels = np.zeros((len(good), 1, 1, 3), np.uint8)
        crops = Crops(pixels, good.crops.transforms, good.crops.template)
        return Analysis(pixel, good.faces, crops, good.embeddings)


class ClusterAnalyzer:
    """Has photos looked at by workers, and gives faces and vectors without the pixels.

    A `Finder` with it answers as it does with an `Analyst`, but nothing of its answers can be
    drawn or explained, and faces that are too poor are passed over here, not by its options.

    Parameters
    ----------
    crew : Crew
        The workers.
    models : ModelOptions
        The networks; each worker runs them on one thread.
    space : Space
        Where their vectors live.
    min_quality : float, default 0.0
        The quality that a face must have, 0 to 1.
    """

    def __init__(
        self, crew: Crew, models: ModelOptions, space: Space, min_quality: float = 0.0
    ) -> None:
        self.space = space
        self.views = models.views
        self._crew = crew
        self._job = Job(
            replace(models, threads=1), space, Glimpse(min_quality), crew.options.photo_s
        )

    def analyze(self, photos: Iterable[Readable]) -> Iterator[Analysis | ImageError]:
        """Say what photos show.

        Parameters
        ----------
        photos : iterable of path, bytes or file
            Any number. Paths are read by workers, where they see the same files.

        Yields
        ------
        Analysis or ImageError
            For each photo in order; also for one that was too slow, or that ends workers.

        Raises
        ------
        ClusterLost, ClusterMismatch, ModelError
            If the workers are gone, or cannot do it.
        OptionError
            If a photo is neither a path nor bytes nor a file.
        """
        for looked in self._crew.look(self._job, _parts(map(_candidate, photos))):
            for one in looked:
                yield one.made if one.fault is None else one.fault


def _candidate(photo: Readable) -> Candidate:
    source = buffered(photo)
    if isinstance(source, str | os.PathLike):
        spelled = os.fsdecode(source)
        return Candidate(_VISITOR, spelled, partial(read_bytes, Path(spelled)))
    if isinstance(source, bytes | bytearray | memoryview):
        return Candidate(_VISITOR, _NAMELESS, Held(bytes(source)))
    if isinstance(source, ImageError):
        return Candidate(_VISITOR, _NAMELESS, Held(source))
    raise OptionError(
        f"workers are given files, not {type(photo).__name__}",
        "pass paths, bytes or open binary files",
    )


def _parts(candidates: Iterator[Candidate]) -> Iterator[list[Candidate]]:
    while part := list(islice(candidates, _PART)):
        yield part
