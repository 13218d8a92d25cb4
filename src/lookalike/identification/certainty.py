"""What a score means: how often somebody unknown reaches it, and how often the answer is right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from lookalike.errors import OptionError
from lookalike.identification.options import check_fpir

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from lookalike.identification.trials import Trials


@dataclass(frozen=True, slots=True, eq=False)
class Certainty:
    """What the scores of a head mean, measured on faces that it had not seen.

    Parameters
    ----------
    unknown : ndarray of shape (u,), float32
        The best score of each face of somebody unknown, highest first.
    share : float
        How many people there were to be mistaken for, as a part of those in the gallery, above 0.
    known : ndarray of shape (m,), float32
        The best score of each held-out photo of somebody known.
    right : ndarray of shape (m,), bool
        Whether that best score was the right person's.
    slope, intercept : float
        The probability that the best score is the right person's is
        ``1 / (1 + exp(-(slope * score + intercept)))``; a slope of 0 says nothing.
    strangers : str
        Who the unknown people were, in words.
    """

    unknown: NDArray[np.float32]
    share: float
    known: NDArray[np.float32]
    right: NDArray[np.bool_]
    slope: float
    intercept: float
    strangers: str

    def threshold(self, fpir: float) -> float:
        """Return the score above which somebody is named.

        Parameters
        ----------
        fpir : float
            The false-positive identification rate to hold, above 0 and below 1.

        Returns
        -------
        float
            The lowest that holds it.

        Raises
        ------
        OptionError
            If the rate is out of range, or so low that the faces at hand cannot show it.

        Notes
        -----
        With u unknown faces tried, the score of the next one exceeds the k-th highest of theirs
        with probability k / (u + 1), so k is the largest number for which that is at most the
        rate. With more people in the gallery than there were in the trials, there are more to be
        mistaken for: with a share s, the rate tried is ``1 - (1 - fpir)^s``.

        References
        ----------
        Vovk, Gammerman, Shafer, "Algorithmic Learning in a Random World", Springer, 2005.
        """
        check_fpir(fpir)
        k = int(self._tried(fpir) * (len(self.unknown) + 1) + 1e-9)
        if k < 1:
            least = self.least_fpir
            possible = f"ask for --fpir {least:.2g} or more, or " if least < 1 else ""
            raise OptionError(
                f"a false-positive rate of {fpir:g} cannot be shown with {len(self.unknown):,} "
                "faces of unknown people",
                f"{possible}add people to the gallery, or set a --threshold",
            )
        return float(self.unknown[k - 1])

    def _tried(self, fpir: float) -> float:
        """Return what a rate is with so few people as there were in the trials."""
        return float(-np.expm1(self.share * np.log1p(-fpir)))

    @property
    def least_fpir(self) -> float:
        """The lowest rate that the faces at hand can show, rounded up to two digits."""
        if len(self.unknown) == 0:
            return 1.0
        least = -np.expm1(np.log1p(-1 / (len(self.unknown) + 1)) / self.share)
        scale = 10.0 ** (1 - np.floor(np.log10(least)))
        return float(np.ceil(least * scale) / scale)

    def fpir(self, threshold: float) -> float:
        """Return how often somebody unknown is named.

        Parameters
        ----------
        threshold : float
            The score above which somebody is named.

        Returns
        -------
        float
            0 to 1; never 0, because so few faces cannot show that.
        """
        tried = (np.count_nonzero(self.unknown > threshold) + 1) / (len(self.unknown) + 1)
        with np.errstate(divide="ignore"):
            return float(-np.expm1(np.log1p(-tried) / self.share))

    def dir(self, threshold: float) -> float | None:
        """Return how often somebody known is named rightly: detected and identified.

        Parameters
        ----------
        threshold : float
            The score above which somebody is named.

        Returns
        -------
        float or None
            0 to 1; None if nobody has a second photo to try it with.
        """
        if len(self.known) == 0:
            return None
        return float((self.right & (self.known > threshold)).mean())

    def probability(self, scores: NDArray[np.floating]) -> NDArray[np.float64] | None:
        """Return how likely the likeliest person is the right one.

        Parameters
        ----------
        scores : ndarray of shape (n,), float
            The best score of each face.

        Returns
        -------
        ndarray of shape (n,), float64, or None
            0 to 1, if as many faces are of unknown people as of known ones; None if nobody has a
            second photo to try it with.
        """
        if self.slope <= 0:
            return None
        from scipy.special import expit

        return np.asarray(expit(self.slope * np.asarray(scores, np.float64) + self.intercept))

    @classmethod
    def of(cls, trials: Trials) -> Self:
        """Learn what scores mean.

        Parameters
        ----------
        trials : Trials
            Scores of faces that the head had not seen.

        Returns
        -------
        Certainty
            With a logistic curve if there were trials with known people.
        """
        slope, intercept = _logistic(trials)
        unknown = np.sort(trials.unknown)[::-1].astype(np.float32)
        return cls(
            unknown,
            trials.share,
            trials.known.astype(np.float32),
            trials.right,
            slope,
            intercept,
            trials.strangers,
        )

    def arrays(self) -> dict[str, NDArray[np.float32]]:
        """Return the numbers that `restore` reads."""
        return {
            "trials.unknown": self.unknown,
            "trials.known": self.known,
            "trials.right": self.right.astype(np.float32),
        }

    def facts(self) -> dict[str, Any]:
        """Return the JSON values that `restore` reads."""
        return {
            "share": self.share,
            "slope": self.slope,
            "intercept": self.intercept,
            "strangers": self.strangers,
        }

    @classmethod
    def restore(cls, facts: Mapping[str, Any], arrays: Mapping[str, NDArray[np.float32]]) -> Self:
        """Read what `facts` and `arrays` gave.

        Parameters
        ----------
        facts : mapping of str to object
            JSON values.
        arrays : mapping of str to ndarray
            Numbers.

        Returns
        -------
        Certainty
            The same.
        """
        return cls(
            arrays["trials.unknown"],
            float(facts["share"]),
            arrays["trials.known"],
            arrays["trials.right"] > 0,
            float(facts["slope"]),
            float(facts["intercept"]),
            str(facts["strangers"]),
        )


def _logistic(trials: Trials) -> tuple[float, float]:
    """Fit the probability that the best score is right, known and unknown weighing the same."""
    if not trials.right.any() or len(trials.unknown) == 0:
        return 0.0, 0.0
    from sklearn.linear_model import LogisticRegression

    scores = np.concatenate([trials.known, trials.unknown]).astype(np.float64)
    right = np.concatenate([trials.right, np.zeros(len(trials.unknown), bool)])
    weights = np.repeat(
        [1 / len(trials.known), 1 / len(trials.unknown)], [len(trials.known), len(trials.unknown)]
    )
    spread = float(scores.std()) or 1.0
    # A hundredth of a trial's worth of doubt keeps the slope finite where all trials went well.
    model = LogisticRegression(C=100.0, max_iter=1000)
    rows = ((scores - scores.mean()) / spread)[:, None]
    model.fit(rows, right, sample_weight=weights * len(weights) / 2)
    slope = float(model.coef_[0, 0]) / spread
    return slope, float(model.intercept_[0]) - slope * float(scores.mean())
