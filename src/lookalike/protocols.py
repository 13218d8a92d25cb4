"""Every seam of the house, on one page.

Batch in, batch out; nothing found is an answer, not an error. Each seam has a fake and a contract
suite in `lookalike.testing`: an implementation that passes the suite can be used everywhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from typing import Any, BinaryIO, Self, TypeAlias

    import numpy as np
    from numpy.typing import NDArray
    from PIL.Image import Image as Picture

    from lookalike.errors import ImageError
    from lookalike.types import (
        Analysis,
        Candidate,
        Crops,
        Embeddings,
        Faces,
        Image,
        Neighbors,
        Space,
    )

    #: Everything that a photo may come as.
    Readable: TypeAlias = (
        str
        | os.PathLike[str]
        | bytes
        | bytearray
        | memoryview
        | BinaryIO
        | Picture
        | NDArray[Any]
        | Image
    )


@runtime_checkable
class Source(Protocol):
    """Where known people come from. Streaming, and the same at every pass."""

    name: str

    def __iter__(self) -> Iterator[Candidate]:
        """Offer photos one by one."""
        ...


@runtime_checkable
class Detector(Protocol):
    """Finds the faces of pictures."""

    name: str

    def detect(self, images: Sequence[Image]) -> list[Faces]:
        """Return the faces of each picture, best first, in pixels of that picture."""
        ...


@runtime_checkable
class Encoder(Protocol):
    """Turns aligned faces into vectors."""

    space: Space
    template: str
    views: int

    def encode(self, crops: Crops) -> Embeddings:
        """Return one raw vector for each crop."""
        ...


@runtime_checkable
class Analyzer(Protocol):
    """Reads, detects, aligns and encodes: the first four steps."""

    space: Space
    views: int

    def analyze(self, photos: Iterable[Readable]) -> Iterator[Analysis | ImageError]:
        """Return what each photo shows, in order; a photo that cannot be read is its error."""
        ...


@runtime_checkable
class Metric(Protocol):
    """A distance, written as a map into Euclidean space so that every index can serve it."""

    name: str

    def project(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """Map rows to where squared Euclidean distance orders as this metric does."""
        ...

    def distances(self, squared: NDArray[np.floating]) -> NDArray[np.float32]:
        """Turn squared Euclidean distances of projected rows into this metric's values."""
        ...


@runtime_checkable
class Index(Protocol):
    """Finds the nearest of many rows."""

    def __len__(self) -> int:
        """Return the number of rows."""
        ...

    def search(
        self,
        queries: NDArray[np.float32],
        k: int,
        rows: NDArray[np.bool_] | NDArray[np.int64] | None = None,
    ) -> Neighbors:
        """Return the k nearest of all rows, or of some (a mask or numbers), nearest first."""
        ...


@runtime_checkable
class Head(Protocol):
    """Tells from a vector who of some known people a face shows."""

    name: str

    @classmethod
    def fit(cls, vectors: NDArray[np.float32], groups: NDArray[np.int64]) -> Self:
        """Learn from raw rows and the person of each, numbered from 0 without gaps."""
        ...

    def scores(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return how surely each row is each person, (n, people); higher is surer."""
        ...

    def arrays(self) -> dict[str, NDArray[np.float32]]:
        """Return what was learned."""
        ...

    @classmethod
    def restore(
        cls,
        arrays: Mapping[str, NDArray[np.float32]],
        vectors: NDArray[np.float32],
        groups: NDArray[np.int64],
    ) -> Self:
        """Make a head of what was learned, and of what it was learned from."""
        ...


@runtime_checkable
class Session(Protocol):
    """A network that is ready to run."""

    provider: str

    def run(self, batch: NDArray[np.float32]) -> tuple[NDArray[np.float32], ...]:
        """Return the network's outputs, one row for each row of the batch."""
        ...
