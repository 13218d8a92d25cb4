"""Reports of stored scores: the same figures in all three formats, and nothing from outside."""

from __future__ import annotations

import html
import json
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from lookalike.errors import EvaluationError
from lookalike.evaluation.album import Album
from lookalike.evaluation.all_pairs import PairOptions, measure_pairs
from lookalike.evaluation.asking import RANKS, measure_asked, ways
from lookalike.evaluation.bootstrap import Drawing
from lookalike.evaluation.failures import farthest_selves, nearest_strangers
from lookalike.evaluation.report import agreement_report, load, report
from lookalike.evaluation.report_pairs import ReportOptions
from lookalike.evaluation.scores import Scores
from lookalike.reports import as_json, as_markdown, as_page
from lookalike.search.metrics import Cosine, Euclidean

ROOT = Path(__file__).parents[2]
STORED = sorted((ROOT / "benchmarks" / "results" / "lfw").glob("*.json"))
FEW = ReportOptions(charts=False, drawing=Drawing(40))
NASTY = "<b>|`Eve`|</b> _x_"


@pytest.fixture(scope="module")
def columns(crowd):
    made = crowd([4] * 15, within=0.7, attributes=lambda at: {"gender": "female" if at % 2 else ""})
    people = tuple(replace(p, name=NASTY if p.id == "p1" else p.name) for p in made.people)
    return replace(made, people=people)


@pytest.fixture(scope="module")
def scores(columns, header) -> Scores:
    return measure_pairs(columns, header, Euclidean(), PairOptions("crowd", 1000))


@pytest.fixture(scope="module")
def asked(columns, header):
    wanted = ways(["euclidean", "cosine", "mahalanobis", "mahalanobis-person"], RANKS)
    return measure_asked(columns, header, wanted, data="crowd")


@pytest.mark.parametrize("path", STORED, ids=lambda path: path.stem)
def test_the_model_table_follows_from_stored_scores(path: Path) -> None:
    scores = load(path)
    assert isinstance(scores, Scores)
    (figures,) = json.loads(as_json(report([scores], FEW)))["verification"]
    measured = f"{figures['accuracy']:.2%} ± {figures['deviation']:.2%}"
    setting = scores.setting
    name = setting.encoder if setting.detector == "mtcnn" else setting.detector
    rows = [line for line in (ROOT / "MODELS.md").read_text("utf-8").splitlines()
            if line.startswith(f"| `{name}` |")]  # fmt: skip
    assert len(rows) == 1
    assert measured in rows[0]


def test_all_formats_say_the_same(scores, asked) -> None:
    options = replace(FEW, by=("gender",), fmr=0.05)
    document = report([scores, asked], options)
    whole = json.loads(as_json(document))
    page, text = as_page(document), as_markdown(document)
    found = whole["verification"][0]
    assert found["stranger_pairs"] == scores.strangers
    for value in (f"{100 * found['eer']['value']:.2f} %",
                  f"{100 * whole['identification'][0]['rates']['1']['value']:.2f} %",
                  f"{whole['agreement'][0]['kendall']['value']:.2f} ("):  # fmt: skip
        assert value in page
        assert value in text
    names = [one["name"] for one in found["groups"]["gender"]["groups"]]
    assert names == ["everybody", "female", "not known"]
    assert whole["origin"]["space"] == scores.origin.space


def test_nothing_that_people_are_called_becomes_markup(scores, asked) -> None:
    document = report([scores, asked], FEW)
    page, text = as_page(document), as_markdown(document)
    assert "<b>" not in page
    assert "&lt;b&gt;" in page
    assert "<b>" not in text
    assert r"\<b\>\|\`Eve\`\|" in text


class _Addresses(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag, attrs) -> None:  # noqa: ARG002 - the parser's own
        self.found += [value or "" for name, value in attrs
                       if name in ("src", "href", "srcset", "data", "action")]  # fmt: skip


def test_a_page_loads_nothing(scores, asked) -> None:
    document = report([scores, asked], replace(FEW, charts=True, worst=2))
    page = as_page(document)
    parser = _Addresses()
    parser.feed(page)
    assert all(one.startswith(("data:image/", "#")) for one in parser.found)
    assert sum(one.startswith("data:image/svg") for one in parser.found) == 10
    # Both runs are of the same photos: pairs and mistakes are shown from one album.
    keys = {section.key for section in document.sections}
    assert {"nearest-1", "farthest-1", "mistakes"} <= keys
    assert "default-src 'none'" in html.unescape(page)
    assert "javascript:" not in page


def test_several_runs_are_compared(columns, scores, header) -> None:
    other = measure_pairs(columns, header, Cosine(), PairOptions("crowd"))
    document = report([scores, other], replace(FEW, charts=True, worst=0))
    first = document.sections[0]
    assert [row[0] for row in first.tables[0].rows] == [
        "crowd: fake, euclidean", "crowd: fake, cosine",
    ]  # fmt: skip
    assert len(first.charts) == 4


def test_the_worst_pairs_are_each_of_other_people(scores) -> None:
    near, far = nearest_strangers(scores, 8), farthest_selves(scores, 8)
    owners = scores.cast.owners
    pairs = [tuple(sorted(owners[list(one.photos)])) for one in near]
    assert len(set(pairs)) == 8
    assert all(one != other for one, other in pairs)
    assert near[0].distance == scores.distances[~scores.same].min()
    people = [tuple(owners[list(one.photos)]) for one in far]
    assert len(set(people)) == 8
    assert all(one == other for one, other in people)
    assert far[0].distance == scores.distances[scores.same].max()
    assert [one.distance for one in near] == sorted(one.distance for one in near)


def test_photos_in_which_no_face_was_found_are_no_worst_pairs(scores) -> None:
    distances = scores.distances.copy()
    distances[np.flatnonzero(scores.same)[0]] = np.inf
    missed = replace(scores, distances=distances)
    assert np.isfinite(farthest_selves(missed, 1)[0].distance)


def test_mistakes_are_shown_with_who_was_named(asked) -> None:
    document = report([asked], replace(FEW, worst=3))
    mistakes = {section.key: section for section in document.sections}["mistakes"]
    first = asked.answers[0]
    assert len(mistakes.pairs) == min(3, int((first.place > 1).sum()))
    for pair in mistakes.pairs:
        assert pair.one.name != pair.other.name
        assert f"named {pair.other.name} at" in pair.words


def test_pictures_and_credits_come_from_an_album(scores) -> None:
    album = Album(scores.cast, lambda at: b"jpeg %d" % at, {})
    page = as_page(report([scores], replace(FEW, worst=2), album), album.picture)
    assert page.count("data:image/jpeg;base64,") == 8
    without = as_page(report([scores], replace(FEW, worst=2)))
    assert without.count("no picture stored") == 8


def test_agreement_alone(asked) -> None:
    document = agreement_report(asked, FEW)
    assert [section.key for section in document.sections] == ["agreement"]
    found = json.loads(as_json(document))["agreement"]
    assert {one["question"] for one in found} == {"known", "look-alike"}
    assert {one["other"] for one in found} == {
        "cosine, nearest", "mahalanobis, nearest", "mahalanobis-person, model",
    }  # fmt: skip


def test_what_cannot_be_reported_is_said(asked, columns, header) -> None:
    with pytest.raises(EvaluationError, match="of some run"):
        report([])
    with pytest.raises(EvaluationError, match="one run of identification"):
        report([asked, asked])
    alone = measure_asked(columns, header, ways(["euclidean"], ["nearest"]))
    with pytest.raises(EvaluationError, match="nothing to compare"):
        agreement_report(alone)
