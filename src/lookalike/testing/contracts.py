"""What every implementation of a seam must do. Inherit, say how it is made, run pytest."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

import numpy as np

from lookalike.errors import ImageError
from lookalike.protocols import Analyzer, Detector, Encoder, Index, Metric, Session, Source
from lookalike.types import Analysis, Crops, Embeddings, Faces, Image

if TYPE_CHECKING:
    from numpy.typing import NDArray


def _noise(*shape: int, seed: int = 0) -> NDArray[np.uint8]:
    return np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)


def _vectors(n: int, d: int, seed: int = 0) -> NDArray[np.float32]:
    return np.random.default_rng(seed).normal(size=(n, d)).astype(np.float32)


class DetectorContract(ABC):
    """What every detector must do."""

    @abstractmethod
    def detector(self) -> Detector:
        """Return a detector that is ready."""

    @abstractmethod
    def portrait(self) -> Image:
        """Return a picture with exactly one face that the detector finds."""

    def test_is_a_detector(self) -> None:
        """It has the seam's names."""
        assert isinstance(self.detector(), Detector)

    def test_no_pictures_no_answers(self) -> None:
        """An empty batch is fine."""
        assert self.detector().detect([]) == []

    def test_a_blank_picture_has_no_face(self) -> None:
        """Nothing found is an answer, whatever the picture's shape."""
        for shape in ((64, 64, 3), (16, 400, 3), (400, 16, 3)):
            (faces,) = self.detector().detect([Image(np.full(shape, 200, np.uint8))])
            assert isinstance(faces, Faces)
            assert len(faces) == 0

    def test_finds_the_face_of_a_portrait(self) -> None:
        """Landmarks lie in the box, left is left, eyes are above the mouth."""
        (faces,) = self.detector().detect([self.portrait()])
        assert len(faces) == 1
        (face,) = faces
        assert face.size_px > 0
        assert 0 < face.score <= 1
        left_eye, right_eye, nose, left_mouth, right_mouth = face.landmarks
        assert left_eye[0] < right_eye[0]
        assert left_mouth[0] < right_mouth[0]
        assert max(left_eye[1], right_eye[1]) < nose[1] < min(left_mouth[1], right_mouth[1])
        assert (face.landmarks >= face.box[:2]).all()
        assert (face.landmarks <= face.box[2:]).all()

    def test_a_batch_is_as_good_as_one_by_one(self) -> None:
        """Answers come in order and do not depend on the company."""
        portrait, blank = self.portrait(), Image(np.zeros((80, 50, 3), np.uint8))
        alone = self.detector().detect([portrait])[0]
        first, second, third = self.detector().detect([blank, portrait, blank])
        assert (len(first), len(third)) == (0, 0)
        np.testing.assert_allclose(second.boxes, alone.boxes, atol=0.01)

    def test_moves_with_the_picture(self) -> None:
        """A frame around the picture moves the face by as much, within a few percent."""
        portrait = self.portrait()
        margin = 32
        framed = Image(np.pad(portrait.pixels, ((margin,) * 2, (margin,) * 2, (0, 0)), "edge"))
        (before,), (after,) = self.detector().detect([portrait]), self.detector().detect([framed])
        assert len(after) == 1
        slack = 0.08 * before.sizes_px[0]
        np.testing.assert_allclose(after.landmarks - margin, before.landmarks, atol=slack)


class EncoderContract(ABC):
    """What every encoder must do."""

    @abstractmethod
    def encoder(self) -> Encoder:
        """Return an encoder that is ready."""

    @abstractmethod
    def size_px(self) -> int:
        """Return the side of the crops that it wants."""

    def crops(self, n: int) -> Crops:
        """Return crops of noise in the encoder's template.

        Parameters
        ----------
        n : int
            How many.

        Returns
        -------
        Crops
            Always the same.
        """
        side = self.size_px()
        transforms = np.zeros((n, 2, 3), np.float32)
        return Crops(_noise(n, side, side, 3), transforms, self.encoder().template)

    def test_is_an_encoder(self) -> None:
        """It has the seam's names."""
        assert isinstance(self.encoder(), Encoder)

    def test_one_finite_vector_for_each_crop(self) -> None:
        """Any number of crops, also none, and more than a batch."""
        encoder = self.encoder()
        for n in (0, 1, 3, 37):
            embeddings = encoder.encode(self.crops(n))
            assert isinstance(embeddings, Embeddings)
            assert embeddings.vectors.shape == (n, encoder.space.dim)
            assert embeddings.space == encoder.space
            assert np.isfinite(embeddings.vectors).all()

    def test_different_crops_different_vectors(self) -> None:
        """The picture matters."""
        vectors = self.encoder().encode(self.crops(2)).vectors
        assert not np.allclose(vectors[0], vectors[1])

    def test_a_batch_is_as_good_as_one_by_one(self) -> None:
        """Vectors do not depend on the company."""
        encoder, crops = self.encoder(), self.crops(5)
        together = encoder.encode(crops).vectors
        for at in range(5):
            one = Crops(crops.pixels[at : at + 1], crops.transforms[at : at + 1], crops.template)
            np.testing.assert_allclose(encoder.encode(one).vectors[0], together[at], atol=1e-5)


class MetricContract(ABC):
    """What every metric must do."""

    @abstractmethod
    def metric(self) -> Metric:
        """Return a metric for rows of eight numbers."""

    @abstractmethod
    def reference(self, one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
        """Return the distance of two vectors by somebody else's code."""

    def between(self, one: NDArray[np.float32], other: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the distances of all rows to all rows through the seam.

        Parameters
        ----------
        one, other : ndarray of shape (n, 8) and (m, 8), float32
            Raw rows.

        Returns
        -------
        ndarray of shape (n, m), float32
            Distances.
        """
        metric = self.metric()
        gap = metric.project(one)[:, None].astype(np.float64) - metric.project(other)[None]
        return metric.distances((gap**2).sum(axis=2))

    def test_is_a_metric(self) -> None:
        """It has the seam's names."""
        assert isinstance(self.metric(), Metric)

    def test_agrees_with_the_reference(self) -> None:
        """Value by value."""
        one, other = _vectors(7, 8, seed=1), _vectors(9, 8, seed=2)
        found = self.between(one, other)
        for i in range(7):
            for j in range(9):
                expected = self.reference(one[i].astype(np.float64), other[j].astype(np.float64))
                np.testing.assert_allclose(found[i, j], expected, rtol=2e-4, atol=1e-6)

    def test_nothing_is_nearer_than_itself(self) -> None:
        """Zero on the diagonal, symmetric, never negative."""
        rows = _vectors(6, 8)
        found = self.between(rows, rows)
        np.testing.assert_allclose(np.diag(found), 0, atol=1e-5)
        np.testing.assert_allclose(found, found.T, atol=1e-5)
        assert (found >= 0).all()


class IndexContract(ABC):
    """What every index must do."""

    @abstractmethod
    def index(self, vectors: NDArray[np.float32]) -> Index:
        """Return an index over rows, by Euclidean distance or its square."""

    def test_is_an_index(self) -> None:
        """It has the seam's names and knows its size."""
        index = self.index(_vectors(10, 8))
        assert isinstance(index, Index)
        assert len(index) == 10

    def test_finds_each_row_itself_first(self) -> None:
        """A row that is in the index is its own nearest."""
        vectors = _vectors(300, 8)
        neighbors = self.index(vectors).search(vectors, 1)
        np.testing.assert_array_equal(neighbors.rows[:, 0], np.arange(300))
        np.testing.assert_allclose(neighbors.distances[:, 0], 0, atol=1e-3)

    def test_finds_the_nearest_in_order(self) -> None:
        """The same rows as a plain loop, nearest first."""
        vectors, queries = _vectors(200, 8, seed=1), _vectors(20, 8, seed=2)
        neighbors = self.index(vectors).search(queries, 7)
        for query, rows, distances in zip(
            queries, neighbors.rows, neighbors.distances, strict=True
        ):
            expected = np.argsort(((vectors - query) ** 2).sum(axis=1), kind="stable")[:7]
            np.testing.assert_array_equal(rows, expected)
            assert (np.diff(distances) >= 0).all()

    def test_pads_what_is_not_there(self) -> None:
        """More neighbors than rows: -1 and infinity."""
        neighbors = self.index(_vectors(3, 8)).search(_vectors(2, 8), 5)
        assert neighbors.rows.shape == (2, 5)
        assert (neighbors.rows[:, 3:] == -1).all()
        assert np.isinf(neighbors.distances[:, 3:]).all()

    def test_no_queries_no_answers(self) -> None:
        """An empty batch is fine."""
        assert len(self.index(_vectors(3, 8)).search(_vectors(0, 8), 2)) == 0


class SessionContract(ABC):
    """What every session must do."""

    @abstractmethod
    def session(self) -> Session:
        """Return a session that is ready."""

    @abstractmethod
    def batch(self, n: int) -> NDArray[np.float32]:
        """Return n rows that the network takes."""

    def test_is_a_session(self) -> None:
        """It has the seam's names and says what runs it."""
        session = self.session()
        assert isinstance(session, Session)
        assert session.provider

    def test_one_output_row_for_each_input_row(self) -> None:
        """Any number of rows, also none, and odd ones."""
        for n in (0, 1, 5, 33):
            for output in self.session().run(self.batch(n)):
                assert len(output) == n

    def test_a_batch_is_as_good_as_one_by_one(self) -> None:
        """Rows do not depend on the company."""
        session, batch = self.session(), self.batch(5)
        together = session.run(batch)
        for at in range(5):
            alone = session.run(batch[at : at + 1])
            for one, many in zip(alone, together, strict=True):
                np.testing.assert_allclose(one[0], many[at], atol=1e-4)


class SourceContract(ABC):
    """What every source must do."""

    @abstractmethod
    def source(self) -> Source:
        """Return a source with at least two photos."""

    def test_is_a_source(self) -> None:
        """It has the seam's names."""
        assert isinstance(self.source(), Source)

    def test_is_the_same_at_every_pass(self) -> None:
        """Re-iterable, in one order, with one uri and one stamp for each photo."""
        source = self.source()
        first = [(c.person, c.uri, c.stamp) for c in source]
        assert first == [(c.person, c.uri, c.stamp) for c in source]
        assert len({uri for _, uri, _ in first}) == len(first) >= 2

    def test_photos_can_be_loaded(self) -> None:
        """Bytes come out, on demand."""
        for candidate in self.source():
            assert isinstance(candidate.load(), bytes)


class AnalyzerContract(ABC):
    """What every analyzer must do."""

    @abstractmethod
    def analyzer(self) -> Analyzer:
        """Return an analyzer that is ready."""

    @abstractmethod
    def photo(self) -> bytes:
        """Return a photo with one face."""

    @abstractmethod
    def broken(self) -> bytes:
        """Return bytes that cannot be read as a photo."""

    def test_is_an_analyzer(self) -> None:
        """It has the seam's names."""
        assert isinstance(self.analyzer(), Analyzer)

    def test_a_broken_photo_does_not_stop_the_others(self) -> None:
        """Errors are answers too, in order."""
        first, second, third = self.analyzer().analyze([self.photo(), self.broken(), self.photo()])
        assert isinstance(first, Analysis)
        assert isinstance(second, ImageError)
        assert isinstance(third, Analysis)
        assert len(first) == len(third) == 1
        np.testing.assert_allclose(first.embeddings.vectors, third.embeddings.vectors, atol=1e-5)
        assert first.embeddings.space == self.analyzer().space
