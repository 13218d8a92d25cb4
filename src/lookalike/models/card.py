"""Model cards: everything there is to say about a file of weights, as data.

Adding weights of a known architecture is adding one TOML file; no code changes.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Literal, get_args, get_type_hints

from lookalike.errors import CardError
from lookalike.registry import unknown
from lookalike.types import Space

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Task = Literal["detect", "encode"]
Commercial = Literal["yes", "no", "ask"]


@dataclass(frozen=True, slots=True)
class WeightsFile:
    """One file of weights.

    Parameters
    ----------
    name : str
        The part of the model that it holds.
    path : str
        The file's name; for a file inside a package, relative to the package's folder.
    bytes : int
        Its size.
    sha256 : str
        Its digest, in hexadecimal.
    package : str
        The installed package that contains the file; the package itself is never imported.
        Empty for a file that is downloaded.
    urls : tuple of str
        Where it can be downloaded, the official address first.
    """

    name: str
    path: str
    bytes: int
    sha256: str
    package: str = ""
    urls: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class InputSpec:
    """What a network wants to be fed: ``(x - mean) * scale``.

    Parameters
    ----------
    size : int
        Side of the square input in pixels.
    channels : {"rgb", "bgr"}
        Their order.
    mean : tuple of float
        Subtracted from each channel, in the order of `channels`, 0 to 255.
    scale : float
        Multiplied afterwards.
    template : str
        The landmark template of the crops, empty for detectors.
    """

    size: int
    channels: Literal["rgb", "bgr"]
    mean: tuple[float, float, float]
    scale: float
    template: str


@dataclass(frozen=True, slots=True)
class Licence:
    """What may be done with a model: code and weights are two questions.

    Parameters
    ----------
    code : str
        SPDX name of the licence of the published code.
    weights : str
        SPDX name of the licence of the numbers.
    commercial : {"yes", "no", "ask"}
        Whether the weights may be used commercially.
    """

    code: str
    weights: str
    commercial: Commercial


@dataclass(frozen=True, slots=True)
class Threshold:
    """A distance below which two photos are called one person.

    Parameters
    ----------
    metric : str
        Name of the metric.
    views : int
        Number of views averaged in each vector.
    fmr : float
        The false-match rate: how often two different people come closer than `distance`.
    distance : float
        The threshold.
    measured_on : str
        The data and the number of pairs behind it.
    """

    metric: str
    views: int
    fmr: float
    distance: float
    measured_on: str


@dataclass(frozen=True, slots=True)
class Card:
    """A model card.

    Parameters
    ----------
    name : str
        How people call the model.
    task : {"detect", "encode"}
        What it does.
    summary : str
        One line for lists.
    architecture : str
        Which implementation runs it: a name of the registry.
    converter : str
        Which converter turns the files into ONNX: a name of the registry. Empty if the files are
        ONNX already, or are not run as ONNX.
    dimension : int
        Length of a vector; 0 for detectors.
    files : tuple of WeightsFile
        The weights.
    input : InputSpec
        What the network wants.
    licence : Licence
        What may be done with it.
    origin, training_data, paper : str
        Where it comes from, what it saw, who described it.
    calibration : tuple of Threshold
        Measured thresholds.
    """

    name: str
    task: Task
    summary: str
    architecture: str
    converter: str
    dimension: int
    files: tuple[WeightsFile, ...]
    input: InputSpec
    licence: Licence
    origin: str
    training_data: str
    paper: str
    calibration: tuple[Threshold, ...] = ()

    @property
    def digest(self) -> str:
        """SHA-256 over the digests of all files, in hexadecimal."""
        return hashlib.sha256("".join(file.sha256 for file in self.files).encode()).hexdigest()

    @property
    def space(self) -> Space:
        """The space of the vectors that this model makes."""
        seal = f"{self.digest}:{self.input.template}".encode()
        return Space(self.name, self.dimension, hashlib.sha256(seal).hexdigest())

    @classmethod
    def parse(cls, text: str, where: str) -> Card:
        """Read a card.

        Parameters
        ----------
        text : str
            TOML.
        where : str
            The card's file name, for errors.

        Returns
        -------
        Card
            Checked.

        Raises
        ------
        CardError
            If a field is missing, unknown or of the wrong kind.
        """
        try:
            fields: dict[str, Any] = tomllib.loads(text)
            provenance = fields.pop("provenance")
            spec = fields.pop("input")
            card = cls(
                files=tuple(
                    WeightsFile(**{**file, "urls": tuple(file.get("urls", ()))})
                    for file in fields.pop("files", ())
                ),
                input=InputSpec(**{**spec, "mean": tuple(spec["mean"])}),
                licence=Licence(**fields.pop("licence")),
                calibration=_thresholds(**fields.pop("calibration", {})),
                **provenance,
                **fields,
            )
        except tomllib.TOMLDecodeError as error:
            raise CardError(f"{where}: not TOML: {error}") from error
        except KeyError as error:
            raise CardError(f"{where}: the field {error} is missing") from error
        except TypeError as error:
            raise CardError(f"{where}: {str(error).rpartition('() ')[2]}") from error
        card._check(where)
        return card

    def _check(self, where: str) -> None:
        for part in (self, *self.files, self.input, self.licence, *self.calibration):
            _check_kinds(part, where)
        if self.task not in get_args(Task):
            raise CardError(f"{where}: task must be one of {get_args(Task)}, got {self.task!r}")
        if self.licence.commercial not in get_args(Commercial):
            raise CardError(f"{where}: licence.commercial must be one of {get_args(Commercial)}")
        three = [number for number in self.input.mean if _is_of_kind(number, float)]
        if self.input.channels not in ("rgb", "bgr") or not len(three) == len(self.input.mean) == 3:
            raise CardError(f"{where}: input.channels must be rgb or bgr, input.mean three numbers")
        if self.task == "encode" and not self.files:
            raise CardError(f"{where}: an encoder needs a file of weights")
        for file in self.files:
            if not re.fullmatch("[0-9a-f]{64}", file.sha256):
                raise CardError(f"{where}: sha256 of {file.name} must have 64 hexadecimal digits")
        if self.task == "encode" and (self.dimension < 1 or not self.input.template):
            raise CardError(f"{where}: an encoder needs a dimension and a template")


def _check_kinds(part: object, where: str) -> None:
    for name, kind in get_type_hints(type(part)).items():
        value = getattr(part, name)
        if kind in (str, int, float) and not _is_of_kind(value, kind):
            raise CardError(f"{where}: {name} must be of kind {kind.__name__}, got {value!r}")


def _is_of_kind(value: object, kind: type) -> bool:
    # TOML writes the number 1.0 also as 1, and Python takes True for a number.
    kinds = (int, float) if kind is float else (kind,)
    return isinstance(value, kinds) and not isinstance(value, bool)


def _thresholds(
    measured_on: str = "", thresholds: Sequence[Mapping[str, Any]] = ()
) -> tuple[Threshold, ...]:
    return tuple(Threshold(**row, measured_on=measured_on) for row in thresholds)


@cache
def cards() -> Mapping[str, Card]:
    """Return all cards by name.

    Returns
    -------
    mapping of str to Card
        In alphabetical order.
    """
    folder = resources.files("lookalike.models") / "cards"
    found = [
        Card.parse(entry.read_text("utf-8"), entry.name)
        for entry in folder.iterdir()
        if entry.name.endswith(".toml")
    ]
    return {card.name: card for card in sorted(found, key=lambda card: card.name)}


def card(name: str) -> Card:
    """Return the card of that name.

    Parameters
    ----------
    name : str
        For example ``"dlib-resnet-v1"``.

    Returns
    -------
    Card
        The card.

    Raises
    ------
    UnknownName
        If there is none; the hint lists close names.
    """
    known = cards()
    if name not in known:
        raise unknown("model", name, known)
    return known[name]
