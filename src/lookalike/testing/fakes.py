"""A fake for every seam: quick, without weights, always the same answer."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from lookalike.errors import ImageError, ImageUnreadable
from lookalike.types import (
    Analysis,
    Candidate,
    Crops,
    Embeddings,
    Faces,
    Image,
    Neighbors,
    Person,
    Space,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

#: The space of all fake vectors.
FAKE_SPACE: Final = Space("fake", 8, "f" * 64)

_SIDE: Final = 32


@dataclass
class FakeSession:
    """A network whose one output is the mean of each row, shape (n, 1)."""

    provider: str = "cpu"

    def run(self, batch: NDArray[np.float32]) -> tuple[NDArray[np.float32], ...]:
        """Return the mean of each row.

        Parameters
        ----------
        batch : ndarray of shape (n, ...), float32
            Anything.

        Returns
        -------
        tuple of ndarray
            One output of shape (n, 1).
        """
        axes = tuple(range(1, batch.ndim))
        return (batch.mean(axis=axes, dtype=np.float32).reshape(-1, 1),)


@dataclass
class FakeDetector:
    """Finds one face in the middle of every picture that is not all of one color."""

    name: str = "fake"

    def detect(self, images: Sequence[Image]) -> list[Faces]:
        """Return the middle half of each picture as its face.

        Parameters
        ----------
        images : sequence of Image
            Pictures.

        Returns
        -------
        list of Faces
            None in a picture of one color.
        """
        return [self._detect_one(image) for image in images]

    def _detect_one(self, image: Image) -> Faces:
        if (image.pixels == image.pixels[0, 0]).all():
            return Faces.none()
        size = np.array([image.width, image.height], np.float32)
        box = np.concatenate([size * 0.25, size * 0.75])
        places = np.array([[0.4, 0.4], [0.6, 0.4], [0.5, 0.5], [0.42, 0.62], [0.58, 0.62]])
        return Faces(
            box[None].astype(np.float32),
            (places * size)[None].astype(np.float32),
            np.array([0.99], np.float32),
        )


@dataclass
class FakeEncoder:
    """Encodes a crop as the mean color of its quarters: alike pictures, alike vectors."""

    space: Space = FAKE_SPACE
    template: str = "fake-32"
    views: int = 1

    def encode(self, crops: Crops) -> Embeddings:
        """Return eight mean colors of each crop.

        Parameters
        ----------
        crops : Crops
            Any size.

        Returns
        -------
        Embeddings
            Of the fake space.
        """
        n, side = crops.pixels.shape[:2]
        half = side // 2
        quarters = [
            crops.pixels[:, y : y + half, x : x + half].mean(axis=(1, 2))[:, :2]
            for y in (0, half)
            for x in (0, half)
        ]
        vectors = np.concatenate(quarters, axis=1).reshape(n, 8) / 255
        return Embeddings(vectors.astype(np.float32), self.space)


@dataclass
class FakeAnalyzer:
    """Sees one face in everything; its vector follows from the bytes.

    Parameters
    ----------
    vectors : dict of bytes to sequence of float
        Vectors to give for certain bytes; others get random numbers seeded by the bytes.
    """

    vectors: dict[bytes, Sequence[float]] = field(default_factory=dict)
    space: Space = FAKE_SPACE
    views: int = 1

    def analyze(self, photos: Iterable[object]) -> Iterator[Analysis | ImageError]:
        """Return an analysis of each photo.

        Parameters
        ----------
        photos : iterable of bytes
            ``b"broken…"`` is a photo that cannot be read, ``b"nobody…"`` one without a face.

        Yields
        ------
        Analysis or ImageError
            In order.
        """
        for photo in photos:
            data = photo if isinstance(photo, bytes) else repr(photo).encode()
            if data.startswith(b"broken"):
                yield ImageUnreadable("the picture is broken", "take another")
            else:
                yield self._analyze_one(data, 0 if data.startswith(b"nobody") else 1)

    def _analyze_one(self, data: bytes, faces: int) -> Analysis:
        seed = int.from_bytes(hashlib.sha256(data).digest()[:8], "little")
        numbers = np.random.default_rng(seed).normal(size=self.space.dim)
        vector = np.asarray(self.vectors.get(data, numbers), np.float32)
        image = Image(np.full((_SIDE, _SIDE, 3), seed % 256, np.uint8))
        box = np.array([[8, 8, 24, 24]], np.float32)
        landmarks = np.array([[[12, 13], [20, 13], [16, 17], [13, 21], [19, 21]]], np.float32)
        return Analysis(
            image,
            Faces(box[:faces], landmarks[:faces], np.ones(faces, np.float32)),
            Crops(
                np.zeros((faces, _SIDE, _SIDE, 3), np.uint8),
                np.zeros((faces, 2, 3), np.float32),
                "fake-32",
            ),
            Embeddings(vector[None][:faces], self.space),
        )


@dataclass
class FakeMetric:
    """Squared Euclidean distance."""

    name: str = "fake"

    def project(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the rows as they are.

        Parameters
        ----------
        vectors : ndarray of shape (n, d), float32
            Rows.

        Returns
        -------
        ndarray of shape (n, d), float32
            The same.
        """
        return vectors

    def distances(self, squared: NDArray[np.floating]) -> NDArray[np.float32]:
        """Return the squares as they are.

        Parameters
        ----------
        squared : ndarray, float
            Squared distances.

        Returns
        -------
        ndarray, float32
            The same.
        """
        return np.asarray(squared, np.float32)


@dataclass
class FakeIndex:
    """Looks at every row, one by one.

    Parameters
    ----------
    vectors : ndarray of shape (n, d), float32
        The rows.
    """

    vectors: NDArray[np.float32]

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.vectors)

    def search(
        self,
        queries: NDArray[np.float32],
        k: int,
        rows: NDArray[np.bool_] | NDArray[np.int64] | None = None,
    ) -> Neighbors:
        """Return the nearest rows by squared Euclidean distance.

        Parameters
        ----------
        queries : ndarray of shape (m, d), float32
            Rows.
        k : int
            How many.
        rows : ndarray of shape (n,), bool, or ndarray of shape (r,), int64, optional
            Only these rows: a mask, or their numbers.

        Returns
        -------
        Neighbors
            Of shape (m, k).
        """
        allowed = np.arange(len(self))[slice(None) if rows is None else rows]
        found = np.full((len(queries), k), -1, np.int64)
        distances = np.full((len(queries), k), np.inf, np.float32)
        for at, query in enumerate(queries):
            squared = ((self.vectors[allowed].astype(np.float64) - query) ** 2).sum(axis=1)
            order = np.argsort(squared, kind="stable")[:k]
            found[at, : len(order)] = allowed[order]
            distances[at, : len(order)] = squared[order]
        return Neighbors(found, distances)


@dataclass
class FakeSource:
    """Photos in memory.

    Parameters
    ----------
    photos : dict of str to dict of str to bytes
        For each person's name, the photos by uri.
    """

    photos: dict[str, dict[str, bytes]]
    name: str = "fake"

    def __iter__(self) -> Iterator[Candidate]:
        """Offer the photos one by one."""
        for person, photos in self.photos.items():
            for uri, data in photos.items():
                stamp = hashlib.sha256(data).hexdigest()[:8]
                yield Candidate(Person.named(person), uri, lambda data=data: data, stamp)  # type: ignore[misc]
