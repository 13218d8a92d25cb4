"""Measuring which parts make two faces alike, in the very distance that was asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from lookalike.errors import ArrayError, OptionError
from lookalike.explain.agreement import correlation, stability, under_parts
from lookalike.explain.explanation import Explanation, PartWeight
from lookalike.explain.hiding import FILLERS, Filler, cover, hidden
from lookalike.explain.parts import PARTS, cell_masks, part_masks
from lookalike.explain.sentence import in_words
from lookalike.types import Crops

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lookalike.protocols import Encoder, Metric

#: A finer grid than this takes minutes and shows noise.
_MOST_CELLS: Final = 24


@dataclass(frozen=True, slots=True)
class ExplainOptions:
    """How a likeness is explained.

    Parameters
    ----------
    fillers : tuple of {"blur", "strong blur", "mean"}
        How parts are hidden; what they agree on is what counts.
    grid_filler : {"blur", "strong blur", "mean"}, default "mean"
        How cells of the grid are hidden.
    cells : int, default 7
        How many cells a side of the grid has.

    Raises
    ------
    OptionError
        If there is no such filler, or there are too many or too few cells.
    """

    fillers: tuple[Filler, ...] = FILLERS
    grid_filler: Filler = "mean"
    cells: int = 7

    def __post_init__(self) -> None:
        """Check the options."""
        strange = {*self.fillers, self.grid_filler} - set(FILLERS)
        if strange or not self.fillers:
            raise OptionError(
                f"there is no way to hide a part called {', '.join(sorted(strange)) or 'nothing'}",
                "the ways are: " + ", ".join(FILLERS),
            )
        if not 2 <= self.cells <= _MOST_CELLS:
            raise OptionError(f"cells must be between 2 and {_MOST_CELLS}, got {self.cells}")


_DEFAULTS: Final = ExplainOptions()


class Explainer:
    """Says which parts make two faces alike. Safe to share between threads.

    Each part is hidden in the one face, then in the other, and everything is encoded in one batch.
    The more the distance grows, the more the part makes the two alike.

    Parameters
    ----------
    encoder : Encoder
        What turns crops into vectors.
    metric : Metric
        The distance, fitted where it must be.
    options : ExplainOptions, optional
        How.

    Notes
    -----
    With x a face, y the other and x without part p written x - p, the change that p makes is
    ``(d(x - p, y) + d(x, y - p)) / 2 - d(x, y)``, averaged over the ways to hide it. Hiding a part
    in both faces at once would make them alike there, whatever they look like.

    References
    ----------
    Zeiler, Fergus, "Visualizing and Understanding Convolutional Networks", ECCV 2014.
    """

    def __init__(
        self, encoder: Encoder, metric: Metric, options: ExplainOptions = _DEFAULTS
    ) -> None:
        self._encoder, self._metric, self._options = encoder, metric, options

    def explain(self, one: Crops, other: Crops) -> Explanation:
        """Explain the likeness of two faces.

        Parameters
        ----------
        one, other : Crops
            One face each, cut by the encoder's template.

        Returns
        -------
        Explanation
            What counts, and how far to believe it.

        Raises
        ------
        ArrayError
            If there is not one face in each, or they follow another template.
        """
        if len(one) != 1 or len(other) != 1:
            raise ArrayError(f"one face each can be explained, got {len(one)} and {len(other)}")
        faces = Crops.concatenate([one, other])
        masks = part_masks(faces.template)
        cells = cell_masks(faces.pixels.shape[1], self._options.cells)
        distance, changes, grid = self._measure(faces, masks, cells)
        return _summed_up(self._metric.name, distance, changes, grid, masks)

    def _measure(
        self, faces: Crops, masks: NDArray[np.float32], cells: NDArray[np.float32]
    ) -> tuple[float, NDArray[np.float64], NDArray[np.float32]]:
        """Return the distance, its change by filler, face and part, and by face and cell."""
        chosen = self._options
        covers = [
            {filler: cover(face, filler) for filler in {*chosen.fillers, chosen.grid_filler}}
            for face in faces.pixels
        ]
        batch = [faces.pixels]
        for face, covered in zip(faces.pixels, covers, strict=True):
            batch += [hidden(face, masks, covered[filler]) for filler in chosen.fillers]
            batch.append(hidden(face, cells, covered[chosen.grid_filler]))
        vectors = self._encoded(np.concatenate(batch), faces.template)
        whole, rest = vectors[:2], vectors[2:].reshape(2, -1, vectors.shape[1])
        distance = float(self._between(whole[:1], whole[1])[0])
        moved = np.stack([self._between(rest[side], whole[1 - side]) - distance for side in (0, 1)])
        parts = moved[:, : len(chosen.fillers) * len(masks)]
        changes = parts.reshape(2, len(chosen.fillers), len(masks)).transpose(1, 0, 2)
        grid = moved[:, parts.shape[1] :].reshape(2, chosen.cells, chosen.cells)
        return distance, changes, grid.astype(np.float32)

    def _encoded(self, pixels: NDArray[np.uint8], template: str) -> NDArray[np.float32]:
        maps = np.tile(np.eye(2, 3, dtype=np.float32), (len(pixels), 1, 1))
        return self._encoder.encode(Crops(pixels, maps, template)).vectors

    def _between(
        self, rows: NDArray[np.float32], vector: NDArray[np.float32]
    ) -> NDArray[np.float64]:
        gaps = self._metric.project(rows).astype(np.float64) - self._metric.project(vector[None])
        return np.asarray(self._metric.distances((gaps**2).sum(axis=1)), np.float64)


def _summed_up(
    metric: str,
    distance: float,
    changes: NDArray[np.float64],
    grid: NDArray[np.float32],
    masks: NDArray[np.float32],
) -> Explanation:
    """Make the answer of what was measured."""
    by_face = changes.mean(axis=0)
    mean = by_face.mean(axis=0)
    likeness = np.maximum(mean, 0)
    weights = likeness / max(float(likeness.sum()), 1e-12)
    areas = masks.mean(axis=(1, 2))
    parts = tuple(
        PartWeight(
            PARTS[at], *(float(x) for x in (mean[at], weights[at], *by_face[:, at], areas[at]))
        )
        for at in np.argsort(-mean, kind="stable")
    )
    steady = stability(changes.reshape(-1, len(masks)))
    faces_agree = correlation(by_face[0], by_face[1])
    maps_agree = correlation(under_parts(grid.mean(axis=0), masks), mean)
    words = in_words(parts, distance, steady, faces_agree, maps_agree)
    return Explanation(metric, distance, parts, grid, steady, faces_agree, maps_agree, words)
