"""Figures against scikit-learn and against counting by hand."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, roc_curve

from lookalike.errors import EvaluationError
from lookalike.evaluation.curve import error_curve
from lookalike.evaluation.pairs import Pair, read_pairs
from lookalike.evaluation.scores import Scores, Setting
from lookalike.evaluation.verification import best_threshold, verification
from lookalike.evaluation.verifying import measure
from lookalike.testing import FakeAnalyzer

SETTING = Setting("lfw", "mtcnn", "dlib-resnet-v1", 2, "euclidean")


def scores(n: int = 600, folds: int = 10, seed: int = 0) -> Scores:
    rng = np.random.default_rng(seed)
    same = np.tile([True, False], n // 2)
    distances = np.where(same, rng.normal(0.4, 0.08, n), rng.normal(0.75, 0.08, n))
    return Scores(SETTING, distances, same, np.arange(n) * folds // n, n, (), 1.0)


@pytest.mark.parametrize("rate", [0.01, 0.05, 0.5])
def test_tar_at_far_agrees_with_scikit_learn(rate: float) -> None:
    known = scores()
    far, tar, _ = roc_curve(known.same, -known.distances, drop_intermediate=False)
    assert error_curve(known).tmr(rate) == pytest.approx(tar[far <= rate].max())


def test_best_threshold_beats_every_other() -> None:
    known = scores(seed=3)
    threshold = best_threshold(known.distances, known.same)
    best = accuracy_score(known.same, known.distances < threshold)
    others = [accuracy_score(known.same, known.distances < d + 1e-9) for d in known.distances]
    assert best == max(others)


@pytest.mark.parametrize(
    ("distances", "same", "right"),
    [([0.1, 0.9], [True, False], 2), ([0.9, 0.1], [True, False], 1), ([0.5], [False], 1)],
)
def test_best_threshold_at_the_edges(distances: list[float], same: list[bool], right: int) -> None:
    values, truth = np.array(distances), np.array(same)
    assert int(((values < best_threshold(values, truth)) == truth).sum()) == right


def test_folds_are_judged_by_the_others() -> None:
    known = scores()
    by_hand = []
    for fold in range(10):
        inside = known.folds == fold
        threshold = best_threshold(known.distances[~inside], known.same[~inside])
        by_hand.append(accuracy_score(known.same[inside], known.distances[inside] < threshold))
    figures = verification(known)
    assert figures.accuracy == pytest.approx(np.mean(by_hand))
    assert figures.deviation == pytest.approx(np.std(by_hand))
    assert figures.far == (known.distances[~known.same] < figures.threshold).mean()


def test_a_face_that_was_not_found_counts_as_two_people() -> None:
    known = scores()
    known.distances[:20] = np.inf
    assert verification(known).accuracy < verification(scores()).accuracy
    assert np.isfinite(verification(known).threshold)


def test_scores_come_back_as_they_were_stored(tmp_path: Path) -> None:
    known = scores()
    known.distances[3] = np.inf
    known.save(tmp_path / "deep" / "scores.json")
    again = Scores.load(tmp_path / "deep" / "scores.json")
    assert again.setting == known.setting
    np.testing.assert_allclose(again.distances, known.distances, atol=1e-5)
    np.testing.assert_array_equal(again.same, known.same)
    np.testing.assert_array_equal(again.folds, known.folds)


@pytest.mark.parametrize("text", ["", "{}", '{"setting": {"data": "lfw"}}', "no json", "[]", "PK"])
def test_what_holds_no_scores_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "scores.json").write_text(text)
    with pytest.raises(EvaluationError, match="does not hold scores"):
        Scores.load(tmp_path / "scores.json")


def test_one_fold_is_not_enough() -> None:
    known = scores(folds=1)
    with pytest.raises(EvaluationError, match="two folds"):
        verification(known)


def test_pairs_are_read(tmp_path: Path) -> None:
    path = tmp_path / "pairs.txt"
    path.write_text("2\t1\nAnn\t1\t2\nAnn\t3\tBob\t4\nBob\t1\t12\nBob\t2\tCid\t1\n")
    assert read_pairs(path) == [
        Pair("Ann/Ann_0001.jpg", "Ann/Ann_0002.jpg", True, 0, ("Ann", "Ann")),
        Pair("Ann/Ann_0003.jpg", "Bob/Bob_0004.jpg", False, 0, ("Ann", "Bob")),
        Pair("Bob/Bob_0001.jpg", "Bob/Bob_0012.jpg", True, 1, ("Bob", "Bob")),
        Pair("Bob/Bob_0002.jpg", "Cid/Cid_0001.jpg", False, 1, ("Bob", "Cid")),
    ]


@pytest.mark.parametrize("text", ["", "ten folds", "1 1\nAnn 1 2\n", "1 1\nAnn 1\nAnn 1 Bob 1\n"])
def test_what_is_no_file_of_pairs_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "pairs.txt").write_text(text)
    with pytest.raises(EvaluationError):
        read_pairs(tmp_path / "pairs.txt")


def test_pairs_of_a_table_are_read(tmp_path: Path) -> None:
    path = tmp_path / "pairs.csv"
    path.write_text("\ufeffone,other,same,more\nÅsa/1.jpg,Åsa/2.jpg,1,x\nÅsa/1.jpg,Bo/1.jpg,No,\n")
    assert read_pairs(path) == [
        Pair("Åsa/1.jpg", "Åsa/2.jpg", True, -1, ("Åsa", "Åsa")),
        Pair("Åsa/1.jpg", "Bo/1.jpg", False, -1, ("Åsa", "Bo")),
    ]
    path.write_text("same,other,one,fold,person_one,person_other\ntrue,b.jpg,a.jpg,3,Ann,Ann\n")
    assert read_pairs(path) == [Pair("a.jpg", "b.jpg", True, 3, ("Ann", "Ann"))]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no column one, other, same"),
        ("one,other\na,b\n", "no column same"),
        ("one,other,same\n", "holds no pairs"),
        ("one,other,same\na.jpg,b.jpg,maybe\n", "line 2 is no pair"),
        ("one,other,same\na.jpg,,1\n", "line 2 is no pair"),
        ("one,other,same,fold\na.jpg,b.jpg,1,first\n", "line 2 is no pair"),
    ],
)
def test_what_is_no_table_of_pairs_is_refused(text: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "pairs.csv").write_text(text)
    with pytest.raises(EvaluationError, match=words):
        read_pairs(tmp_path / "pairs.csv")


def test_who_is_in_the_photos_is_known_unless_the_list_contradicts_itself(tmp_path: Path) -> None:
    vectors = {str.encode(repr(tmp_path / n)): v for n, v in _three_vectors().items()}
    kept = [
        Pair("a.jpg", "b.jpg", True, 0, ("Ann", "Ann")),
        Pair("a.jpg", "c.jpg", False, 1, ("Ann", "Bob")),
    ]
    measured = measure(tmp_path, kept, FakeAnalyzer(vectors), SETTING)
    assert measured.cast is not None
    assert [person.name for person in measured.cast.people] == ["Ann", "Bob"]
    assert measured.cast.owners.tolist() == [0, 0, 1]
    assert measured.sides.tolist() == [[0, 1], [0, 2]]
    assert measured.origin.space == FakeAnalyzer(vectors).space.digest
    wrong = [kept[0], Pair("a.jpg", "c.jpg", False, 1, ("Ann", "Ann"))]
    assert measure(tmp_path, wrong, FakeAnalyzer(vectors), SETTING).cast is None
    moved = [kept[0], Pair("b.jpg", "c.jpg", False, 1, ("Bob", "Cid"))]
    assert measure(tmp_path, moved, FakeAnalyzer(vectors), SETTING).cast is None


def test_measure_encodes_each_photo_once(tmp_path: Path) -> None:
    pairs = [Pair("a.jpg", "b.jpg", True, 0), Pair("a.jpg", "c.jpg", False, 1)]
    seen: list[str] = []
    vectors = {str.encode(repr(tmp_path / n)): v for n, v in _three_vectors().items()}
    measured = measure(tmp_path, pairs, FakeAnalyzer(vectors), SETTING, seen.append)
    assert seen == ["a.jpg", "b.jpg", "c.jpg"]
    np.testing.assert_allclose(measured.distances, [3.0, 4.0])
    assert measured.photos == 3


def _three_vectors() -> dict[str, list[float]]:
    return {"a.jpg": [0.0] * 8, "b.jpg": [3.0] + [0.0] * 7, "c.jpg": [0.0] * 7 + [4.0]}


@pytest.mark.shared_data
def test_the_command_measures_real_faces(shared_data: Path, tmp_path: Path) -> None:
    from typer.testing import CliRunner

    from lookalike.cli.app import app

    lines = (shared_data / "lfw-pairs.txt").read_text("utf-8").splitlines()
    few = tmp_path / "pairs.txt"
    # Two folds of twelve: the first pairs of the first two folds of 600.
    chosen = [lines[1:13] + lines[301:313], lines[601:613] + lines[901:913]]
    few.write_text("\n".join(["2\t12", *chosen[0], *chosen[1]]) + "\n")
    kept = tmp_path / "scores.json"
    result = CliRunner().invoke(
        app,
        [
            "evaluate",
            "lfw",
            str(shared_data / "lfw"),
            "--pairs",
            str(few),
            "-o",
            str(kept),
            "--json",
        ],
    )
    assert result.exit_code == 0, result.output
    answer = json.loads(result.stdout)
    assert answer["pairs"] == 48
    assert answer["faces_not_found"] == 0
    assert answer["accuracy"] >= 0.93
    assert verification(Scores.load(kept)).accuracy == pytest.approx(answer["accuracy"], abs=1e-4)
