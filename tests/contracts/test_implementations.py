"""Every implementation passes the suite of its seam."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial import distance

from lookalike.detection.mtcnn import Mtcnn
from lookalike.models.card import card
from lookalike.models.session import open_sessions
from lookalike.pipeline import Analyst, ModelOptions
from lookalike.search.exact import ExactIndex
from lookalike.search.graph import HnswIndex
from lookalike.search.growing import GrowingIndex
from lookalike.search.inverted_lists import IvfIndex
from lookalike.search.mahalanobis import PooledMahalanobis
from lookalike.search.metrics import Cosine, Euclidean, SquaredEuclidean
from lookalike.sources.folder import FolderSource
from lookalike.testing import (
    AnalyzerContract,
    DetectorContract,
    EncoderContract,
    IndexContract,
    MetricContract,
    SessionContract,
    SourceContract,
)


class WithNetworks:
    @pytest.fixture(autouse=True)
    def _opened(self, analyst, hopper, hopper_image):
        self.analyst, self.path, self.image = analyst, hopper, hopper_image


class TestMtcnn(WithNetworks, DetectorContract):
    def detector(self):
        assert isinstance(self.analyst.detector, Mtcnn)
        return self.analyst.detector

    def portrait(self):
        return self.image


class TestDlibResnet(WithNetworks, EncoderContract):
    def encoder(self):
        return self.analyst.encoder

    def size_px(self):
        return 150


class TestDlibResnetInt8(EncoderContract):
    opened = None

    def encoder(self):
        cls = type(self)
        cls.opened = cls.opened or Analyst.open(ModelOptions(encoder="dlib-resnet-v1-int8")).encoder
        return cls.opened

    def size_px(self):
        return 150


class TestAnalyst(WithNetworks, AnalyzerContract):
    def analyzer(self):
        return self.analyst

    def photo(self):
        return self.path.read_bytes()

    def broken(self):
        return self.photo()[:10_000]


class TestOnnxSession(SessionContract):
    rnet = None

    def session(self):
        type(self).rnet = self.rnet or open_sessions(card("mtcnn"))["rnet"]
        return self.rnet

    def batch(self, n):
        return np.random.default_rng(n).uniform(0, 255, (n, 3, 24, 24)).astype(np.float32)


class TestEuclidean(MetricContract):
    def metric(self):
        return Euclidean()

    def reference(self, one, other):
        return distance.euclidean(one, other)


class TestSquaredEuclidean(MetricContract):
    def metric(self):
        return SquaredEuclidean()

    def reference(self, one, other):
        return distance.sqeuclidean(one, other)


class TestCosine(MetricContract):
    def metric(self):
        return Cosine()

    def reference(self, one, other):
        return distance.cosine(one, other)


class TestPooledMahalanobis(MetricContract):
    root = np.random.default_rng(5).normal(size=(8, 8))
    covariance = root @ root.T + np.eye(8)

    def metric(self):
        return PooledMahalanobis(self.covariance)

    def reference(self, one, other):
        return distance.mahalanobis(one, other, np.linalg.inv(self.covariance))


class TestExactIndex(IndexContract):
    def index(self, vectors):
        return ExactIndex(vectors, Euclidean())


class TestExactIndexOfSquares(IndexContract):
    def index(self, vectors):
        return ExactIndex(vectors, SquaredEuclidean())


class TestExactIndexOfBytes(IndexContract):
    def index(self, vectors):
        return ExactIndex(vectors, Euclidean(), bits=8)


class TestHnswIndex(IndexContract):
    def index(self, vectors):
        return HnswIndex(vectors, Euclidean())


class TestIvfIndex(IndexContract):
    def index(self, vectors):
        return IvfIndex(vectors, Euclidean())


class TestGrowingIndex(IndexContract):
    def index(self, vectors):
        # The index was built over every other row, and over one more that is gone.
        before = np.arange(0, len(vectors), 2)
        built = ExactIndex(np.concatenate([vectors[:1] + 1, vectors[before]]), Euclidean())
        return GrowingIndex(built, np.r_[-1, before], vectors, Euclidean())


class TestFolderSource(SourceContract):
    @pytest.fixture(autouse=True)
    def _photos(self, tmp_path, hopper):
        for name in ("Grace_Hopper/1.jpg", "Grace_Hopper/2.jpg", "ada lovelace.jpg"):
            path = tmp_path / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(hopper.read_bytes())
        (tmp_path / "notes.txt").write_text("not a photo")
        self.root = tmp_path

    def source(self):
        return FolderSource(self.root)

    def test_people_are_named_after_folders_and_files(self):
        found = {candidate.uri: candidate.person.name for candidate in self.source()}
        assert found == {
            "ada lovelace.jpg": "Ada Lovelace",
            "Grace_Hopper/1.jpg": "Grace Hopper",
            "Grace_Hopper/2.jpg": "Grace Hopper",
        }
