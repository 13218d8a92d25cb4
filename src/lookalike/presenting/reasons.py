"""Why a photo resembles a known person, or another photo."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from lookalike.errors import OptionError
from lookalike.explain import Explainer
from lookalike.gallery.pictures import match_crops
from lookalike.registry import names
from lookalike.search.metrics import ready_made
from lookalike.types import Crops
from lookalike.visitors.largest import largest_face

if TYPE_CHECKING:
    from lookalike.explain import Explanation
    from lookalike.pipeline import Analyst, Finder
    from lookalike.protocols import Encoder, Metric, Readable
    from lookalike.types import Found, Match
    from lookalike.visitors.largest import LargestFace


@runtime_checkable
class _Encodes(Protocol):
    """An analyzer that shows what it encodes with."""

    encoder: Encoder


@dataclass(frozen=True, slots=True, eq=False)
class Explained:
    """An explanation and the two faces that it is of.

    Parameters
    ----------
    explanation : Explanation
        What makes them alike.
    faces : Crops
        The two crops.
    stored_distance : float, optional
        The distance that was found in the gallery. What is kept of a photo is smaller than the
        photo was, so that its vector, and the explanation's distance, differ a little.
    """

    explanation: Explanation
    faces: Crops
    stored_distance: float | None = None

    def fields(self) -> dict[str, Any]:
        """Return everything but the pixels as JSON values.

        Returns
        -------
        dict of str to JSON value
            What `Explanation.fields` gives, and the stored distance.
        """
        stored = self.stored_distance
        return {
            **self.explanation.fields(),
            "stored_distance": None if stored is None else round(stored, 6),
        }


def explain_match(
    finder: Finder, found: Found, face: int, match: Match, metric: str = "euclidean"
) -> Explained | None:
    """Say which parts make a visitor's face and a known person's nearest photo alike.

    Parameters
    ----------
    finder : Finder
        What found it.
    found : Found
        What was found.
    face : int
        The visitor's face, from 0.
    match : Match
        One of its matches.
    metric : str, default "euclidean"
        The distance, fitted on the gallery where it must be.

    Returns
    -------
    Explained or None
        None if the gallery keeps no picture of this match.

    Raises
    ------
    OptionError
        If the metric judges by a model of each person, or the analyzer hides its encoder.
    UnknownName
        If there is no such metric.
    """
    if metric in names("person-model"):
        raise OptionError(
            f"{metric} distance is not one between two faces, and cannot be explained",
            "choose another metric, such as mahalanobis",
        )
    analyzer = finder.analyzer
    if not isinstance(analyzer, _Encodes):
        raise OptionError("this analyzer shows no encoder to explain with", "use an Analyst")
    gallery = finder.gallery
    template = gallery.header.template
    columns = gallery.columns(everyone=True)
    other = match_crops(gallery.file, columns, match, template)
    if other is None:
        return None
    one = found.analysis.crops.rows(face, face + 1)
    explainer = Explainer(analyzer.encoder, gallery.metric(metric))
    faces = Crops.concatenate([one, other])
    return Explained(explainer.explain(one, other), faces, match.distance)


def explain_photos(
    analyst: Analyst,
    one: Readable | LargestFace,
    other: Readable | LargestFace,
    metric: str | Metric = "euclidean",
) -> Explained:
    """Say which parts make the largest faces of two photos alike.

    Parameters
    ----------
    analyst : Analyst
        What looks at the photos.
    one, other : path, bytes, file, PIL image, ndarray, Image or LargestFace
        The photos, looked at or not.
    metric : str or Metric, default "euclidean"
        The name of one that needs no fitting, or any.

    Returns
    -------
    Explained
        What makes them alike.

    Raises
    ------
    ImageError, NoFace
        If a photo cannot be read, or shows no face.
    UnknownName, OptionError
        If there is no such metric, or it must be fitted first.
    """
    measure = ready_made(metric) if isinstance(metric, str) else metric
    first, second = (largest_face(analyst, photo).crop for photo in (one, other))
    explanation = Explainer(analyst.encoder, measure).explain(first, second)
    return Explained(explanation, Crops.concatenate([first, second]))
