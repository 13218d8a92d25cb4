"""Comparing two galleries, row by row."""

from __future__ import annotations

import numpy as np

from lookalike.models.options import ModelOptions

MODELS = ModelOptions()
#: Small batches, so that thirty photos are several tasks for each worker.
BATCH = 6


def facts(file):
    """Return all that is kept of each photo but its vector, in the order of the rows."""
    return [
        (one.person.id, one.photo, one.stamp, one.face.box.tolist(), one.thumbnail, one.quality)
        for one in file.records()
    ]


def require_same(file, other):
    """Fail unless both galleries have the same rows, and vectors to 1e-6."""
    assert facts(file) == facts(other)
    assert file.counts() == other.counts()
    np.testing.assert_allclose(file.columns().vectors, other.columns().vectors, rtol=0, atol=1e-6)
    ours, theirs = ([(e.source, e.uri, e.sha256, e.reason, e.stamp, e.detail) for e in one.ledger()]
                    for one in (file, other))  # fmt: skip
    assert ours == theirs
