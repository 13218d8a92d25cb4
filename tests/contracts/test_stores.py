"""A file and a server keep a gallery in the same way: each test is asked of both."""

from __future__ import annotations

import hashlib
import threading
from pathlib import Path

import numpy as np
import pytest

from lookalike.errors import GalleryError, GalleryMissing, GalleryUnwritable, SpaceMismatch
from lookalike.gallery import care, journal
from lookalike.gallery.asking.ranking import FindOptions
from lookalike.gallery.build import build
from lookalike.gallery.gallery import Gallery
from lookalike.gallery.heads import HeadRecord, read_head, write_head
from lookalike.gallery.opening import create_store, open_store
from lookalike.gallery.pictures import pictured
from lookalike.gallery.records import FaceRecord, Header, LedgerEntry, Reason
from lookalike.gallery.seam import Store
from lookalike.gallery.summary import summarize
from lookalike.testing.fakes import FAKE_SPACE, FakeAnalyzer, FakeSource
from lookalike.types import Embeddings, Face, Person, Photo, Space, person_id

HEADER = Header(FAKE_SPACE, "fake-32", 1, title="a test")


@pytest.fixture(params=["file", "server"])
def place(request, tmp_path):
    """Return where a gallery can be made: a path, or an address."""
    if request.param == "file":
        return tmp_path / "g.gallery"
    return request.getfixturevalue("address")


@pytest.fixture
def opened():
    """Return what opens and makes stores, which are closed after the test."""
    stores = []

    def opening(place, header=None, **options) -> Store:
        stores.append(create_store(place, header) if header else open_store(place, **options))
        return stores[-1]

    yield opening
    for store in stores:
        store.close()


def record(person, uri, vector=None, attributes=None, **photo) -> FaceRecord:
    digest = hashlib.sha256(f"{person}/{uri}".encode()).hexdigest()
    rng = np.random.default_rng(int(digest[:8], 16))
    return FaceRecord(
        Person(person_id(person), person, attributes or {}),
        Photo(photo.pop("sha256", digest), uri, **photo),
        "stamp",
        Face(np.array([1, 2, 30, 41], np.float32), rng.normal(20, 5, (5, 2)).astype("f4"), 0.875),
        np.asarray(rng.normal(size=8) if vector is None else vector, np.float32),
        digest.encode(),
        rng.normal(96, 20, (5, 2)).astype(np.float32),
        0.625,
        (640, 480),
    )


def entry(uri, reason=Reason.NO_FACE, **other):
    return LedgerEntry(uri, "stamp", "Somebody", "ab" * 32, reason, **other)


PEOPLE = [
    record("Ada", "a/1.jpg", licence="CC0", attributes={"born": "1815-12-10", "works": ["x", "y"]}),
    record("Grace", "g/1.jpg", attributes={"born": 1906, "well_known": True, "height": 1.6}),
    record("Ada", "a/2.jpg"),
    record("Édith 名前", "É/ü\n, \"'.jpg"),
]


def test_both_are_stores(place, opened):
    assert isinstance(opened(place, HEADER), Store)


@pytest.mark.parametrize(
    "header",
    [HEADER, Header(Space("名前", 8, "0" * 64), "arcface-112", 2, "float16", 'It\'s "mine"\nå')],
)
def test_the_header_comes_back(place, header, opened):
    assert opened(place, header).header == header
    assert opened(place).header == header
    assert opened(place, header).header == header
    with pytest.raises(SpaceMismatch):
        create_store(place, Header(Space("other", 8, "1" * 64), "fake-32", 1))


def test_what_is_not_there_is_missing(place):
    with pytest.raises(GalleryMissing) as caught:
        open_store(place)
    assert "gallery build" in caught.value.hint


@pytest.mark.parametrize("kind", ["float32", "float16"])
def test_faces_come_back_as_they_went_in(place, kind, opened):
    store = opened(place, Header(FAKE_SPACE, "fake-32", 1, kind))
    store.write(PEOPLE[:2], [entry("no.jpg")])
    store.write(PEOPLE[2:], [entry("bad.jpg", Reason.UNREADABLE, source="s")])
    columns = opened(place).columns()
    assert columns.photos == tuple(one.photo for one in PEOPLE)
    assert columns.people == tuple(PEOPLE[at].person for at in (0, 1, 3))
    np.testing.assert_array_equal(columns.groups, [0, 1, 0, 2])
    wanted = np.array([one.vector for one in PEOPLE]).astype(kind)
    np.testing.assert_array_equal(columns.vectors, wanted)
    jpeg, points = store.thumbnail(int(columns.numbers[3]))
    assert jpeg == PEOPLE[3].thumbnail
    np.testing.assert_array_equal(points, PEOPLE[3].thumbnail_points)
    for there, one in zip(store.records(), PEOPLE, strict=True):
        assert (there.person.id, there.photo, there.stamp) == (
            one.person.id,
            one.photo,
            one.stamp,
        )
        np.testing.assert_array_equal(there.face.box, one.face.box)
        np.testing.assert_array_equal(there.face.landmarks, one.face.landmarks)
        assert (there.quality, there.photo_size) == (one.quality, one.photo_size)
    assert store.counts() == {"people": 3, "photos": 4, "faces": 4, "hidden": 0, "ledger": 2}
    assert [one.uri for one in store.ledger()] == ["no.jpg", "bad.jpg"]
    assert store.digests()[PEOPLE[0].photo.id] == ("", "a/1.jpg")
    assert store.seen("") == {"no.jpg": "stamp"} | {one.photo.uri: "stamp" for one in PEOPLE}
    assert pictured(store) == frozenset(columns.numbers.tolist())


def test_writing_again_replaces_and_counts(place, opened):
    store = opened(place, HEADER)
    before = store.generation
    store.write(PEOPLE, [])
    store.write([record("Bo", "a/1.jpg")], [entry("g/1.jpg")])
    assert store.generation == before + 2
    assert [person.name for person in store.columns().people] == ["Ada", "Édith 名前", "Bo"]
    assert store.seen("")["g/1.jpg"] == "stamp"


def test_nothing_is_half_written(place, opened):
    store = opened(place, HEADER)
    store.write(PEOPLE[:1], [])
    before = store.generation
    with pytest.raises(GalleryError):
        # The same photo cannot be in the ledger twice.
        store.write(PEOPLE[1:], [entry("no.jpg"), entry("no.jpg")])
    assert len(store.columns().photos) == 1
    assert store.generation == before


def test_who_opened_it_for_reading_cannot_write(place, opened):
    opened(place, HEADER).write(PEOPLE, [])
    with pytest.raises(GalleryUnwritable):
        opened(place).write([record("Bo", "b.jpg")], [])
    assert len(opened(place).columns().photos) == 4


def test_people_are_put_in_order_and_back(place, opened):
    store = opened(place, HEADER)
    store.write(PEOPLE, [])
    care.merge(store, "Ada", ["Grace"])
    care.rename(store, "Ada", "Ada Lovelace")
    care.annotate(store, {"ada": {"gender": "female", "born": None}})
    assert [p.name for p in store.columns().people] == ["Ada Lovelace", "Édith 名前"]
    assert store.columns().people[0].attributes["gender"] == "female"
    store.write([record("Grace", "g/2.jpg")], [])
    assert store.columns().counts.tolist() == [4, 1]
    assert journal.undo(store) == "annotate 1 people"
    assert journal.undo(store) == "rename Ada to Ada Lovelace"
    assert journal.undo(store) == "merge Grace into Ada"
    assert len(journal.steps(store)) == 0
    assert [p.name for p in store.columns().people] == ["Ada", "Grace", "Édith 名前"]


def test_who_is_erased_stays_away(place, opened):
    store = opened(place, HEADER)
    store.write(PEOPLE, [])
    assert care.erase(store, ["Ada"], forever=True) == 2
    assert store.opted_out() == {"ada"}
    assert store.counts()["people"] == 2
    care.allow(store, ["Ada"])
    assert store.opted_out() == frozenset()


def test_a_build_goes_on_where_it_stopped(place, opened):
    store = opened(place, HEADER)
    photos = {f"Person {at}": {f"{at}.jpg": b"%d" % at * 200} for at in range(40)}
    half = FakeSource(dict(list(photos.items())[:20]))
    assert build(store, half, FakeAnalyzer()).added == 20
    summary = build(store, FakeSource(photos), FakeAnalyzer())
    assert (summary.known, summary.added) == (20, 20)
    assert len(opened(place).columns().photos) == 40


def test_heads_are_kept_and_forgotten(place, opened):
    store = opened(place, HEADER)
    store.write(PEOPLE, [])
    arrays = {"w": np.arange(6, dtype=np.float32).reshape(2, 3)}
    write_head(store, HeadRecord("svm", "ab" * 32, {"c": 1}, arrays))
    there = read_head(store, "svm")
    assert (there.facts, there.generation) == ({"c": 1}, store.generation)
    np.testing.assert_array_equal(there.arrays["w"], arrays["w"])
    care.erase(store, ["Ada"])
    assert read_head(store, "svm") is None


def test_changes_of_many_threads_are_all_there(place, opened):
    opened(place, HEADER)
    stores = [opened(place, writable=True) for _ in range(4)]
    work = [
        threading.Thread(
            target=lambda at=at, store=store: [
                store.write([record(f"P{at}", f"{at}/{i}.jpg")], []) for i in range(5)
            ]
        )
        for at, store in enumerate(stores)
    ]
    for thread in work:
        thread.start()
    for thread in work:
        thread.join()
    assert opened(place).counts() | {"ledger": 0} == {
        "people": 4, "photos": 20, "faces": 20, "hidden": 0, "ledger": 0,
    }  # fmt: skip
    assert opened(place).generation == 20


def gallery_of(place, n_people=60, seed=3):
    rng = np.random.default_rng(seed)
    faces = [
        record(
            f"P {person}",
            f"{person}/{at}.jpg",
            rng.normal(person % 7, 1, 8),
            {"gender": ("female", "male")[person % 2], "born": 1900 + person},
        )
        for person in range(n_people)
        for at in range(1 + person % 4)
    ]
    store = create_store(place, HEADER)
    store.write(faces, [entry("no.jpg")])
    store.close()


def test_a_file_and_a_server_answer_alike(tmp_path, address):
    place: Path = tmp_path / "g.gallery"
    gallery_of(place)
    gallery_of(address)
    asked = Embeddings(np.random.default_rng(1).normal(3, 2, (5, 8)).astype("f4"), FAKE_SPACE)
    with Gallery.open(place) as one, Gallery.open(address) as other:
        for metric in ("euclidean", "sqeuclidean", "cosine", "mahalanobis", "mahalanobis-person"):
            for rank in ("nearest", "mean", "centroid"):
                for where in ("", "gender = 'female' and born >= 1920"):
                    options = FindOptions(metric=metric, rank=rank, where=where)
                    assert one.find(asked, options) == other.find(asked, options), options
        assert summarize(one.file) == summarize(other.file)
        assert summarize(one.file, {"p-3"}) == summarize(other.file, {"p-3"})


def test_what_distances_mean_is_learned_and_kept(place, opened):
    gallery_of(place, 400)
    assert Gallery(opened(place, writable=True)).learn("euclidean")
    assert not Gallery(opened(place, writable=True)).learn("euclidean")
    asked = Embeddings(np.full((1, 8), 3, np.float32), FAKE_SPACE)
    found = Gallery(opened(place)).find(asked, FindOptions(metric="euclidean"))
    assert found[0][0].rarity is not None
