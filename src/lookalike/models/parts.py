"""What a model card is made of: files, input, licence, thresholds; and how each is checked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Literal, get_type_hints

from lookalike.errors import CardError

#: The distances that need no fitting.
METRICS: Final = ("euclidean", "sqeuclidean", "cosine")

Commercial = Literal["yes", "no", "ask"]

#: No network for faces takes larger pictures than this, nor gives longer vectors.
_LARGEST_INPUT_PX: Final = 4096

#: Converters whose files could run anything. They are used only with digests that were reviewed
#: together with lookalike's own code, so never for a card that somebody else wrote.
READS_PICKLES: Final = frozenset({"mtcnn"})


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
        Its size; 0 if it is not known.
    sha256 : str
        Its digest, in hexadecimal. Empty if it is not known: then the first file that is seen
        counts, and its digest is kept beside it.
    package : str
        The installed package that contains the file; the package itself is never imported.
        Empty for a file that is downloaded.
    urls : tuple of str
        Where it can be downloaded, the official address first. Where an address ends in ``.bz2``
        and `path` does not, the download is unpacked.
    archive : str
        The file's path inside the ZIP archive that `urls` give; empty if they give the file.
    """

    name: str
    path: str
    bytes: int = 0
    sha256: str = ""
    package: str = ""
    urls: tuple[str, ...] = ()
    archive: str = ""


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
class Published:
    """What the makers of a model say that it reaches.

    Parameters
    ----------
    lfw : float
        Share of the 6,000 pairs of LFW that are judged rightly, 0 to 1.
    source : str
        Who says so, and of what exactly.
    """

    lfw: float
    source: str


def check_kinds(part: object, where: str) -> None:
    """Raise unless every text is a text and every number a number.

    Parameters
    ----------
    part : dataclass
        A card, or a part of one.
    where : str
        The card's file name, for errors.

    Raises
    ------
    CardError
        If a field is of the wrong kind.
    """
    made_as: Any = type(part)
    for name, kind in _kinds_of(made_as).items():
        value = getattr(part, name)
        if kind in (str, int, float) and not is_of_kind(value, kind):
            raise CardError(f"{where}: {name} must be of kind {kind.__name__}, got {value!r}")


@cache
def _kinds_of(kind: type) -> dict[str, Any]:
    """Return what the fields of a class shall be; asked for every part of every card."""
    return get_type_hints(kind)


def is_of_kind(value: object, kind: type) -> bool:
    """Say whether a value read from TOML is of a kind.

    Parameters
    ----------
    value : object
        What was read.
    kind : type
        What is wanted.

    Returns
    -------
    bool
        TOML writes the number 1.0 also as 1, and Python takes True for a number.
    """
    kinds = (int, float) if kind is float else (kind,)
    return isinstance(value, kinds) and not isinstance(value, bool)


def is_plain_name(name: str) -> bool:
    """Say whether a name can be the name of a file on every system.

    Parameters
    ----------
    name : str
        Of a model, or one step of a path.

    Returns
    -------
    bool
        False also for names that lead out of a folder.
    """
    return re.fullmatch("[A-Za-z0-9_][A-Za-z0-9._-]*", name) is not None


def check_file(file: WeightsFile, where: str) -> None:
    """Raise unless a file of weights is named safely and can be checked.

    Parameters
    ----------
    file : WeightsFile
        What the card says.
    where : str
        The card's file name, for errors.

    Raises
    ------
    CardError
        If its digest, size, path or addresses are wrong.
    """
    if not file.name.isprintable():
        raise CardError(f"{where}: a file cannot be called {file.name!r}")
    # Only a download may do without a digest: there is a place beside it to keep one.
    known = re.fullmatch("[0-9a-f]{64}", file.sha256)
    if not known and (file.sha256 or file.package):
        raise CardError(f"{where}: sha256 of {file.name} must have 64 hexadecimal digits")
    if file.bytes < 0:
        raise CardError(f"{where}: bytes of {file.name} must be 0 or more, got {file.bytes}")
    # A card may come from anywhere; what it names stays inside the folder of weights.
    if not all(is_plain_name(step) for step in file.path.split("/")):
        raise CardError(f"{where}: path of {file.name} must be plain names, got {file.path!r}")
    urls: tuple[object, ...] = file.urls
    if not all(isinstance(url, str) and re.match("https?://", url) for url in urls):
        raise CardError(f"{where}: urls of {file.name} must be a list of http addresses")


def check_input(spec: InputSpec, where: str) -> None:
    """Raise unless a network's input has channels and means.

    Parameters
    ----------
    spec : InputSpec
        What the card says.
    where : str
        The card's file name, for errors.

    Raises
    ------
    CardError
        If they are wrong.
    """
    if not 1 <= spec.size <= _LARGEST_INPUT_PX:
        raise CardError(f"{where}: input.size must be 1 to {_LARGEST_INPUT_PX}, got {spec.size}")
    three = [number for number in spec.mean if is_of_kind(number, float)]
    if spec.channels not in ("rgb", "bgr") or not len(three) == len(spec.mean) == 3:
        raise CardError(f"{where}: input.channels must be rgb or bgr, input.mean three numbers")


def check_output(bits: int, metric: str, where: str) -> None:
    """Raise unless it is known how a network's vectors are made and compared.

    Parameters
    ----------
    bits : int
        Of the numbers that it calculates with.
    metric : str
        By which its makers compare vectors.
    where : str
        The card's file name, for errors.

    Raises
    ------
    CardError
        If they are wrong.
    """
    if bits not in (32, 8):
        raise CardError(f"{where}: bits must be 32 or 8, got {bits}")
    if metric not in METRICS:
        raise CardError(f"{where}: metric must be one of {', '.join(METRICS)}, got {metric!r}")
