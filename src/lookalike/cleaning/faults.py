"""What can be wrong with a photo or with a row of a table, and what is done about it."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Fault(StrEnum):
    """What is wrong, in the words that people read."""

    EMPTY = "empty file"
    NOT_A_PICTURE = "not a picture"
    BROKEN = "broken"
    DAMAGED = "damaged inside"
    TOO_LARGE = "too large"
    TOO_SMALL = "too small"
    UNREADABLE = "unreadable"
    NOT_A_FILE = "not a file"
    HIDDEN = "hidden"
    WRONG_SUFFIX = "wrong suffix"
    ANIMATED = "animated"
    GIF = "GIF"
    NO_FACE = "no face"
    SEVERAL_FACES = "several faces"
    LOW_QUALITY = "low quality"
    DUPLICATE = "duplicate"
    NEAR_DUPLICATE = "near duplicate"
    DUPLICATE_ACROSS = "duplicate across people"
    NEAR_DUPLICATE_ACROSS = "near duplicate across people"
    MISSING_FILE = "missing file"
    NO_PERSON = "no person"
    REPEATED_ROW = "repeated row"
    TWO_PEOPLE = "one photo under two people"
    MALFORMED_ROW = "malformed row"


class Action(StrEnum):
    """What happens to the file, or to the row.

    The weakest first: of the actions that the faults of one file ask for, the strongest is taken.
    """

    LEAVE = "leave"
    RENAME = "rename"
    CONVERT = "convert"
    CROP = "crop"
    CUT = "cut"
    QUARANTINE = "quarantine"
    DROP = "drop"

    @property
    def strength(self) -> int:
        """Its place among the others, 0 for nothing at all."""
        return list(Action).index(self)


#: What is done about a fault, where no option says otherwise.
USUAL: Final[dict[Fault, Action]] = {
    Fault.EMPTY: Action.QUARANTINE,
    Fault.NOT_A_PICTURE: Action.QUARANTINE,
    Fault.BROKEN: Action.QUARANTINE,
    Fault.DAMAGED: Action.QUARANTINE,
    Fault.TOO_LARGE: Action.QUARANTINE,
    Fault.TOO_SMALL: Action.QUARANTINE,
    # Whatever cannot be read cannot be told to be broken either.
    Fault.UNREADABLE: Action.LEAVE,
    Fault.NOT_A_FILE: Action.LEAVE,
    Fault.HIDDEN: Action.LEAVE,
    Fault.WRONG_SUFFIX: Action.RENAME,
    Fault.ANIMATED: Action.CONVERT,
    Fault.GIF: Action.CONVERT,
    Fault.NO_FACE: Action.QUARANTINE,
    Fault.LOW_QUALITY: Action.QUARANTINE,
    Fault.DUPLICATE: Action.QUARANTINE,
    Fault.NEAR_DUPLICATE: Action.QUARANTINE,
    Fault.MISSING_FILE: Action.DROP,
    Fault.NO_PERSON: Action.DROP,
    Fault.REPEATED_ROW: Action.DROP,
    Fault.MALFORMED_ROW: Action.DROP,
}
