"""What a service answers, field by field. The same fields as its OpenAPI description has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Fault:
    """Why something was not answered."""

    kind: str
    message: str
    hint: str


@dataclass(frozen=True, slots=True)
class RarityAnswer:
    """One in so many strangers looks as much alike."""

    one_in: float
    low: float
    high: float | None


@dataclass(frozen=True, slots=True)
class PhotoAnswer:
    """A photo of a known person that a distance rests on."""

    sha256: str
    licence: str
    credit: str
    page: str
    attributes: dict[str, Any]
    portrait: str | None


@dataclass(frozen=True, slots=True)
class MatchAnswer:
    """A known person whom a face resembles."""

    rank: int
    id: str
    name: str
    attributes: dict[str, Any]
    distance: float
    rarity: RarityAnswer | None
    photos: list[PhotoAnswer]
    stability: float | None


@dataclass(frozen=True, slots=True)
class GuessAnswer:
    """What was guessed of a face."""

    attribute: str
    value: str
    confidence: float
    right_of_people_left_out: float


@dataclass(frozen=True, slots=True)
class FaceAnswer:
    """A face, in pixels of the upright photo."""

    box: list[float]
    landmarks: list[list[float]]
    score: float
    portrait: str | None


@dataclass(frozen=True, slots=True)
class FoundFaceAnswer(FaceAnswer):
    """A face and its look-alikes."""

    matches: list[MatchAnswer]
    stands_out: bool | None
    guess: GuessAnswer | None


@dataclass(frozen=True, slots=True)
class DetectedPhoto:
    """A photo and its faces; of several photos, one may have an error instead."""

    width: int | None
    height: int | None
    faces: list[FaceAnswer]
    error: Fault | None


@dataclass(frozen=True, slots=True)
class FoundPhoto:
    """A photo and the look-alikes of its faces; of several, one may have an error instead."""

    width: int | None
    height: int | None
    faces: list[FoundFaceAnswer]
    error: Fault | None


@dataclass(frozen=True, slots=True)
class DetectAnswer:
    """The faces of photos."""

    detector: str
    photos: list[DetectedPhoto]


@dataclass(frozen=True, slots=True)
class FindAnswer:
    """The look-alikes of the faces of photos."""

    gallery: str
    encoder: str
    space: str
    views: int
    metric: str
    rank: str
    among: int
    photos: list[FoundPhoto]


@dataclass(frozen=True, slots=True)
class TogetherPhoto:
    """One of several photos of a visitor, and what became of it."""

    outcome: str
    width: int | None
    height: int | None
    faces: int
    face: FaceAnswer | None
    error: Fault | None


@dataclass(frozen=True, slots=True)
class TogetherAnswer:
    """The look-alikes of one visitor, by several photos."""

    gallery: str
    encoder: str
    space: str
    views: int
    metric: str
    rank: str
    among: int
    used: int
    agree: bool
    stability: float | None
    stands_out: bool | None
    guess: GuessAnswer | None
    matches: list[MatchAnswer]
    photos: list[TogetherPhoto]


@dataclass(frozen=True, slots=True)
class CompareAnswer:
    """How alike the largest faces of two photos are."""

    metric: str
    distance: float
    threshold: float | None
    false_match_rate: float | None
    same_person: bool | None
    probability: float | None
    prior: float
    rarity: RarityAnswer | None
    measured_on: str
    faces: list[int]
    encoder: str
    space: str


@dataclass(frozen=True, slots=True)
class KnownPersonAnswer:
    """Somebody who was identified."""

    id: str
    name: str
    attributes: dict[str, Any]


@dataclass(frozen=True, slots=True)
class IdentifiedFaceAnswer(FaceAnswer):
    """A face, and who it is; None for nobody of the gallery."""

    person: KnownPersonAnswer | None
    head_score: float
    probability: float | None


@dataclass(frozen=True, slots=True)
class IdentifiedPhoto:
    """A photo, and who is in it; of several, one may have an error instead."""

    width: int | None
    height: int | None
    faces: list[IdentifiedFaceAnswer]
    error: Fault | None


@dataclass(frozen=True, slots=True)
class IdentifyAnswer:
    """Who of a gallery is in photos, or nobody."""

    gallery: str
    encoder: str
    space: str
    views: int
    head: str
    people: int
    threshold: float
    false_positive_rate: float
    identification_rate: float | None
    measured_on: str
    photos: list[IdentifiedPhoto]


@dataclass(frozen=True, slots=True)
class PartAnswer:
    """How much one part of the face counts."""

    name: str
    change: float
    weight: float
    one: float
    other: float
    area: float


@dataclass(frozen=True, slots=True)
class ExplainAnswer:
    """Which parts make two faces alike."""

    sentence: str
    metric: str
    distance: float
    stored_distance: float | None
    parts: list[PartAnswer]
    stability: float
    faces_agree: float
    maps_agree: float
    grid: list[list[list[float]]]
    pictures: list[str]
