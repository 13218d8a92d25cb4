"""What is labeled: frames in order, and between them the packets that are only passed on."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final, Protocol, TypeAlias

if TYPE_CHECKING:
    import threading
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from av import Packet, VideoFrame
    from av.stream import Stream

#: What a file that says nothing is taken to have, in frames a second.
USUAL_RATE: Final = Fraction(25)


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """One frame.

    Parameters
    ----------
    number : int
        From 0, counting frames that are labeled.
    time_s : float
        When it is shown, in seconds from the start of the footage.
    frame : av.VideoFrame
        Upright, 4:2:0, of even size; with its time stamp.
    cut : bool
        Whether it begins a new shot.
    """

    number: int
    time_s: float
    frame: VideoFrame
    cut: bool = False


if TYPE_CHECKING:
    Event: TypeAlias = Picture | Packet[Any]


@dataclass(slots=True)
class Faults:
    """What was wrong with footage.

    Parameters
    ----------
    damaged : int
        Packets that could not be decoded and were left out.
    stopped_s : float or None
        Where reading stopped before the end, in seconds from the start.
    reason : str
        Why it did.
    """

    damaged: int = 0
    stopped_s: float | None = None
    reason: str = ""


class Footage(Protocol):
    """A file, a stream, a camera, or a folder of frames.

    Attributes
    ----------
    name : str
        For people.
    rate : Fraction
        Frames a second, on average.
    time_base : Fraction
        The unit of the frames' time stamps, in seconds.
    length_s : float or None
        How long it says it is; None where it does not say.
    copied : sequence of av.stream.Stream
        Streams whose packets are passed on.
    metadata : mapping of str to str
        Of the file.
    picture_metadata : mapping of str to str
        Of the stream of frames.
    chapters : list
        As PyAV gives them.
    faults : Faults
        Filled while it is read.
    stop : threading.Event
        Set it, and the footage ends with the next frame.
    """

    name: str
    rate: Fraction
    time_base: Fraction
    length_s: float | None
    copied: Sequence[Stream]
    metadata: Mapping[str, str]
    picture_metadata: Mapping[str, str]
    chapters: list[Any]
    faults: Faults
    stop: threading.Event

    def events(self) -> Iterator[Event]:
        """Go through frames and packets in the order of the file, once."""
        ...

    def close(self) -> None:
        """Let go of the file."""
        ...


@dataclass(frozen=True, slots=True)
class Span:
    """Which part of footage is wanted.

    Parameters
    ----------
    start_s : float
        Where it begins, in seconds from the start.
    end_s : float or None
        Where it ends; None for the end of the footage.
    """

    start_s: float = 0.0
    end_s: float | None = None

    @property
    def whole(self) -> bool:
        """Whether it is all of it."""
        return self.start_s <= 0 and self.end_s is None

    def past(self, time_s: float) -> bool:
        """Say whether a time lies behind the span.

        Parameters
        ----------
        time_s : float
            In seconds from the start.

        Returns
        -------
        bool
            True at the very end, too.
        """
        return self.end_s is not None and time_s >= self.end_s
