"""Weights that somebody brings: for a model of their own, or by hand for one that is known."""

from __future__ import annotations

import contextlib
import dataclasses
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from lookalike.errors import (
    CardError,
    ChecksumMismatch,
    LookalikeError,
    OptionError,
    WeightsMissing,
    WeightsUnreadable,
    WeightsUnwritable,
)
from lookalike.models import licence
from lookalike.models.arrival import discard, only_one, settle
from lookalike.models.card import WeightsFile, added, built_in
from lookalike.models.card_text import card_text
from lookalike.models.download import SPACE_HINT
from lookalike.models.folders import cards_folder, partial_paths, weights_folder
from lookalike.models.pins import digest_of, recall
from lookalike.models.removal import remove
from lookalike.models.runtime import Runtime
from lookalike.models.unpack import is_packed
from lookalike.registry import load
from lookalike.types import Crops, Image
from lookalike.whole_files import write_whole, writing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lookalike.models.card import Card


def described(card: Card, weights: Sequence[Path]) -> Card:
    """Fill in what a card leaves open about the files that it describes.

    Parameters
    ----------
    card : Card
        A new model.
    weights : sequence of Path
        Its files, as many as the card names.

    Returns
    -------
    Card
        With sizes, digests, and a folder of its own for the files.

    Raises
    ------
    CardError
        If the name is taken.
    ChecksumMismatch
        If a file is not the one that the card names.
    OptionError, WeightsMissing
        If files and card do not belong together, or a file is not there.
    """
    if card.name in built_in():
        raise CardError(
            f"there is another model named {card.name!r}",
            "change the name on the card; for weights of that model, give its name as the card",
        )
    if card.name in added():
        raise CardError(
            f"there is another model named {card.name!r}", f"lookalike models remove {card.name}"
        )
    pairs = dict(_pairs(card, weights))
    if len(pairs) < sum(not file.package for file in card.files):
        raise OptionError(
            f"{card.name} has {len(card.files)} files, {len(pairs)} given", _files_hint(card)
        )
    files = []
    for file in card.files:
        whole = file
        if file in pairs:
            size, digest = pairs[file].stat().st_size, digest_of(pairs[file])
            if file.sha256 and file.sha256 != digest:
                raise ChecksumMismatch(
                    f"{pairs[file].name} is not the file that the card names: "
                    f"sha256 {digest[:12]}…, expected {file.sha256[:12]}…",
                    "leave sha256 on the card empty to have it filled in",
                )
            path = f"{card.name}/{Path(file.path).name}"
            whole = WeightsFile(
                file.name, path, size, digest, urls=() if file.archive else file.urls
            )
        files.append(whole)
    return dataclasses.replace(card, files=tuple(files))


def add(card: Card, weights: Sequence[Path]) -> Card:
    """Add a model: copy its files, try it, and keep its card.

    Parameters
    ----------
    card : Card
        What the files are.
    weights : sequence of Path
        The files; they are copied.

    Returns
    -------
    Card
        As it is kept.

    Raises
    ------
    CardError
        If the card is wrong about the network, or its name is taken.
    LicenceNotAccepted
        If the weights need a yes that nobody has given.
    ModelError
        One of its kinds, if the files cannot be used. Nothing of them is kept then.
    """
    card = described(card, weights)
    licence.require(card)
    try:
        bring(card, weights)
        try_out(card)
        write_whole(
            cards_folder() / f"{card.name}.toml",
            card_text(card).encode(),
            WeightsUnwritable,
            "set LOOKALIKE_CARDS to a folder that you may write to",
        )
    except BaseException:
        remove(card)
        with contextlib.suppress(OSError):
            (weights_folder() / card.name).rmdir()
        raise
    return card


def bring(card: Card, weights: Sequence[Path]) -> tuple[Path, ...]:
    """Put files of a model into the weights folder, without a network.

    Parameters
    ----------
    card : Card
        The model.
    weights : sequence of Path
        Files of weights, or the archives that they are published in.

    Returns
    -------
    tuple of Path
        Where they lie now.

    Raises
    ------
    ChecksumMismatch, WeightsUnreadable
        If a file is not the one that the card names.
    OptionError, WeightsMissing
        If the model has no such file, or the file is not there.
    WeightsUnwritable
        If the disk is full or the folder is read-only.
    """
    there = []
    for file, source in _pairs(card, weights):
        path = weights_folder() / file.path
        wanted = file.sha256 or recall(path)
        # The file itself, or what it is published in: its digest tells, else its name.
        packed = digest_of(source) != wanted and is_packed(
            dataclasses.replace(file, archive=file.archive if _is_zip(source, file) else ""),
            source.name,
        )
        copy = partial_paths(path)[0]
        with only_one(path):
            try:
                with writing(path, WeightsUnwritable, SPACE_HINT):
                    shutil.copyfile(source, copy)
                settle(copy, file, packed=packed, wanted=wanted)
            finally:
                discard(path)
        there.append(path)
    return tuple(there)


def try_out(card: Card) -> None:
    """Open a model and show it an empty picture.

    Parameters
    ----------
    card : Card
        The model; its weights are in their place.

    Raises
    ------
    CardError
        If the network takes or gives something else than the card says.
    WeightsUnreadable
        If it cannot be run.
    ModelError
        One of its other kinds, if the weights cannot be used.
    """
    kind = "encoder" if card.task == "encode" else "detector"
    implementation = load(kind, card.architecture)
    try:
        if card.task == "encode":
            side = card.input.size
            blank = np.zeros((1, side, side, 3), np.uint8)
            crops = Crops(blank, np.zeros((1, 2, 3), np.float32), card.input.template)
            implementation.open(card, Runtime(), 1).encode(crops)
        else:
            blank = np.zeros((128, 128, 3), np.uint8)
            implementation.open(card, Runtime()).detect([Image(blank)])
    except LookalikeError:
        raise
    except Exception as error:  # a network of another make can fail in any way
        raise WeightsUnreadable(
            f"{card.name} cannot be run as {card.architecture!r}: {type(error).__name__}: {error}",
            "the card must name the architecture, and the parts, that the network has",
        ) from error


def _pairs(card: Card, weights: Sequence[Path]) -> list[tuple[WeightsFile, Path]]:
    own = [file for file in card.files if not file.package]
    for path in weights:
        if not path.is_file():
            raise WeightsMissing(f"there is no file {path}")
    if len(own) == len(weights) == 1:
        return [(own[0], weights[0])]
    by_name = {Path(file.path).name: file for file in own}
    if len({path.name for path in weights}) < len(weights):
        raise OptionError("two files of one name were given", _files_hint(card))
    for path in weights:
        if path.name not in by_name:
            raise OptionError(f"{card.name} has no file {path.name}", _files_hint(card))
    return [(by_name[path.name], path) for path in weights]


def _files_hint(card: Card) -> str:
    own = [Path(file.path).name for file in card.files if not file.package]
    return f"its files: {', '.join(own) or 'none; they come with a package'}"


def _is_zip(source: Path, file: WeightsFile) -> bool:
    import zipfile

    return bool(file.archive) and zipfile.is_zipfile(source)
