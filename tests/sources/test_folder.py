"""A folder of photos, as people have them: nested, hidden, broken, linked, in every script."""

from __future__ import annotations

import os
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lookalike.errors import ImageMissing, ImageTooLarge, ImageUnreadable, OptionError
from lookalike.gallery.build import build
from lookalike.gallery.records import Header, Reason
from lookalike.gallery.store import GalleryFile
from lookalike.sources.folder import FolderSource
from lookalike.sources.naming import PHOTO_SUFFIXES, clean_name
from lookalike.testing import FakeAnalyzer, SourceContract
from lookalike.testing.fakes import FAKE_SPACE
from lookalike.types import person_id


def uris(root):
    return [candidate.uri for candidate in FolderSource(root)]


class TestContract(SourceContract):
    @pytest.fixture(autouse=True)
    def _photos(self, folder):
        self.root = folder("Ada Lovelace/1.jpg", "Ada Lovelace/2.png", "Grace Hopper.jpg")

    def source(self):
        return FolderSource(self.root)


def test_photos_come_in_the_order_of_their_names(folder):
    root = folder("b/2.jpg", "b/10.jpg", "a/z.jpg", "c.jpg", "a/deep/1.jpg", "a/A.jpg", "B.jpg")
    expected = ["B.jpg", "c.jpg", "a/A.jpg", "a/z.jpg", "a/deep/1.jpg", "b/10.jpg", "b/2.jpg"]
    assert uris(root) == expected


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("Grace_Hopper/1.jpg", "Grace Hopper"),
        ("Grace_Hopper.jpg", "Grace Hopper"),
        ("actors/anne hathaway/set/../1.jpg", "Anne Hathaway"),
        ("actors/2020/Anne Hathaway/1.jpg", "Anne Hathaway"),
        ("Beyoncé.jpg", "Beyoncé"),
        ("名前/写真.webp", "名前"),
        ("Sammy Davis Jr./1.jpg", "Sammy Davis Jr."),
        ("J.Lo.jpg", "J.Lo"),
    ],
)
def test_the_innermost_folder_or_else_the_file_is_the_person(file, name, tmp_path):
    path = Path(os.path.normpath(tmp_path / file))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    (candidate,) = FolderSource(tmp_path)
    assert candidate.person.name == name
    assert candidate.person.id == person_id(name)
    assert tmp_path / candidate.uri == path


def test_hidden_and_other_files_are_passed_over(folder):
    root = folder(
        "a/1.jpg", "a/.2.jpg", ".git/3.jpg", "a/.thumbs/4.jpg", "a/._1.jpg",
        "a/notes.txt", "a/jpg", "a/1.jpg.part", "Thumbs.db", "a/clip.mp4",
    )  # fmt: skip
    assert uris(root) == ["a/1.jpg"]


@pytest.mark.parametrize("suffix", [*sorted(PHOTO_SUFFIXES), ".JPG", ".Png"])
def test_every_kind_of_photo_is_offered(suffix, folder):
    assert uris(folder(f"a/1{suffix}")) == [f"a/1{suffix}"]


def test_a_photo_is_read_when_asked_for_and_not_before(folder):
    root = folder("a/1.jpg", "a/2.jpg")
    first, second = FolderSource(root)
    (root / "a/1.jpg").write_bytes(b"later")
    assert first.load() == b"later"
    assert second.load() == b"a/2.jpg"


def test_the_stamp_tells_changed_files_from_others(folder):
    root = folder("a/1.jpg", "a/2.jpg")
    before = {candidate.uri: candidate.stamp for candidate in FolderSource(root)}
    (root / "a/1.jpg").write_bytes(b"more than before")
    os.utime(root / "a/2.jpg", ns=(0, 0))
    touched = {candidate.uri: candidate.stamp for candidate in FolderSource(root)}
    assert touched["a/1.jpg"] != before["a/1.jpg"]
    assert touched["a/2.jpg"] != before["a/2.jpg"]
    assert {c.uri: c.stamp for c in FolderSource(root)} == touched


def test_a_huge_file_is_refused_unread(tmp_path):
    (tmp_path / "a").mkdir()
    with (tmp_path / "a/huge.jpg").open("wb") as stream:
        stream.truncate(1 << 36)
    tracemalloc.start()
    try:
        (candidate,) = FolderSource(tmp_path)
        with pytest.raises(ImageTooLarge):
            candidate.load()
        assert tracemalloc.get_traced_memory()[1] < 1 << 20
    finally:
        tracemalloc.stop()


def test_an_empty_file_says_so_when_loaded(tmp_path):
    (tmp_path / "a.jpg").touch()
    (candidate,) = FolderSource(tmp_path)
    with pytest.raises(ImageUnreadable, match="empty"):
        candidate.load()


def test_links_that_go_in_circles_end(folder):
    root = folder("a/1.jpg")
    (root / "a/again").symlink_to(root)
    (root / "a/self.jpg").symlink_to(root / "a/self.jpg")
    (root / "a/gone.jpg").symlink_to(root / "nowhere.jpg")
    (root / "a/copy.jpg").symlink_to(root / "a/1.jpg")
    offered = {candidate.uri: candidate for candidate in FolderSource(root)}
    assert list(offered) == ["a/1.jpg", "a/copy.jpg", "a/gone.jpg", "a/self.jpg"]
    assert offered["a/copy.jpg"].load() == b"a/1.jpg"
    for broken in ("a/self.jpg", "a/gone.jpg"):
        with pytest.raises(ImageMissing):
            offered[broken].load()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_is_no_photo(folder):
    root = folder("a/1.jpg")
    os.mkfifo(root / "a/pipe.jpg")
    assert uris(root) == ["a/1.jpg"]


@pytest.mark.skipif(getattr(os, "geteuid", int)() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_offered_and_says_so(folder):
    root = folder("a/1.jpg", "a/2.jpg")
    (root / "a/1.jpg").chmod(0)
    first, second = FolderSource(root)
    with pytest.raises(ImageMissing, match="may not be read"):
        first.load()
    assert second.load() == b"a/2.jpg"


def test_a_file_that_vanishes_is_missing(folder):
    root = folder("a/1.jpg")
    (candidate,) = FolderSource(root)
    (root / "a/1.jpg").unlink()
    with pytest.raises(ImageMissing):
        candidate.load()


def test_a_name_in_an_old_encoding_can_be_kept_in_a_gallery(tmp_path):
    folder = os.fsencode(tmp_path) + b"/Beyonc\xe9"
    try:
        Path(os.fsdecode(folder)).mkdir()
    except OSError:
        pytest.skip("this disk takes only names in Unicode")
    for name in (b"1\xff.jpg", b"1\xfe.jpg"):
        Path(os.fsdecode(folder + b"/" + name)).write_bytes(name)
    gallery = GalleryFile.create(tmp_path / "g.gallery", Header(FAKE_SPACE, "fake-32", 1))
    summary = build(gallery, FolderSource(tmp_path), FakeAnalyzer())
    assert (summary.offered, summary.added) == (2, 2)
    columns = gallery.columns()
    assert [photo.uri for photo in columns.photos] == [
        "Beyonc\\xe9/1\\xfe.jpg",
        "Beyonc\\xe9/1\\xff.jpg",
    ]
    assert build(gallery, FolderSource(tmp_path), FakeAnalyzer()).known == 2
    gallery.close()


def test_a_vanished_file_ends_in_the_ledger(folder):
    root = folder("a/1.jpg")
    (root / "a/gone.jpg").symlink_to(root / "nowhere.jpg")
    gallery = GalleryFile.create(root / "g.gallery", Header(FAKE_SPACE, "fake-32", 1))
    for _ in range(2):
        build(gallery, FolderSource(root), FakeAnalyzer())
        (entry,) = gallery.ledger()
        assert (entry.uri, entry.reason) == ("a/gone.jpg", Reason.MISSING)
    gallery.close()


@pytest.mark.parametrize("name", ["missing", "file.jpg"])
def test_what_is_no_folder_is_an_error(name, folder):
    root = folder("file.jpg")
    with pytest.raises(OptionError, match="is not a folder") as caught:
        FolderSource(root / name)
    assert caught.value.hint


def test_the_source_is_named_after_its_folder(folder, monkeypatch):
    root = folder("famous/a/1.jpg") / "famous"
    assert FolderSource(root).name == "famous"
    monkeypatch.chdir(root)
    assert FolderSource(".").name == "famous"


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ("George_W_Bush", "George W Bush"),
        ("george w bush", "George W Bush"),
        ("  two   spaces_ ", "Two Spaces"),
        ("bell hooks jr.", "Bell Hooks Jr."),
        ("Tyler, the Creator", "Tyler, the Creator"),
        ("k.d. lang", "K.d. Lang"),
        ("élodie", "Élodie"),
        ("宮崎 駿", "宮崎 駿"),
        ("प्रियंका_चोपड़ा", "प्रियंका चोपड़ा"),
    ],
)
def test_names_are_cleaned(name, cleaned):
    assert clean_name(name) == cleaned


@given(st.text())
def test_a_clean_name_stays_as_it_is(name):
    once = clean_name(name)
    assert clean_name(once) == once
    assert "_" not in once
    assert "  " not in once
    assert once == once.strip()


@given(st.text())
def test_the_id_of_an_id_is_the_id(name):
    once = person_id(name)
    assert person_id(once) == once


@given(st.text())
def test_cleaning_a_name_does_not_change_who_it_is(name):
    assert person_id(clean_name(name)) == person_id(name)


def people(root, *arguments, **options):
    source = FolderSource(root, *arguments, **options)
    return {candidate.uri: candidate.person.name for candidate in source}


TREE = ("a-z/A/Adele/x.jpg", "a-z/A/Adele_0002.jpg", "Ada (2).jpg", "LFW/Bo_Li/Bo_Li_0001.jpg")


def test_every_depth_is_read(folder):
    root = folder(*TREE)
    assert people(root) == {
        "Ada (2).jpg": "Ada (2)",
        "LFW/Bo_Li/Bo_Li_0001.jpg": "Bo Li",
        "a-z/A/Adele_0002.jpg": "A",
        "a-z/A/Adele/x.jpg": "Adele",
    }


def test_with_the_layout_people_only_folders_name_people(folder):
    source = FolderSource(folder(*TREE), "people")
    assert [c.uri for c in source] == [
        "LFW/Bo_Li/Bo_Li_0001.jpg",
        "a-z/A/Adele_0002.jpg",
        "a-z/A/Adele/x.jpg",
    ]
    assert [(fault.place, fault.reason) for fault in source.faults] == [
        ("Ada (2).jpg", "names nobody")
    ]


def test_with_the_layout_flat_only_files_name_people(folder):
    found = people(folder(*TREE), "flat", numbered=True)
    assert set(found.values()) == {"Ada", "Bo Li", "Adele", "X"}


def test_numbered_files_of_one_person_are_one_person(folder):
    root = folder("Adele_0001.jpg", "Adele (2).jpg", "Adele-3.jpg", "Adele.jpg")
    assert {c.person.id for c in FolderSource(root, numbered=True)} == {"adele"}
    assert len({c.person.id for c in FolderSource(root)}) == 4


def test_faults_are_those_of_the_last_pass(folder):
    source = FolderSource(folder("Ada.jpg", "Bo/1.jpg"), "people")
    for _ in range(2):
        assert len(list(source)) == 1
        assert len(source.faults) == 1


def test_an_unknown_layout_is_an_error(folder):
    with pytest.raises(OptionError, match="no layout 'deep'") as caught:
        FolderSource(folder("a/1.jpg"), "deep")
    assert "people" in caught.value.hint


@pytest.mark.shared_data
def test_labeled_faces_in_the_wild_are_read_as_they_are(shared_data):
    source = FolderSource(shared_data / "lfw")
    flat = FolderSource(shared_data / "lfw", "flat", numbered=True)
    ids = [candidate.person.id for candidate in source]
    assert len(set(ids)) == 5749
    assert ids == [candidate.person.id for candidate in flat]
