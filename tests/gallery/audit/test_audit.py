"""Galleries with one thing wrong, and galleries with hardly anything in them."""

from __future__ import annotations

import dataclasses
import tracemalloc

import numpy as np
import pytest

from lookalike.errors import OptionError
from lookalike.gallery.audit import ACTIONS, AuditOptions, audit
from lookalike.gallery.records import Columns
from lookalike.types import Photo


def refiled(columns: Columns, changes: dict[int, int]) -> Columns:
    groups = columns.groups.copy()
    for face, person in changes.items():
        groups[face] = person
    return dataclasses.replace(columns, groups=groups)


def with_photo(columns: Columns, *faces: int) -> Columns:
    """Put faces into one photo."""
    photos = list(columns.photos)
    for face in faces:
        photos[face] = Photo("f" * 64, "group.jpg")
    return dataclasses.replace(columns, photos=tuple(photos))


def numbers(columns: Columns, *faces: int) -> tuple[int, ...]:
    return tuple(columns.numbers[list(faces)].tolist())


def test_nothing_wrong(crowd) -> None:
    found = audit(crowd([8] * 20))
    assert found.suggestions == ()
    assert (found.people, found.photos, found.faces) == (20, 160, 160)
    assert found.counts() == dict.fromkeys(ACTIONS, 0)
    assert found.within < found.between


def test_a_photo_of_somebody_else(crowd) -> None:
    columns = refiled(crowd([8] * 20), {3: 5, 90: 2})
    found = audit(columns).suggestions
    assert {(one.action, one.faces, one.person, one.to) for one in found} == {
        ("relabel", numbers(columns, 3), columns.people[5].id, columns.people[0].id),
        ("relabel", numbers(columns, 90), columns.people[2].id, columns.people[11].id),
    }
    for one in found:
        assert one.confidence > 0.9
        assert one.distances["other"] < one.distances["own"]
        assert one.why.startswith("unlike the other 8 photos of ")
        groups = {"own": one.person, "other": one.to}
        for side, person in groups.items():
            shown = getattr(one.evidence, side)
            assert len(shown) == 6
            places = [columns.numbers.tolist().index(number) for number in shown]
            assert {columns.people[columns.groups[place]].id for place in places} == {person}
            assert one.faces[0] not in shown


def test_the_surest_come_first(crowd) -> None:
    columns = refiled(crowd([8] * 20), {3: 5, 90: 2, 40: 7, 120: 1})
    sure = [one.confidence for one in audit(columns).suggestions]
    assert sure == sorted(sure, reverse=True)
    assert len(sure) == 4


def test_one_person_under_two_names(crowd) -> None:
    columns = crowd([6, 5, *[8] * 18], names=["Selena Gomez", "Selena"], really={1: 0})
    (one,) = audit(columns).suggestions
    assert (one.action, one.person, one.to) == ("merge", "selena", "selena-gomez")
    assert one.name == "Selena Gomez"
    assert one.faces == numbers(columns, 6, 7, 8, 9, 10)
    assert "the names agree" in one.why


def test_three_names_for_one_person(crowd) -> None:
    names = ["Ann Lee", "Ann", "Ann Lee 2"]
    columns = crowd([4, 5, 6, *[8] * 18], names=names, really={1: 0, 2: 0})
    found = audit(columns).suggestions
    assert {(one.action, one.person, one.to) for one in found} == {
        ("merge", "ann", "ann-lee"),
        ("merge", "ann-lee-2", "ann-lee"),
    }


def test_people_seen_together_are_never_merged(crowd) -> None:
    columns = crowd([6, 5, *[8] * 18], really={1: 0})
    assert [one.action for one in audit(columns).suggestions] == ["merge"]
    together = with_photo(columns, 0, 6)
    found = audit(together, AuditOptions(min_confidence=0)).suggestions
    pair = {columns.people[0].id, columns.people[1].id}
    assert pair not in [{one.person, one.to} for one in found if one.action == "merge"]


def test_two_names_of_one_person_are_not_merged_through_a_third(crowd) -> None:
    columns = crowd([6, 6, 6, *[8] * 18], really={1: 0, 2: 0})
    found = audit(with_photo(columns, 0, 6)).suggestions
    merged = [one for one in found if one.action == "merge"]
    assert len(merged) == 1
    assert {merged[0].person, merged[0].to} & {columns.people[2].id}


def test_no_face_goes_to_a_person_who_is_in_the_photo(crowd) -> None:
    columns = refiled(crowd([8] * 20), {3: 5})
    free = audit(columns).suggestions
    assert [one.to for one in free] == [columns.people[0].id]
    bound = audit(with_photo(columns, 3, 4), AuditOptions(min_confidence=0)).suggestions
    assert columns.people[0].id not in [one.to for one in bound if numbers(columns, 3) == one.faces]


def test_two_faces_of_a_photo_do_not_go_to_one_person(crowd) -> None:
    columns = with_photo(refiled(crowd([8] * 20), {3: 5, 4: 9}), 3, 4)
    found = audit(columns, AuditOptions(min_confidence=0.05)).suggestions
    gone = [one.faces for one in found if one.to == columns.people[0].id]
    assert len([faces for faces in gone if set(faces) & set(numbers(columns, 3, 4))]) == 1


def test_two_faces_of_a_photo_under_one_name_are_one_too_many(crowd) -> None:
    columns = with_photo(refiled(crowd([8] * 20), {30: 0}), 30, 2)
    (one,) = audit(columns).suggestions
    assert (one.faces, one.to) == (numbers(columns, 30), columns.people[3].id)
    assert "another face that fits better" in one.why


def test_two_people_under_one_name(crowd) -> None:
    columns = crowd([8] * 20, names=["Jo", "Jo 2"])
    columns = refiled(columns, dict.fromkeys(range(152, 160), 0)).of(np.arange(20) < 19)
    (one,) = audit(columns).suggestions
    assert (one.action, one.person, one.to, one.name) == ("split", "jo", "jo-3", "Jo 3")
    assert one.faces in (numbers(columns, *range(8)), numbers(columns, *range(152, 160)))
    assert "8 photos of Jo are unlike the other 8 photos" in one.why


def test_a_stranger_among_the_photos(crowd) -> None:
    columns = refiled(crowd([8] * 20 + [1]), {160: 6}).of(np.arange(21) < 20)
    (one,) = audit(columns).suggestions
    assert (one.action, one.faces, one.to) == ("drop", numbers(columns, 160), "")
    assert one.person == columns.people[6].id


def test_one_picture_under_two_names(crowd) -> None:
    columns = crowd([8] * 20)
    vectors = np.concatenate([columns.vectors, columns.vectors[10:11] + np.float32(0.002)])
    columns = Columns(
        columns.people,
        (*columns.photos, Photo("e" * 64, "copy.jpg")),
        np.append(columns.groups, 7),
        vectors,
        np.append(columns.numbers, 999),
    )
    (one,) = audit(columns).suggestions
    assert (one.action, one.faces) == ("duplicate", (999,))
    assert (one.person, one.to) == (columns.people[7].id, columns.people[1].id)
    assert one.evidence.other[0] == columns.numbers[10]
    assert one.distances["nearest"] < 0.05


@pytest.mark.parametrize(("name", "action"), [("Bo Derek", "duplicate"), ("Ann", "merge")])
def test_somebody_whose_only_picture_is_another_ones(crowd, name: str, action: str) -> None:
    names = ["Ann Lee", *[f"Person {chr(65 + at)}x" for at in range(18)], name]
    columns = crowd([8] * 19 + [1], names=names)
    vectors = columns.vectors.copy()
    vectors[-1] = vectors[3] + np.float32(0.001)
    (one,) = audit(dataclasses.replace(columns, vectors=vectors)).suggestions
    assert (one.action, one.person, one.to) == (action, columns.people[19].id, "ann-lee")


def test_a_second_name_with_one_photo(crowd) -> None:
    columns = crowd([8] * 19 + [1], names=["Ann Lee"], really={19: 0})
    found = audit(columns, AuditOptions(min_confidence=0.3)).suggestions
    assert [(one.action, one.person, one.to) for one in found] == [
        ("merge", columns.people[19].id, "ann-lee")
    ]


@pytest.mark.parametrize("sizes", [[], [1], [2], [9], [1, 1], [1] * 30, [2] * 12, [1, 9]])
def test_hardly_anything(crowd, sizes: list[int]) -> None:
    columns = crowd(sizes) if sizes else crowd([1]).of(np.zeros(1, bool))
    found = audit(columns)
    assert found.faces == sum(sizes)
    assert [one for one in found.suggestions if one.action != "drop"] == []


@pytest.mark.parametrize("value", [0.0, 0.3])
def test_equal_vectors(crowd, value: float) -> None:
    columns = crowd([3] * 5)
    same = dataclasses.replace(columns, vectors=np.full_like(columns.vectors, value))
    found = audit(same, AuditOptions(min_confidence=0)).suggestions
    assert all(np.isfinite(one.confidence) for one in found)


def test_nothing_is_said_twice_of_a_face(crowd) -> None:
    rng = np.random.default_rng(5)
    columns = crowd([6] * 25)
    changes = {int(face): int(rng.integers(25)) for face in rng.choice(150, 30, replace=False)}
    found = audit(refiled(columns, changes), AuditOptions(min_confidence=0.1)).suggestions
    said = [face for one in found if one.action != "merge" for face in one.faces]
    assert len(said) == len(set(said)) > 15


def test_the_order_of_the_faces_does_not_matter(crowd) -> None:
    columns = refiled(crowd([8] * 20), {3: 5, 90: 2, 40: 7})
    turn = np.random.default_rng(1).permutation(160)
    other = Columns(
        columns.people,
        tuple(columns.photos[face] for face in turn),
        columns.groups[turn],
        columns.vectors[turn],
        columns.numbers[turn],
    )
    one, two = audit(columns).suggestions, audit(other).suggestions
    assert {(s.action, s.faces, s.to) for s in one} == {(s.action, s.faces, s.to) for s in two}


def test_nothing_is_changed(crowd) -> None:
    columns = refiled(crowd([8] * 20), {3: 5})
    before = columns.groups.copy(), columns.vectors.copy()
    audit(columns)
    assert np.array_equal(before[0], columns.groups)
    assert np.array_equal(before[1], columns.vectors)


def test_options_leave_out(crowd) -> None:
    columns = refiled(crowd([8] * 20), {3: 5})
    assert audit(columns, AuditOptions(actions=("merge",))).suggestions == ()
    (one,) = audit(columns, AuditOptions(evidence=0)).suggestions
    assert one.evidence.own == one.evidence.other == ()


def test_steps_are_told(crowd) -> None:
    steps: list[str] = []
    audit(crowd([4] * 6), on_step=steps.append)
    assert steps[0].startswith("comparing faces")
    assert steps[-1] == "looking for copies"


@pytest.mark.parametrize(
    "wrong", [{"min_confidence": 1.5}, {"actions": ("explode",)}, {"evidence": -1}, {"rounds": 0}]
)
def test_options_are_checked(wrong) -> None:
    with pytest.raises(OptionError) as error:
        AuditOptions(**wrong)
    assert error.value.hint


def test_memory_is_bounded(crowd, monkeypatch) -> None:
    monkeypatch.setattr("lookalike.gallery.audit.nearest._BUDGET", 1 << 16)
    monkeypatch.setattr("lookalike.gallery.audit.copies._BUDGET", 1 << 16)
    columns = crowd([2] * 2000)
    tracemalloc.start()
    audit(columns)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    # A matrix of all faces with all faces would take 64 MB.
    assert peak < 40e6
