"""The file between an audit and a change: what was suggested, and what a person says to it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final, cast

from lookalike.errors import OptionError
from lookalike.gallery.audit.findings import ACTIONS, Action
from lookalike.whole_files import replacing, writing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from lookalike.gallery.audit.findings import Audit
    from lookalike.gallery.records import Columns

#: The version of the file's layout.
FORMAT: Final = 1

_HINT: Final = "write the file anew with: lookalike gallery audit; change only true and false in it"


@dataclass(frozen=True, slots=True)
class Decision:
    """One suggestion, and whether to follow it.

    Parameters
    ----------
    accept : bool
        Whether to follow it.
    action : {"relabel", "merge", "split", "drop", "duplicate"}
        What to do, see `Suggestion`.
    faces : tuple of int
        The numbers of the faces that change, at least one.
    photos : tuple of str
        The uris of their photos.
    person : str
        The id of whom they are filed under.
    to : str
        The id of whom they go to; empty for ``drop`` only.
    name : str
        The name of `to`.
    confidence : float
        0 to 1.
    why : str
        The reason.
    """

    accept: bool
    action: Action
    faces: tuple[int, ...]
    photos: tuple[str, ...]
    person: str
    to: str
    name: str
    confidence: float
    why: str


@dataclass(frozen=True, slots=True)
class Decisions:
    """What is in a file of decisions.

    Parameters
    ----------
    gallery : str
        The title of the gallery that was audited.
    generation : int
        The gallery's generation then: it has changed since if it has another one.
    decisions : tuple of Decision
        In the order of the file.
    """

    gallery: str
    generation: int
    decisions: tuple[Decision, ...]

    def __iter__(self) -> Iterator[Decision]:
        """Iterate over the decisions."""
        return iter(self.decisions)

    def __len__(self) -> int:
        """Return the number of decisions."""
        return len(self.decisions)

    @property
    def accepted(self) -> tuple[Decision, ...]:
        """Those to follow, in the order in which to follow them.

        Merges come last: what is said of single photos names the people as they were before.
        """
        chosen = (one for one in self.decisions if one.accept)
        return tuple(sorted(chosen, key=lambda one: one.action == "merge"))

    def to_json(self) -> str:
        """Return the text of the file."""
        content = {"format": FORMAT, **asdict(self)}
        return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def decisions_of(audit: Audit, columns: Columns, *, gallery: str, generation: int) -> Decisions:
    """Turn suggestions into decisions, none of them accepted.

    Parameters
    ----------
    audit : Audit
        What was found.
    columns : Columns
        The gallery that was audited.
    gallery : str
        Its title.
    generation : int
        Its generation.

    Returns
    -------
    Decisions
        In the same order.
    """
    uris = {
        number: photo.uri
        for number, photo in zip(columns.numbers.tolist(), columns.photos, strict=True)
    }
    return Decisions(
        gallery,
        generation,
        tuple(
            Decision(
                accept=False,
                action=one.action,
                faces=one.faces,
                photos=tuple(uris[face] for face in one.faces),
                person=one.person,
                to=one.to,
                name=one.name,
                confidence=round(one.confidence, 3),
                why=one.why,
            )
            for one in audit.suggestions
        ),
    )


def write_decisions(path: Path, decisions: Decisions) -> None:
    """Write a file of decisions.

    Parameters
    ----------
    path : Path
        Where to.
    decisions : Decisions
        See `decisions_of`.

    Raises
    ------
    OptionError
        If it cannot be written.
    """
    with writing(path, OptionError, "name a file in a folder of yours"), replacing(path) as part:
        part.write_text(decisions.to_json(), "utf-8")


def read_decisions(path: Path) -> Decisions:
    """Read a file of decisions.

    Parameters
    ----------
    path : Path
        As `write_decisions` wrote it, or as the report saved it.

    Returns
    -------
    Decisions
        Checked; whether the gallery still is what it was is for the reader to check.

    Raises
    ------
    OptionError
        If it cannot be read or anything in it is not as it should be.
    """
    try:
        content = json.loads(path.read_text("utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise OptionError(f"the decisions {path} cannot be read", "name a JSON file") from error
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise OptionError(f"{path.name}, {where}: {error.msg}", _HINT) from error
    except (ValueError, RecursionError) as error:
        raise OptionError(f"{path.name} is not JSON: {error}", _HINT) from error
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise OptionError(f"{path.name} is not a file of decisions of format {FORMAT}", _HINT)
    _require(path.name, content, {"gallery": str, "generation": int, "decisions": list}, {"format"})
    found = [
        _decision(f"{path.name}, decision {number}", one)
        for number, one in enumerate(content["decisions"], 1)
    ]
    return Decisions(content["gallery"], content["generation"], tuple(found))


_KINDS: Final[dict[str, type]] = {
    "accept": bool, "action": str, "faces": list, "photos": list, "person": str, "to": str,
    "name": str, "confidence": float, "why": str,
}  # fmt: skip
_WORDS: Final = {
    bool: "true or false", str: "text", int: "a whole number", float: "a number", list: "a list",
}  # fmt: skip


def _require(
    where: str, found: Any, kinds: dict[str, type], more: frozenset[str] | set[str] = frozenset()
) -> None:
    """Check that an object has these fields, of these kinds, and no others."""
    if not isinstance(found, dict):
        raise OptionError(f"{where}: expected an object with fields", _HINT)
    for name, kind in kinds.items():
        if name not in found:
            raise OptionError(f"{where}: there is no {name!r}", _HINT)
        value = found[name]
        fits = isinstance(value, (int, float) if kind is float else kind)
        if not fits or (isinstance(value, bool) and kind is not bool):
            raise OptionError(f"{where}: {name!r} must be {_WORDS[kind]}, got {value!r}", _HINT)
    unknown = sorted(set(found) - set(kinds) - more)
    if unknown:
        raise OptionError(f"{where}: nothing is known of {unknown[0]!r}", _HINT)


def _decision(where: str, found: Any) -> Decision:
    _require(where, found, _KINDS)
    faces, photos = found["faces"], found["photos"]
    problem = ""
    if found["action"] not in ACTIONS:
        problem = f"there is no action {found['action']!r}; known: {', '.join(ACTIONS)}"
    elif not faces or not all(type(face) is int and face > 0 for face in faces):
        problem = f"'faces' must be numbers of faces, got {faces!r}"
    elif len(set(faces)) < len(faces):
        problem = "a face is named twice"
    elif len(photos) != len(faces) or not all(isinstance(uri, str) for uri in photos):
        problem = f"'photos' must be one text for each of the {len(faces)} faces"
    elif not found["person"] or bool(found["to"]) == (found["action"] == "drop"):
        problem = "'person' and 'to' must be ids of people; 'to' is empty for a drop only"
    elif found["person"] == found["to"]:
        problem = f"{found['to']!r} cannot go to itself"
    elif not 0 <= found["confidence"] <= 1:
        problem = f"'confidence' must be from 0 to 1, got {found['confidence']!r}"
    if problem:
        raise OptionError(f"{where}: {problem}", _HINT)
    return Decision(**cast("Any", {**found, "faces": tuple(faces), "photos": tuple(photos)}))
