"""A gallery can be put in order, and every step but deletion can be taken back."""

from __future__ import annotations

import numpy as np
import pytest

from lookalike.errors import OptionError, UnknownName
from lookalike.gallery import care, journal
from lookalike.gallery.gallery import Gallery
from lookalike.testing.fakes import FAKE_SPACE
from lookalike.types import Embeddings


@pytest.fixture
def file(create, record):
    """Return a gallery with Selena under two names, Bo, and Cy; Bo and Cy share a photo."""
    file = create()
    duo = "5" * 64
    file.write(
        [
            record("Selena", "s/1", attributes={"born": 1992}),
            record("Selena", "s/2"),
            record("Selena Gomez", "g/1", attributes={"born": 1, "job": "singer"}),
            record("Bo", "duo", sha256=duo),
            record("Cy", "duo", sha256=duo),
            record("Bo", "b/1"),
        ],
        [],
    )
    return file


def who(file):
    """Return the ids of the people of all faces that can be found, by face number."""
    columns = file.columns()
    names = [columns.people[group].id for group in columns.groups]
    return dict(zip(columns.numbers.tolist(), names, strict=True))


def state(contents, file):
    """Return all tables but what counts changes."""
    tables = contents(file.path)
    tables["header"] = [row for row in tables["header"] if row[1] != "generation"]
    return tables


STEPS = {
    "merge": lambda file: care.merge(file, "Selena Gomez", ["selena"]),
    "rename": lambda file: care.rename(file, "bo", "Bo Burnham"),
    "annotate": lambda file: care.annotate(file, {"Bo": {"job": "comedian", "born": None}}),
}


@pytest.mark.parametrize("name", STEPS)
def test_a_step_can_be_taken_back_to_the_last_row(name, file, contents):
    before = state(contents, file)
    STEPS[name](file)
    assert state(contents, file) != before
    ((at, what),) = journal.steps(file)
    assert name in what
    assert at.endswith("+00:00")
    assert journal.undo(file) == what
    assert state(contents, file) == before
    assert journal.undo(file) is None


def test_steps_are_taken_back_one_by_one_the_last_first(file, contents):
    states = []
    for step in STEPS.values():
        states.append(state(contents, file))
        step(file)
    for before in reversed(states):
        assert journal.undo(file)
        assert state(contents, file) == before


def test_merged_people_are_one_and_stay_one_when_a_source_brings_more(file, record):
    care.merge(file, "Selena Gomez", ["Selena"])
    assert who(file) == {1: "selena-gomez", 2: "selena-gomez", 3: "selena-gomez", 4: "bo",
                         5: "cy", 6: "bo"}  # fmt: skip
    people = {person.id: person for person in file.columns().people}
    assert people["selena-gomez"].attributes == {"born": 1, "job": "singer"}
    assert set(people) == {"selena-gomez", "bo", "cy"}
    file.write([record("Selena", "s/3")], [])
    assert who(file)[7] == "selena-gomez"
    assert file.counts()["people"] == 3


def test_merges_follow_each_other(file, record):
    care.merge(file, "Selena Gomez", ["Selena"])
    care.merge(file, "Cy", ["Selena Gomez"])
    file.write([record("Selena", "s/3"), record("Selena Gomez", "g/2")], [])
    assert {who(file)[number] for number in (1, 2, 3, 7, 8)} == {"cy"}


def test_two_faces_in_one_photo_are_never_one_person(file, contents):
    before = contents(file.path)
    with pytest.raises(OptionError, match="duo would show bo twice") as caught:
        care.merge(file, "Bo", ["Cy"])
    assert caught.value.hint
    assert contents(file.path) == before
    with journal.step(file, "hide one of them") as book:
        book.hide([5])
    with pytest.raises(UnknownName), journal.step(file, "x") as book:
        care.person_of(book.connection, "Cyprian")


def test_whoever_is_hidden_goes_along_in_a_merge(file):
    with journal.step(file, "hide Bo beside Cy") as book:
        book.hide([4])
    care.merge(file, "Bo", ["Cy"])
    # Both faces of the photo are Bo's now, and one of them is shown.
    care.merge(file, "Selena", ["Bo"])
    assert {who(file)[number] for number in (1, 2, 5, 6)} == {"selena"}
    assert 4 not in who(file)


def test_a_hidden_face_is_found_no_more_and_can_come_back(file):
    with journal.step(file, "drop") as book:
        book.hide([1, 99])
    assert 1 not in who(file)
    assert file.counts()["hidden"] == 1
    journal.undo(file)
    assert who(file)[1] == "selena"


def test_who_is_renamed_keeps_the_id_and_answers_to_both_names(file, record):
    care.rename(file, "Bo", "Robert Burnham")
    (bo,) = [person for person in file.columns().people if person.id == "bo"]
    assert bo.name == "Robert Burnham"
    file.write([record("Robert Burnham", "r/1"), record("Bo", "b/2")], [])
    assert who(file)[7] == who(file)[8] == "bo"


@pytest.mark.parametrize("name", ["Cy", "cy", " "])
def test_nobody_gets_a_name_that_is_taken_or_empty(name, file):
    with pytest.raises(OptionError):
        care.rename(file, "Bo", name)


def test_a_name_that_is_not_there_brings_up_the_nearest(file):
    with pytest.raises(UnknownName, match="nobody named") as caught:
        care.merge(file, "Selena Gomes", ["Bo"])
    assert "Selena Gomez" in caught.value.hint


def test_none_takes_an_attribute_away(file):
    care.annotate(file, {"Selena": {"born": None, "job": ["x", None]}})
    (selena,) = [person for person in file.columns().people if person.id == "selena"]
    assert selena.attributes == {"job": ["x", None]}


@pytest.mark.parametrize("key", ["Selena", "selena", "SELENA"])
@pytest.mark.parametrize("forever", [True, False])
def test_who_is_erased_leaves_nothing_behind(key, forever, file, record, contents):
    care.merge(file, "Selena", ["Selena Gomez"])
    assert care.erase(file, [key], forever=forever) == 3
    tables = contents(file.path)
    assert not tables["journal"]
    assert not tables["aliases"]
    kept = ("faces", "people", "photos")
    assert "elena" not in repr([tables[name] for name in kept])
    assert journal.undo(file) is None
    expected = {"selena", "selena-gomez"} if forever else set()
    assert file.opted_out() == expected


def test_one_photo_can_be_erased_with_all_its_faces(file):
    assert care.erase(file, ["5" * 64], forever=True) == 2
    assert "cy" not in who(file).values()
    assert list(who(file).values()).count("bo") == 1
    assert file.opted_out() == {"5" * 64}
    care.allow(file, ["5" * 64])
    assert file.opted_out() == frozenset()


def test_who_opts_out_is_not_found_any_more(file):
    vectors = file.columns().vectors
    asked = Embeddings(vectors[:1], FAKE_SPACE)
    assert Gallery(file).find(asked)[0][0].person.id == "selena"
    found = Gallery(file, opted_out=["selena"]).find(asked)[0]
    assert "selena" not in {match.person.id for match in found}
    assert len(found) == 3
    photo = file.columns().photos[0].id
    without = Gallery(file, opted_out=[photo]).columns(everyone=True)
    np.testing.assert_array_equal(without.numbers, [2, 3, 4, 5, 6])


def test_a_photo_that_was_put_in_again_is_no_part_of_older_steps(file, record):
    care.merge(file, "Selena Gomez", ["Bo"])
    # SQLite gives the numbers of faces that are gone to those that come.
    file.write([record("Dee", "b/1")], [])
    (number,) = [number for number, person in who(file).items() if person == "dee"]
    assert journal.undo(file) == "merge Bo into Selena Gomez"
    assert who(file)[number] == "dee"
    assert who(file)[4] == "bo"


def test_who_left_with_their_last_photo_does_not_come_back(file, record, contents):
    care.annotate(file, {"Cy": {"born": 1950}})
    care.erase(file, ["5" * 64])
    assert journal.undo(file) is None
    assert "cy" not in repr(contents(file.path)).lower().replace("b'", "")
