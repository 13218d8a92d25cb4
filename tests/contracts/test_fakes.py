"""The fakes pass the suites of their own seams."""

from __future__ import annotations

import numpy as np
from scipy.spatial.distance import sqeuclidean

from lookalike.testing import (
    AnalyzerContract,
    DetectorContract,
    EncoderContract,
    FakeAnalyzer,
    FakeDetector,
    FakeEncoder,
    FakeIndex,
    FakeMetric,
    FakeSession,
    FakeSource,
    IndexContract,
    MetricContract,
    SessionContract,
    SourceContract,
)
from lookalike.types import Image


class TestFakeSource(SourceContract):
    def source(self):
        return FakeSource({"A": {"a/1.jpg": b"1", "a/2.jpg": b"2"}, "B": {"b/1.jpg": b"1"}})

    def test_each_candidate_loads_its_own_bytes(self):
        candidates = list(self.source())
        assert [candidate.load() for candidate in candidates] == [b"1", b"2", b"1"]
        assert [candidate.person.id for candidate in candidates] == ["a", "a", "b"]


class TestFakeDetector(DetectorContract):
    def detector(self):
        return FakeDetector()

    def portrait(self):
        # So large that the margin which the suite adds moves the middle by little.
        side = np.arange(2000)
        pixels = np.stack(np.broadcast_arrays(side[:, None] % 256, side % 256, 0), axis=2)
        return Image(pixels.astype(np.uint8))


class TestFakeEncoder(EncoderContract):
    def encoder(self):
        return FakeEncoder()

    def size_px(self):
        return 32


class TestFakeAnalyzer(AnalyzerContract):
    def analyzer(self):
        return FakeAnalyzer()

    def photo(self):
        return b"somebody"

    def broken(self):
        return b"broken"

    def test_gives_the_vectors_that_it_was_told(self):
        analyzer = FakeAnalyzer({b"a": range(8)})
        told, nobody = analyzer.analyze([b"a", b"nobody at all"])
        np.testing.assert_array_equal(told.embeddings.vectors, [np.arange(8)])
        assert len(nobody) == 0


class TestFakeMetric(MetricContract):
    def metric(self):
        return FakeMetric()

    def reference(self, one, other):
        return sqeuclidean(one, other)


class TestFakeIndex(IndexContract):
    def index(self, vectors):
        return FakeIndex(vectors)


class TestFakeSession(SessionContract):
    def session(self):
        return FakeSession()

    def batch(self, n):
        return np.random.default_rng(n).normal(size=(n, 3, 4)).astype(np.float32)
