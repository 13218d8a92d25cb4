"""For tests, ours and other people's: fakes of every seam, and the suites that seams must pass.

A fake is quick, needs no weights and always answers the same. A contract is a class of tests:
inherit from it, say how the implementation is made, and pytest runs the suite.
"""

from lookalike.testing.contracts import (
    AnalyzerContract,
    DetectorContract,
    EncoderContract,
    HeadContract,
    IndexContract,
    MetricContract,
    SessionContract,
    SourceContract,
)
from lookalike.testing.fake_head import FakeHead
from lookalike.testing.fakes import (
    FakeAnalyzer,
    FakeDetector,
    FakeEncoder,
    FakeIndex,
    FakeMetric,
    FakeSession,
    FakeSource,
)

__all__ = [
    "AnalyzerContract",
    "DetectorContract",
    "EncoderContract",
    "FakeAnalyzer",
    "FakeDetector",
    "FakeEncoder",
    "FakeHead",
    "FakeIndex",
    "FakeMetric",
    "FakeSession",
    "FakeSource",
    "HeadContract",
    "IndexContract",
    "MetricContract",
    "SessionContract",
    "SourceContract",
]
