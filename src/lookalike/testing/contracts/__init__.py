"""What every implementation of a seam must do. Inherit, say how it is made, run pytest."""

from lookalike.testing.contracts.detecting import DetectorContract
from lookalike.testing.contracts.encoding import AnalyzerContract, EncoderContract
from lookalike.testing.contracts.identifying import HeadContract
from lookalike.testing.contracts.searching import IndexContract, MetricContract
from lookalike.testing.contracts.supplying import SessionContract, SourceContract

__all__ = [
    "AnalyzerContract",
    "DetectorContract",
    "EncoderContract",
    "HeadContract",
    "IndexContract",
    "MetricContract",
    "SessionContract",
    "SourceContract",
]
