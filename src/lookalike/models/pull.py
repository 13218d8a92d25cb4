"""Bringing the weights of a model here: every mirror in order, checked, and then renamed.

Whoever comes second while a file is being downloaded waits and finds it done.
"""

from __future__ import annotations

import dataclasses
import os
from typing import TYPE_CHECKING, Final, Literal
from urllib.parse import urlsplit

from lookalike.errors import (
    ChecksumMismatch,
    DownloadFailed,
    ModelError,
    Offline,
    WeightsMissing,
    WeightsUnreadable,
    WeightsUnwritable,
)
from lookalike.models import licence
from lookalike.models.arrival import discard, only_one, settle
from lookalike.models.download import Order, Patience, fetch
from lookalike.models.folders import partial_paths, weights_folder
from lookalike.models.pins import recall
from lookalike.models.store import locate, resolved, verify
from lookalike.models.unpack import is_packed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from lookalike.models.card import Card, WeightsFile

_YES: Final = frozenset({"1", "true", "yes", "on"})


@dataclasses.dataclass(frozen=True, slots=True)
class Progress:
    """How far a file is.

    Parameters
    ----------
    file : WeightsFile
        Which one.
    step : {"waiting", "downloading", "checking"}
        "waiting" while another process downloads it.
    done : int
        Bytes so far.
    total : int or None
        Bytes in total, if that is known.
    """

    file: WeightsFile
    step: Literal["waiting", "downloading", "checking"]
    done: int = 0
    total: int | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Pulled:
    """A file that is here.

    Parameters
    ----------
    file : WeightsFile
        The file, with its digest.
    path : Path
        Where it lies.
    fresh : bool
        Whether it has been downloaded just now.
    pinned_here : bool
        Whether the card does not state the digest, so that the first file seen counts.
    """

    file: WeightsFile
    path: Path
    fresh: bool
    pinned_here: bool


@dataclasses.dataclass(frozen=True, slots=True)
class PullOptions:
    """How to pull.

    Parameters
    ----------
    offline : bool or None
        Whether downloads are forbidden; by default ``$LOOKALIKE_OFFLINE`` decides.
    patience : Patience
        How long to wait, and how often to try.
    report : callable or None
        Told how far each file is.
    """

    offline: bool | None = None
    patience: Patience = dataclasses.field(default_factory=Patience)
    report: Callable[[Progress], None] | None = None


def downloads_forbidden() -> bool:
    """Say whether ``$LOOKALIKE_OFFLINE`` forbids downloads.

    Returns
    -------
    bool
        True for 1, true, yes and on.
    """
    return os.environ.get("LOOKALIKE_OFFLINE", "").lower() in _YES


def pull(card: Card, options: PullOptions | None = None) -> tuple[Pulled, ...]:
    """Make sure that all weights of a model are here, and are the right ones.

    Parameters
    ----------
    card : Card
        The model.
    options : PullOptions, optional
        How.

    Returns
    -------
    tuple of Pulled
        In the card's order.

    Raises
    ------
    LicenceNotAccepted
        If the weights need a yes that nobody has given.
    DownloadFailed, ChecksumMismatch
        If no address gives the right file. Nothing half-written is left in its place.
    Offline
        If a download is needed and forbidden.
    WeightsMissing
        If a package is not installed, or a file has no address.
    WeightsUnwritable
        If the disk is full or the folder is read-only.
    """
    licence.require(card)
    options = options or PullOptions()
    return tuple(_pull_file(card, file, options) for file in card.files)


def _pull_file(card: Card, file: WeightsFile, options: PullOptions) -> Pulled:
    if file.package:
        path = locate(file, card.name)
        verify(file, path)
        return Pulled(file, path, fresh=False, pinned_here=False)
    path = weights_folder() / file.path
    if here := _here(card, file, path):
        return here
    if downloads_forbidden() if options.offline is None else options.offline:
        if path.is_file():
            verify(file, path)
        raise Offline(
            f"{file.path} must be downloaded, and downloads are switched off",
            f"get it elsewhere, then: lookalike models add FILE --card {card.name}",
        )
    if not file.urls:
        raise WeightsMissing(
            f"{file.path} has no address to download it from",
            f"lookalike models add FILE --card {card.name}",
        )
    with only_one(path, lambda: _tell(options, Progress(file, "waiting"))):
        if here := _here(card, file, path):
            return here
        try:
            digest = _from_any(card, file, options)
        except WeightsUnwritable:
            discard(path)  # a full disk is not left full
            raise
    whole = dataclasses.replace(file, sha256=digest)
    return Pulled(whole, path, fresh=True, pinned_here=not file.sha256)


def _here(card: Card, file: WeightsFile, path: Path) -> Pulled | None:
    if not path.is_file():
        return None
    (whole,) = resolved(dataclasses.replace(card, files=(file,))).files
    try:
        verify(whole, path)
    except ChecksumMismatch:
        return None
    return Pulled(whole, path, fresh=False, pinned_here=not file.sha256)


def _from_any(card: Card, file: WeightsFile, options: PullOptions) -> str:
    failures: list[tuple[str, ModelError]] = []
    for url in file.urls:
        try:
            return _from_one(url, file, options)
        except (ChecksumMismatch, DownloadFailed, WeightsUnreadable) as error:
            failures.append((urlsplit(url).netloc.rpartition("@")[2], error))
    said = "; ".join(f"{host}: {error.message}" for host, error in failures)
    wrong = all(isinstance(error, ChecksumMismatch) for _, error in failures)
    raise (ChecksumMismatch if wrong else DownloadFailed)(
        f"{file.path} could not be downloaded: {said}",
        f"try again later, or get it elsewhere: lookalike models add FILE --card {card.name}",
    )


def _from_one(url: str, file: WeightsFile, options: PullOptions) -> str:
    path = weights_folder() / file.path
    part, note, _ = partial_paths(path)
    packed = is_packed(file, urlsplit(url).path)
    wanted = file.sha256 or recall(path)
    order = Order(url, part, note, 0 if packed else file.bytes, checked=bool(wanted))
    resumed = part.is_file()
    fetch(
        order,
        options.patience,
        lambda done, total: _tell(options, Progress(file, "downloading", done, total)),
    )
    _tell(options, Progress(file, "checking"))
    try:
        digest = settle(part, file, packed=packed, wanted=wanted)
    except (ChecksumMismatch, WeightsUnreadable):
        discard(path)
        if resumed:
            # What was gone on with may have come from elsewhere: once more from the start.
            return _from_one(url, file, options)
        raise
    discard(path)
    return digest


def _tell(options: PullOptions, progress: Progress) -> None:
    if options.report:
        options.report(progress)
