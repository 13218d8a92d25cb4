"""What the web is asked, and with how much patience."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_LONGEST_ANSWER: Final = 64 << 20


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait, and how often to try.

    Parameters
    ----------
    connect_s : float
        Seconds until a server must have answered the call.
    stall_s : float
        Seconds that may pass without news.
    attempts : int
        Tries altogether.
    backoff_s : float
        Pause after the first in seconds; doubled after each.
    """

    connect_s: float = 10.0
    stall_s: float = 20.0
    attempts: int = 4
    backoff_s: float = 1.0


@dataclass(frozen=True, slots=True)
class Question:
    """One request.

    Parameters
    ----------
    address : str
        Whom to ask.
    fields : mapping of str to str
        The query string's.
    accept : str
        Which kind of answer is understood.
    posted : bool
        Whether the fields are sent in the body, since an address may not be endless.
    most_bytes : int
        A longer answer is refused.
    hopeless : tuple of bytes
        What in a complaint says that asking once more will not help, whatever its status says.
    stall_s : float or None
        Seconds without news that are normal here, if more than usual.
    """

    address: str
    fields: Mapping[str, str] = field(default_factory=dict)
    accept: str = "*/*"
    posted: bool = False
    most_bytes: int = _LONGEST_ANSWER
    hopeless: tuple[bytes, ...] = ()
    stall_s: float | None = None
