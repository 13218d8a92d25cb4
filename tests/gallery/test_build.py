"""Filling a gallery: what becomes of each photo, and what a second run does."""

from __future__ import annotations

import dataclasses
import hashlib

import numpy as np
import pytest

from lookalike.errors import ImageMissing, ImageTooLarge, SpaceMismatch
from lookalike.gallery.build import BuildOptions, build
from lookalike.gallery.building import filling
from lookalike.gallery.pictures import portrait
from lookalike.gallery.records import Header, Reason
from lookalike.images import read
from lookalike.testing import FakeAnalyzer, FakeSource
from lookalike.testing.fakes import FAKE_SPACE
from lookalike.types import Analysis, Candidate, Crops, Embeddings, Person, Space


class Counting(FakeAnalyzer):
    """Remembers every photo that it has looked at."""

    def __init__(self):
        super().__init__()
        self.looked_at = []

    def analyze(self, photos):
        for photo in photos:
            self.looked_at.append(photo)
            yield from super().analyze([photo])


def refusing(error):
    def load():
        raise error("cannot be had", "a hint")

    return load


#: Photos of all fates, with the reason to turn them down; None for a photo that is used.
FATES = {
    "good": (b"good", None),
    "broken": (b"broken one", Reason.UNREADABLE),
    "nobody": (b"nobody there", Reason.NO_FACE),
    "missing": (refusing(ImageMissing), Reason.MISSING),
    "large": (refusing(ImageTooLarge), Reason.TOO_LARGE),
    "again": (b"good", Reason.DUPLICATE),
    "private photo": (b"private", Reason.OPTED_OUT),
    "good too": (b"good too", None),
}


class Fates:
    name = "fates"

    def __iter__(self):
        for uri, (data, _) in FATES.items():
            load = data if callable(data) else lambda data=data: data
            yield Candidate(Person.named("Ada"), uri, load, "1")
        yield Candidate(Person.named("Greta G."), "private person", refusing(AssertionError), "1")


OPTED_OUT = frozenset({"greta-g", hashlib.sha256(b"private").hexdigest()})


def test_every_photo_ends_in_the_gallery_or_in_the_ledger_with_its_reason(create):
    file = create()
    summary = build(file, Fates(), FakeAnalyzer(), BuildOptions(opted_out=OPTED_OUT))
    expected = {uri: reason for uri, (_, reason) in FATES.items()}
    expected["private person"] = Reason.OPTED_OUT
    used = {photo.uri for photo in file.columns().photos}
    assert used == {uri for uri, reason in expected.items() if reason is None}
    ledger = {entry.uri: entry for entry in file.ledger()}
    assert {uri: entry.reason for uri, entry in ledger.items()} == {
        uri: reason for uri, reason in expected.items() if reason
    }
    assert ledger["again"].detail == "same file as good"
    assert ledger["broken"].detail == "the picture is broken"
    assert ledger["private person"].person == "Greta G."
    assert all(entry.detail for entry in ledger.values())
    for uri in ("missing", "large", "private person"):
        assert ledger[uri].sha256 == ""
    assert ledger["broken"].sha256 == hashlib.sha256(b"broken one").hexdigest()
    assert (summary.offered, summary.known, summary.added) == (9, 0, 2)
    assert summary.turned_down == {
        Reason.UNREADABLE: 1, Reason.NO_FACE: 1, Reason.MISSING: 1, Reason.TOO_LARGE: 1,
        Reason.DUPLICATE: 1, Reason.OPTED_OUT: 2,
    }  # fmt: skip


def test_a_face_is_stored_with_what_the_source_and_the_analyzer_say(create):
    file = create()
    person = Person.named("Ada", born=1815)

    class One:
        name = "one"

        def __iter__(self):
            yield Candidate(person, "a.jpg", lambda: b"a", "s", "CC0", "M. Carpenter")

    build(file, One(), FakeAnalyzer({b"a": range(8)}))
    columns = file.columns()
    assert columns.people == (person,)
    assert columns.people[0].attributes == {"born": 1815}
    (photo,) = columns.photos
    assert (photo.id, photo.uri) == (hashlib.sha256(b"a").hexdigest(), "a.jpg")
    assert (photo.licence, photo.credit) == ("CC0", "M. Carpenter")
    np.testing.assert_array_equal(columns.vectors, [np.arange(8)])


def test_portraits_are_cut_from_what_is_kept(create):
    file = create()
    build(file, FakeSource({"A": {"a": b"a"}}), FakeAnalyzer())
    jpeg, points = file.thumbnail(1)
    assert points.shape == (5, 2)
    assert min(read(jpeg).pixels.shape[:2]) > 0
    for size_px in (32, 216):
        assert portrait(file, 1, size_px).shape == (size_px, size_px, 3)


def test_no_picture_is_kept_where_none_is_wanted(create):
    file = create()
    build(file, FakeSource({"A": {"a": b"a"}}), FakeAnalyzer(), BuildOptions(portrait_px=0))
    assert file.thumbnail(1) == (b"", None)
    assert portrait(file, 1) is None


def test_boxes_are_in_pixels_of_the_file_where_the_photo_was_read_at_half_its_size(
    create, contents
):
    class Halving(FakeAnalyzer):
        def analyze(self, photos):
            for one in super().analyze(photos):
                image = dataclasses.replace(one.image, reduction=2)
                yield dataclasses.replace(one, image=image)

    file = create()
    build(file, FakeSource({"A": {"a": b"a"}}), Halving())
    ((_, _, _, _, x1, y1, x2, y2, landmarks, *_),) = contents(file.path)["faces"]
    (plain,) = FakeAnalyzer().analyze([b"a"])
    np.testing.assert_array_equal([x1, y1, x2, y2], 2 * plain.faces.boxes[0])
    np.testing.assert_array_equal(
        np.frombuffer(landmarks, "<f4").reshape(5, 2), 2 * plain.faces.landmarks[0]
    )


def test_progress_is_told_once_for_each_photo_also_when_it_is_known(create):
    file = create()
    everything = sorted([*FATES, "private person"])
    for _ in range(2):
        told = []
        build(file, Fates(), FakeAnalyzer(), BuildOptions(opted_out=OPTED_OUT), told.append)
        assert sorted(told) == everything


def test_a_second_run_looks_at_nothing_and_changes_nothing(create, contents):
    file = create()
    options = BuildOptions(opted_out=OPTED_OUT)
    build(file, Fates(), FakeAnalyzer(), options)
    before = contents(file.path)
    analyzer = Counting()
    summary = build(file, Fates(), analyzer, options)
    assert analyzer.looked_at == []
    assert (summary.offered, summary.known, summary.added) == (9, 9, 0)
    assert contents(file.path) == before


@pytest.mark.parametrize("batch", [1, 2, 3, 100])
def test_the_size_of_a_batch_does_not_change_what_is_in_a_gallery(batch, create, monkeypatch):
    people = {"A": {f"{at}": b"%d" % (at % 7) for at in range(20)}}
    monkeypatch.setattr(filling, "BATCH", batch)
    analyzer, file = Counting(), create()
    build(file, FakeSource(people), analyzer)
    assert sorted(analyzer.looked_at) == [b"%d" % at for at in range(7)]
    assert [photo.uri for photo in file.columns().photos] == [str(at) for at in range(7)]
    assert {entry.reason for entry in file.ledger()} == {Reason.DUPLICATE}


@pytest.mark.parametrize("other", ["Ada", "Bo"])
@pytest.mark.parametrize("runs", [1, 2])
def test_one_file_under_two_names_is_used_once(other, runs, create):
    file = create()
    people = {"Ada": {"a/1": b"x"}}
    if runs == 2:
        build(file, FakeSource(people), FakeAnalyzer())
    people = {"Ada": {"a/1": b"x"}} | {other: {"a/1": b"x", "b/1": b"x"}}
    if other != "Ada":
        del people[other]["a/1"]
    build(file, FakeSource(people), FakeAnalyzer())
    columns = file.columns()
    assert [photo.uri for photo in columns.photos] == ["a/1"]
    assert [person.name for person in columns.people] == ["Ada"]
    (entry,) = file.ledger()
    assert (entry.uri, entry.person, entry.reason) == ("b/1", other, Reason.DUPLICATE)


def test_the_copy_of_a_photo_without_a_face_is_looked_at_again_in_a_later_batch(
    create, monkeypatch
):
    monkeypatch.setattr(filling, "BATCH", 1)
    file = create()
    build(file, FakeSource({"A": {"1": b"nobody", "2": b"nobody"}}), FakeAnalyzer())
    assert [entry.reason for entry in file.ledger()] == [Reason.NO_FACE] * 2


def test_a_changed_file_takes_the_place_of_the_old_one(create):
    file = create()
    build(file, FakeSource({"A": {"1": b"old", "2": b"kept", "3": b"broken"}}), FakeAnalyzer())
    analyzer = Counting()
    changed = {"A": {"1": b"new", "2": b"kept", "3": b"mended"}}
    summary = build(file, FakeSource(changed), analyzer)
    assert analyzer.looked_at == [b"new", b"mended"]
    assert (summary.known, summary.added) == (1, 2)
    columns = file.columns()
    found = {
        photo.uri: vector for photo, vector in zip(columns.photos, columns.vectors, strict=True)
    }
    for uri, data in changed["A"].items():
        (expected,) = FakeAnalyzer().analyze([data])
        np.testing.assert_array_equal(found[uri], expected.embeddings.vectors[0])
    assert file.ledger() == []


def test_a_file_that_became_bad_is_taken_out(create):
    file = create()
    build(file, FakeSource({"A": {"1": b"good"}, "B": {"2": b"good too"}}), FakeAnalyzer())
    build(file, FakeSource({"A": {"1": b"nobody"}, "B": {"2": b"good too"}}), FakeAnalyzer())
    assert [photo.uri for photo in file.columns().photos] == ["2"]
    assert [(entry.uri, entry.reason) for entry in file.ledger()] == [("1", Reason.NO_FACE)]
    assert file.counts()["people"] == 1


@pytest.mark.parametrize(
    "after", [{"1": b"b", "2": b"a"}, {"1": b"c", "2": b"a"}], ids=["swapped", "moved on"]
)
def test_files_that_change_places_are_no_duplicates(after, create):
    file = create()
    build(file, FakeSource({"A": {"1": b"a", "2": b"b"}}), FakeAnalyzer())
    build(file, FakeSource({"A": after}), FakeAnalyzer())
    found = {photo.uri: photo.id for photo in file.columns().photos}
    assert found == {uri: hashlib.sha256(data).hexdigest() for uri, data in after.items()}
    assert file.ledger() == []


@pytest.mark.parametrize("way", ["person", "photo"])
def test_who_opts_out_later_is_taken_out_and_stays_out(way, create, contents):
    people = FakeSource({"Ada": {"1": b"ada"}, "Bo": {"2": b"bo"}})
    file = create()
    build(file, people, FakeAnalyzer())
    gone = "ada" if way == "person" else hashlib.sha256(b"ada").hexdigest()
    options = BuildOptions(opted_out=frozenset({gone}))
    summary = build(file, people, FakeAnalyzer(), options)
    assert summary.turned_down == {Reason.OPTED_OUT: 1}
    assert [person.id for person in file.columns().people] == ["bo"]
    assert [(entry.uri, entry.reason) for entry in file.ledger()] == [("1", Reason.OPTED_OUT)]
    before = contents(file.path)
    assert build(file, people, FakeAnalyzer(), options).known == 2
    assert contents(file.path) == before


@pytest.mark.parametrize("way", ["person", "photo"])
def test_who_changes_their_mind_comes_back(way, create):
    people = FakeSource({"Ada": {"1": b"ada"}, "Bo": {"2": b"bo"}})
    file = create()
    gone = "ada" if way == "person" else hashlib.sha256(b"ada").hexdigest()
    build(file, people, FakeAnalyzer(), BuildOptions(opted_out=frozenset({gone})))
    assert [person.id for person in file.columns().people] == ["bo"]
    assert build(file, people, FakeAnalyzer()).added == 1
    assert {person.id for person in file.columns().people} == {"ada", "bo"}
    assert file.ledger() == []


def test_a_persons_face_is_chosen_as_asked(create):
    class Two(FakeAnalyzer):
        """Sees two faces of nearly the same size, the second a little larger."""

        def analyze(self, photos):
            for one in super().analyze(photos):
                boxes = np.array([[10, 10, 20, 20], [0, 0, 11, 11]], np.float32)
                vectors = np.stack([np.zeros(8), np.ones(8)]).astype(np.float32)
                yield Analysis(
                    one.image,
                    dataclasses.replace(one.faces.take([0, 0]), boxes=boxes),
                    Crops.concatenate([one.crops] * 2),
                    Embeddings(vectors, FAKE_SPACE),
                )

    for choice, first_number in {"largest": 1, "centered": 0}.items():
        file = create(f"{choice}.gallery")
        build(file, FakeSource({"A": {"1": b"x"}}), Two(), BuildOptions(faces=choice))
        assert file.columns().vectors[0, 0] == first_number
    for choice in ("dominant", "only"):
        file = create(f"{choice}.gallery")
        build(file, FakeSource({"A": {"1": b"x"}}), Two(), BuildOptions(faces=choice))
        (entry,) = file.ledger()
        assert entry.reason == Reason.SEVERAL_FACES
        assert entry.detail == "2 faces, and none stands out"


@pytest.mark.parametrize(
    "analyzer",
    [FakeAnalyzer(space=Space("fake", 8, "0" * 64)), FakeAnalyzer(views=2)],
    ids=["another encoder", "another number of views"],
)
def test_vectors_of_another_make_are_refused_before_any_photo_is_read(analyzer, create):
    file = create(header=Header(FAKE_SPACE, "fake-32", 1))
    with pytest.raises(SpaceMismatch):
        build(file, Fates(), analyzer)
    assert file.counts()["ledger"] == file.counts()["faces"] == 0


def test_an_empty_source_makes_an_empty_gallery(create):
    file = create()
    assert build(file, FakeSource({}), FakeAnalyzer()).offered == 0
    assert file.counts() == {"people": 0, "photos": 0, "faces": 0, "hidden": 0, "ledger": 0}
