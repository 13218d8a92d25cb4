"""The file of decisions: what goes out comes back, and nothing else comes in."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from lookalike.errors import OptionError
from lookalike.gallery.audit import (
    Audit,
    AuditOptions,
    Decisions,
    Suggestion,
    decisions_of,
    read_decisions,
    write_decisions,
)
from lookalike.gallery.records import Columns

GOOD = {
    "accept": True,
    "action": "relabel",
    "faces": [7],
    "photos": ["a/1.jpg"],
    "person": "brad-pitt",
    "to": "tom-hanks",
    "name": "Tom Hanks",
    "confidence": 1,
    "why": "unlike him",
}


@pytest.fixture
def decisions(crowd) -> Decisions:
    columns: Columns = crowd([2, 2], names=["Анна", "<b>"])
    suggestions = (
        Suggestion("relabel", (101,), "анна", "b", "<b>", 0.91234, "because"),
        Suggestion("merge", (103, 104), "b", "анна", "Анна", 0.8, "why not"),
        Suggestion("drop", (102,), "анна", "", "", 0.7, "odd"),
    )
    audit = Audit(suggestions, 2, 4, 4, AuditOptions(), 0.4, 0.8)
    return decisions_of(audit, columns, gallery="mine", generation=3)


def test_nothing_is_accepted_unasked(decisions: Decisions) -> None:
    assert decisions.accepted == ()
    assert len(decisions) == len(list(decisions)) == 3
    assert decisions.decisions[1].photos == ("2.jpg", "3.jpg")


def test_there_and_back(decisions: Decisions, tmp_path: Path) -> None:
    path = tmp_path / "d.json"
    write_decisions(path, decisions)
    assert read_decisions(path) == decisions
    content = json.loads(path.read_text("utf-8"))
    assert list(content) == ["format", "gallery", "generation", "decisions"]
    assert content["format"] == 1
    assert content["decisions"][0]["confidence"] == 0.912
    assert "Анна" in path.read_text("utf-8")


def test_a_yes_is_read(decisions: Decisions, tmp_path: Path) -> None:
    path = tmp_path / "d.json"
    text = decisions.to_json().replace('"accept": false', '"accept": true', 1)
    # Windows' editor puts a mark at the front.
    path.write_text("\ufeff" + text, "utf-8")
    assert [one.faces for one in read_decisions(path).accepted] == [(101,)]


def test_merges_are_carried_out_last(decisions: Decisions, tmp_path: Path) -> None:
    path = tmp_path / "d.json"
    path.write_text(decisions.to_json().replace('"accept": false', '"accept": true'), "utf-8")
    assert [one.action for one in read_decisions(path).accepted] == ["relabel", "drop", "merge"]


def read(tmp_path: Path, **changes: object) -> Decisions:
    one = {name: value for name, value in {**GOOD, **changes}.items() if value is not ...}
    content = {"format": 1, "gallery": "g", "generation": 1, "decisions": [GOOD, one]}
    path = tmp_path / "d.json"
    path.write_text(json.dumps(content), "utf-8")
    return read_decisions(path)


def test_the_page_writes_whole_numbers_where_it_can(tmp_path: Path) -> None:
    assert read(tmp_path).decisions[1].confidence == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"accept": "yes"}, "'accept' must be true or false"),
        ({"accept": 1}, "'accept' must be true or false"),
        ({"action": "explode"}, "no action 'explode'"),
        ({"faces": []}, "'faces' must be numbers"),
        ({"faces": [True]}, "'faces' must be numbers"),
        ({"faces": [7.5]}, "'faces' must be numbers"),
        ({"faces": [0]}, "'faces' must be numbers"),
        ({"faces": [7, 7], "photos": ["a", "b"]}, "named twice"),
        ({"photos": []}, "one text for each of the 1 faces"),
        ({"photos": [3]}, "one text for each of the 1 faces"),
        ({"person": ""}, "'person' and 'to'"),
        ({"to": ""}, "'person' and 'to'"),
        ({"action": "drop"}, "'person' and 'to'"),
        ({"to": "brad-pitt"}, "cannot go to itself"),
        ({"to": None}, "'to' must be text"),
        ({"confidence": True}, "'confidence' must be a number"),
        ({"confidence": 1.2}, "from 0 to 1"),
        ({"why": ...}, "there is no 'why'"),
        ({"color": "red"}, "nothing is known of 'color'"),
    ],
)
def test_a_wrong_decision_is_named(tmp_path: Path, changes, said: str) -> None:
    with pytest.raises(OptionError, match=said) as error:
        read(tmp_path, **changes)
    assert error.value.message.startswith("d.json, decision 2: ")
    assert error.value.hint


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "line 1, column 1"),
        ('{"format": 1,\n "gallery": oops}', "line 2, column 13"),
        ("[]", "not a file of decisions"),
        ('{"format": 2}', "not a file of decisions of format 1"),
        ('{"format": 1, "gallery": "g", "generation": "x", "decisions": []}', "whole number"),
        ('{"format": 1, "gallery": "g", "generation": true, "decisions": []}', "whole number"),
        ('{"format": 1, "gallery": "g", "generation": 1}', "there is no 'decisions'"),
        ('{"format": 1, "gallery": "g", "generation": 1, "decisions": [3]}', "an object"),
    ],
)
def test_a_wrong_file_is_turned_down(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "d.json"
    path.write_text(text, "utf-8")
    with pytest.raises(OptionError, match=said) as error:
        read_decisions(path)
    assert error.value.hint


def test_a_file_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="cannot be read"):
        read_decisions(tmp_path / "no.json")
    (tmp_path / "binary").write_bytes(bytes(np.arange(256, dtype=np.uint8)))
    with pytest.raises(OptionError, match="cannot be read"):
        read_decisions(tmp_path / "binary")


def test_a_folder_that_is_none(decisions: Decisions, tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="cannot write"):
        write_decisions(tmp_path / "no" / "d.json", decisions)
