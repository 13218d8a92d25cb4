"""The opt-out list is read as people write it, or not passed over in silence."""

from __future__ import annotations

import hashlib

import pytest

from lookalike.errors import OptionError
from lookalike.gallery.build import build
from lookalike.gallery.care import erase
from lookalike.gallery.gallery import Gallery
from lookalike.gallery.opt_out import opt_in, opt_out, opted_out, own_list, read_opt_out
from lookalike.gallery.records import Reason
from lookalike.gallery.starter import starter_path
from lookalike.testing import FakeAnalyzer, FakeSource


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_ids_and_digests_are_read_without_remarks(encoding, tmp_path):
    path = tmp_path / "opt-out.txt"
    digest = "AB" * 32
    path.write_text(
        f"ada-lovelace\n# a remark\n\n  beyoncé  # since 2024\r\n{digest}\n", encoding=encoding
    )
    assert read_opt_out(path) == {"ada-lovelace", "beyoncé", digest.lower()}


@pytest.mark.parametrize("content", ["", "\n\n", "# nobody yet\n"])
def test_a_list_may_be_empty(content, tmp_path):
    path = tmp_path / "opt-out.txt"
    path.write_text(content)
    assert read_opt_out(path) == frozenset()


@pytest.mark.parametrize("content", [None, b"beyonc\xe9\n"])
def test_a_list_that_cannot_be_read_is_an_error(content, tmp_path):
    path = tmp_path / "opt-out.txt"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(OptionError, match="cannot be read") as caught:
        read_opt_out(path)
    assert caught.value.hint


@pytest.fixture
def own(monkeypatch, tmp_path):
    monkeypatch.setenv("LOOKALIKE_CONFIG", str(tmp_path / "config"))
    return own_list()


def test_names_ids_and_digests_are_one_thing_on_the_list(own):
    digest = "AB" * 32
    assert opted_out() == frozenset()
    opt_out(["George W. Bush", "beyoncé", digest])
    assert opted_out() == {"george-w-bush", "beyoncé", digest.lower()}
    opt_out(["george_w_bush"])
    assert own.read_text("utf-8").count("george") == 1
    opt_in(["George W Bush", "nobody"])
    assert opted_out() == {"beyoncé", digest.lower()}


def test_remarks_on_the_list_stay(own):
    own.parent.mkdir()
    own.write_text("# mine\nAda  # asked on Monday\n\nBo\n", "utf-8")
    opt_out(["Cy"])
    opt_in(["Bo"])
    assert own.read_text("utf-8") == "# mine\nAda  # asked on Monday\n\ncy\n"


def test_an_own_list_that_cannot_be_read_stops_everything(own):
    own.parent.mkdir()
    own.write_bytes(b"beyonc\xe9\n")
    with pytest.raises(OptionError):
        Gallery.open(starter_path())
    with pytest.raises(OptionError):
        opt_out(["Ada"])
    assert own.read_bytes() == b"beyonc\xe9\n"


def test_who_is_on_the_list_is_unfindable_also_in_the_gallery_that_comes_along(own):
    with Gallery.open(starter_path()) as before:
        everybody = before.columns(everyone=True)
    person, photo = everybody.people[3], everybody.photos[0]
    opt_out([person.name, photo.id])
    with Gallery.open(starter_path()) as gallery:
        left = gallery.columns(everyone=True)
    assert person not in left.people
    assert photo not in left.photos
    assert len(left.people) == len(everybody.people) - 1
    opt_in([person.id, photo.id])
    with Gallery.open(starter_path()) as again:
        assert again.columns(everyone=True).people == everybody.people


@pytest.mark.parametrize("keys", [["ada"], [hashlib.sha256(b"one").hexdigest()]])
def test_a_gallery_keeps_its_own_list_through_rebuilds(keys, create):
    file = create()
    source = FakeSource({"Ada": {"1": b"one"}, "Bo": {"2": b"two"}})
    build(file, source, FakeAnalyzer())
    assert erase(file, keys, forever=True) == 1
    for _ in range(2):
        build(file, source, FakeAnalyzer())
        assert [person.name for person in file.columns().people] == ["Bo"]
    assert [entry.reason for entry in file.ledger()] == [Reason.OPTED_OUT]
