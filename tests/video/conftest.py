"""Networks that cost nothing, for tests of everything around them."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from lookalike.testing import FakeDetector, FakeEncoder
from lookalike.types import Embeddings, Person
from lookalike.video.voting import Answer

ADA = Person.named("Ada Lovelace")


@dataclass
class FakeLooker:
    """One face in the middle of every picture."""

    detector: FakeDetector = field(default_factory=FakeDetector)
    encoder: FakeEncoder = field(default_factory=lambda: FakeEncoder(template="dlib-150"))


@dataclass
class Says:
    """A head that always names the same person."""

    person: Person | None = ADA
    name: str = "fake"
    measure: str = "distance"
    exclusive: bool = True

    def answers(self, faces: Embeddings) -> list[Answer]:
        return [Answer(self.person, 0.25)] * len(faces)


@pytest.fixture
def looker() -> FakeLooker:
    return FakeLooker()


@pytest.fixture
def says_ada() -> Says:
    return Says()
