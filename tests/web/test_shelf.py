"""Galleries by name: which there are, which there are not, and which have changed."""

from __future__ import annotations

import shutil

import pytest

from lookalike.errors import GalleryMissing
from lookalike.gallery import care
from lookalike.gallery.asking import made
from lookalike.gallery.gallery import Gallery
from lookalike.gallery.store import GalleryFile
from lookalike.pipeline import Finder
from lookalike.types import Embeddings
from lookalike.web.shelf import Shelf


@pytest.fixture
def shelf(analyst, own_gallery):
    shelf = Shelf(Finder(Gallery.open(own_gallery), analyst), own_gallery.parent, lambda _: analyst)
    yield shelf
    shelf.close()


def test_the_default_comes_first_and_the_folder_after(shelf, own_gallery):
    for name in ("zoë", "a b.c"):
        shutil.copy(own_gallery, own_gallery.with_name(f"{name}.gallery"))
    (own_gallery.parent / "notes.txt").write_text("no gallery")
    (own_gallery.parent / ".hidden.gallery").write_text("no gallery")
    assert shelf.names() == ("two", "a b.c", "zoë")
    assert shelf.get("zoë").finder.gallery.file.path.name == "zoë.gallery"
    assert shelf.get() is shelf.get("two")


@pytest.mark.parametrize(
    "name", ["nobody", "../own/two", "two.gallery", "/etc/passwd", ".", "..", "two\0", "TWO"]
)
def test_a_name_is_never_a_path(shelf, name):
    with pytest.raises(GalleryMissing) as caught:
        shelf.get(name)
    assert name not in caught.value.message


def test_a_link_out_of_the_folder_is_no_gallery(shelf, own_gallery, gallery_path, tmp_path):
    (own_gallery.parent / "outside.gallery").symlink_to(gallery_path)
    (own_gallery.parent / "inside.gallery").symlink_to(own_gallery)
    (own_gallery.parent / "folder.gallery").mkdir()
    (own_gallery.parent / "nowhere.gallery").symlink_to(tmp_path / "nothing")
    assert shelf.names() == ("two", "inside")
    for name in ("outside", "folder", "nowhere"):
        with pytest.raises(GalleryMissing):
            shelf.get(name)


def test_a_gallery_that_another_process_changes_is_opened_again(shelf, own_gallery):
    before = shelf.get()
    assert len(before.finder.gallery.people) == 2
    file = GalleryFile(own_gallery, writable=True)
    care.erase(file, ["grace-hopper"])
    file.close()
    after = shelf.get()
    assert [person.id for person in after.finder.gallery.people] == ["eileen-collins"]
    assert after.generation > before.generation
    # Whoever had begun before goes on.
    assert before.finder.gallery.file.counts()["people"] == 1
    before.finder.gallery.file.close()


def test_whoever_opts_out_is_gone_at_once(shelf):
    from lookalike.gallery.opt_out import own_list

    pictures = shelf.get().shown
    own_list().parent.mkdir(parents=True, exist_ok=True)
    own_list().write_text("Grace Hopper\n", "utf-8")
    assert [person.id for person in shelf.get().finder.gallery.people] == ["eileen-collins"]
    assert len(shelf.get().shown) == len(pictures) - 1


def test_whoever_opts_out_while_the_service_starts_is_gone_as_well(analyst, own_gallery):
    from lookalike.gallery.opt_out import own_list

    finder = Finder(Gallery.open(own_gallery), analyst)
    own_list().parent.mkdir(parents=True, exist_ok=True)
    own_list().write_text("Grace Hopper\n", "utf-8")
    shelf = Shelf(finder, None, lambda _: analyst)
    assert [person.id for person in shelf.get().finder.gallery.people] == ["eileen-collins"]
    shelf.close()


def test_without_a_folder_there_is_one_gallery(analyst, own_gallery):
    shelf = Shelf(Finder(Gallery.open(own_gallery), analyst), None, lambda _: analyst)
    assert shelf.names() == ("two",)
    shelf.close()


def test_no_visitor_waits_for_an_index(analyst, own_gallery, monkeypatch):
    times, open_index = [], made.open_index
    monkeypatch.setattr(made, "open_index", lambda *a, **k: times.append(1) or open_index(*a, **k))
    shelf = Shelf(Finder(Gallery.open(own_gallery), analyst), None, lambda _: analyst)
    assert times == [1]
    gallery = shelf.get().finder.gallery
    rows = gallery.columns(everyone=True).vectors
    assert gallery.find(Embeddings(rows, gallery.header.space))[0][0].rank == 1
    assert times == [1]
    shelf.close()


def test_a_gallery_without_people_is_opened(analyst, own_gallery):
    file = GalleryFile(own_gallery, writable=True)
    care.erase(file, ["grace-hopper", "eileen-collins"])
    file.close()
    shelf = Shelf(Finder(Gallery.open(own_gallery), analyst), None, lambda _: analyst)
    assert shelf.get().finder.gallery.people == ()
    shelf.close()
