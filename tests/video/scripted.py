"""Footage and eyes that follow a script: who is where in each frame."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import numpy as np

from lookalike.testing.fakes import FAKE_SPACE
from lookalike.types import Embeddings, Face, Person
from lookalike.video.footage import Picture
from lookalike.video.likeness import Likeness
from lookalike.video.tracks import Sighting
from lookalike.video.voting import Answer
from lookalike.video.watching import Labeled, Watcher, WatchOptions

RATE = 25.0
#: Two vectors of one person are within 0.1, of two people 1.4 apart.
LIKENESS = Likeness(0.6)


@dataclass(frozen=True)
class Part:
    """Somebody in a frame."""

    who: str
    x: float
    y: float = 100.0
    size: float = 40.0
    quality: float = 0.8


Script = Callable[[int], Sequence[Part]]


def number_of(who: str) -> int:
    return sum(map(ord, who)) % FAKE_SPACE.dim


def vector_of(who: str, number: int) -> np.ndarray:
    """Return a vector of somebody, a little different in each frame."""
    vector = np.random.default_rng([number, number_of(who)]).normal(0, 0.01, FAKE_SPACE.dim)
    vector[number_of(who)] += 1
    return vector.astype(np.float32)


def crop_of(who: str) -> np.ndarray:
    return np.random.default_rng(number_of(who)).integers(0, 255, (30, 30, 3), np.uint8)


@dataclass
class ScriptedEyes:
    """Sees what the script says, and remembers what it was asked."""

    script: Script
    looked: list[int] = field(default_factory=list)
    encoded: int = 0
    batches: list[int] = field(default_factory=list)

    def look(self, picture: Picture) -> list[Sighting]:
        self.looked.append(picture.number)
        return [self._sighting(picture, part) for part in self.script(picture.number)]

    def _sighting(self, picture: Picture, part: Part) -> Sighting:
        half = part.size / 2
        box = np.array([part.x - half, part.y - half, part.x + half, part.y + half], np.float32)
        face = Face(box, np.zeros((5, 2), np.float32), 0.9)
        sighting = Sighting(picture.number, picture.time_s, face, crop_of(part.who), part.quality)
        self._who = {**getattr(self, "_who", {}), id(sighting): (sighting, part.who)}
        return sighting

    def encode(self, sightings: Sequence[Sighting]) -> None:
        new = [one for one in sightings if one.vector is None]
        if new:
            self.batches.append(len(new))
        for one in new:
            one.vector = vector_of(self._who[id(one)][1], one.number)
        self.encoded += len(new)

    def embeddings(self, vectors: np.ndarray) -> Embeddings:
        return Embeddings(vectors, FAKE_SPACE)


@dataclass
class Knows:
    """A head that knows some people by their vectors."""

    names: Sequence[str]
    exclusive: bool = True
    name: str = "fake"
    measure: str = "distance"

    def answers(self, faces: Embeddings) -> list[Answer]:
        known = {number_of(name): name for name in self.names}
        return [
            Answer(Person.named(known[at]) if (at := int(row.argmax())) in known else None, 0.1)
            for row in faces.vectors
        ]


def pictures(count: int, cuts: Sequence[int] = ()) -> Iterator[Any]:
    frame = SimpleNamespace(width=640, height=360)
    for number in range(count):
        yield Picture(number, number / RATE, frame, number in cuts)


def watched(
    script: Script,
    count: int,
    names: Sequence[str] = (),
    cuts: Sequence[int] = (),
    options: WatchOptions | None = None,
    head: Any = None,
) -> tuple[list[Labeled], Watcher, ScriptedEyes]:
    """Watch a script to its end."""
    eyes = ScriptedEyes(script)
    watcher = Watcher(eyes, head or Knows(names), RATE, options, LIKENESS)
    return list(watcher.watch(pictures(count, cuts))), watcher, eyes


def names_in(labeled: Labeled) -> dict[int, str]:
    """Return who is named in a frame, by where, in tens of pixels."""
    return {
        round(float(face.box[0] + face.box[2]) / 2): face.verdict.person.name
        if face.verdict.person
        else "?"
        for face in labeled.faces
    }
