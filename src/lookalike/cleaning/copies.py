"""Finding photos that are there twice, and choosing which copy stays."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, TypeAlias

from lookalike.cleaning.examining import Mark
from lookalike.cleaning.faults import Fault
from lookalike.cleaning.fingerprint import near_pairs
from lookalike.cleaning.walking import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from lookalike.cleaning.examining import Examined

    #: A photo, and one more thing that is wrong with it.
    Marked: TypeAlias = tuple[Examined, Mark]


def find_copies(
    photos: Iterable[Examined], owner: Callable[[Examined], str], near_bits: int
) -> Iterator[tuple[Examined, Mark]]:
    """Find copies among sound photos.

    Parameters
    ----------
    photos : iterable of Examined
        Those that would stay.
    owner : callable
        Whom a photo shows.
    near_bits : int
        See `CleanOptions`.

    Yields
    ------
    photo : Examined
        A copy: of those of one person all but the best, of those of several people every one.
    mark : Mark
        What it is a copy of.
    """
    best_first = sorted(photos, key=_rank)
    kept, marked = _same_bytes(best_first, owner)
    yield from marked
    yield from _same_look(kept, owner, near_bits)


def _rank(photo: Examined) -> tuple[object, ...]:
    """Order photos, the best first; never two alike."""
    return (
        -photo.width * photo.height,
        # Of two copies of one size, the one that was compressed less.
        -photo.size,
        photo.linked,
        len(photo.marks),
        photo.entry.name,
    )


def _same_bytes(
    photos: Sequence[Examined], owner: Callable[[Examined], str]
) -> tuple[list[Examined], list[Marked]]:
    """Leave one of each file for each person."""
    marked: list[Marked] = []
    holders: dict[str, dict[str, Examined]] = defaultdict(dict)
    for photo in photos:
        best = holders[photo.sha256].setdefault(owner(photo), photo)
        if best is not photo:
            marked.append((photo, Mark(Fault.DUPLICATE, f"of {_name(best)}")))
    for people in holders.values():
        for person, photo in people.items():
            others = [_name(one) for whose, one in people.items() if whose != person]
            if others:
                marked.append((photo, Mark(Fault.DUPLICATE_ACROSS, f"of {', '.join(others)}")))
    return [photo for people in holders.values() for photo in people.values()], marked


def _same_look(
    photos: Sequence[Examined], owner: Callable[[Examined], str], near_bits: int
) -> Iterator[Marked]:
    """Leave one of each group that looks alike, for each person."""
    seen = [photo for photo in photos if photo.print is not None]
    prints = [photo.print for photo in seen if photo.print is not None]
    gone: set[int] = set()
    foreign = []
    # In the order of the rows, which is that of quality: whoever is first stays. What stays is not
    # near to anything else that stays, so the next run finds nothing more.
    for pair in near_pairs(prints, near_bits):
        one, other = seen[pair.first], seen[pair.second]
        turned = ", mirrored" if pair.mirrored else ""
        if owner(one) != owner(other):
            foreign.append((pair, turned))
        elif pair.first not in gone and pair.second not in gone:
            gone.add(pair.second)
            words = f"of {_name(one)}, {pair.bits} bits of 256 apart{turned}"
            yield other, Mark(Fault.NEAR_DUPLICATE, words)
    for pair, turned in foreign:
        if pair.first in gone or pair.second in gone:
            continue
        one, other = seen[pair.first], seen[pair.second]
        if one.sha256 == other.sha256:
            continue
        for photo, copy in ((one, other), (other, one)):
            words = f"of {_name(copy)}, {pair.bits} bits of 256 apart{turned}"
            yield photo, Mark(Fault.NEAR_DUPLICATE_ACROSS, words)


def _name(photo: Examined) -> str:
    return shown(photo.entry.name)
