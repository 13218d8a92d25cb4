"""Every head passes the suite of its seam."""

from __future__ import annotations

from lookalike.identification.centroid import CentroidHead
from lookalike.identification.svm import SvmHead
from lookalike.identification.voting import KnnHead
from lookalike.registry import names
from lookalike.testing import FakeHead, HeadContract


class TestCentroid(HeadContract):
    def head(self):
        return CentroidHead


class TestKnn(HeadContract):
    def head(self):
        return KnnHead


class TestSvm(HeadContract):
    def head(self):
        return SvmHead


class TestFake(HeadContract):
    def head(self):
        return FakeHead


def test_no_head_is_forgotten():
    suites = {
        suite.__name__.removeprefix("Test").lower() for suite in HeadContract.__subclasses__()
    }
    assert suites - {"fake"} == set(names("head"))
