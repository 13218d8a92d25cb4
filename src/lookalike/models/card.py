"""Model cards: all there is to say about weights. Weights of a known architecture need no code."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Literal, get_args

from lookalike.errors import CardError, WeightsMissing
from lookalike.models.card_tables import parts_of
from lookalike.models.folders import cards_folder, weights_folder
from lookalike.models.odds import Odds, check_odds
from lookalike.models.parts import (
    READS_PICKLES,
    Commercial,
    InputSpec,
    Licence,
    Published,
    Threshold,
    WeightsFile,
    check_file,
    check_input,
    check_kinds,
    check_output,
    is_plain_name,
)
from lookalike.models.pins import recall
from lookalike.models.toml import read_toml
from lookalike.registry import unknown
from lookalike.types import Space

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = [
    "Card",
    "InputSpec",
    "Licence",
    "Threshold",
    "WeightsFile",
    "added",
    "built_in",
    "card",
    "cards",
    "read_card",
]

Task = Literal["detect", "encode"]


@dataclass(frozen=True, slots=True)
class Card:
    """A model card.

    Parameters
    ----------
    name, summary : str
        How people call the model, and one line for lists.
    task : {"detect", "encode"}
        What it does.
    architecture : str
        Which implementation runs it: a name of the registry.
    converter : str
        Which converter turns the files into ONNX: a name of the registry. Empty if the files are
        ONNX already, or are not run as ONNX.
    dimension : int
        Length of a vector; 0 for detectors.
    files, input, licence : tuple of WeightsFile, InputSpec, Licence
        The weights; what the network wants; what may be done with it.
    origin, training_data, paper : str
        Where it comes from, what it saw, who described it.
    calibration, odds, published : tuple of Threshold, tuple of Odds, tuple of Published
        Measured thresholds and what distances say; figures that its makers report.
    bits : {32, 8}, default 32
        Of the numbers that it calculates with. With 8 it is the same file, and another space.
    metric : {"euclidean", "sqeuclidean", "cosine"}, default "euclidean"
        By which its makers compare vectors.
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
    odds: tuple[Odds, ...] = ()
    published: tuple[Published, ...] = ()
    bits: int = 32
    metric: str = "euclidean"

    @property
    def digest(self) -> str:
        """SHA-256 over the digests of all files, in hexadecimal.

        A file whose digest the card does not state counts with the one it was first seen with.
        """
        digests = [file.sha256 or recall(weights_folder() / file.path) for file in self.files]
        if not all(digests):
            raise WeightsMissing(
                f"the digest of {self.name} is known only once its weights are here",
                f"lookalike models pull {self.name}",
            )
        return hashlib.sha256("".join(digests).encode()).hexdigest()

    @property
    def space(self) -> Space:
        """The space of the vectors that this model makes."""
        rounded = "" if self.bits == 32 else f":{self.bits} bits"
        seal = f"{self.digest}:{self.input.template}{rounded}".encode()
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
            fields = read_toml(text)
        except ValueError as error:
            raise CardError(f"{where}: not TOML: {error}") from error
        try:
            card = cls(**parts_of(fields, where))
        except KeyError as error:
            raise CardError(f"{where}: the field {error} is missing") from error
        except TypeError as error:
            raise CardError(f"{where}: {str(error).rpartition('() ')[2]}") from error
        card._check(where)
        return card

    def _check(self, where: str) -> None:
        numbers = (*self.calibration, *self.odds, *self.published)
        for part in (self, *self.files, self.input, self.licence, *numbers):
            check_kinds(part, where)
        if self.task not in get_args(Task):
            raise CardError(f"{where}: task must be one of {get_args(Task)}, got {self.task!r}")
        if self.licence.commercial not in get_args(Commercial):
            raise CardError(f"{where}: licence.commercial must be one of {get_args(Commercial)}")
        for odds in self.odds:
            check_odds(odds, where)
        check_input(self.input, where)
        check_output(self.bits, self.metric, where)
        if self.task == "encode" and not self.files:
            raise CardError(f"{where}: an encoder needs a file of weights")
        if not is_plain_name(self.name):
            raise CardError(f"{where}: a name has letters, digits, dots and dashes: {self.name!r}")
        for file in self.files:
            check_file(file, where)
        if self.task == "encode" and (self.dimension < 1 or not self.input.template):
            raise CardError(f"{where}: an encoder needs a dimension and a template")


@cache
def built_in() -> Mapping[str, Card]:
    """Return the cards that come with lookalike.

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


def added() -> Mapping[str, Card]:
    """Return the cards that the user has added.

    Returns
    -------
    mapping of str to Card
        In alphabetical order.

    Raises
    ------
    CardError
        If a card is wrong, or takes the name of one that is built in.
    """
    found: dict[str, Card] = {}
    for path in sorted(cards_folder().glob("*.toml")):
        card = read_card(path)
        if card.name in built_in() or card.name in found:
            raise CardError(
                f"{path.name}: there is another model named {card.name!r}",
                f"change the name in {path}, or delete that file",
            )
        found[card.name] = card
    return found


def read_card(path: Path) -> Card:
    """Read a card from a file.

    Parameters
    ----------
    path : Path
        TOML.

    Returns
    -------
    Card
        Checked.

    Raises
    ------
    CardError
        If it cannot be read, or is wrong.
    """
    try:
        card = Card.parse(path.read_text("utf-8"), path.name)
    except (OSError, UnicodeDecodeError) as error:
        raise CardError(f"the card {path} cannot be read: {error}") from error
    if card.converter in READS_PICKLES:
        raise CardError(f"{path.name}: only cards that are built in may convert {card.converter!r}")
    return card


def cards() -> Mapping[str, Card]:
    """Return all cards by name: those that are built in, and those that the user has added.

    Returns
    -------
    mapping of str to Card
        In alphabetical order.

    Raises
    ------
    CardError
        If an added card is wrong.
    """
    return dict(sorted({**built_in(), **added()}.items()))


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
    CardError
        If an added card is wrong; those that are built in work all the same.
    """
    known = built_in()
    if name not in known:
        known = cards()
    if name not in known:
        raise unknown("model", name, known)
    return known[name]
