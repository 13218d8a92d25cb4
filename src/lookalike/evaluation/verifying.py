"""Measuring verification on a folder of photos and a list of pairs, such as LFW's."""

from __future__ import annotations

import hashlib
import time
from typing import TYPE_CHECKING

import numpy as np

from lookalike import __version__
from lookalike.errors import EvaluationError, ImageError
from lookalike.evaluation.cast import Cast
from lookalike.evaluation.scores import Origin, Scores
from lookalike.gallery.building.choice import choose_face
from lookalike.search.metrics import ready_made
from lookalike.types import Person, person_id

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from lookalike.evaluation.pairs import Pair
    from lookalike.evaluation.scores import Setting
    from lookalike.protocols import Analyzer


def measure(
    folder: Path,
    pairs: Sequence[Pair],
    analyzer: Analyzer,
    setting: Setting,
    on_photo: Callable[[str], None] = lambda _photo: None,
) -> Scores:
    """Encode every photo once and measure every pair.

    Parameters
    ----------
    folder : Path
        Where the photos are.
    pairs : sequence of Pair
        What to compare.
    analyzer : Analyzer
        What finds and encodes faces. Of several faces in a photo the one nearest to the middle
        counts: LFW's photos are centered on the person they are named after.
    setting : Setting
        What the scores are filed under; its metric is used.
    on_photo : callable, optional
        Called with each photo once it is done, for a progress bar.

    Returns
    -------
    Scores
        Raw distances.

    Raises
    ------
    EvaluationError
        If a photo is missing or broken.
    """
    photos = sorted({photo for pair in pairs for photo in (pair.one, pair.other)})
    began = time.perf_counter()
    vectors = _encode(folder, photos, analyzer, on_photo)
    took_ms = (time.perf_counter() - began) * 1000
    metric = ready_made(setting.metric)
    distances = np.full(len(pairs), np.inf)
    found = [at for at, pair in enumerate(pairs) if pair.one in vectors and pair.other in vectors]
    if found:
        one = metric.project(np.array([vectors[pairs[at].one] for at in found]))
        other = metric.project(np.array([vectors[pairs[at].other] for at in found]))
        gap = one.astype(np.float64) - other
        distances[found] = metric.distances((gap**2).sum(axis=1))
    places = {photo: at for at, photo in enumerate(photos)}
    sides = np.array([(places[pair.one], places[pair.other]) for pair in pairs], np.int32)
    return Scores(
        setting,
        distances,
        np.array([pair.same for pair in pairs], bool),
        np.array([pair.fold for pair in pairs], np.int64),
        len(photos),
        tuple(photo for photo in photos if photo not in vectors),
        took_ms / max(len(photos), 1),
        sides,
        _cast(pairs, photos),
        origin=Origin(analyzer.space.digest, _digest(pairs), __version__),
    )


def _digest(pairs: Sequence[Pair]) -> str:
    """Return SHA-256 of a list of pairs, however its file was written."""
    digest = hashlib.sha256()
    for pair in pairs:
        digest.update(f"{pair.one}\t{pair.other}\t{int(pair.same)}\t{pair.fold}\n".encode())
    return digest.hexdigest()


def _cast(pairs: Sequence[Pair], photos: Sequence[str]) -> Cast | None:
    """Return who is in the photos, if the list says it and does not contradict itself."""
    owner: dict[str, str] = {}
    for pair in pairs:
        one, other = pair.people
        if not one or not other or (one == other) is not pair.same:
            return None
        if owner.setdefault(pair.one, one) != one or owner.setdefault(pair.other, other) != other:
            return None
    names = sorted(set(owner.values()))
    place = {name: at for at, name in enumerate(names)}
    owners = np.array([place[owner[photo]] for photo in photos], np.int32)
    people = tuple(Person(person_id(name), name.replace("_", " ")) for name in names)
    return Cast(people, tuple(photos), owners, np.full(len(photos), -1, np.int64))


def _encode(
    folder: Path, photos: Sequence[str], analyzer: Analyzer, on_photo: Callable[[str], None]
) -> dict[str, NDArray[np.float32]]:
    vectors = {}
    analyses = analyzer.analyze(folder / photo for photo in photos)
    for photo, analysis in zip(photos, analyses, strict=True):
        if isinstance(analysis, ImageError):
            raise EvaluationError(
                f"{photo}: {analysis.message}", "the set is not complete: download it again"
            ) from analysis
        if len(analysis):
            row = choose_face(analysis.image, analysis.faces, "centered")
            vectors[photo] = analysis.embeddings.vectors[row if row is not None else 0]
        on_photo(photo)
    return vectors
