"""Trying a head on faces that it has not seen: of people left out, and of people it knows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from lookalike.protocols import Head

#: People are left out a tenth at a time, photos a fifth.
FOLDS: Final = 10

#: Only two fifths of the photos are tried: they say how well it works, and set nothing.
_PHOTO_FOLDS: Final = 5
_PHOTO_FOLDS_TRIED: Final = 2

#: Faces that are scored at a time, so that memory does not grow with the gallery.
BATCH: Final = 256

#: Who was left out, in words.
LEFT_OUT: Final = "people of this gallery, left out in turn"


@dataclass(frozen=True, slots=True, eq=False)
class Trials:
    """Scores of faces that a head had not seen.

    Parameters
    ----------
    unknown : ndarray of shape (u,)
        The best score of each face of somebody unknown.
    share : float
        How many people the head knew then, as a part of all.
    known : ndarray of shape (m,)
        The best score of each held-out photo of somebody known.
    right : ndarray of shape (m,), bool
        Whether it was the right person's.
    strangers : str
        Who the unknown people were, in words.
    """

    unknown: NDArray[np.floating]
    share: float
    known: NDArray[np.floating]
    right: NDArray[np.bool_]
    strangers: str


def best_scores(
    head: Head, vectors: NDArray[np.float32]
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Return the likeliest person of each face.

    Parameters
    ----------
    head : Head
        What knows the people.
    vectors : ndarray of shape (n, d), float32
        Raw rows.

    Returns
    -------
    people : ndarray of shape (n,), int64
        Who it is most likely.
    scores : ndarray of shape (n,), float32
        How surely.
    """
    people = np.empty(len(vectors), np.int64)
    scores = np.empty(len(vectors), np.float32)
    for at in range(0, len(vectors), BATCH):
        part = head.scores(vectors[at : at + BATCH])
        people[at : at + BATCH] = part.argmax(axis=1)
        scores[at : at + BATCH] = part.max(axis=1)
    return people, scores


def tries(people: int) -> int:
    """Return how many heads `run_trials` fits.

    Parameters
    ----------
    people : int
        In the gallery.

    Returns
    -------
    int
        For a progress bar.
    """
    return min(FOLDS, people) + _PHOTO_FOLDS_TRIED


def run_trials(
    kind: type[Head],
    vectors: NDArray[np.float32],
    groups: NDArray[np.int64],
    on_step: Callable[[], None] = lambda: None,
    seed: int = 0,
) -> Trials:
    """Leave people out as unknown, then photos as of known people, and see what happens.

    Parameters
    ----------
    kind : type of Head
        What to try.
    vectors : ndarray of shape (n, d), float32
        Raw rows.
    groups : ndarray of shape (n,), int64
        The person of each row, numbered from 0 without gaps.
    on_step : callable, optional
        Called after each fit.
    seed : int, default 0
        Who is left out together.

    Returns
    -------
    Trials
        Every face was unknown once, if there are at least three people: all photos of a person
        are left out together.
    """
    rng = np.random.default_rng(seed)
    unknown, share = _people_left_out(kind, vectors, groups, rng, on_step)
    known, right = _photos_left_out(kind, vectors, groups, rng, on_step)
    return Trials(unknown, share, known, right, LEFT_OUT)


def _people_left_out(
    kind: type[Head],
    vectors: NDArray[np.float32],
    groups: NDArray[np.int64],
    rng: np.random.Generator,
    on_step: Callable[[], None],
) -> tuple[NDArray[np.float32], float]:
    people = int(groups.max(initial=-1)) + 1
    folds = min(FOLDS, people)
    fold_of = rng.permutation(people) % folds
    unknown, known_people = [np.empty(0, np.float32)], 0
    for fold in range(folds):
        out = fold_of[groups] == fold
        known_people += people - int((fold_of == fold).sum())
        # With one person left there is nobody to tell apart.
        if people - (fold_of == fold).sum() >= 2:
            labels = np.unique(groups[~out], return_inverse=True)[1].astype(np.int64)
            unknown.append(best_scores(kind.fit(vectors[~out], labels), vectors[out])[1])
        on_step()
    return np.concatenate(unknown), known_people / folds / people


def _photos_left_out(
    kind: type[Head],
    vectors: NDArray[np.float32],
    groups: NDArray[np.int64],
    rng: np.random.Generator,
    on_step: Callable[[], None],
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    shuffled = rng.permutation(len(groups))
    order = shuffled[np.argsort(groups[shuffled], kind="stable")]
    starts = np.searchsorted(groups[order], groups[order])
    turn = np.empty(len(groups), np.int64)
    turn[order] = np.arange(len(groups)) - starts
    # A person's first photo is never held out for the others: of two, one stays.
    several = np.bincount(groups)[groups] > 1
    scores, right = [np.empty(0, np.float32)], [np.empty(0, bool)]
    for fold in range(_PHOTO_FOLDS_TRIED):
        out = several & (turn % _PHOTO_FOLDS == fold)
        if out.any():
            head = kind.fit(vectors[~out], groups[~out])
            people, best = best_scores(head, vectors[out])
            scores.append(best)
            right.append(people == groups[out])
        on_step()
    return np.concatenate(scores), np.concatenate(right)
