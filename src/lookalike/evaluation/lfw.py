"""Measuring verification on a folder of photos and a file of pairs, as LFW has them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np

from lookalike.errors import EvaluationError, ImageError
from lookalike.evaluation.scores import Scores
from lookalike.gallery.choice import choose_face
from lookalike.search.metrics import ready_made

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
    return Scores(
        setting,
        distances,
        np.array([pair.same for pair in pairs], bool),
        np.array([pair.fold for pair in pairs], np.int64),
        len(photos),
        tuple(photo for photo in photos if photo not in vectors),
        took_ms / max(len(photos), 1),
    )


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
