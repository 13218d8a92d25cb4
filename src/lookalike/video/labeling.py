"""The whole way of a video on one page: frames go in, frames with names come out.

::

    1 read      file, address, camera, folder  → pictures, and packets of sound    (a thread)
    2 watch     pictures                       → pictures with named faces         (a thread)
    3 paint     pictures with named faces      → frames
    4 write     frames and packets             → a file, a page

The stages work at the same time; the queues between them are short, so memory does not depend on
how long the video is.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Protocol

from lookalike.errors import UnknownName
from lookalike.models.card import card
from lookalike.models.threads import use_one_core
from lookalike.video.eyes import Eyes
from lookalike.video.footage import Faults, Picture
from lookalike.video.likeness import Likeness
from lookalike.video.options import LabelOptions
from lookalike.video.painting import Painter
from lookalike.video.stages import ahead
from lookalike.video.watching import Labeled, Watcher

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    from av import Packet, VideoFrame
    from numpy.typing import NDArray

    from lookalike.protocols import Encoder
    from lookalike.video.eyes import Looker
    from lookalike.video.footage import Event, Footage
    from lookalike.video.heads import Head
    from lookalike.video.roll import Segment

#: How many frames may wait between two stages, beside those that wait to be named.
_QUEUE: Final = 8


class Sink(Protocol):
    """Where labeled frames go."""

    def picture(self, frame: VideoFrame) -> None:
        """Take the next frame."""
        ...

    def packet(self, packet: Packet[Any]) -> None:
        """Take a packet that is passed on."""
        ...

    def finish(self) -> None:
        """Come to an end."""
        ...

    def discard(self) -> None:
        """Leave nothing behind."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Labeling:
    """What became of footage.

    Parameters
    ----------
    frames : int
        How many were labeled.
    length_s : float
        From the start to the end of the last one, in seconds.
    segments : list of Segment
        Who is on screen when.
    portraits : dict of str to ndarray of shape (P, P, 3), uint8
        Everybody's best picture, by the id.
    faults : Faults
        What was wrong with the footage.
    looks, found, encoded : int
        How many frames a detector looked at, how many faces it found, how many were encoded.
    revisions : int
        How often a name that was shown was changed.
    """

    frames: int
    length_s: float
    segments: list[Segment]
    portraits: dict[str, NDArray[np.uint8]] = field(default_factory=dict)
    faults: Faults = field(default_factory=Faults)
    looks: int = 0
    found: int = 0
    encoded: int = 0
    revisions: int = 0


def label(
    footage: Footage,
    looker: Looker,
    head: Head,
    sinks: Sequence[Sink] = (),
    options: LabelOptions | None = None,
    seen: Callable[[Labeled], None] | None = None,
) -> Labeling:
    """Name the faces of footage in one pass.

    Parameters
    ----------
    footage : Footage
        What to label. It is closed afterwards.
    looker : Looker
        Finds and encodes faces, for example an `Analyst`.
    head : Head
        Says whom they show.
    sinks : sequence of Sink
        Where labeled frames go; they are finished, or discarded if something fails.
    options : LabelOptions, optional
        How.
    seen : callable, optional
        Called with every labeled frame.

    Returns
    -------
    Labeling
        Who is on screen when.

    Raises
    ------
    VideoUnreadable
        If there is not a single frame.
    VideoUnwritable
        If a sink cannot be written.
    """
    options = options or LabelOptions()
    eyes = Eyes(looker, options.least_px)
    watcher = Watcher(
        eyes, head, float(footage.rate), options.watching, likeness_of(looker.encoder)
    )
    painter = Painter(options.hidden, options.prefix)
    frames, end_s = 0, 0.0
    # What is live does not wait: frames that nobody is ready for are not labeled, nor written.
    spare = _is_plain if options.watching.pace.live else None
    try:
        # Each stage has ended before the one that it takes from, and that before the file is shut.
        with (
            closing(ahead(footage.events(), _QUEUE, spare=spare)) as read,
            closing(ahead(watcher.watch(read), _QUEUE, use_one_core)) as watched,
        ):
            for one in watched:
                if isinstance(one, Labeled):
                    frames, end_s = frames + 1, one.picture.time_s + 1 / float(footage.rate)
                    drawn = painter.paint(one)
                    for sink in sinks:
                        sink.picture(drawn)
                    if seen is not None:
                        seen(one)
                else:
                    for sink in sinks:
                        sink.packet(one)
        for sink in sinks:
            sink.finish()
    except BaseException:
        for sink in sinks:
            sink.discard()
        raise
    finally:
        footage.close()
    roll = watcher.roll
    return Labeling(
        frames,
        end_s,
        roll.segments(),
        roll.portraits(),
        footage.faults,
        watcher.pace.looks,
        eyes.found,
        eyes.encoded,
        roll.revisions,
    )


def _is_plain(event: Event) -> bool:
    """Say whether this is a frame within a shot."""
    return isinstance(event, Picture) and not event.cut


def likeness_of(encoder: Encoder) -> Likeness:
    """Return what distances of an encoder's vectors mean.

    Parameters
    ----------
    encoder : Encoder
        With a card, or without one.

    Returns
    -------
    Likeness
        By what has been measured for its card.
    """
    try:
        measured = card(encoder.space.encoder).calibration
    except UnknownName:
        return Likeness()
    return Likeness.of(measured, encoder.views)
