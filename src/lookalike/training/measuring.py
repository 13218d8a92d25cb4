"""How well an encoder tells people apart whom it has never seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from lookalike.evaluation.all_pairs import measure_pairs
from lookalike.evaluation.curve import equal_error_rate, error_curve
from lookalike.gallery.records import Columns, Header
from lookalike.search.metrics import Cosine
from lookalike.types import Space

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lookalike.evaluation.scores import Scores
    from lookalike.training.material import Material


@dataclass(frozen=True, slots=True)
class Measured:
    """Figures of all pairs of photos of people who were left out.

    Parameters
    ----------
    eer : float
        Equal error rate, 0 to 1; 0.5 is chance.
    tar : float
        How often one person is accepted where two people are once in a hundred, 0 to 1.
    """

    eer: float
    tar: float

    def fields(self) -> dict[str, Any]:
        """Return the figures as JSON values."""
        return {"eer": round(self.eer, 5), "tar_at_far_0.01": round(self.tar, 5)}


def columns_of(
    material: Material, rows: NDArray[np.int64], vectors: NDArray[np.float32]
) -> Columns:
    """Return rows as a gallery has them, so that all that measures galleries measures them.

    Parameters
    ----------
    material : Material
        Where the rows come from.
    rows : ndarray of shape (m,), int64
        Which.
    vectors : ndarray of shape (m, d), float32
        Their vectors.

    Returns
    -------
    Columns
        Only of people with a row.
    """
    present, groups = np.unique(material.groups[rows], return_inverse=True)
    return Columns(
        tuple(material.people[one] for one in present),
        tuple(material.photos[row] for row in rows),
        groups.astype(np.int64),
        vectors,
        rows,
    )


def scores_of(columns: Columns, name: str) -> Scores:
    """Return the cosine distances of all pairs.

    Parameters
    ----------
    columns : Columns
        Of people who were left out.
    name : str
        How the encoder is called.

    Returns
    -------
    Scores
        Raw.

    Raises
    ------
    EvaluationError
        If nobody has two photos.
    """
    space = Space(name, columns.vectors.shape[1], "")
    return measure_pairs(columns, Header(space, "", 1), Cosine())


def measured(scores: Scores) -> Measured:
    """Derive the figures that are watched while training.

    Parameters
    ----------
    scores : Scores
        See `scores_of`.

    Returns
    -------
    Measured
        Without intervals; `lookalike.evaluation.pair_figures` has them.
    """
    curve = error_curve(scores)
    return Measured(equal_error_rate(curve.fmr, curve.fnmr), curve.tmr(0.01))
