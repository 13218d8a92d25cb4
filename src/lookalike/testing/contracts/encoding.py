"""What every encoder, and every analyzer that uses one, must do."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

import numpy as np

from lookalike.errors import ImageError
from lookalike.protocols import Analyzer, Encoder
from lookalike.types import Analysis, Crops, Embeddings

if TYPE_CHECKING:
    from numpy.typing import NDArray


def _noise(*shape: int, seed: int = 0) -> NDArray[np.uint8]:
    return np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)


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
