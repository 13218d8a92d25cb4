"""Files of scores: what was written comes back, what is broken is refused."""

from __future__ import annotations

import errno
import json
from pathlib import Path

import numpy as np
import pytest

from lookalike.errors import EvaluationError
from lookalike.evaluation.all_pairs import PairOptions, measure_pairs
from lookalike.evaluation.asked import Asked
from lookalike.evaluation.asking import measure_asked, ways
from lookalike.evaluation.report import load
from lookalike.evaluation.scores import Scores
from lookalike.evaluation.stored import FORMAT, Stored, read, write
from lookalike.search.metrics import Euclidean

NAMES = ["scores.npz", "scores.json"]


@pytest.fixture
def columns(crowd):
    return crowd([4] * 12, attributes=lambda at: {"gender": "female", "näme": [at]})


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("listed", [10**6, 300])
def test_pairs_come_back(name, listed, columns, header, tmp_path: Path) -> None:
    scores = measure_pairs(columns, header, Euclidean(), PairOptions("crowd", listed))
    scores.distances[5] = np.inf
    scores.save(tmp_path / "deep" / name)
    again = load(tmp_path / "deep" / name)
    assert isinstance(again, Scores)
    np.testing.assert_array_equal(again.distances, scores.distances.astype(np.float32))
    np.testing.assert_array_equal(again.same, scores.same)
    np.testing.assert_array_equal(again.sides, scores.sides)
    assert (again.setting, again.origin) == (scores.setting, scores.origin)
    assert again.cast is not None
    assert again.cast.people == scores.cast.people
    assert again.cast.photos == scores.cast.photos
    assert (again.strangers, again.limit) == (scores.strangers, pytest.approx(scores.limit))
    assert again.origin.space == header.space.digest
    assert list(tmp_path.rglob("*.part")) == []


@pytest.mark.parametrize("name", NAMES)
def test_answers_come_back(name, columns, header, tmp_path: Path) -> None:
    asked = measure_asked(columns, header, ways(["euclidean", "cosine"], ["nearest", "mean"]))
    asked.save(tmp_path / name)
    again = load(tmp_path / name)
    assert isinstance(again, Asked)
    assert [one.key for one in again.answers] == [one.key for one in asked.answers]
    for one, other in zip(again.answers, asked.answers, strict=True):
        for column in ("own", "other", "place", "top", "distances", "of_first"):
            np.testing.assert_array_equal(getattr(one, column), getattr(other, column))
    assert again.of("cosine", "mean").metric == "cosine"
    with pytest.raises(EvaluationError, match="was not measured"):
        again.of("mahalanobis")


def test_the_other_kind_is_refused(columns, header, tmp_path: Path) -> None:
    measure_pairs(columns, header, Euclidean()).save(tmp_path / "pairs.npz")
    with pytest.raises(EvaluationError, match="scores of identification"):
        Asked.load(tmp_path / "pairs.npz")


@pytest.mark.parametrize("name", NAMES)
def test_files_of_a_newer_version_are_refused(name, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("lookalike.evaluation.stored.FORMAT", FORMAT + 1)
    write(tmp_path / name, Stored("pairs", {}, {"a": np.zeros(1)}))
    monkeypatch.undo()
    with pytest.raises(EvaluationError, match="newer lookalike"):
        read(tmp_path / name)


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9, 0.99])
def test_half_a_file_is_refused(part, columns, header, tmp_path: Path) -> None:
    for name in NAMES:
        path = tmp_path / name
        measure_pairs(columns, header, Euclidean()).save(path)
        data = path.read_bytes()
        path.write_bytes(data[: int(part * len(data))])
        with pytest.raises(EvaluationError, match="does not hold scores"):
            load(path)


def test_flipped_bytes_are_refused(columns, header, tmp_path: Path) -> None:
    path = tmp_path / "scores.npz"
    measure_pairs(columns, header, Euclidean()).save(path)
    data = bytearray(path.read_bytes())
    for at in range(200, 260):
        data[at] ^= 0xFF
    path.write_bytes(bytes(data))
    with pytest.raises(EvaluationError):
        load(path)


def test_no_pickle_is_read(tmp_path: Path) -> None:
    path = tmp_path / "scores.npz"
    header = json.dumps({"format": FORMAT, "kind": "pairs", "header": {}}).encode()
    np.savez(path, header=np.frombuffer(header, np.uint8), distances=np.array([print], object))
    with pytest.raises(EvaluationError, match="does not hold scores"):
        load(path)
    np.savez(path, header=np.frombuffer(header, np.uint8), distances=np.array(["text"]))
    with pytest.raises(EvaluationError, match="no number"):
        load(path)


def test_pairs_of_photos_that_are_not_there_are_refused(columns, header, tmp_path: Path) -> None:
    scores = measure_pairs(columns, header, Euclidean())
    scores.sides[0] = 1000
    scores.save(tmp_path / "scores.npz")
    with pytest.raises(EvaluationError, match="photos that are not there"):
        load(tmp_path / "scores.npz")


def test_a_full_disk_leaves_what_was_there(columns, header, tmp_path: Path, monkeypatch) -> None:
    path = tmp_path / "scores.npz"
    path.write_bytes(b"before")

    def full(*_args, **_kwargs):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("numpy.savez_compressed", full)
    with pytest.raises(EvaluationError, match="No space left"):
        measure_pairs(columns, header, Euclidean()).save(path)
    assert path.read_bytes() == b"before"
    assert [one.name for one in tmp_path.iterdir()] == ["scores.npz"]


def test_a_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="does not hold scores"):
        load(tmp_path / "none.npz")
