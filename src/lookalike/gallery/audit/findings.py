"""What an audit finds: suggestions, each with a reason and the photos to compare."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal, get_args

from lookalike.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Mapping

Action = Literal["relabel", "merge", "split", "drop", "duplicate"]

#: Every action, in the order in which people should look at them.
ACTIONS: Final[tuple[Action, ...]] = get_args(Action)


@dataclass(frozen=True, slots=True)
class AuditOptions:
    """How a gallery is audited.

    Parameters
    ----------
    min_confidence : float, default 0.5
        Suggestions that are less sure are left out, 0 to 1.
    actions : tuple of str, default all
        Which suggestions to make.
    evidence : int, default 6
        How many photos of each side to show beside a suggestion, 0 and up.
    rounds : int, default 4
        How often to look again after putting right what is clear, 1 and up.
    """

    min_confidence: float = 0.5
    actions: tuple[Action, ...] = ACTIONS
    evidence: int = 6
    rounds: int = 4

    def __post_init__(self) -> None:
        """Check the ranges."""
        if not 0 <= self.min_confidence <= 1:
            raise OptionError(
                f"the confidence must be from 0 to 1, got {self.min_confidence:g}",
                "0.5 is the default; higher shows less and is right more often",
            )
        unknown = [action for action in self.actions if action not in ACTIONS]
        if unknown:
            raise OptionError(
                f"there is no action named {unknown[0]!r}", "known: " + ", ".join(ACTIONS)
            )
        if self.evidence < 0 or self.rounds < 1:
            raise OptionError(
                f"got {self.evidence} photos of evidence and {self.rounds} rounds",
                "give 0 or more photos, and 1 round or more",
            )


@dataclass(frozen=True, slots=True)
class Evidence:
    """Photos to look at beside a suggestion.

    Parameters
    ----------
    own : tuple of int
        Numbers of faces of the person it is filed under, nearest first.
    other : tuple of int
        Numbers of faces of the person it should go to, nearest first. For a split, they are of
        the same person as `own`, but go.
    """

    own: tuple[int, ...] = ()
    other: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A change that would put a gallery right.

    Parameters
    ----------
    action : {"relabel", "merge", "split", "drop", "duplicate"}
        ``relabel``: the faces show `to`. ``merge``: everything of `person` goes to `to`.
        ``split``: the faces show somebody else, who gets the new id `to`. ``drop``: the faces
        show nobody who is known. ``duplicate``: the faces come from pictures that `to` has too;
        the copies of `person` go.
    faces : tuple of int
        The numbers of the faces that change.
    person : str
        The id of whom they are filed under.
    to : str
        The id of whom they should be filed under; empty for ``drop``.
    name : str
        The name of `to`.
    confidence : float
        How often such a suggestion is right where 1 to 15 % of a gallery is wrong, 0 to 1. In a
        gallery with fewer errors it is right less often.
    why : str
        The reason in one sentence.
    evidence : Evidence
        What to compare it with.
    distances : mapping of str to float
        The Euclidean distances that `why` speaks of, by ``"own"``, ``"other"`` and
        ``"nearest"``.
    """

    action: Action
    faces: tuple[int, ...]
    person: str
    to: str
    name: str
    confidence: float
    why: str
    evidence: Evidence = Evidence()
    distances: Mapping[str, float] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Audit:
    """What an audit has found.

    Parameters
    ----------
    suggestions : tuple of Suggestion
        The surest first.
    people, photos, faces : int
        How much was looked at.
    options : AuditOptions
        How.
    within, between : float
        The median distance of two photos of one person, and of two people's; NaN if there are
        none.
    """

    suggestions: tuple[Suggestion, ...]
    people: int
    photos: int
    faces: int
    options: AuditOptions
    within: float
    between: float

    def counts(self) -> dict[Action, int]:
        """Return how many suggestions there are of each action."""
        return {
            action: sum(1 for one in self.suggestions if one.action == action) for action in ACTIONS
        }
