"""The share card: its size, its words, and what its file says to those who cannot see it."""

from __future__ import annotations

import io
import re
import warnings
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from lookalike.errors import ArrayError, OptionError
from lookalike.figures import Tile, rarity_words, share_card
from lookalike.figures.canvas import Canvas
from lookalike.figures.share_card import CardContent, alt_text
from lookalike.types import Match, Person, Photo, Rarity

LONG = "Jennifer Love Hewitt-Featherstonehaugh the Third of Llanfairpwllgwyngyll"
PHOTO = Photo(
    "0" * 64, "x.jpg", "CC BY-SA 4.0", "Gage Skidmore", "https://commons.wikimedia.org/wiki/File:X"
)


@pytest.fixture(autouse=True)
def _no_warning(caplog):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield
    assert not caplog.records


@pytest.fixture
def content(hopper):
    def make(name: str = "Ada Lovelace", **fields) -> CardContent:
        pictured = fields.pop("pictured", True)
        rarity = fields.pop("rarity", Rarity(2345.6, 1000, 9000))
        photo = fields.pop("photo", PHOTO)
        match = Match(Person.named(name), 0.41, 1, (photo,), rarity)
        return CardContent(hopper, Tile(match, hopper if pictured else None), **fields)

    return make


SIZES = {"portrait": (1350, 1080), "wide": (630, 1200)}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_card_has_the_size_of_the_feed(content, size, theme):
    card = share_card.share_card(content(), size, theme)
    assert card.pixels.shape == (*SIZES[size], 3)
    assert card.pixels.dtype == np.uint8
    bright = card.pixels[:8].mean()
    assert bright > 230 if theme == "light" else bright < 40


def written(content, size, monkeypatch) -> list[tuple[str, float, float, float, float]]:
    """Return every line of text of a card, with the box that it takes in points."""
    found = []

    def write(self, text, at, pen, align="left", name=""):
        width = self.typeface.width(text, pen.size, bold=pen.bold)
        found.append((text, at[0], at[1] - pen.size * 0.75, at[0] + width, at[1] + pen.size * 0.2))

    monkeypatch.setattr(Canvas, "write", write)
    share_card.share_card(content, size)
    return [line for line in found if line[0] not in ("≈", "JL")]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", ["Cher", LONG, "محمد علي", "名前", ""])
def test_words_stay_on_the_card_and_off_each_other(content, size, name, monkeypatch):
    long = Photo("0" * 64, "x", "CC BY-SA 4.0", "A very long name of an archive, " * 5, PHOTO.page)
    full = content(
        name, photo=long, stands_out=False,
        explained="Mostly the eyes and the brows. The jaw sets them apart. They do not agree.",
    )  # fmt: skip
    lines = written(full, size, monkeypatch)
    high, wide = (side / 2 for side in SIZES[size])
    for _, x1, y1, x2, y2 in lines:
        assert x1 >= 0
        assert y1 >= 0
        assert x2 <= wide
        assert y2 <= high
    for number, (one, ax1, ay1, ax2, ay2) in enumerate(lines):
        for other, bx1, by1, bx2, by2 in lines[number + 1 :]:
            apart = ax2 <= bx1 or bx2 <= ax1 or ay2 <= by1 + 1 or by2 <= ay1 + 1
            assert apart, (one, other)


def test_credit_and_licence_are_never_cut_short(content, monkeypatch):
    lines = " ".join(line[0] for line in written(content(), "wide", monkeypatch))
    assert "Photo: Gage Skidmore · CC BY-SA 4.0 · commons.wikimedia.org" in lines


def test_alternative_text_says_everything(content):
    said = alt_text(content(stands_out=True, explained="Mostly the eyes."))
    assert said == (
        "Two faces side by side: a visitor, and Ada Lovelace. 1 in 2,300 strangers looks this much "
        "alike. Mostly the eyes. Photo: Gage Skidmore · CC BY-SA 4.0 · commons.wikimedia.org."
    )
    assert "so nobody here stands out" in alt_text(content(stands_out=False))
    bare = alt_text(content("名前", pictured=False, rarity=None))
    assert bare == "Two faces side by side: a visitor, and a monogram for 名前."
    nearest = alt_text(content("名前", pictured=False, rarity=None, among=1105))
    assert nearest == bare + " The nearest of 1,105 people."
    # Where it is known how rare a likeness is, that says more.
    assert "nearest of" not in alt_text(content(among=1105))


def alternative(picture: Image.Image) -> str:
    packet = picture.info.get("xmp") or picture.info["XML:com.adobe.xmp"].encode()
    # What stands around the packet says where it begins and ends.
    inner = packet[packet.index(b"<x:") : packet.rindex(b"<?")]
    root = ElementTree.fromstring(inner)  # noqa: S314 - our own file
    iptc = "{http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/}AltTextAccessibility"
    return "".join(root.find(f".//{iptc}").itertext()).strip()


def test_the_file_carries_the_words(content, tmp_path):
    card = share_card.share_card(content("Zoë <Kravitz> & 名前"))
    picture = Image.open(io.BytesIO(card.png()))
    assert picture.size == (1080, 1350)
    assert picture.text["Description"] == card.alt
    assert picture.text["Copyright"] == card.credit
    assert alternative(picture) == card.alt
    for suffix in ("jpg", "webp"):
        card.save(tmp_path / f"card.{suffix}")
        with Image.open(tmp_path / f"card.{suffix}") as again:
            assert again.size == (1080, 1350)
            assert alternative(again) == card.alt
    assert card.png() == card.png()


def test_what_is_no_card(content, tmp_path):
    with pytest.raises(OptionError, match="card size"):
        share_card.share_card(content(), "poster")
    with pytest.raises(OptionError, match="format"):
        share_card.share_card(content()).save(tmp_path / "card.gif")
    with pytest.raises(OptionError, match="cannot write"):
        share_card.share_card(content()).save(tmp_path / "nowhere" / "card.png")
    with pytest.raises(ArrayError):
        CardContent(np.zeros((0, 0, 3), np.uint8), Tile(Match(Person.named("A"), 1.0, 1)))


@pytest.mark.parametrize(
    ("number", "words"),
    [(1.2, "1 in 1"), (9.6, "1 in 10"), (434.6, "1 in 430"), (99950, "1 in 100,000"),
     (1_200_000, "1 in a million"), (1e9, "1 in millions")],
)  # fmt: skip
def test_rarity_in_words(number, words):
    assert rarity_words.one_in(Rarity(number, 1, 1e9)) == words
    assert re.fullmatch(r"1 in [\d,]+|1 in a million|1 in millions", words)
