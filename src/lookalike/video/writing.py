"""Writing a video beside its place, and putting it there when it is whole."""

from __future__ import annotations

import os
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from lookalike.errors import OptionError, VideoUnwritable
from lookalike.video.pyav import library, writing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from av import Packet, VideoFrame
    from av.container import OutputContainer
    from av.stream import Stream
    from av.video.stream import VideoStream

    from lookalike.video.footage import Footage

#: By suffix: FFmpeg's name of the format, and the encoder of the frames.
FORMATS: Final[dict[str, tuple[str, str]]] = {
    ".mp4": ("mp4", "libx264"),
    ".m4v": ("mp4", "libx264"),
    ".mov": ("mov", "libx264"),
    ".mkv": ("matroska", "libx264"),
    ".webm": ("webm", "libvpx-vp9"),
    ".ts": ("mpegts", "libx264"),
}

#: Good pictures at real time on two cores.
_SETTINGS: Final[dict[str, dict[str, str]]] = {
    "libx264": {"crf": "20", "preset": "veryfast"},
    "libvpx-vp9": {"crf": "30", "b": "0", "deadline": "realtime", "cpu-used": "7", "row-mt": "1"},
}
_LIVE: Final[dict[str, dict[str, str]]] = {
    "libx264": {"crf": "23", "preset": "ultrafast", "tune": "zerolatency"},
    "libvpx-vp9": {"crf": "34", "b": "0", "deadline": "realtime", "cpu-used": "8", "row-mt": "1"},
}


def form_of(path: Path) -> tuple[str, str]:
    """Return the format and the encoder that a file's suffix asks for.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    tuple of str
        FFmpeg's names.

    Raises
    ------
    OptionError
        If the suffix is unknown.
    """
    try:
        return FORMATS[path.suffix.lower()]
    except KeyError:
        known = ", ".join(suffix[1:] for suffix in FORMATS)
        raise OptionError(
            f"cannot tell the format of a video from {path.name!r}",
            f"end the file name in one of: {known}",
        ) from None


class Writer:
    """A video that is written, with everything but its frames copied from footage.

    Parameters
    ----------
    path : Path
        Where it shall be. It is written to ``PATH.part`` and renamed when it is whole.
    footage : Footage
        What the rest is copied from.
    live : bool, default False
        Whether speed counts more than size.

    Raises
    ------
    OptionError
        If the format cannot be told, or cannot hold the sound.
    VideoUnwritable
        If the file cannot be made.
    """

    def __init__(self, path: Path, footage: Footage, *, live: bool = False) -> None:
        form, self._codec = form_of(path)
        self.path = path
        self.left_out: list[str] = []
        self._target = Path(os.path.realpath(path))
        self._part = self._target.with_name(f"{self._target.name}.part")
        self._footage = footage
        self._settings = (_LIVE if live else _SETTINGS)[self._codec]
        # With the first packet the file begins, and until then the frames' size must be known.
        self._waiting: list[Packet[Any]] | None = []
        with writing(str(path)):
            # FFmpeg would say that it cannot be made only when the first frame is there.
            self._part.touch()
            self._container: OutputContainer = library().open(
                str(self._part), "w", format=form, options=_container_options(form)
            )
        try:
            self._container.metadata.update(footage.metadata)
            # The frames come first in the file; their size is known with the first of them.
            self._video: VideoStream = self._container.add_stream(
                self._codec, rate=footage.rate, options=dict(self._settings)
            )
            self._video.metadata.update(footage.picture_metadata)
            self._streams = self._copies(footage.copied)
            if footage.chapters:
                self._container.set_chapters(footage.chapters)
        except BaseException:
            self.discard()
            raise

    def _copies(self, streams: Sequence[Stream]) -> dict[int, Stream]:
        """Make a stream for each one that is copied."""
        made: dict[int, Stream] = {}
        for stream in streams:
            try:
                copy = copy_stream(self._container, stream)
            except (ValueError, OSError, LookupError) as error:
                name = _codec_of(stream)
                if stream.type == "audio":
                    raise OptionError(
                        f"{self.path.suffix} cannot hold the sound, which is {name}",
                        "name the output .mkv, which holds everything",
                    ) from error
                self.left_out.append(f"{stream.type} ({name})")
                continue
            made[stream.index] = copy
        return made

    def picture(self, frame: VideoFrame) -> None:
        """Write the next frame.

        Parameters
        ----------
        frame : av.VideoFrame
            Upright, with its time stamp.

        Raises
        ------
        VideoUnwritable
            If the disk is full.
        """
        video = self._video
        with writing(str(self.path)):
            if self._waiting is not None:
                self._begin(frame, self._waiting)
            # The decoder's kind of frame would be forced on the encoder.
            frame.pict_type = 0
            self._container.mux(video.encode(frame))

    def _begin(self, frame: VideoFrame, waiting: list[Packet[Any]]) -> None:
        video, context = self._video, self._video.codec_context
        context.width, context.height = frame.width, frame.height
        context.pix_fmt = frame.format.name
        context.time_base = self._footage.time_base
        context.color_range, context.colorspace = frame.color_range, frame.colorspace
        context.color_primaries, context.color_trc = frame.color_primaries, frame.color_trc
        video.time_base = self._footage.time_base
        self._waiting = None
        for packet in waiting:
            self.packet(packet)

    def packet(self, packet: Packet[Any]) -> None:
        """Pass on a packet.

        Parameters
        ----------
        packet : av.Packet
            Of one of the copied streams.

        Raises
        ------
        VideoUnwritable
            If the disk is full.
        """
        if self._waiting is not None:
            self._waiting.append(packet)
            return
        stream = self._streams.get(packet.stream.index)
        if stream is not None:
            packet.stream = stream
            with writing(str(self.path)):
                self._container.mux_one(packet)

    def finish(self) -> None:
        """Write the rest and put the file in its place.

        Raises
        ------
        VideoUnwritable
            If the disk is full.
        """
        try:
            with writing(str(self.path)):
                if self._waiting is None:
                    self._container.mux(self._video.encode(None))
                self._container.close()
                with self._part.open("rb+") as file:
                    os.fsync(file.fileno())
                self._part.replace(self._target)
        except BaseException:
            self.discard()
            raise

    def discard(self) -> None:
        """Leave nothing behind."""
        try:
            self._container.close()
        except (OSError, ValueError):
            pass  # the trailer of a file that is thrown away
        finally:
            self._part.unlink(missing_ok=True)


def copy_stream(container: OutputContainer, stream: Stream) -> Stream:
    """Make a stream for packets that are passed on as they are.

    Parameters
    ----------
    container : av.container.OutputContainer
        Where.
    stream : av.stream.Stream
        Where the packets come from.

    Returns
    -------
    av.stream.Stream
        With the other one's metadata.

    Raises
    ------
    ValueError
        If the format cannot hold it.
    """
    if stream.type == "attachment":
        attached: Any = stream
        made: Stream = container.add_attachment(attached.name, attached.mimetype, attached.data)
        made.metadata.update(stream.metadata)
        return made
    made = container.add_stream_from_template(stream)
    made.metadata.update(stream.metadata)
    made.disposition = stream.disposition
    if stream.time_base is not None:
        made.time_base = Fraction(stream.time_base)
    return made


def _codec_of(stream: Stream) -> str:
    """Return the name of a stream's codec; an attachment has none."""
    context: Any = stream.codec_context
    return context.name if context is not None else stream.type


def _container_options(form: str) -> dict[str, str]:
    # The index goes to the front, so that a page can play it while it loads.
    return {"movflags": "+faststart"} if form in ("mp4", "mov") else {}


def beside(path: Path, name: str) -> Path:
    """Return a path next to a file, named after it.

    Parameters
    ----------
    path : Path
        The file.
    name : str
        What follows its stem.

    Returns
    -------
    Path
        In the same folder.

    Raises
    ------
    VideoUnwritable
        If the file has no name.
    """
    if not path.stem:
        raise VideoUnwritable(f"cannot write {path}", "name a file")
    return path.with_name(f"{path.stem}{name}")
