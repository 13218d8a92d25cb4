"""Suggestions about whole people: two who are one, and one who is two."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from lookalike.gallery.audit import confidence
from lookalike.gallery.audit.findings import Suggestion
from lookalike.gallery.audit.names import alike
from lookalike.gallery.audit.nearest import Bans, nearest_piles
from lookalike.gallery.audit.piles import Piles
from lookalike.gallery.audit.wording import distance, photos

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from lookalike.gallery.audit.case import Case


def merges(case: Case, strangers: float) -> Iterator[Suggestion]:
    """Suggest which people are one.

    Parameters
    ----------
    case : Case
        The gallery.
    strangers : float
        The median distance of photos of two people.

    Yields
    ------
    Suggestion
        One for each name too many.
    """
    pairs = [
        (person, case.heads[pile])
        for person, pile in enumerate(case.sorting.root[: len(case.columns.people)].tolist())
        if case.heads[pile] != person
    ]
    sure = _sure_of_one(case, pairs) if pairs else np.zeros(0)
    found = [(person, to, float(one)) for (person, to), one in zip(pairs, sure, strict=True)]
    for person, to, how_sure in found + _unsure(case) + _emptied(case):
        if how_sure >= case.options.min_confidence:
            yield _merge(case, person, to, how_sure, strangers)


def _sure_of_one(case: Case, pairs: list[tuple[int, int]]) -> NDArray[np.float64]:
    """Compare each person with the rest of the pile that the person is in."""
    sorting = case.sorting
    people = np.array([person for person, _ in pairs])
    piles = sorting.piles()
    root = sorting.root[people]
    core = np.where(case.right, sorting.filed, -1)
    own = Piles.of(sorting.rows, core, len(case.columns.people)).pick(people)
    rest = piles.pick(root).less(own)
    ratio = sorting.model.ratio(own, rest)
    means = own.means().astype(np.float32)
    bans = Bans(np.arange(len(people)), root)
    rival = nearest_piles(sorting.model, means, piles, bans, 1)[0][:, 0]
    lead = ratio - np.where(rival == root, 0, sorting.model.ratio(own, piles.pick(rival)))
    names = [alike(case.person(a).name, case.person(b).name) for a, b in pairs]
    return confidence.one_person(
        ratio - np.log(np.count_nonzero(piles.counts)),
        lead,
        np.array(names),
        single=np.minimum(own.counts, rest.counts) == 1,
    )


def _unsure(case: Case) -> list[tuple[int, int, float]]:
    """Return pairs that were not sure enough to be taken as one while sorting."""
    sorting, found = case.sorting, case.sorting.doubles
    apart = sorting.links.people(sorting.home) | sorting.links.people(sorting.work)
    pairs = []
    for one, two in found.surest(case.options.min_confidence):
        at = np.flatnonzero((found.one == one) & (found.two == two))[0]
        first, second = int(sorting.root[one]), int(sorting.root[two])
        if first != second and (first, second) not in apart and {first, second} <= set(case.heads):
            head, other = case.heads[first], case.heads[second]
            to = case.head([head, other])
            pairs.append((other if to == head else head, to, float(found.confidence[at])))
    return pairs


def _emptied(case: Case) -> list[tuple[int, int, float]]:
    """Return people all of whose photos belong to one other person."""
    verdicts, sorting = case.sorting.verdicts, case.sorting
    apart = sorting.links.people(sorting.home)
    gone = []
    for person in range(len(case.columns.people)):
        faces = case.filed(person)
        best = verdicts.best[faces]
        pile = int(best[0])
        if (
            len(faces) > 1
            and (best == pile).all()
            and pile in case.heads
            and case.right[case.filed(case.heads[pile])].any()
            and (verdicts.relabel[faces] >= case.options.min_confidence).all()
            and (int(sorting.root[person]), pile) not in apart
        ):
            gone.append((person, case.heads[pile], float(verdicts.relabel[faces].mean())))
    return gone


def _merge(case: Case, person: int, to: int, sure: float, strangers: float) -> Suggestion:
    one, two = case.person(person), case.person(to)
    own, theirs = case.kept(person), case.kept(to)
    near = {"other": case.mean_distance(own, theirs)}
    here = "" if math.isnan(strangers) else f"; {strangers:.2f} between different people here"
    between = distance(near["other"], f"on average between them{here}")
    why = f"{one.name} and {two.name} look like one person{between}"
    if alike(one.name, two.name) > 0.5:
        why += ", and the names agree"
    return Suggestion(
        "merge", case.numbers(case.filed(person)), one.id, two.id, two.name, sure, why,
        case.evidence(theirs, own, theirs), near,
    )  # fmt: skip


def splits(case: Case) -> Iterator[tuple[NDArray[np.int64], Suggestion]]:
    """Suggest which people are two.

    Parameters
    ----------
    case : Case
        The gallery.

    Yields
    ------
    tuple of ndarray and Suggestion
        The positions of the faces that go, and the suggestion.
    """
    sorting, filed = case.sorting, case.sorting.filed
    known = {person.id for person in case.columns.people}
    cut = np.flatnonzero((sorting.work >= 0) & ~np.isin(sorting.work, list(case.heads)))
    places = sorted({(int(filed[face]), int(sorting.work[face])) for face in cut})
    for person, pile in places:
        part = cut[(filed[cut] == person) & (sorting.work[cut] == pile)]
        stays = case.kept(person, without=part)
        if len(part) < 2 or not len(stays):
            continue
        sure = sorting.sure_of_two(np.flatnonzero(sorting.work == pile), stays)
        if sure >= case.options.min_confidence:
            yield part, _split(case, person, part, stays, sure, known)


def _split(
    case: Case,
    person: int,
    part: NDArray[np.int64],
    stays: NDArray[np.int64],
    sure: float,
    known: set[str],
) -> Suggestion:
    who = case.person(person)
    number = next(n for n in range(2, len(known) + 3) if f"{who.id}-{n}" not in known)
    known.add(f"{who.id}-{number}")
    near = {"own": case.mean_distance(part, stays), "other": _among(case, part)}
    why = (
        f"{len(part)} photos of {who.name} are unlike {photos(len(stays), other=True)}"
        f"{distance(near['own'], 'on average')} and like each other{distance(near['other'])}"
    )
    return Suggestion(
        "split", case.numbers(part), who.id, f"{who.id}-{number}", f"{who.name} {number}", sure,
        why, case.evidence(part, stays, part), near,
    )  # fmt: skip


def _among(case: Case, faces: NDArray[np.int64]) -> float:
    """Return how far faces are from each other on average."""
    count = len(faces)
    # A face is at distance 0 from itself, which does not count.
    return case.mean_distance(faces, faces) * count / (count - 1)
