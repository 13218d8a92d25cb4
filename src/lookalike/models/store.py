"""From a card to a graph that can be run: find the weights, check them, convert, keep.

A converted graph is kept in the user's cache folder under a name that holds the digest of its
weights, so that new weights can never meet an old graph. It is written beside its place and then
renamed, so that nobody ever sees half a file.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

from lookalike.errors import ChecksumMismatch, ModelError, WeightsMissing
from lookalike.registry import load

if TYPE_CHECKING:
    from lookalike.models.card import Card, WeightsFile

#: Raised when a converter changes what it makes.
CONVERTER_GENERATION: Final = 1


def cache_folder() -> Path:
    """Return the folder for files that can be made again.

    Returns
    -------
    Path
        ``$LOOKALIKE_CACHE``, or what the platform keeps for caches.
    """
    chosen = os.environ.get("LOOKALIKE_CACHE")
    if chosen:
        return Path(chosen)
    import platformdirs

    return Path(platformdirs.user_cache_dir("lookalike", appauthor=False))


def weights_folder() -> Path:
    """Return the folder for weights that do not come in a package.

    Returns
    -------
    Path
        ``$LOOKALIKE_WEIGHTS``, or what the platform keeps for a user's data.
    """
    chosen = os.environ.get("LOOKALIKE_WEIGHTS")
    if chosen:
        return Path(chosen)
    import platformdirs

    return Path(platformdirs.user_data_dir("lookalike", appauthor=False)) / "weights"


def locate(file: WeightsFile) -> Path:
    """Find a file of weights: inside an installed package, or in the weights folder.

    Parameters
    ----------
    file : WeightsFile
        What to look for.

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
        raise WeightsMissing(f"{file.path} is not in {path.parent}", "lookalike models pull NAME")
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
        Its size and digest.
    path : Path
        Where it lies.

    Raises
    ------
    ChecksumMismatch
        If size or digest differ.
    """
    with path.open("rb") as stream:
        found = hashlib.file_digest(stream, "sha256").hexdigest()
    if found != file.sha256:
        raise ChecksumMismatch(
            f"{path.name} is not the file that its card names: sha256 {found[:12]}…, "
            f"expected {file.sha256[:12]}…",
            f"pip install --force-reinstall {file.package}" if file.package else "pull it again",
        )


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
    WeightsMissing, ChecksumMismatch, WeightsUnreadable
        If the weights cannot be used.
    ModelError
        If the cache folder cannot be written.
    """
    if not card.converter:
        sources = {file.name: locate(file) for file in card.files}
        for file in card.files:
            verify(file, sources[file.name])
        return sources
    paths = {file.name: graph_path(card, file.name) for file in card.files}
    if all(path.is_file() for path in paths.values()):
        return paths
    sources = {file.name: locate(file) for file in card.files}
    for file in card.files:
        verify(file, sources[file.name])
    for part, graph in load("converter", card.converter)(sources).items():
        write_atomically(paths[part], graph)
    return paths


def write_atomically(path: Path, data: bytes) -> None:
    """Write a file so that it is there whole or not at all.

    Parameters
    ----------
    path : Path
        Where it shall be; its folder is made.
    data : bytes
        All of it.

    Raises
    ------
    ModelError
        If it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            Path(beside).replace(path)
        except BaseException:
            with contextlib.suppress(OSError):
                Path(beside).unlink()
            raise
    except OSError as error:
        raise ModelError(
            f"cannot write {path}: {error.strerror}",
            "set LOOKALIKE_CACHE to a folder with free space that you may write to",
        ) from error
