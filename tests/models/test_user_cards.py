from __future__ import annotations

import bz2
import dataclasses
import hashlib
import io
import zipfile

import numpy as np
import pytest

from lookalike.encoding.onnx import OnnxEncoder
from lookalike.errors import (
    CardError,
    ChecksumMismatch,
    LicenceNotAccepted,
    OptionError,
    UnknownName,
    WeightsMissing,
    WeightsUnreadable,
)
from lookalike.models import licence, store
from lookalike.models.card import Card, added, built_in, card, cards, read_card
from lookalike.models.card_text import card_text
from lookalike.models.removal import remove
from lookalike.models.runtime import Runtime
from lookalike.models.user_cards import add, bring, described
from lookalike.types import Crops

from .tiny_model import tiny_card, tiny_network

NET = tiny_network()


@pytest.fixture(autouse=True)
def _at_home(home):
    pass


@pytest.fixture
def net(tmp_path):
    path = tmp_path / "my network (final).onnx"
    path.write_bytes(NET)
    return path


def everything_in(folder):
    """All files but locks."""
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".lock")


def is_empty(home):
    kept = ("weights", "cards", "cache")
    return not [path for name in kept for path in everything_in(home / name)]


def test_a_model_of_ones_own_is_one_among_all(home, net):
    kept = add(tiny_card(NET, sha256="", bytes=0), [net])
    assert card("tiny") == cards()["tiny"] == kept
    assert kept.files[0].sha256 == hashlib.sha256(NET).hexdigest()
    assert kept.files[0].bytes == len(NET)
    assert store.ready(kept) == {"net": home / "weights" / "tiny" / "tiny.onnx"}
    assert net.exists()

    encoder = OnnxEncoder.open(kept, Runtime(threads=1))
    pixels = np.full((2, 150, 150, 3), 255, np.uint8)
    vectors = encoder.encode(Crops(pixels, np.zeros((2, 2, 3), np.float32), "dlib-150"))
    assert vectors.vectors.shape == (2, 4)
    assert vectors.space.encoder == "tiny"


def test_an_encoder_opens_on_weights_that_nobody_has_pinned(home):
    stated, open_card = tiny_card(NET), tiny_card(NET, sha256="", bytes=0)
    (home / "weights").mkdir()
    (home / "weights" / "tiny.onnx").write_bytes(NET)
    assert OnnxEncoder.open(open_card, Runtime(threads=1)).space == stated.space


def test_a_detector_is_tried_too(home, net):
    wrong = tiny_card(NET, task="detect", architecture="yunet", dimension=0)
    with pytest.raises((CardError, WeightsUnreadable), match="tiny"):
        add(wrong, [net])
    assert is_empty(home)


@pytest.mark.parametrize(
    ("change", "error", "said"),
    [
        ({"dimension": 5}, CardError, r"gives \(\?, 4\), expected one output of shape \(n, 5\)"),
        ({"architecture": "no-such"}, UnknownName, "no encoder named 'no-such'"),
        ({"name": "mtcnn"}, CardError, "another model named 'mtcnn'"),
        ({"sha256": "0" * 64}, ChecksumMismatch, "is not the file that the card names"),
        ({"commercial": "no"}, LicenceNotAccepted, "not for commercial use"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_what_does_not_fit_is_named_and_nothing_stays(home, net, change, error, said):
    with pytest.raises(error, match=said):
        add(tiny_card(NET, **change), [net])
    assert is_empty(home)


def test_the_wrong_input_size_says_expected_and_actual(home, net):
    net.write_bytes(tiny_network(size=112))
    with pytest.raises(CardError, match=r"112.*expected .*150"):
        add(tiny_card(net.read_bytes()), [net])
    assert is_empty(home)


@pytest.mark.parametrize("data", [b"", b"no network", NET[:100]])
def test_a_file_that_is_no_network(home, net, data):
    net.write_bytes(data)
    with pytest.raises(WeightsUnreadable, match="cannot be run"):
        add(tiny_card(data), [net])
    assert is_empty(home)


def test_a_name_is_taken_once(net):
    add(tiny_card(NET), [net])
    with pytest.raises(CardError, match="another model named 'tiny'") as caught:
        add(tiny_card(NET), [net])
    assert caught.value.hint == "lookalike models remove tiny"
    assert card("tiny")


def test_files_and_card_must_belong_together(net):
    (file,) = tiny_card(NET).files
    two = dataclasses.replace(
        tiny_card(NET), files=(file, dataclasses.replace(file, name="head", path="head.onnx"))
    )
    with pytest.raises(OptionError, match=r"tiny has no file my network") as caught:
        described(two, [net])
    assert caught.value.hint == "its files: tiny.onnx, head.onnx"
    part = net.with_name("head.onnx")
    part.write_bytes(NET)
    with pytest.raises(OptionError, match="tiny has 2 files, 1 given"):
        described(two, [part])
    with pytest.raises(WeightsMissing, match="there is no file"):
        described(tiny_card(NET), [net.with_name("absent.onnx")])


def test_removing_leaves_nothing(home, net):
    kept = add(tiny_card(NET), [net])
    gone = remove(kept)
    assert len(gone) == 2
    assert is_empty(home)
    assert not (home / "weights" / "tiny").exists()
    assert "tiny" not in cards()
    assert remove(kept) == ()


def test_removing_deletes_graphs_and_pins_of_this_model_only(home):
    mtcnn = card("mtcnn")
    paths = store.ready(mtcnn)
    stranger = next(iter(paths.values())).with_name("mtcnn-pnet-other-1.onnx")
    stranger.write_bytes(b"")
    assert sorted(remove(mtcnn)) == sorted(paths.values())
    assert everything_in(home / "cache") == [stranger]
    assert store.locate(mtcnn.files[0]).is_file()


class TestCardsOnDisk:
    @pytest.fixture
    def folder(self, home):
        (home / "cards").mkdir()
        return home / "cards"

    def test_a_built_in_name_cannot_be_taken(self, folder):
        (folder / "x.toml").write_text(card_text(tiny_card(NET, name="mtcnn")))
        with pytest.raises(CardError, match=r"x\.toml: there is another model named 'mtcnn'"):
            cards()
        assert card("mtcnn") is built_in()["mtcnn"]

    def test_two_cards_of_one_name(self, folder):
        for stem in "ab":
            (folder / f"{stem}.toml").write_text(card_text(tiny_card(NET)))
        with pytest.raises(CardError, match=r"b\.toml: there is another model named 'tiny'"):
            added()

    def test_a_broken_card_does_not_stop_what_is_built_in(self, folder):
        (folder / "broken.toml").write_text("name = ")
        assert card("mtcnn").name == "mtcnn"
        with pytest.raises(CardError, match=r"broken\.toml: not TOML"):
            card("another")

    def test_pickles_are_for_built_in_cards(self, folder):
        (folder / "x.toml").write_text(card_text(tiny_card(NET, converter="mtcnn")))
        with pytest.raises(CardError, match="only cards that are built in"):
            card("tiny")

    def test_no_such_card(self, folder):
        with pytest.raises(CardError, match="cannot be read"):
            read_card(folder / "absent.toml")
        (folder / "x.toml").write_bytes(b"\xff\xfe")
        with pytest.raises(CardError, match="cannot be read"):
            added()

    @pytest.mark.parametrize(
        "path", ["../up", "/etc/passwd", "a/../b", "a\\b", "C:x", "", ".hid", "a//b"]
    )
    def test_no_path_leads_out_of_the_folder(self, path):
        with pytest.raises(CardError, match="path of net must be plain names"):
            Card.parse(card_text(tiny_card(NET, path=path)), "x.toml")

    @pytest.mark.parametrize("urls", [("file:///etc/passwd",), ("ftp://x/y",), (5,)])
    def test_addresses_are_of_the_web(self, urls):
        with pytest.raises(CardError, match="list of http addresses"):
            Card.parse(card_text(tiny_card(NET, *urls)), "x.toml")

    @pytest.mark.parametrize("name", ["../x", "a b", "", "-x", "a/b"])
    def test_names_become_names_of_files(self, name):
        with pytest.raises(CardError, match="a name has letters"):
            Card.parse(card_text(tiny_card(NET, name=name)), "x.toml")

    def test_only_downloads_may_do_without_a_digest(self):
        assert Card.parse(card_text(tiny_card(NET, sha256="")), "x.toml").files[0].sha256 == ""
        with pytest.raises(CardError, match="64 hexadecimal"):
            Card.parse(card_text(tiny_card(NET, sha256="", package="there")), "x.toml")
        with pytest.raises(CardError, match="0 or more"):
            Card.parse(card_text(tiny_card(NET, bytes=-1)), "x.toml")


@pytest.mark.parametrize("name", list(built_in()))
def test_a_card_that_is_written_can_be_read(name):
    assert Card.parse(card_text(built_in()[name]), "x.toml") == built_in()[name]


def test_every_character_survives():
    odd = dataclasses.replace(tiny_card(NET), summary='"\\\n\t\x01\x7f é 😀', paper="'''")
    assert Card.parse(card_text(odd), "x.toml") == odd


class TestBring:
    def test_a_file_downloaded_elsewhere(self, net, monkeypatch):
        monkeypatch.setenv("LOOKALIKE_OFFLINE", "1")
        known = tiny_card(NET, "https://example.org/net", archive="a/net.onnx")
        (path,) = bring(known, [net])
        assert path.read_bytes() == NET
        assert store.sources(known) == {"net": path}

    def test_the_archive_that_it_is_published_in(self, tmp_path):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr("a/net.onnx", NET)
        (tmp_path / "all.zip").write_bytes(buffer.getvalue())
        (tmp_path / "net.bz2").write_bytes(bz2.compress(NET))
        for changes, source in (({"archive": "a/net.onnx"}, "all.zip"), ({}, "net.bz2")):
            for digest in (hashlib.sha256(NET).hexdigest(), ""):
                known = tiny_card(NET, **changes, sha256=digest)
                (path,) = bring(known, [tmp_path / source])
                assert path.read_bytes() == NET
                remove(known)

    def test_another_file_is_refused(self, home, net):
        net.write_bytes(b"something else")
        with pytest.raises(ChecksumMismatch, match="wrong bytes"):
            bring(tiny_card(NET), [net])
        assert is_empty(home)

    def test_packaged_weights_cannot_be_brought(self, net):
        with pytest.raises(OptionError, match="mtcnn has no file") as caught:
            bring(card("mtcnn"), [net])
        assert "come with a package" in caught.value.hint

    def test_a_yes_is_needed_to_use_what_was_brought(self, net):
        known = tiny_card(NET, commercial="ask")
        bring(known, [net])
        with pytest.raises(LicenceNotAccepted):
            store.ready(known)
        licence.accept(known)
        assert store.ready(known)
