"""A video whose truth is known: eight people of PINS, moving, crossing, coming, going, and cuts.

Stills are cut from photos that no gallery here holds. They move over blurred rooms; who is behind
is hidden by who is in front. The sound is that of the real clip.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import av
import cv2
import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

RATE = 30
SHOT_FRAMES = 120
PEOPLE = 8
STILLS = 3
#: The size that positions are given in.
SIZE = (640, 360)


@dataclass(frozen=True)
class Actor:
    """Somebody in one shot: where, how large, and which still."""

    who: int
    still: int
    start: tuple[float, float]
    end: tuple[float, float]
    height: tuple[float, float]
    sway: float
    first: int = 0
    last: int = SHOT_FRAMES

    def place(self, number: int) -> tuple[float, float, float]:
        """Return middle and height in a frame of the shot."""
        share = number / (SHOT_FRAMES - 1)
        ease = share * share * (3 - 2 * share)
        x = self.start[0] + (self.end[0] - self.start[0]) * ease
        y = self.start[1] + (self.end[1] - self.start[1]) * ease
        y += self.sway * np.sin(2 * np.pi * share * 2)
        return x, y, self.height[0] + (self.height[1] - self.height[0]) * ease


def shots(seed: int = 0) -> list[list[Actor]]:
    """Return who is where in each of twelve shots; later ones stand in front."""
    rng = np.random.default_rng(seed)
    return [_shot(number, rng) for number in range(12)]


def _shot(number: int, rng: np.random.Generator) -> list[Actor]:
    who, still = rng.permutation(PEOPLE), number % STILLS
    high = float(rng.uniform(105, 140))

    def actor(at: int, start: Any, end: Any, grow: float = 1.0, **when: int) -> Actor:
        heights, sway = (high, high * grow), float(rng.uniform(-12, 12))
        return Actor(int(who[at]), still, start, end, heights, sway, **when)

    if number % 4 == 0:  # two cross, a third one stands
        return [
            actor(0, (110, 180), (530, 200)),
            actor(1, (530, 190), (110, 180)),
            actor(2, (320, 75), (330, 75), 0.75),
        ]
    if number % 4 == 1:  # four side by side, coming nearer
        return [actor(at, (95 + 150 * at, 180), (90 + 153 * at, 190), 1.12) for at in range(4)]
    if number % 4 == 2:  # one walks out, another one walks in
        return [actor(0, (200, 180), (-150, 190)), actor(1, (800, 190), (430, 180))]
    return [  # one comes close, one appears, one disappears
        actor(0, (320, 190), (300, 200), 1.7),
        actor(1, (100, 150), (130, 160), first=30),
        actor(2, (540, 150), (520, 170), last=84),
    ]


@dataclass(frozen=True)
class Presence:
    """Somebody who is to be seen in a frame."""

    who: int
    box: tuple[float, float, float, float]
    shown: float


def truth(shot: list[Actor], number: int, aspects: np.ndarray) -> list[Presence]:
    """Return who is in a frame of a shot, and which part of each is to be seen."""
    there = [actor for actor in shot if actor.first <= number < actor.last]
    boxes, rows = [], []
    for actor in there:
        x, y, high = actor.place(number)
        wide = high * aspects[actor.who, actor.still]
        boxes.append((x - wide / 2, y - high / 2, x + wide / 2, y + high / 2))
    for at, (actor, box) in enumerate(zip(there, boxes, strict=True)):
        area = (box[2] - box[0]) * (box[3] - box[1])
        seen = _overlap(box, (0, 0, *SIZE))
        hidden = max((_overlap(box, other) for other in boxes[at + 1 :]), default=0.0)
        rows.append(Presence(actor.who, box, max(seen - hidden, 0) / area))
    return rows


def _overlap(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    return max(wide, 0) * max(high, 0)


class Stage:
    """Draws the frames."""

    def __init__(
        self, stills: list[list[np.ndarray]], size: tuple[int, int], seed: int = 0
    ) -> None:
        self._stills, self.size = stills, size
        self._scale = size[0] / SIZE[0]
        self._rng = np.random.default_rng(seed)
        self.aspects = np.array([[s.shape[1] / s.shape[0] for s in row] for row in stills])

    def room(self) -> np.ndarray:
        """Return a blurred room."""
        tint = self._rng.integers(40, 120, 3)
        few = np.clip(tint + self._rng.normal(0, 22, (6, 10, 1)), 0, 255).astype(np.uint8)
        room = cv2.resize(few, self.size, interpolation=cv2.INTER_CUBIC)
        return cv2.GaussianBlur(room, (0, 0), 12 * self._scale)

    def frame(self, room: np.ndarray, shot: list[Actor], number: int) -> np.ndarray:
        """Return a frame: room, people, grain, and light that changes a little."""
        drawn = room.astype(np.float32)
        for actor in shot:
            if actor.first <= number < actor.last:
                self._paste(drawn, self._stills[actor.who][actor.still], actor.place(number))
        light = 1 + 0.08 * np.sin(number / 17)
        grain = self._rng.normal(0, 3, (self.size[1], self.size[0], 1))
        return np.clip(drawn * light + grain, 0, 255).astype(np.uint8)

    def _paste(
        self, drawn: np.ndarray, still: np.ndarray, place: tuple[float, float, float]
    ) -> None:
        x, y, high = (value * self._scale for value in place)
        factor = high / still.shape[0]
        if factor < 0.7:
            still = cv2.resize(still, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
            factor = high / still.shape[0]
        rows, columns = still.shape[:2]
        mask = np.zeros((rows, columns), np.float32)
        edge = max(int(0.03 * rows), 1)
        mask[edge:-edge, edge:-edge] = 1
        mask = cv2.GaussianBlur(mask, (0, 0), edge / 1.5)
        shift = np.array(
            [[factor, 0, x - factor * columns / 2], [0, factor, y - factor * rows / 2]]
        )
        moved = cv2.warpAffine(still, shift, self.size, flags=cv2.INTER_LINEAR,
                               borderMode=cv2.BORDER_REPLICATE)  # fmt: skip
        cover = cv2.warpAffine(mask, shift, self.size)[..., None]
        drawn *= 1 - cover
        drawn += moved * cover


def write_video(path: Path, stage: Stage, sound: Path, count: int = 12) -> list[list[Presence]]:
    """Write so many shots with the sound of another video; return who is in each frame."""
    there: list[list[Presence]] = []
    with av.open(str(path), "w") as made, av.open(str(sound)) as clip:
        video = made.add_stream("libx264", rate=RATE, options={"crf": "16", "preset": "veryfast"})
        video.width, video.height, video.pix_fmt = *stage.size, "yuv420p"
        heard = clip.streams.audio[0]
        audio = made.add_stream_from_template(heard)
        packets = [packet for packet in clip.demux(heard) if packet.dts is not None]
        turns = heapq.merge(
            _pictures(stage, there, count),
            _sounds(packets, heard.time_base, count),
            key=lambda one: one[0],
        )
        for time_s, what in turns:
            if isinstance(what, bytes):
                packet = av.Packet(what)
                packet.pts = packet.dts = round(time_s / heard.time_base)
                packet.duration, packet.time_base = packets[1].duration, heard.time_base
                packet.stream = audio
                made.mux_one(packet)
            else:
                frame = av.VideoFrame.from_ndarray(what, format="rgb24")
                frame.pts, frame.time_base = round(time_s * RATE), Fraction(1, RATE)
                made.mux(video.encode(frame))
        made.mux(video.encode(None))
    return there


def _pictures(stage: Stage, there: list[list[Presence]], count: int) -> Any:
    for at, shot in enumerate(shots()[:count]):
        room = stage.room()
        for number in range(SHOT_FRAMES):
            there.append(truth(shot, number, stage.aspects))
            yield (at * SHOT_FRAMES + number) / RATE, stage.frame(room, shot, number)


def _sounds(packets: list[Any], time_base: Fraction, count: int) -> Any:
    """Repeat the sound for as long as the frames last."""
    step = float(packets[1].duration * time_base)
    for number in range(int(count * SHOT_FRAMES / RATE / step)):
        yield number * step, bytes(packets[number % len(packets)])


def enlarge(video: Path, path: Path, size: tuple[int, int]) -> None:
    """Write a video in another size, with its sound."""
    with av.open(str(video)) as old, av.open(str(path), "w") as new:
        made = new.add_stream("libx264", rate=RATE, options={"crf": "18", "preset": "veryfast"})
        made.width, made.height, made.pix_fmt = *size, "yuv420p"
        sound = new.add_stream_from_template(old.streams.audio[0])
        for packet in old.demux(old.streams.video[0], old.streams.audio[0]):
            if packet.stream.type == "audio" and packet.dts is not None:
                packet.stream = sound
                new.mux_one(packet)
            elif packet.stream.type == "video":
                for frame in packet.decode():
                    larger = frame.reformat(width=size[0], height=size[1], interpolation="BICUBIC")
                    new.mux(made.encode(larger))
        new.mux(made.encode(None))


def choose(data: Path, analyst: Any) -> tuple[list[str], list[list[Path]]]:
    """Choose eight people and, of each, the clearest photos to be the stills."""
    from lookalike.encoding.gate import scores
    from lookalike.errors import ImageError

    names, chosen = [], []
    folders = sorted(path for path in (data / "pins").iterdir() if path.is_dir())
    for folder in folders[:: len(folders) // PEOPLE][:PEOPLE]:
        photos = sorted(folder.glob("*.jpg"))
        rated = []
        for photo, seen in zip(photos, analyst.analyze(photos), strict=True):
            if not isinstance(seen, ImageError) and len(seen) == 1:
                rated.append((-float(scores(seen)[0]), photo))
        names.append(folder.name)
        chosen.append([photo for _, photo in sorted(rated)[:STILLS]])
    return names, chosen
