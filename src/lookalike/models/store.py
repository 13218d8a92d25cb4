"""From a card to a graph that can be run: find the weights, check them, convert, keep.

A converted graph is kept in the user's cache folder under a name that holds the digest of its
weights, so that new weights can never meet an old graph. It is written beside its place and then
renamed, so that nobody ever sees half a file.
"""

from __future__ import annotations

import dataclasses
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from lookalike.errors import ChecksumMismatch, WeightsMissing, WeightsUnwritable
from lookalike.models import licence
from lookalike.models.folders import cache_folder, weights_folder
from lookalike.models.pins import digest_of, pin, recall
from lookalike.registry import load
from lookalike.whole_files import write_whole

if TYPE_CHECKING:
    from lookalike.models.card import Card, WeightsFile

__all__ = [
    "cache_folder",
    "graph_path",
    "locate",
    "ready",
    "resolved",
    "sources",
    "state",
    "verify",
    "weights_folder",
]

_CACHE_HINT: Final = "set LOOKALIKE_CACHE to a folder with free space that you may write to"

#: Raised when a converter changes what it makes.
CONVERTER_GENERATION: Final = 2

State = Literal["installed", "downloaded", "missing", "licence not accepted"]


def locate(file: WeightsFile, model: str = "NAME") -> Path:
    """Find a file of weights: inside an installed package, or in the weights folder.

    Parameters
    ----------
    file : WeightsFile
        What to look for.
    model : str, optional
        The model's name, for the hint.

    Returns
    -------
    Path
        Where it lies.

    Raises
    ------
    WeightsMissing
        If it is not there.
    """
    if not file.package:
        path = weights_folder() / file.path
        if path.is_file():
            return path
        way = f"pull {model}" if file.urls else f"add FILE --card {model}"
        raise WeightsMissing(f"{file.path} is not in {weights_folder()}", f"lookalike models {way}")
    # Looking for a package does not import it.
    spec = find_spec(file.package)
    for folder in (spec and spec.submodule_search_locations) or ():
        path = Path(folder, file.path)
        if path.is_file():
            return path
    raise WeightsMissing(
        f"{file.package}/{file.path} is not installed", f"pip install {file.package}"
    )


def verify(file: WeightsFile, path: Path) -> None:
    """Raise unless the file on disk is the one that the card names.

    Parameters
    ----------
    file : WeightsFile
        Its digest; where the card states none, the one that the file was first seen with.
    path : Path
        Where it lies.

    Raises
    ------
    ChecksumMismatch
        If the digest differs.
    """
    found, pinned = digest_of(path), recall(path)
    expected = file.sha256 or pinned
    if expected and found != expected:
        said_by = "was here first" if expected == pinned else "its card names"
        raise ChecksumMismatch(
            f"{path.name} is not the file that {said_by}: sha256 {found[:12]}…, "
            f"expected {expected[:12]}…",
            f"pip install --force-reinstall {file.package}"
            if file.package
            else "pull it again; to trust another file, remove this one first",
        )


def resolved(card: Card) -> Card:
    """Fill in the digests that a card does not state.

    Parameters
    ----------
    card : Card
        The model.

    Returns
    -------
    Card
        The same, each file with the digest that it was first seen with. A file that is seen now
        for the first time is pinned.

    Raises
    ------
    WeightsMissing
        If a file without a digest is not there.
    WeightsUnwritable
        If the pin cannot be written.
    """
    if all(file.sha256 for file in card.files):
        return card
    files = []
    for file in card.files:
        digest = file.sha256 or recall(weights_folder() / file.path)
        if not digest:
            path = locate(file, card.name)
            digest = digest_of(path)
            pin(path, digest)
        files.append(dataclasses.replace(file, sha256=digest))
    return dataclasses.replace(card, files=tuple(files))


def graph_path(card: Card, part: str) -> Path:
    """Return where a converted graph is kept.

    Parameters
    ----------
    card : Card
        The model.
    part : str
        The name of one of its networks.

    Returns
    -------
    Path
        It need not exist yet.
    """
    name = f"{card.name}-{part}-{card.digest[:16]}-{CONVERTER_GENERATION}.onnx"
    return cache_folder() / "graphs" / name


def sources(card: Card) -> dict[str, Path]:
    """Find the weights of a model as they were published, and check them.

    Parameters
    ----------
    card : Card
        The model.

    Returns
    -------
    dict of str to Path
        A file for each part of the model.

    Raises
    ------
    LicenceNotAccepted
        If the weights need a yes that nobody has given.
    WeightsMissing, ChecksumMismatch
        If a file is not there, or is another one.
    """
    licence.require(card)
    found = {}
    for file in resolved(card).files:
        found[file.name] = locate(file, card.name)
        verify(file, found[file.name])
    return found


def ready(card: Card) -> dict[str, Path]:
    """Make sure that all networks of a model are converted.

    Parameters
    ----------
    card : Card
        The model.

    Returns
    -------
    dict of str to Path
        An ONNX file for each part of the model.

    Raises
    ------
    LicenceNotAccepted
        If the weights need a yes that nobody has given.
    WeightsMissing, ChecksumMismatch, WeightsUnreadable
        If the weights cannot be used.
    WeightsUnwritable
        If the cache folder cannot be written.
    """
    if not card.converter:
        return sources(card)
    licence.require(card)
    card = resolved(card)
    paths = {file.name: graph_path(card, file.name) for file in card.files}
    if all(path.is_file() for path in paths.values()):
        return paths
    for part, graph in load("converter", card.converter)(sources(card)).items():
        write_whole(paths[part], graph, WeightsUnwritable, _CACHE_HINT)
    return paths


def state(card: Card) -> State:
    """Say whether the weights of a model are at hand.

    Parameters
    ----------
    card : Card
        The model.

    Returns
    -------
    {"installed", "downloaded", "missing", "licence not accepted"}
        "installed" if they come with a package, or there are none to have.
    """
    try:
        for file in card.files:
            locate(file, card.name)
    except WeightsMissing:
        return "missing"
    if licence.must_be_accepted(card) and not licence.accepted(card):
        return "licence not accepted"
    return "installed" if all(file.package for file in card.files) else "downloaded"
