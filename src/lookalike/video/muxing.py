"""The sound of one file onto the frames of another, packet by packet: nothing is encoded anew."""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING, Any

from lookalike import whole_files
from lookalike.errors import OptionError, VideoUnreadable, VideoUnwritable
from lookalike.video.pyav import WRITING_HINT, library, reading, writing
from lookalike.video.writing import copy_stream, form_of
from lookalike.whole_files import replacing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from av import Packet
    from av.container import InputContainer, OutputContainer
    from av.stream import Stream


def mux(frames: Path, sound: Path, output: Path) -> float:
    """Put the sound of one file onto the frames of another.

    Parameters
    ----------
    frames : Path
        A video; its own sound is left out, its subtitles stay.
    sound : Path
        A video or a sound file.
    output : Path
        The new video; its suffix says the format. It is written beside its place and renamed.

    Returns
    -------
    float
        How long it is, in seconds.

    Raises
    ------
    VideoMissing, VideoUnreadable
        If a file cannot be read, or has no frames or no sound.
    OptionError
        If the format cannot hold one of them.
    VideoUnwritable
        If the output cannot be written.
    """
    av = library()
    form, _ = form_of(output)
    with reading(str(frames)):
        seen: InputContainer = av.open(str(frames), metadata_errors="replace")
    with seen:
        with reading(str(sound)):
            heard: InputContainer = av.open(str(sound), metadata_errors="replace")
        with heard:
            pictures = [s for s in seen.streams if s.type in ("video", "subtitle")]
            tones = list(heard.streams.audio)
            _check(pictures, tones, frames, sound)
            with (
                whole_files.writing(output, VideoUnwritable, WRITING_HINT),
                replacing(output) as part,
            ):
                with writing(str(output)):
                    made: OutputContainer = av.open(str(part), "w", format=form)
                with made:
                    made.metadata.update(seen.metadata)
                    with writing(str(output)):
                        made.set_chapters(seen.chapters())
                    length_s = _copy(made, (seen, pictures), (heard, tones), output)
    return length_s


def _check(pictures: Sequence[Stream], tones: Sequence[Stream], frames: Path, sound: Path) -> None:
    if not any(stream.type == "video" for stream in pictures):
        raise VideoUnreadable(f"there are no moving pictures in {frames}", "name a video")
    if not tones:
        raise VideoUnreadable(f"there is no sound in {sound}", "name a file with sound")


def _copy(
    made: OutputContainer,
    seen: tuple[InputContainer, Sequence[Stream]],
    heard: tuple[InputContainer, Sequence[Stream]],
    output: Path,
) -> float:
    streams: dict[int, Stream] = {}
    for stream in (*seen[1], *heard[1]):
        try:
            streams[id(stream)] = copy_stream(made, stream)
        except (ValueError, OSError, LookupError) as error:
            name = stream.codec_context.name
            raise OptionError(
                f"{output.suffix} cannot hold {name}",
                "name the output .mkv, which holds everything",
            ) from error
    end_s = 0.0
    ordered = heapq.merge(_packets(*seen), _packets(*heard), key=lambda one: one[0])
    for _, packet in ordered:
        if packet.pts is not None and packet.time_base is not None:
            end_s = max(end_s, float((packet.pts + (packet.duration or 0)) * packet.time_base))
        packet.stream = streams[id(packet.stream)]
        with writing(str(output)):
            made.mux_one(packet)
    return end_s


def _packets(
    container: InputContainer, streams: Sequence[Stream]
) -> Iterator[tuple[float, Packet[Any]]]:
    """Go through packets, each with the time at which it is decoded."""
    time_s = 0.0
    with reading(container.name):
        for packet in container.demux(streams):
            if packet.dts is not None and packet.time_base is not None:
                time_s = max(time_s, float(packet.dts * packet.time_base))
                yield time_s, packet
