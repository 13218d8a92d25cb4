"""Tiny videos, made when they are needed; and what is in a video, read without lookalike."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

#: Containers and encoders that go together.
AUDIO = {"aac": 44_100, "libopus": 48_000, "libmp3lame": 44_100}


def scene(number: int, width: int, height: int) -> np.ndarray:
    """Return a frame: red top left, a gray ramp that moves, and a face-like pattern."""
    ramp = np.linspace(40, 200, width)[None, :, None] + np.zeros((height, 1, 3))
    picture = np.roll(ramp, number, axis=1)
    grain = np.random.default_rng(0).integers(0, 50, (height // 2, width // 2, 1))
    top, left = height // 4, width // 4
    picture[top : top + grain.shape[0], left : left + grain.shape[1]] += grain
    picture[: height // 4, : width // 4] = (220, 20, 20)
    return np.clip(picture, 0, 255).astype(np.uint8)


@dataclass
class Clip:
    """What a tiny video is made of."""

    name: str = "clip.mp4"
    codec: str = "libx264"
    audio: str = ""
    size: tuple[int, int] = (96, 64)
    frames: int = 24
    rotation: int = 0
    times: tuple[int, ...] = ()
    subtitles: bool = False
    chapters: bool = False
    pix_fmt: str = "yuv420p"
    start: int = 0

    def make(self, folder: Path) -> Path:
        """Write it. Time stamps are in 1/600 s; 25 frames a second unless `times` says."""
        # Where it may, SVT-AV1 gives the thread that opens it real-time priority, for good. What
        # such a thread starts later, a browser among others, can keep a processor for ever.
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(self._write, folder).result()

    def _write(self, folder: Path) -> Path:
        path = folder / self.name
        with av.open(str(path), "w") as made:
            made.metadata["title"] = "A tiny clip"
            video = made.add_stream(self.codec, rate=25)
            video.width, video.height = self.size
            video.pix_fmt = self.pix_fmt
            video.time_base = video.codec_context.time_base = Fraction(1, 600)
            if self.codec == "libx264":
                video.codec_context.options = {"preset": "ultrafast"}
            if self.codec == "libsvtav1":
                video.codec_context.options = {"preset": "12"}
            if self.rotation:
                video.set_display_rotation(self.rotation)
            sound = made.add_stream(self.audio, rate=AUDIO[self.audio]) if self.audio else None
            words = subtitles(made, self.name) if self.subtitles else None
            if self.chapters:
                part = {"time_base": Fraction(1, 1000), "metadata": {"title": "One"}}
                made.set_chapters([{"id": 1, "start": 0, "end": 500, **part}])
            for number in range(self.frames):
                frame = av.VideoFrame.from_ndarray(scene(number, *self.size), format="rgb24")
                frame = frame.reformat(format=self.pix_fmt)
                at = self.times[number] if self.times else 24 * number
                frame.pts, frame.time_base = self.start + at, Fraction(1, 600)
                made.mux(video.encode(frame))
                if sound is not None:
                    made.mux(sound.encode(tone(number, sound.codec_context.sample_rate)))
                if words is not None and number == 2:
                    made.mux(said(words))
            made.mux(video.encode(None))
            if sound is not None:
                made.mux(sound.encode(None))
        return path


def tone(number: int, rate: int) -> av.AudioFrame:
    """Return a twenty-fifth of a second of a tone that rises with every frame."""
    samples = rate // 25
    at = np.arange(samples) / rate
    wave = np.sin(2 * np.pi * (200 + 20 * number) * at).astype(np.float32) / 2
    frame = av.AudioFrame.from_ndarray(wave[None], format="fltp", layout="mono")
    frame.sample_rate, frame.pts, frame.time_base = rate, number * samples, Fraction(1, rate)
    return frame


def subtitles(made: Any, name: str) -> Any:
    """Make a stream of subtitles."""
    stream = made.add_stream("mov_text" if name.endswith("mp4") else "subrip")
    styles = "[V4+ Styles]\nFormat: Name, Fontname, Fontsize\nStyle: Default,Arial,16\n"
    events = "[Events]\nFormat: Layer, Start, End, Style, Text\n"
    header = f"[Script Info]\nScriptType: v4.00+\nPlayResX: 96\nPlayResY: 64\n\n{styles}\n{events}"
    stream.codec_context.subtitle_header = header.encode()
    return stream


def said(stream: Any) -> av.Packet:
    """Return a subtitle."""
    text = b"hello"
    data = len(text).to_bytes(2, "big") + text if stream.codec_context.name == "mov_text" else text
    packet = av.Packet(data)
    packet.stream, packet.time_base = stream, Fraction(1, 1000)
    packet.pts = packet.dts = 80
    packet.duration = 400
    return packet


def packets(path: Path, kind: str) -> list[tuple[float, bytes]]:
    """Return the packets of a kind, each with its time."""
    with av.open(str(path)) as there:
        streams = [stream for stream in there.streams if stream.type == kind]
        return [
            (float(packet.pts * packet.time_base), bytes(packet))
            for packet in (there.demux(streams) if streams else ())
            if packet.pts is not None
        ]


def shown(path: Path) -> tuple[list[float], list[np.ndarray]]:
    """Return times and upright pictures of all frames."""
    times, pictures = [], []
    with av.open(str(path)) as there:
        for frame in there.decode(video=0):
            times.append(float(frame.time))
            turned = np.rot90(frame.to_ndarray(format="rgb24"), frame.rotation // 90)
            pictures.append(np.ascontiguousarray(turned))
    return times, pictures
