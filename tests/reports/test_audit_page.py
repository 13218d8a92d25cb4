"""The page: safe, bounded, usable without a mouse, without a network and without a script."""

from __future__ import annotations

import base64
import hashlib
import itertools
import json
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

import lookalike.reports
from lookalike.images import encode_jpeg, read
from lookalike.reports import AuditPage, Card, Picture, Side, audit_page
from lookalike.reports.thumbnails import Thumbnails

EVIL = '<script>alert("1")</script>&\'</title>'
JPEG = encode_jpeg(np.full((216, 216, 3), 90, np.uint8))
TEMPLATES = Path(lookalike.reports.__file__).parent / "templates"
VOID = {"meta", "img", "input", "rect", "link", "br"}


def card(at: int, kind: str = "relabel", name: str = "Фёдор 名前", **more) -> Card:
    face = Picture(at, name, f"{name}/{at}.jpg", "Ф", "CC BY", "Ann", more.pop("page", ""))
    side = Side(f"Other photos of {name}", (face,), more=3)
    return Card(
        kind, name, more.pop("why", f"unlike {name}"), more.pop("confidence", 0.9),
        (side, Side("Somebody", ())), Side("In question", (face,)), **more,
    )  # fmt: skip


def page(*cards: Card, title: str = "pins") -> AuditPage:
    decisions = [{"accept": one.accept, "why": one.why, "name": one.heading} for one in cards]
    content = {"format": 1, "gallery": title, "decisions": decisions}
    return AuditPage(title, cards, ("1,462 faces",), json.dumps(content), "pins.json")


class Reader(HTMLParser):
    """Checks that tags close, and keeps them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data) -> None:
        self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]


def test_names_are_text_whatever_they_hold() -> None:
    text = audit_page(page(card(1, name=EVIL, why=EVIL), title=EVIL), lambda _n: b"")
    assert "alert(" not in re.sub(r'alert\((&#34;|\\")1(&#34;|\\")\)', "", text)
    reader = Reader(text)
    assert len(reader.all("script")) == 2
    assert EVIL in reader.text
    (data,) = re.findall(r'id="decisions">(.*?)</script>', text)
    assert json.loads(data)["decisions"][0]["why"] == EVIL
    assert "<" not in data


def test_every_script_stays_readable() -> None:
    reader = Reader(audit_page(page(card(1)), lambda _n: JPEG))
    assert "Фёдор 名前" in reader.text
    assert reader.all("meta")[0] == {"charset": "utf-8"}


def test_the_page_loads_nothing() -> None:
    text = audit_page(page(card(1), card(2, page="https://example.org/a")), lambda _n: JPEG)
    reader = Reader(text)
    for _, attrs in reader.tags:
        for name in ("src", "srcset", "poster", "data"):
            assert (attrs.get(name) or "data:").startswith("data:")
        assert not [name for name in attrs if name == "style" or name.startswith("on")]
    assert not reader.all("link")
    assert "url(" not in text
    assert "@import" not in text


def test_the_policy_allows_its_own_style_and_script_only() -> None:
    text = audit_page(page(card(1)), lambda _n: b"")
    reader = Reader(text)
    (policy,) = [m["content"] for m in reader.all("meta") if "http-equiv" in m]
    assert policy is not None
    assert "default-src 'none'" in policy
    for kind, pattern in (
        ("style", r"<style>(.*?)</style>"),
        ("script", r"<script>(.*?)</script>"),
    ):
        (inside,) = re.findall(pattern, text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "//x.org", "x.org"])
def test_only_web_addresses_become_links(address: str) -> None:
    reader = Reader(audit_page(page(card(1, page=address)), lambda _n: b""))
    assert not [a for a in reader.all("a") if not (a["href"] or "").startswith("#")]
    assert address in reader.text


def test_links_give_nothing_away() -> None:
    reader = Reader(audit_page(page(card(1, page="https://x.org/p?a=1&b=2")), lambda _n: b""))
    (link, _) = [a for a in reader.all("a") if not (a["href"] or "").startswith("#")]
    assert link["href"] == "https://x.org/p?a=1&b=2"
    assert "noreferrer" in (link["rel"] or "")


def test_everything_has_a_label() -> None:
    text = audit_page(page(*(card(at) for at in range(3))), lambda n: JPEG if n else b"")
    reader = Reader(text)
    images = reader.all("img")
    assert len(images) == 4
    assert all("Фёдор" in (image["alt"] or "") for image in images)
    drawn = [svg for svg in reader.all("svg") if svg.get("role") == "img"]
    assert len(drawn) == 2
    assert all(svg["aria-label"] for svg in drawn)
    ids = [attrs["id"] for _, attrs in reader.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    for _, attrs in reader.tags:
        for name in ("aria-labelledby", "aria-describedby"):
            assert attrs.get(name) is None or attrs[name] in ids
    assert [a["lang"] for a in reader.all("html")] == ["en"]
    for box in reader.all("input"):
        assert box["type"] == "checkbox"
    levels = [int(tag[1]) for tag, _ in reader.tags if re.fullmatch(r"h\d", tag)]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_a_missing_picture_leaves_initials() -> None:
    text = audit_page(page(card(1)), lambda _n: b"")
    assert '<text x="50" y="50" dy=".36em" text-anchor="middle">Ф</text>' in text
    assert not Reader(text).all("img")


def test_sections_and_words() -> None:
    cards = [card(1, "drop", confidence=0.55), card(2, "merge", confidence=0.99), card(3, "drop")]
    reader = Reader(audit_page(page(*cards), lambda _n: b""))
    assert "One person under two names 1" in reader.text
    assert "nobody known 2" in reader.text
    assert "Filed under the wrong person" not in reader.text
    assert "almost certain" in reader.text
    assert "more likely than not" in reader.text
    assert "99 %" in reader.text


def test_what_is_accepted_is_checked() -> None:
    boxes = Reader(audit_page(page(card(1), card(2, accept=True)), lambda _n: b"")).all("input")
    assert ["checked" in box for box in boxes] == [False, True]


def test_pictures_are_few_and_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lookalike.reports.audit._ILLUSTRATED", 2)
    asked: list[int] = []

    def thumbnail(number: int) -> bytes:
        asked.append(number)
        return JPEG

    text = audit_page(page(*(card(at) for at in range(5))), thumbnail)
    assert sorted(set(asked)) == [0, 1]
    assert text.count('<article class="card"') == 5


def test_small_thumbnails_are_made_once() -> None:
    asked: list[int] = []
    noise = np.random.default_rng(0).integers(0, 255, (300, 216, 3)).astype(np.uint8)

    def thumbnail(number: int) -> bytes:
        asked.append(number)
        return encode_jpeg(noise)

    thumbnails = Thumbnails(thumbnail)
    one = thumbnails.small(4)
    assert thumbnails.small(4) == one
    assert asked == [4]
    pixels = read(base64.b64decode(one.partition(",")[2])).pixels
    assert pixels.shape == (200, 144, 3)
    assert len(one) < len(thumbnails.large(4))


def test_what_is_no_picture_is_left_out() -> None:
    assert Thumbnails(lambda _n: b"no picture").small(1) == ""


def test_the_templates_are_in_the_package() -> None:
    import lookalike.reports

    there = {
        path.name for path in (Path(lookalike.reports.__file__).parent / "templates").iterdir()
    }
    assert there >= {"page.html", "audit.html", "picture.html", "style.css", "audit.js"}


BROWSER = """
const boxes = [0, 1, 2].map((at) => ({
  checked: at === 1, dataset: { decision: String(at), confidence: ["0.99", "0.6", "0.7"][at] },
  label: { hidden: true }, card: { classList: { toggle() {} } },
  closest(what) { return what === "label" ? this.label : this.card; }, addEventListener() {},
}));
const button = (data) => ({ dataset: data, addEventListener(_, run) { this.run = run; } });
const parts = {
  bottom: { hidden: true }, accepted: {}, none: button({}), save: button({ name: "d.json" }),
  certain: button({ least: "0.95" }),
  decisions: { textContent: JSON.stringify({ decisions:
    [{}, {}, {}].map(() => ({ accept: false })) }) },
};
let saved;
globalThis.document = {
  getElementById: (id) => parts[id], querySelectorAll: () => boxes,
  createElement: () => ({ click() { saved.name = this.download; } }),
};
globalThis.Blob = class { constructor(texts) { saved = { text: texts.join("") }; } };
globalThis.URL = { createObjectURL: () => "blob:", revokeObjectURL() {} };
globalThis.setTimeout = () => {};
"""


@pytest.mark.skipif(not shutil.which("node"), reason="no node to run the page's script")
def test_the_script_saves_what_was_accepted() -> None:
    script = TEMPLATES / "audit.js"
    code = (
        BROWSER
        + script.read_text("utf-8")
        + "parts.certain.run(); parts.save.run();"
        + "console.log(JSON.stringify([saved, parts.accepted.textContent, parts.bottom.hidden,"
        + "boxes.map((box) => box.label.hidden)]));"
    )
    done = subprocess.run(["node", "-e", code], capture_output=True, text=True, check=True)
    saved, said, hidden, labels = json.loads(done.stdout)
    assert saved["name"] == "d.json"
    assert [one["accept"] for one in json.loads(saved["text"])["decisions"]] == [True, True, False]
    assert said == "2 of 3 accepted"
    assert hidden is False
    assert labels == [False] * 3
