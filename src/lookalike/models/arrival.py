"""A file of weights that has come, by whatever way: checked, and moved to its place."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from lookalike.errors import ChecksumMismatch, WeightsUnwritable
from lookalike.models.download import SPACE_HINT
from lookalike.models.folders import partial_paths, weights_folder
from lookalike.models.pins import digest_of, pin
from lookalike.models.unpack import unpack
from lookalike.whole_files import writing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from lookalike.models.card import WeightsFile


@contextmanager
def only_one(weights: Path, when_waiting: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Keep all other processes away from a file of weights.

    Parameters
    ----------
    weights : Path
        The file.
    when_waiting : callable, optional
        Called before waiting for another process.

    Yields
    ------
    None
        Inside, nobody else downloads, adds or removes it.

    Raises
    ------
    WeightsUnwritable
        If the folder of weights cannot be written.
    """
    path = partial_paths(weights)[0].with_suffix(".lock")
    lock = FileLock(path)
    with writing(weights, WeightsUnwritable, SPACE_HINT):
        path.parent.mkdir(parents=True, exist_ok=True)
        weights.parent.mkdir(parents=True, exist_ok=True)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            when_waiting()
            lock.acquire()
    try:
        yield
    finally:
        lock.release()


def settle(found: Path, file: WeightsFile, *, packed: bool, wanted: str) -> str:
    """Check a file that has come, and move it to its place.

    Parameters
    ----------
    found : Path
        The file, in the same file system as the folder of weights; it is used up.
    file : WeightsFile
        What it should be.
    packed : bool
        Whether it is an archive with the weights inside.
    wanted : str
        The digest of the weights; empty if it is not known.

    Returns
    -------
    str
        Their digest.

    Raises
    ------
    ChecksumMismatch
        If they are others.
    WeightsUnreadable
        If the archive is broken.
    WeightsUnwritable
        If the disk is full or the folder is read-only.
    """
    path = weights_folder() / file.path
    if packed:
        unpacked = partial_paths(path)[2]
        unpack(found, file, unpacked)
        found = unpacked
    digest = digest_of(found)
    if wanted and digest != wanted:
        raise ChecksumMismatch(f"wrong bytes, sha256 {digest[:12]}…, expected {wanted[:12]}…")
    with writing(path, WeightsUnwritable, SPACE_HINT):
        found.replace(path)
    if not file.sha256:
        pin(path, digest)
    return digest


def discard(weights: Path) -> None:
    """Forget a download that is not whole.

    Parameters
    ----------
    weights : Path
        The file that it should have become.
    """
    for left in partial_paths(weights):
        left.unlink(missing_ok=True)
