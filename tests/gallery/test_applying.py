"""Decisions are carried out in one step, which can be taken back."""

from __future__ import annotations

import dataclasses

import pytest

from lookalike.gallery.applying import apply
from lookalike.gallery.audit import Decision
from lookalike.gallery.journal import steps, undo


@pytest.fixture
def file(create, record):
    file = create()
    duo = "5" * 64
    file.write(
        [
            *(record("Ada", f"a/{at}") for at in range(3)),
            *(record("Bo", f"b/{at}") for at in range(3)),
            record("Ada", "duo", sha256=duo),
            record("Bo", "duo", sha256=duo),
            record("Selena", "s"),
            record("Selena Gomez", "g"),
        ],
        [],
    )
    return file


#: The uri of each face of the gallery below, by number.
URIS = dict(enumerate(["a/0", "a/1", "a/2", "b/0", "b/1", "b/2", "duo", "duo", "s", "g"], 1))


def decision(action, faces=(), person="ada", to="", name=""):
    photos = tuple(URIS.get(face, "gone") for face in faces)
    return Decision(True, action, tuple(faces), photos, person, to, name, 0.9, "because")


def who(file):
    columns = file.columns()
    names = [columns.people[group].id for group in columns.groups]
    return dict(zip(columns.numbers.tolist(), names, strict=True))


DECISIONS = [
    decision("relabel", [1], "ada", "bo", "Bo"),
    decision("split", [5, 6], "bo", "bo-2", "Bo (2)"),
    decision("drop", [2]),
    decision("duplicate", [3]),
    decision("merge", [], "selena", "selena-gomez"),
]


def test_every_kind_is_carried_out_and_taken_back_at_once(file, contents):
    before = contents(file.path)
    applied = apply(file, DECISIONS)
    assert (applied.done, applied.skipped) == (5, ())
    assert who(file) == {1: "bo", 4: "bo", 5: "bo-2", 6: "bo-2", 7: "ada", 8: "bo",
                         9: "selena-gomez", 10: "selena-gomez"}  # fmt: skip
    assert {person.id: person.name for person in file.columns().people}["bo-2"] == "Bo (2)"
    assert len(steps(file)) == 1
    undo(file)
    after = contents(file.path)
    assert {name: after[name] for name in after if name != "header"} == {
        name: before[name] for name in before if name != "header"
    }


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (decision("relabel", [7], "ada", "bo"), "duo would show bo twice"),
        (decision("merge", [], "ada", "bo"), "duo would show bo twice"),
        (decision("relabel", [4], "ada", "bo"), "is not ada's any more"),
        (decision("relabel", [1], "ada", "nobody"), "nobody named"),
        (decision("drop", [99], "ada"), "is not ada's any more"),
        (decision("merge", [], "gone", "ada"), "nobody named"),
        (dataclasses.replace(decision("drop", [1]), photos=("other",)), "is not ada's any more"),
    ],
)
def test_what_does_not_fit_is_passed_over_and_the_rest_is_done(wrong, why, file):
    applied = apply(file, [wrong, decision("drop", [2])])
    assert applied.done == 1
    ((passed_over, said),) = applied.skipped
    assert passed_over is wrong
    assert why in said
    assert {**who(file), 2: "ada"} == dict.fromkeys((1, 2, 3, 7), "ada") | dict.fromkeys(
        (4, 5, 6, 8), "bo"
    ) | {9: "selena", 10: "selena-gomez"}


def test_a_new_person_gets_an_id_that_nobody_has(file):
    apply(file, [decision("split", [1], "ada", "bo", "Bo")])
    assert who(file)[1] == "bo-2"
