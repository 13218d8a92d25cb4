"""What the service answers, field by field. Numbers are those of the library and the CLI."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field


class Fault(BaseModel, frozen=True):
    """Why something was not answered."""

    kind: str = Field(description="The class of the error in the library, such as NoFace.")
    message: str
    hint: str = Field(description="What to do about it; may be empty.")


class FaultAnswer(BaseModel, frozen=True):
    """The body of every answer that is no success."""

    error: Fault


class RarityAnswer(BaseModel, frozen=True):
    """One in so many strangers looks as much alike."""

    one_in: float
    low: float = Field(description="Where that number lies nine times of ten, from")
    high: float | None = Field(description="to; null: nobody knows how far")


class PhotoAnswer(BaseModel, frozen=True):
    """A photo of a known person that a distance rests on."""

    sha256: str
    licence: str
    credit: str
    page: str = Field(description="Where it was published; empty if not known.")
    attributes: dict[str, Any]
    portrait: str | None = Field(description="A path of this service, if a picture is kept.")


class MatchAnswer(BaseModel, frozen=True):
    """A known person whom a face resembles."""

    rank: int
    id: str
    name: str
    attributes: dict[str, Any]
    distance: float
    rarity: RarityAnswer | None
    photos: list[PhotoAnswer] = Field(description="Nearest first.")
    stability: float | None = Field(
        default=None, description="Of several photos: by how many halves of them it stays, 0 to 1."
    )


class GuessAnswer(BaseModel, frozen=True):
    """What was guessed of a face."""

    attribute: str
    value: str
    confidence: float
    right_of_people_left_out: float


class FaceAnswer(BaseModel, frozen=True):
    """A face, in pixels of the upright photo."""

    box: list[float] = Field(description="x1 y1 x2 y2")
    landmarks: list[list[float]] = Field(
        description="x y of left eye, right eye, nose, left and right mouth corner"
    )
    score: float
    portrait: str | None = Field(
        default=None, description="data:image/jpeg, if portraits were asked for."
    )


class FoundFaceAnswer(FaceAnswer, frozen=True):
    """A face and its look-alikes."""

    matches: list[MatchAnswer]
    stands_out: bool | None
    guess: GuessAnswer | None


class DetectedPhoto(BaseModel, frozen=True):
    """A photo and its faces."""

    width: int | None = None
    height: int | None = None
    faces: list[FaceAnswer] = []
    error: Fault | None = Field(
        default=None, description="Of several photos, why this one has no answer."
    )


class FoundPhoto(BaseModel, frozen=True):
    """A photo and the look-alikes of its faces."""

    width: int | None = None
    height: int | None = None
    faces: list[FoundFaceAnswer] = []
    error: Fault | None = Field(
        default=None, description="Of several photos, why this one has no answer."
    )


class DetectAnswer(BaseModel, frozen=True):
    """The faces of photos."""

    detector: str
    photos: list[DetectedPhoto]


class FindAnswer(BaseModel, frozen=True):
    """The look-alikes of the faces of photos."""

    gallery: str
    encoder: str
    space: str
    views: int
    metric: str
    rank: str
    among: int = Field(description="How many people were ranked.")
    photos: list[FoundPhoto]


class TogetherPhoto(BaseModel, frozen=True):
    """One of several photos of a visitor, and what became of it."""

    outcome: Literal["used", "unreadable", "no face", "somebody else"]
    width: int | None = None
    height: int | None = None
    faces: int = 0
    face: FaceAnswer | None = Field(default=None, description="The visitor's.")
    error: Fault | None = None


class TogetherAnswer(BaseModel, frozen=True):
    """The look-alikes of one visitor, by several photos."""

    gallery: str
    encoder: str
    space: str
    views: int
    metric: str
    rank: str
    among: int
    used: int = Field(description="How many photos the answer rests on.")
    agree: bool = Field(description="False: the photos seem to show different people.")
    stability: float | None
    stands_out: bool | None
    guess: GuessAnswer | None
    matches: list[MatchAnswer]
    photos: list[TogetherPhoto]


class CompareAnswer(BaseModel, frozen=True):
    """How alike the largest faces of two photos are."""

    metric: str
    distance: float
    threshold: float | None
    false_match_rate: float | None
    same_person: bool | None
    probability: float | None = Field(description="That it is one person, at the prior.")
    prior: float
    rarity: RarityAnswer | None = Field(description="Pairs of strangers for one as near.")
    measured_on: str = Field(description="What threshold, probability and rarity rest on.")
    faces: list[int] = Field(description="How many faces each photo shows; the largest counts.")
    encoder: str
    space: str


class KnownPersonAnswer(BaseModel, frozen=True):
    """Somebody who was identified."""

    id: str
    name: str
    attributes: dict[str, Any]


class IdentifiedFaceAnswer(FaceAnswer, frozen=True):
    """A face, and who it is."""

    person: KnownPersonAnswer | None = Field(description="None: nobody of this gallery.")
    head_score: float = Field(description="Of whoever comes nearest, in the head's own unit.")
    probability: float | None


class IdentifiedPhoto(BaseModel, frozen=True):
    """A photo, and who is in it."""

    width: int | None = None
    height: int | None = None
    faces: list[IdentifiedFaceAnswer] = []
    error: Fault | None = Field(
        default=None, description="Of several photos, why this one has no answer."
    )


class IdentifyAnswer(BaseModel, frozen=True):
    """Who of a gallery is in photos, or nobody."""

    gallery: str
    encoder: str
    space: str
    views: int
    head: str
    people: int
    threshold: float = Field(description="The score from which somebody is named.")
    false_positive_rate: float = Field(description="How often a stranger is named.")
    identification_rate: float | None = Field(description="How often the people themselves are.")
    measured_on: str
    photos: list[IdentifiedPhoto]


class PartAnswer(BaseModel, frozen=True):
    """How much one part of the face counts."""

    name: str = Field(description="eyes, brows, nose, mouth, cheeks, jaw or forehead")
    change: float = Field(description="How much farther apart the faces are without it.")
    weight: float = Field(description="Its share of all that makes them alike, 0 to 1.")
    one: float
    other: float
    area: float = Field(description="How much of the face it takes, 0 to 1.")


class ExplainAnswer(BaseModel, frozen=True):
    """Which parts make two faces alike."""

    sentence: str
    metric: str
    distance: float
    stored_distance: float | None = Field(description="What find says, if it is a match.")
    parts: list[PartAnswer] = Field(description="What counts most comes first.")
    stability: float = Field(description="How well several ways of hiding agree, 0 to 1.")
    faces_agree: float
    maps_agree: float
    grid: list[list[list[float]]] = Field(description="For each face: what hiding a cell changes.")
    pictures: list[str] = Field(description="data:image/jpeg of both faces with the map on them.")


class LiveFaceAnswer(FaceAnswer, frozen=True):
    """A face of a camera's frame."""

    track: int = Field(description="The same number as long as the face is followed.")
    age_s: float = Field(description="Since when.")
    matches: list[MatchAnswer] = Field(description="Steady: of the mean of the last two seconds.")
    stands_out: bool | None


class LiveAnswer(BaseModel, frozen=True):
    """What a frame of a camera shows."""

    type: Literal["faces"] = "faces"
    frame: int = Field(default=0, description="The number that the frame was sent with.")
    dropped: int = Field(
        default=0, description="Frames that were passed over since the last answer."
    )
    width: int
    height: int
    took_ms: float
    faces: list[LiveFaceAnswer]


class LiveReady(BaseModel, frozen=True):
    """The first answer on a live socket."""

    type: Literal["ready"] = "ready"
    gallery: str
    max_bytes: int


class LiveFault(FaultAnswer, frozen=True):
    """Why a frame, or a whole session, has no answer."""

    type: Literal["error"] = "error"
    frame: int | None = None
