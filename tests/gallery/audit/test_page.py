"""From an audit to its page."""

from __future__ import annotations

import dataclasses
import html
import json
import re

import numpy as np

from lookalike.gallery.audit import AuditOptions, audit, audit_report
from lookalike.gallery.records import Columns
from lookalike.types import Photo


def disturbed(crowd) -> Columns:
    """Return a gallery with every kind of mistake."""
    names = ["Ann <i>Lee</i>", "Ann <i>", "Фёдор", "名前"]
    columns = crowd([6, 5, *[8] * 20, 1], names=names, really={1: 0})
    groups = columns.groups.copy()
    groups[15], groups[25] = 6, 2
    groups[groups == 21] = 9
    groups[-1] = 12
    vectors = columns.vectors.copy()
    vectors[60] = vectors[100] + 0.001
    photos = tuple(
        dataclasses.replace(photo, licence="CC BY 4.0", credit="A & B", page="https://x.org/?a&b")
        for photo in columns.photos
    )
    columns = Columns(columns.people, photos, groups, vectors, columns.numbers)
    return columns.of(np.isin(np.arange(len(columns.people)), groups))


def test_every_suggestion_has_a_card_and_a_decision(crowd) -> None:
    columns = disturbed(crowd)
    found = audit(columns)
    assert set(found.counts().values()) >= {1}
    assert all(found.counts().values())
    text = audit_report(found, columns, lambda _number: b"", gallery="all kinds", generation=4)
    cards = re.findall(r'<article class="card".*?</article>', text, re.DOTALL)
    assert len(cards) == len(found.suggestions)
    for at, one in enumerate(found.suggestions):
        (card,) = [card for card in cards if f'data-decision="{at}"' in card]
        assert html.unescape(card).count(one.why[1:])
        for number in one.faces[:3]:
            if one.action != "merge":
                assert columns.photos[columns.numbers.tolist().index(number)].uri in card
    (data,) = re.findall(r'id="decisions">(.*?)</script>', text)
    written = json.loads(data)
    assert (written["gallery"], written["generation"]) == ("all kinds", 4)
    assert [one["why"] for one in written["decisions"]] == [one.why for one in found.suggestions]
    assert "usually 0." in text
    assert "A &amp; B" in text


def test_a_page_without_anything(crowd) -> None:
    columns = crowd([1]).of(np.zeros(1, bool))
    text = audit_report(audit(columns), columns, lambda _n: b"", gallery="", generation=1)
    assert "Nothing looks out of place" in text
    assert "nan" not in text


def test_the_number_of_pictures_is_bounded(crowd) -> None:
    columns = crowd([40, 30, *[8] * 18], really={1: 0})
    asked: list[int] = []

    def thumbnail(number: int) -> bytes:
        asked.append(number)
        return b""

    found = audit(columns, AuditOptions(evidence=4))
    text = audit_report(found, columns, thumbnail, gallery="g", generation=1)
    assert [one.action for one in found.suggestions] == ["merge"]
    assert len(asked) == 8
    assert "and 26 more" in text


def test_photo_has_the_fields_of_a_picture() -> None:
    photo = Photo("a", "b")
    assert (photo.licence, photo.credit, photo.page) == ("", "", "")
