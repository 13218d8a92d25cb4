"""Photos go in, names or "unknown" come out; what was learned is kept until the faces change."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import numpy as np
import pytest

from lookalike.errors import (
    ArrayError,
    GalleryEmpty,
    GalleryInvalid,
    ImageError,
    OptionError,
    SpaceMismatch,
    UnknownName,
)
from lookalike.gallery import care
from lookalike.gallery.gallery import Gallery
from lookalike.gallery.heads import read_head
from lookalike.gallery.opt_out import opt_out, opted_out
from lookalike.gallery.storage.upgrades import upgrade
from lookalike.gallery.store import GalleryFile
from lookalike.identification import strangers, training
from lookalike.identification.identifier import Identifier
from lookalike.identification.options import IdentifyOptions
from lookalike.identification.training import keep, kept, steps, train
from lookalike.registry import names
from lookalike.testing import FakeAnalyzer
from lookalike.types import Embeddings, Space

from .conftest import faces_of, people, records, rows

HEADS = names("head")
VECTORS, GROUPS = rows(people(30), 4, seed=1)
OWN = rows(people(30), 3, seed=2)
OTHERS = rows(people(200, seed=9), 1, seed=3)[0]


@pytest.fixture
def gallery(gallery_of):
    return gallery_of(VECTORS, GROUPS)


def opened(gallery, head="centroid", fpir=0.05, **options):
    return Identifier.open(gallery, FakeAnalyzer(), IdentifyOptions(head, fpir, **options))


@pytest.mark.parametrize("head", HEADS)
def test_the_known_are_named_and_strangers_are_not(head, gallery):
    identifier = opened(gallery, head)
    own = identifier.identify_faces(faces_of(OWN[0]))
    rightly = [
        identity.person is not None and identity.person.name == f"P{group:03}"
        for identity, group in zip(own, OWN[1], strict=True)
    ]
    assert np.mean(rightly) > 0.6
    others = identifier.identify_faces(faces_of(OTHERS))
    assert np.mean([identity.person is not None for identity in others]) < 0.12
    for identity in (*own, *others):
        assert (identity.person is None) == (identity.score <= identifier.threshold)
        assert identity.person in (None, identity.likeliest)
    assert np.mean([one.probability for one in own]) > 0.7
    assert np.mean([one.probability for one in others]) < 0.35


def test_many_photos_are_answered_in_order_and_a_broken_one_is_its_error(gallery):
    analyzer = FakeAnalyzer({b"somebody": OWN[0][0], b"stranger": OTHERS[0]})
    identifier = Identifier.open(gallery, analyzer, IdentifyOptions(fpir=0.05))
    photos = [b"somebody", b"broken", b"nobody", b"stranger"]
    somebody, broken, nobody, stranger = identifier.identify_all(photos)
    assert [one.person.name for one in somebody] == ["P000"]
    assert isinstance(broken, ImageError)
    assert len(nobody) == 0
    assert [one.person for one in stranger] == [None]
    assert identifier.identify(b"somebody").identities[0].person.id == "p000"
    with pytest.raises(ImageError):
        identifier.identify(b"broken")


@pytest.mark.parametrize("head", HEADS)
def test_a_track_is_named_by_the_mean_of_its_scores(head, gallery):
    identifier = opened(gallery, head)
    track = rows(people(30)[:1], 700, seed=5, noise=0.3)[0]
    found = identifier.identify_track(faces_of(track))
    assert found.likeliest.name == "P000"
    assert found.score == pytest.approx(identifier.head.scores(track)[:, 0].mean(), rel=1e-4)
    (alone,) = identifier.identify_faces(faces_of(track[:1]))
    assert identifier.identify_track(faces_of(track[:1])) == alone
    with pytest.raises(ArrayError, match="at least one"):
        identifier.identify_track(faces_of(track[:0]))


def test_faces_of_another_encoder_are_refused(gallery):
    identifier = opened(gallery)
    foreign = Embeddings(OTHERS, Space("other", 8, "0" * 64))
    for ask in (identifier.identify_faces, identifier.identify_track):
        with pytest.raises(SpaceMismatch):
            ask(foreign)
    with pytest.raises(SpaceMismatch):
        Identifier.open(gallery, FakeAnalyzer(space=foreign.space))


def test_a_threshold_counts_instead_of_the_rate(gallery):
    identifier = opened(gallery, threshold=-1.0)
    assert all(one.person for one in identifier.identify_faces(faces_of(OTHERS)))
    assert opened(gallery, threshold=1.0).identify_faces(faces_of(OWN[0][:1]))[0].person is None


def test_a_lower_rate_asks_for_a_higher_score(gallery):
    assert opened(gallery, fpir=0.02).threshold > opened(gallery, fpir=0.2).threshold


@pytest.mark.parametrize("head", HEADS)
def test_what_is_kept_answers_the_same(head, gallery):
    assert kept(gallery, head) is None
    learned = opened(gallery, head)
    keep(gallery, train(gallery, head))
    again = opened(Gallery(GalleryFile(gallery.file.path)), head)
    assert (learned.kept, again.kept) == (False, True)
    assert again.identify_faces(faces_of(OWN[0])) == learned.identify_faces(faces_of(OWN[0]))
    assert read_head(gallery.file, head).generation == gallery.file.generation


def test_heads_are_kept_beside_each_other(gallery):
    for head in HEADS:
        keep(gallery, train(gallery, head))
    assert all(kept(gallery, head) for head in HEADS)


def reopened(gallery):
    return Gallery(gallery.file, opted_out())


def test_only_other_faces_make_it_stale(gallery):
    keep(gallery, train(gallery, "centroid"))
    care.rename(gallery.file, "P001", "Somebody Else")
    care.annotate(gallery.file, {"P002": {"born": 1980}})
    now = kept(reopened(gallery), "centroid")
    assert now.people[1].name == "Somebody Else"
    gallery.file.write(list(records(OTHERS[:1], [0], prefix="Q")), [])
    assert kept(reopened(gallery), "centroid") is None


def test_a_merge_makes_it_stale(gallery):
    keep(gallery, train(gallery, "centroid"))
    care.merge(gallery.file, "P001", ["P002"])
    assert kept(reopened(gallery), "centroid") is None
    assert len(opened(reopened(gallery)).people) == 29


def test_who_has_opted_out_is_never_named(gallery):
    keep(gallery, train(gallery, "centroid"))
    opt_out(["P000"])
    identifier = opened(reopened(gallery))
    assert not identifier.kept
    answers = identifier.identify_faces(faces_of(OWN[0]))
    assert all(one.likeliest.id != "p000" for one in answers)
    assert identifier.head.scores(OWN[0]).shape[1] == 29


def test_who_is_erased_leaves_nothing_behind(gallery):
    keep(gallery, train(gallery, "centroid"))
    assert care.erase(gallery.file, ["nobody"]) == 0
    assert read_head(gallery.file, "centroid") is not None
    care.erase(gallery.file, ["P003"])
    assert read_head(gallery.file, "centroid") is None
    with closing(sqlite3.connect(gallery.file.path)) as connection:
        assert connection.execute("SELECT count(*) FROM head_arrays").fetchone() == (0,)


def test_a_gallery_from_before_there_were_heads_gets_its_tables(gallery):
    path = gallery.file.path
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("DROP TABLE head_arrays; DROP TABLE heads")
    assert upgrade(path) == 2
    assert kept(gallery, "knn") is None
    assert care.erase(gallery.file, ["P003"]) == 4
    keep(reopened(gallery), train(reopened(gallery), "knn"))
    assert kept(reopened(gallery), "knn") is not None


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE head_arrays SET numbers = x'00' WHERE name = 'head.centers'",
        "UPDATE head_arrays SET shape = '[1, 2]' WHERE name = 'head.centers'",
        "UPDATE head_arrays SET shape = '[32, 30]' WHERE name = 'head.centers'",
        "DELETE FROM head_arrays WHERE name = 'head.centers'",
        "UPDATE heads SET facts = '{}'",
        "UPDATE heads SET facts = 'no JSON'",
        "UPDATE heads SET facts = '[]'",
    ],
)
def test_a_damaged_one_is_told_and_can_be_learned_again(harm, gallery):
    keep(gallery, train(gallery, "centroid"))
    with closing(sqlite3.connect(gallery.file.path)) as connection:
        connection.execute(harm)
        connection.commit()
    with pytest.raises(GalleryInvalid, match="damaged"):
        opened(gallery)
    keep(gallery, train(gallery, "centroid"))
    assert opened(gallery).kept


def test_one_person_is_nobody_to_tell_apart(gallery_of):
    alone = gallery_of(VECTORS[:4], GROUPS[:4])
    with pytest.raises(GalleryEmpty, match="1 people"):
        train(alone, "svm")


@pytest.mark.parametrize("head", HEADS)
def test_two_people_with_one_photo_each_need_strangers(head, gallery_of, monkeypatch):
    two = gallery_of(people(2).astype(np.float32), np.arange(2))
    with pytest.raises(OptionError, match="cannot be shown with 0 faces") as caught:
        opened(two, head)
    assert "--threshold" in caught.value.hint
    assert opened(two, head, threshold=0.5).threshold == 0.5
    monkeypatch.setattr(training, "starter_strangers", lambda *_: OTHERS)
    identifier = opened(two, head)
    assert identifier.certainty.strangers == strangers.STARTER
    named = [one.person is not None for one in identifier.identify_faces(faces_of(OTHERS))]
    assert sum(named) == 9  # the tenth of 200 is the threshold itself
    found = identifier.identify_faces(faces_of(people(2)))
    assert [one.likeliest.name for one in found] == ["P000", "P001"]
    assert {one.probability for one in found} == {None}


def test_strangers_are_of_the_same_space_and_nobody_who_is_here(gallery_of, monkeypatch):
    here = gallery_of(VECTORS[:8], GROUPS[:8])
    starter = gallery_of(VECTORS, GROUPS, "starter.gallery")
    monkeypatch.setenv("LOOKALIKE_GALLERY", str(starter.file.path))
    found = strangers.starter_strangers(here.header, here.columns(everyone=True))
    # P000 and P001 are in both; of each other person the first photo.
    np.testing.assert_array_equal(found, VECTORS[8::4])
    monkeypatch.setenv("LOOKALIKE_GALLERY", str(starter.file.path) + ".none")
    assert strangers.starter_strangers(here.header, here.columns(everyone=True)) is None
    monkeypatch.delenv("LOOKALIKE_GALLERY")
    # The gallery of the package is of dlib's space.
    assert strangers.starter_strangers(here.header, here.columns(everyone=True)) is None


def test_every_step_is_told(gallery):
    told = []
    train(gallery, "centroid", lambda: told.append(1))
    assert len(told) == steps(gallery)


def test_options_are_checked():
    with pytest.raises(UnknownName, match="centroids"):
        IdentifyOptions("centroids")
    for fpir in (0, 1, float("nan")):
        with pytest.raises(OptionError, match="fpir"):
            IdentifyOptions(fpir=fpir)
