"""What a form may ask, field by field."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, Field, ValidationError

from lookalike.errors import OptionError
from lookalike.figures.share_card import CardSize
from lookalike.gallery.asking.ranking import FindOptions
from lookalike.gallery.building.choice import Choice

if TYPE_CHECKING:
    from collections.abc import Mapping

Model = TypeVar("Model", bound=BaseModel)

#: Longer names belong to nobody.
NAME_LETTERS: Final = 200

GalleryName = Annotated[
    str, Field(max_length=100, description="A gallery's name; the default one if empty.")
]
FaceNumber = Annotated[int, Field(ge=0, le=1000, description="The face's number, from 0.")]
MatchId = Annotated[str, Field(max_length=NAME_LETTERS, description="The match's id.")]
Metric = Annotated[str, Field(max_length=40, description="How distances are measured.")]


def _unchecked_box(value: Any) -> Any:
    # A page sends "on", as forms do, and an empty field where nothing is chosen.
    return False if value == "" else value


Box = Annotated[bool, BeforeValidator(_unchecked_box)]


class FindAsked(BaseModel, extra="forbid", frozen=True):
    """How look-alikes are ranked, as `lookalike.FindOptions` has it."""

    gallery: GalleryName = ""
    k: int = Field(default=5, ge=1, le=1000, description="How many people for each face.")
    metric: Metric = "euclidean"
    rank: Literal["nearest", "mean", "centroid"] = "nearest"
    everyone: Box = Field(default=False, description="Rank everybody, not only who is well known.")
    where: str = Field(default="", max_length=1000, description="Whom to name: gender = 'female'")
    fair: Box = Field(default=False, description="Count who is near to everybody as farther away.")
    like_me: str = Field(
        default="", max_length=100, description="An attribute to share with the face."
    )
    sure: float = Field(default=0.9, ge=0.5, le=1, description="How sure the guess must be.")
    min_quality: float = Field(default=0.0, ge=0, le=1, description="Pass over poorer faces.")
    portraits: Box = Field(
        default=False, description="Cut the faces out, as the gallery's portraits are."
    )

    @property
    def options(self) -> FindOptions:
        """The same for the library."""
        return FindOptions(
            self.k, self.metric, self.rank, self.everyone, self.min_quality, self.where,
            self.fair, self.like_me, self.sure,
        )  # fmt: skip


class MatchAsked(FindAsked, extra="forbid", frozen=True):
    """One face of a photo and one of its matches, found again as before."""

    face: FaceNumber = 0
    person: MatchId = ""


class CardAsked(FindAsked, extra="forbid", frozen=True):
    """A card to share, of a face and one of its matches."""

    face: FaceNumber = 0
    person: MatchId = ""
    size: CardSize = "portrait"
    theme: Literal["light", "dark"] = "light"
    explain: Box = Field(default=False, description="Say on it which parts are alike.")


class LiveAsked(BaseModel, extra="forbid", frozen=True):
    """What opens a live session, and changes how it answers."""

    type: Literal["start"]
    token: str | None = Field(default=None, max_length=1000)
    gallery: GalleryName = ""
    k: int = Field(default=3, ge=1, le=10)
    metric: Metric = "euclidean"
    rank: Literal["nearest", "mean", "centroid"] = "nearest"
    everyone: bool = False
    where: str = Field(default="", max_length=1000)
    fair: bool = False

    @property
    def options(self) -> FindOptions:
        """The same for the library."""
        return FindOptions(
            self.k, self.metric, self.rank, self.everyone, where=self.where, fair=self.fair
        )


class DetectAsked(BaseModel, extra="forbid", frozen=True):
    """How faces are found."""

    portraits: Box = Field(default=False, description="Cut the faces out.")


class AddAsked(BaseModel, extra="forbid", frozen=True):
    """Whom photos show, and where they come from."""

    person: str = Field(min_length=1, max_length=NAME_LETTERS, description="A name or an id.")
    licence: str = Field(default="", max_length=NAME_LETTERS)
    credit: str = Field(default="", max_length=NAME_LETTERS, description="Whom to name.")
    page: str = Field(default="", max_length=2000, description="Where they were published.")
    faces: Choice = "dominant"


class CompareAsked(BaseModel, extra="forbid", frozen=True):
    """How two photos are compared, as `lookalike.comparing.CompareOptions` has it."""

    gallery: GalleryName = Field(
        default="", description="Judge by this gallery's strangers; empty: by the encoder's card."
    )
    metric: Metric = "euclidean"
    fmr: float = Field(
        default=1e-3, gt=0, le=1, description="How often two people may be called one."
    )
    prior: float = Field(
        default=0.5, gt=0, lt=1, description="How likely one person is, before looking."
    )


class IdentifyAsked(BaseModel, extra="forbid", frozen=True):
    """How somebody is identified."""

    gallery: GalleryName = ""
    head: str = Field(default="centroid", max_length=40, description="What tells people apart.")
    fpir: float = Field(default=0.01, gt=0, lt=1, description="How often a stranger may be named.")
    min_quality: float = Field(default=0.0, ge=0, le=1, description="Pass over poorer faces.")
    portraits: Box = Field(default=False, description="Cut the faces out.")


def parsed(model: type[Model], words: Mapping[str, Any]) -> Model:
    """Read the words of a form.

    Parameters
    ----------
    model : type
        What may be asked.
    words : mapping of str
        What was asked.

    Returns
    -------
    BaseModel
        Checked.

    Raises
    ------
    OptionError
        If a field is wrong, or there is no such field.
    """
    try:
        return model.model_validate(words)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        field = ".".join(map(str, first["loc"]))
        raise OptionError(
            f"{field}: {first['msg'].lower()}", f"fields: {', '.join(model.model_fields)}"
        ) from error


def body_schema(
    model: type[BaseModel], *photos: str, most: int = 0, optional: tuple[str, ...] = ()
) -> dict[str, Any]:
    """Describe a form for OpenAPI.

    Parameters
    ----------
    model : type
        Its words.
    *photos : str
        Its fields that hold a photo.
    most : int, default 0
        How many photos they may hold; 0 for exactly one.
    optional : tuple of str
        Fields that may hold a photo.

    Returns
    -------
    dict
        For FastAPI's ``openapi_extra``.
    """
    schema = model.model_json_schema()
    file = {"type": "string", "format": "binary"}
    several = {"type": "array", "items": file, "minItems": 1, "maxItems": most}
    schema["properties"] |= dict.fromkeys(optional, file)
    schema["properties"] |= dict.fromkeys(photos, several if most else file)
    schema["required"] = [*schema.get("required", ()), *photos]
    return {
        "requestBody": {"required": True, "content": {"multipart/form-data": {"schema": schema}}}
    }
