"""Suggestions about single faces: they show somebody else, or nobody known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lookalike.gallery.audit.findings import Suggestion
from lookalike.gallery.audit.wording import distance, photos

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from lookalike.gallery.audit.case import Case


def relabels(case: Case, taken: NDArray[np.bool_]) -> Iterator[tuple[int, Suggestion]]:
    """Suggest whom faces show that are filed under somebody else.

    Parameters
    ----------
    case : Case
        The gallery.
    taken : ndarray of shape (n,), bool
        Faces of which another suggestion speaks.

    Yields
    ------
    tuple of int and Suggestion
        The face's position, and what to do with it; the surest first.
    """
    verdicts = case.sorting.verdicts
    ready = np.flatnonzero((verdicts.relabel >= case.options.min_confidence) & ~taken)
    arrived: set[tuple[str, int]] = set()
    for face in ready[np.argsort(-verdicts.relabel[ready], kind="stable")].tolist():
        pile = int(verdicts.best[face])
        arrival = (case.columns.photos[face].id, pile)
        # Another face of the same photo may be on its way to the same person.
        if pile in case.heads and arrival not in arrived:
            arrived.add(arrival)
            yield face, _relabel(case, face, case.heads[pile])


def _relabel(case: Case, face: int, to: int) -> Suggestion:
    person, faces = int(case.columns.groups[face]), np.array([face])
    own, theirs = case.kept(person, without=faces), case.kept(to, without=faces)
    near = {"own": case.mean_distance(faces, own), "other": case.mean_distance(faces, theirs)}
    name = case.person(to).name
    if not len(own):
        why = f"like {photos(len(theirs), name)}{distance(near['other'], 'on average')}"
    elif near["other"] < near["own"]:
        which = "that" if len(theirs) == 1 else "those"
        why = (
            f"unlike {photos(len(own), case.person(person).name, other=True)}"
            f"{distance(near['own'], 'on average')} and like {which} of {name}"
            f"{distance(near['other'])}"
        )
    else:
        why = (
            f"fits {photos(len(theirs), name)} better than "
            f"{photos(len(own), case.person(person).name, other=True)}, in what tells these "
            "people apart, if not in plain distance"
        )
    if case.sorting.verdicts.expelled[face]:
        why += "; the photo shows another face that fits better"
    sure = float(case.sorting.verdicts.relabel[face])
    return Suggestion(
        "relabel", case.numbers(faces), case.person(person).id, case.person(to).id, name, sure,
        why, case.evidence(faces, own, theirs), near,
    )  # fmt: skip


def drops(case: Case, taken: NDArray[np.bool_]) -> Iterator[tuple[int, Suggestion]]:
    """Suggest which faces to leave out.

    Parameters
    ----------
    case : Case
        The gallery.
    taken : ndarray of shape (n,), bool
        Faces of which another suggestion speaks.

    Yields
    ------
    tuple of int and Suggestion
        The face's position, and what to do with it.
    """
    verdicts = case.sorting.verdicts
    for face in np.flatnonzero((verdicts.alien >= case.options.min_confidence) & ~taken).tolist():
        person, faces = int(case.columns.groups[face]), np.array([face])
        own = case.kept(person, without=faces)
        if not len(own):
            continue
        near = {"own": case.mean_distance(faces, own)}
        who = photos(len(own), case.person(person).name, other=True)
        far = distance(near["own"], "on average")
        why = f"unlike {who}{far} and not clearly like anybody else here"
        if verdicts.expelled[face]:
            why = f"the photo shows another face that fits {case.person(person).name} better"
        pile = int(verdicts.best[face])
        rival = case.kept(case.heads[pile]) if pile in case.heads else own[:0]
        sure = float(verdicts.alien[face])
        yield face, Suggestion(
            "drop", case.numbers(faces), case.person(person).id, "", "", sure, why,
            case.evidence(faces, own, rival if pile != case.sorting.home[face] else own[:0]), near,
        )  # fmt: skip
