"""Comparing a visitor only with people who share something, guessed where it is sure enough."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from lookalike.types import Embeddings

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from lookalike.gallery.asking.probe import Guess
    from lookalike.gallery.asking.ranking import FindOptions
    from lookalike.types import Match


def condition(guess: Guess, options: FindOptions) -> str:
    """Return whom a face is compared with.

    Parameters
    ----------
    guess : Guess
        What the probe says of it.
    options : FindOptions
        The question.

    Returns
    -------
    str
        The question's own condition, and the guess with it if it is sure enough.
    """
    if guess.confidence < options.sure:
        return options.where
    value = guess.value.replace("'", "''")
    alike = f"{guess.attribute} = '{value}'"
    return f"({options.where}) and {alike}" if options.where else alike


def find_like_me(
    find: Callable[[Embeddings, FindOptions], list[list[Match]]],
    faces: Embeddings,
    guesses: Sequence[Guess],
    options: FindOptions,
) -> list[list[Match]]:
    """Rank for each face the people who share with it what was guessed.

    Parameters
    ----------
    find : callable
        Answers a question for faces, as `Gallery.find` does.
    faces : Embeddings
        Of its space.
    guesses : sequence of Guess
        One for each face.
    options : FindOptions
        The question.

    Returns
    -------
    list of list of Match
        For each face, in order.
    """
    conditions = [condition(guess, options) for guess in guesses]
    found: list[list[Match]] = [[] for _ in conditions]
    for where in dict.fromkeys(conditions):
        rows = np.flatnonzero([one == where for one in conditions])
        part = Embeddings(faces.vectors[rows], faces.space)
        asked = replace(options, like_me="", where=where)
        for row, matches in zip(rows, find(part, asked), strict=True):
            found[row] = matches
    return found
