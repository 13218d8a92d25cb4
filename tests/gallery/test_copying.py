"""Copies hold what the original holds, and are there whole or not at all."""

from __future__ import annotations

import dataclasses
import threading

import numpy as np
import pytest

from lookalike.errors import (
    GalleryInvalid,
    GalleryMissing,
    GalleryUnwritable,
    ImageTooLarge,
    OptionError,
)
from lookalike.gallery.asking.ranking import FindOptions
from lookalike.gallery.asking.rarity import stored
from lookalike.gallery.build import build
from lookalike.gallery.care import erase, merge
from lookalike.gallery.copying import copy, encode_again
from lookalike.gallery.gallery import Gallery
from lookalike.gallery.heads import read_head
from lookalike.gallery.parquet_file import parquet_header, read_parquet, write_parquet
from lookalike.gallery.records import Header
from lookalike.gallery.store import GalleryFile
from lookalike.identification.training import keep, kept, train
from lookalike.images import encode_jpeg
from lookalike.testing import FakeAnalyzer, FakeSource
from lookalike.testing.fakes import FAKE_SPACE
from lookalike.types import Embeddings, Space


class Means:
    """Takes the mean colors of the four quarters of a face."""

    space = Space("means", 12, "1" * 64)
    template = "arcface-112"
    views = 1

    def encode(self, crops):
        pixels = crops.pixels.reshape(len(crops), 2, 56, 2, 56, 3)
        return Embeddings(pixels.mean(axis=(2, 4)).reshape(-1, 12).astype(np.float32), self.space)


@pytest.fixture
def file(create, record):
    file = create()
    rng = np.random.default_rng(0)
    records = [
        dataclasses.replace(
            record(name, f"{name}/{at}", attributes={"名": at}, facts={"age": at}),
            thumbnail=encode_jpeg(rng.integers(0, 255, (200, 180, 3), np.uint8)),
        )
        for name in ("Ada", "Bo", "Selena", "Selena Gomez")
        for at in range(3)
    ]
    file.write(records, [])
    merge(file, "Selena Gomez", ["Selena"])
    erase(file, ["Bo"], forever=True)
    return file


def test_a_copy_is_the_same(file, contents, tmp_path):
    copy(file.path, tmp_path / "copy.gallery")
    assert contents(tmp_path / "copy.gallery") == contents(file.path)
    assert sorted(path.name for path in tmp_path.glob("*copy*")) == ["copy.gallery"]


def test_a_gallery_can_be_copied_while_it_grows(file, record, tmp_path):
    stop = threading.Event()

    def grow():
        at = 0
        while not stop.is_set():
            at += 1
            file.write([record("Ada", f"{at}/{k}") for k in range(8)], [])

    writer = threading.Thread(target=grow)
    writer.start()
    try:
        for at in range(5):
            copy(file.path, tmp_path / f"{at}.gallery")
            columns = GalleryFile(tmp_path / f"{at}.gallery").columns()
            # Whole batches only.
            assert (len(columns.photos) - 9) % 8 == 0
    finally:
        stop.set()
        writer.join()


def test_nothing_is_overwritten(file, tmp_path):
    there = tmp_path / "there"
    there.write_text("mine")
    for act in (
        lambda: copy(file.path, there),
        lambda: encode_again(file.path, there, Means()),
        lambda: write_parquet(file, there),
    ):
        with pytest.raises(OptionError, match="there already"):
            act()
    assert there.read_text() == "mine"


def test_what_cannot_be_copied_is_said(file, tmp_path):
    with pytest.raises(GalleryMissing):
        copy(tmp_path / "none", tmp_path / "new")
    with pytest.raises(GalleryUnwritable):
        copy(file.path, tmp_path / "no" / "such" / "folder")
    assert not (tmp_path / "new").exists()


def test_faces_are_encoded_again_and_everything_else_stays(file, contents, tmp_path):
    target = tmp_path / "again.gallery"
    encoder = Means()
    steps = []
    assert encode_again(file.path, target, encoder, lambda: steps.append(1)) == 9 == len(steps)
    again = GalleryFile(target)
    assert again.header.space == encoder.space
    assert again.header.template == encoder.template
    assert again.header.title == file.header.title
    assert again.columns().vectors.shape == (9, 12)
    assert len(np.unique(again.columns().vectors, axis=0)) == 9
    before, after = contents(file.path), contents(target)
    for name in ("people", "photos", "aliases", "opt_outs", "journal", "ledger"):
        assert after[name] == before[name]
    for old, new in zip(before["faces"], after["faces"], strict=True):
        assert old[:10] == new[:10]
        assert old[11:] == new[11:]


def test_what_was_learned_of_the_old_distances_does_not_cross_over(create, record, tmp_path):
    file, target = create(), tmp_path / "again.gallery"
    picture = encode_jpeg(np.random.default_rng(0).integers(0, 255, (120, 110, 3), np.uint8))
    people = [record(f"P{at}", str(at)) for at in range(230)]
    file.write([dataclasses.replace(one, thumbnail=picture) for one in people], [])
    gallery = Gallery(file)
    assert gallery.learn()
    keep(gallery, train(gallery, "centroid"))
    copy(file.path, tmp_path / "copy.gallery")
    assert stored(GalleryFile(tmp_path / "copy.gallery"), "euclidean|nearest", 230)
    encode_again(file.path, target, Means())
    again = Gallery.open(target)
    assert stored(again.file, "euclidean|nearest", 230) is None
    assert read_head(again.file, "centroid") is kept(again, "centroid") is None
    asked = Embeddings(np.zeros((1, 12), np.float32), Means.space)
    assert again.find(asked, FindOptions(1))[0][0].rarity is None
    # The original still knows.
    assert stored(file, "euclidean|nearest", 230)
    assert kept(Gallery(file), "centroid") is not None


def test_a_picture_that_unfolds_into_far_more_than_is_kept_stops_it(file, record, tmp_path):
    large = encode_jpeg(np.zeros((2100, 2100, 3), np.uint8))
    file.write([dataclasses.replace(record("Cy", "c"), thumbnail=large)], [])
    with pytest.raises(ImageTooLarge):
        encode_again(file.path, tmp_path / "again.gallery", Means())
    assert [path.name for path in tmp_path.iterdir() if "again" in path.name] == []


def test_a_face_without_a_picture_stops_it_and_leaves_nothing(file, record, tmp_path):
    file.write([dataclasses.replace(record("Cy", "c"), thumbnail=b"")], [])
    with pytest.raises(
        GalleryInvalid, match=r"1 faces of again\.gallery have no portrait"
    ) as caught:
        encode_again(file.path, tmp_path / "again.gallery", Means())
    assert "--encoder" in caught.value.hint
    assert [path.name for path in tmp_path.iterdir() if "again" in path.name] == []


@pytest.mark.parametrize("vector_type", ["float32", "float16"])
def test_a_parquet_file_brings_everything_back(vector_type, create, record, tmp_path):
    pytest.importorskip("pyarrow")
    first = create("first.gallery", Header(FAKE_SPACE, "fake-32", 1, vector_type, "t"))
    first.write(
        [
            record("Ada", "a", attributes={"born": 1815}, facts={"age": 3}, source="s",
                   licence="CC0", credit="C", page="https://p"),
            dataclasses.replace(record("Édith", "名"), thumbnail=b"", thumbnail_points=None,
                                quality=None),
        ],
        [],
    )  # fmt: skip
    path = tmp_path / "g.parquet"
    assert write_parquet(first, path) == 2
    assert parquet_header(path) == first.header
    second = create("second.gallery", parquet_header(path))
    assert read_parquet(second, path) == 2
    for old, new in zip(first.records(), second.records(), strict=True):
        for field in dataclasses.fields(old):
            one, other = getattr(old, field.name), getattr(new, field.name)
            if field.name == "face":
                np.testing.assert_array_equal(one.box, other.box)
                np.testing.assert_array_equal(one.landmarks, other.landmarks)
                assert one.score == pytest.approx(other.score)
            elif field.name == "quality":
                assert (one is None) == (other is None)
                assert one is None or one == pytest.approx(other)
            else:
                np.testing.assert_equal(one, other)


def test_who_has_opted_out_does_not_come_back_with_a_parquet_file(create, record, tmp_path):
    pytest.importorskip("pyarrow")
    first = create("first.gallery")
    first.write([record("Ada", "1"), record("Bo", "2")], [])
    write_parquet(first, tmp_path / "p")
    erase(first, ["Ada"], forever=True)
    assert read_parquet(first, tmp_path / "p", ["bo"]) == 0
    assert [person.name for person in first.columns().people] == ["Bo"]


def test_what_is_no_gallery_in_parquet_is_said(create, tmp_path):
    arrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    parquet.write_table(arrow.table({"a": [1]}), tmp_path / "a.parquet")
    with pytest.raises(GalleryInvalid, match="not written from a gallery"):
        parquet_header(tmp_path / "a.parquet")
    with pytest.raises(GalleryInvalid, match="does not hold"):
        read_parquet(create(), tmp_path / "a.parquet")
    (tmp_path / "b.parquet").write_text("text")
    with pytest.raises(GalleryInvalid, match="not a Parquet file"):
        parquet_header(tmp_path / "b.parquet")
    with pytest.raises(GalleryMissing):
        parquet_header(tmp_path / "c.parquet")


def test_a_built_gallery_can_be_encoded_again(create, tmp_path):
    file = create()
    build(file, FakeSource({"A": {"1": b"one", "2": b"two"}}), FakeAnalyzer())
    assert encode_again(file.path, tmp_path / "again.gallery", Means()) == 2
