"""What looks at strangers' photos: the same networks, behind guarded decoders and limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lookalike.eye import Eye
from lookalike.pipeline import Analyst

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lookalike.eye import Reader
    from lookalike.protocols import Analyzer, Detector
    from lookalike.types import Faces, Image


class FewFaces:
    """Answers the surest faces of a picture only, so that a crowd costs no more than a few.

    Parameters
    ----------
    detector : Detector
        What finds them.
    most : int
        How many.
    """

    def __init__(self, detector: Detector, most: int) -> None:
        self.name = detector.name
        self._detector = detector
        self._most = most

    def detect(self, images: Sequence[Image]) -> list[Faces]:
        """Find faces.

        Parameters
        ----------
        images : sequence of Image
            Pictures.

        Returns
        -------
        list of Faces
            Of each picture, best first.
        """
        return [
            faces if len(faces) <= self._most else faces.take(list(range(self._most)))
            for faces in self._detector.detect(images)
        ]


def for_strangers(analyzer: Analyzer, most_faces: int, reader: Reader) -> Analyzer:
    """Return an analyzer for photos of strangers.

    Parameters
    ----------
    analyzer : Analyzer
        One that trusts whatever it is given.
    most_faces : int
        How many faces of a photo are answered.
    reader : callable
        What opens photos.

    Returns
    -------
    Analyzer
        On the same networks. One that is no `Analyst` is returned as it is.
    """
    if not isinstance(analyzer, Analyst):
        return analyzer
    detector = FewFaces(analyzer.detector, most_faces)
    careful = Analyst(detector, analyzer.encoder, 1)  # the desk has the other cores
    careful.eye = Eye(detector, analyzer.encoder, reader)
    return careful
