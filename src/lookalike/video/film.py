"""Footage from whatever FFmpeg opens: files, addresses, cameras."""

from __future__ import annotations

import contextlib
import threading
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from lookalike.errors import VideoUnreadable
from lookalike.video.cuts import Cuts
from lookalike.video.footage import USUAL_RATE, Faults, Picture, Span
from lookalike.video.pyav import library, reading
from lookalike.video.upright import AS_IT_IS, planes, turn_of, upright

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from av import Packet, VideoFrame
    from av.container import InputContainer
    from av.stream import Stream
    from av.video.stream import VideoStream

    from lookalike.video.footage import Event

#: What may be passed on as it is; a stream of data without a known format may not.
_COPIED: Final = ("audio", "subtitle", "attachment", "video")
#: A file that ends so much earlier than it says has been cut off, in seconds.
_MISSING_S: Final = 0.5
#: Nothing that is filmed has more frames a second.
_FASTEST: Final = 300
#: How far behind the end of a span sound may lie in the file, in seconds.
_BEHIND_S: Final = 2.0


class Film:
    """Footage that is read by PyAV.

    Parameters
    ----------
    name : str
        A path or an address.
    span : Span, optional
        Which part is wanted.
    form : str, optional
        FFmpeg's name of the format, where it cannot be told from the contents.
    options : mapping of str to str, optional
        What FFmpeg shall know of the source.
    wait_s : float, optional
        How long to wait for an answer; for ever by default.

    Raises
    ------
    VideoMissing, VideoUnreadable
        If it cannot be opened, or has no frames.
    MissingExtra
        If PyAV is not installed.
    """

    def __init__(
        self,
        name: str,
        span: Span | None = None,
        form: str | None = None,
        options: Mapping[str, str] | None = None,
        wait_s: float | None = None,
    ) -> None:
        self.name = name
        self.faults = Faults()
        self.stop = threading.Event()
        self._span = span or Span()
        av = library()
        with reading(name):
            self._container: InputContainer = av.open(
                name, "r", format=form, options=dict(options or {}), timeout=wait_s,
                metadata_errors="replace",
            )  # fmt: skip
        self._video = self._choose()
        self._video.thread_type = "AUTO"
        rate = self._video.average_rate or self._video.guessed_rate or USUAL_RATE
        # A stream that has only begun may say any number.
        self.rate = Fraction(rate) if rate <= _FASTEST else USUAL_RATE
        self.time_base = Fraction(self._video.time_base or Fraction(1, 90_000))
        length = self._container.duration
        self.length_s: float | None = length / av.time_base if length and length > 0 else None
        self._start_s: float = (self._container.start_time or 0) / av.time_base
        self.copied: Sequence[Stream] = [
            stream
            for stream in self._container.streams
            if stream.type in _COPIED and stream.index != self._video.index
        ]
        self.metadata: Mapping[str, str] = dict(self._container.metadata)
        self.picture_metadata: Mapping[str, str] = dict(self._video.metadata)
        self.chapters: list[Any] = list(self._container.chapters()) if self._span.whole else []
        self._cuts, self._turn = Cuts(), AS_IT_IS
        self._number, self._seen_s, self._passed_s = 0, 0.0, 0.0
        self._last_pts: int | None = None

    def _choose(self) -> VideoStream:
        """Return the stream of frames; a cover is none."""
        from av.stream import Disposition

        streams = [
            stream
            for stream in self._container.streams.video
            if not stream.disposition & Disposition.attached_pic
        ]
        if not streams:
            self._container.close()
            raise VideoUnreadable(f"there are no moving pictures in {self.name}", "name a video")
        best = self._container.streams.best("video")
        return next((one for one in streams if best and one.index == best.index), streams[0])

    def close(self) -> None:
        """Let go of the file."""
        self._container.close()

    def events(self) -> Iterator[Event]:
        """Go through frames and packets.

        Yields
        ------
        Picture or av.Packet
            In the order of the file. What cannot be decoded is counted in `faults` and left out.

        Raises
        ------
        VideoUnreadable
            If there is no frame at all.
        """
        if self._span.start_s > 0:
            at = int((self._span.start_s + self._start_s) * library().time_base)
            with contextlib.suppress(OSError):  # what cannot be sought is read from the start
                self._container.seek(at)
        for packet in self._packets():
            if packet.stream.index == self._video.index:
                yield from self._pictures(packet)
            elif packet.dts is not None:
                self._passed_s = max(self._passed_s, self._time_s(packet))
                if self._shifted(packet):
                    yield packet
        if self._number == 0 and not self.stop.is_set():
            raise VideoUnreadable(
                f"no frame of {self.name} can be decoded" + (self._span.start_s > 0) * " there",
                "the file is damaged, or shorter than the part that was asked for",
            )
        self._note_missing_end()

    def _packets(self) -> Iterator[Packet[Any]]:
        """Go through all packets up to the end of the span, or of what can be read."""
        demuxed = self._container.demux([self._video, *self.copied])
        waiting = {stream.index for stream in self.copied if stream.type == "audio"}
        end_s = self._span.end_s
        while not self.stop.is_set():
            try:
                packet = next(demuxed, None)
            except (OSError, ValueError) as error:
                self.faults.reason = str(getattr(error, "strerror", "") or error)
                packet = None
                yield from self._flushed()
            if packet is None:
                return
            if end_s is not None and packet.dts is not None and packet.time_base:
                time_s = self._time_s(packet)
                if time_s > end_s:
                    waiting.discard(packet.stream.index)
                    if self._seen_s >= end_s and not (waiting and time_s < end_s + _BEHIND_S):
                        return
            yield packet

    def _flushed(self) -> Iterator[Packet[Any]]:
        """Ask the decoder for what it still holds after reading has failed."""
        packet: Packet[Any] = library().Packet()
        packet.stream = self._video
        yield packet

    def _pictures(self, packet: Packet[Any]) -> Iterator[Picture]:
        try:
            frames = self._video.codec_context.decode(packet)
        except (OSError, ValueError):
            self.faults.damaged += 1
            return
        for frame in frames:
            pts = self._pts(frame)
            time_s = float(pts * self.time_base) - self._start_s
            self._seen_s = max(self._seen_s, time_s)
            if time_s < self._span.start_s - 1e-6 or self._span.past(time_s):
                continue
            if self._number == 0:
                self._turn = turn_of(frame)
            frame.pts, frame.time_base = pts - self._shift(self.time_base), self.time_base
            shown = upright(frame, self._turn)
            cut = self._cuts.begins(planes(shown)[0])
            yield Picture(self._number, time_s, shown, cut)
            self._number += 1

    def _pts(self, frame: VideoFrame) -> int:
        """Return a frame's time stamp; where it has none, or an earlier one, the next possible."""
        step = max(round(1 / (self.rate * self.time_base)), 1)
        pts = frame.pts
        if pts is None:
            pts = 0 if self._last_pts is None else self._last_pts + step
        elif self._last_pts is not None and pts <= self._last_pts:
            pts = self._last_pts + 1
        self._last_pts = pts
        return pts

    def _shift(self, time_base: Fraction) -> int:
        """Return how much earlier everything is, so that the part begins at 0."""
        if self._span.start_s <= 0:
            return 0
        return round(Fraction(self._span.start_s + self._start_s) / time_base)

    def _shifted(self, packet: Packet[Any]) -> bool:
        """Move a packet that is passed on, and tell whether it lies in the span."""
        if self._span.whole or packet.pts is None or packet.dts is None:
            return True
        time_s = self._time_s(packet)
        if packet.stream.type == "attachment":
            return True
        shift = self._shift(packet.time_base)
        packet.pts, packet.dts = packet.pts - shift, packet.dts - shift
        return self._span.start_s - 1e-6 <= time_s and not self._span.past(time_s)

    def _note_missing_end(self) -> None:
        """Say where reading stopped, if that was before the end."""
        faults = self.faults
        if self.stop.is_set():
            faults.stopped_s, faults.reason = self._seen_s, "stopped"
        elif faults.reason:
            faults.stopped_s = self._seen_s
        elif self._span.end_s is None and self._missing_s() > _MISSING_S + 2 / float(self.rate):
            faults.stopped_s, faults.reason = self._seen_s, "the rest cannot be decoded"

    def _time_s(self, packet: Packet[Any]) -> float:
        """Return when a packet is decoded, in seconds from the start."""
        return float((packet.dts or 0) * packet.time_base) - self._start_s

    def _missing_s(self) -> float:
        """Return how much earlier than it says the footage ended."""
        duration = self._video.duration
        if duration:
            end = (self._video.start_time or 0) + duration
            return float(end * self.time_base) - self._start_s - self._seen_s
        # Only the length of all streams together is known; sound may be longer than the frames.
        return (self.length_s or 0.0) - max(self._seen_s, self._passed_s)
