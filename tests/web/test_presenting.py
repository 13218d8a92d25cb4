"""``explain`` and ``card``."""

from __future__ import annotations

import io
from urllib.parse import unquote

import pytest
from PIL import Image as PillowImage

from lookalike.presenting import card_of_match, explain_match


@pytest.fixture(scope="module")
def explained(client, hopper_bytes) -> dict:
    form = {"person": "eileen-collins", "k": "2"}
    answer = client.post("/api/v1/explain", files={"photo": hopper_bytes}, data=form)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_an_explanation_is_that_of_the_library(explained, analyst, gallery_path, hopper_bytes):
    from lookalike.gallery.gallery import Gallery
    from lookalike.pipeline import Finder

    finder = Finder(Gallery.open(gallery_path), analyst)
    found = finder.find(hopper_bytes)
    library = explain_match(finder, found, 0, found.matches[0][1])
    assert library is not None
    pictures = explained.pop("pictures")
    assert explained == library.fields()
    assert len(pictures) == 2
    assert all(picture.startswith("data:image/jpeg;base64,") for picture in pictures)


def test_a_card_is_that_of_the_library(client, analyst, gallery_path, hopper_bytes):
    from lookalike.gallery.gallery import Gallery
    from lookalike.pipeline import Finder

    form = {"person": "eileen-collins", "size": "wide", "theme": "dark"}
    answer = client.post("/api/v1/card", files={"photo": hopper_bytes}, data=form)
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["cache-control"] == "no-store"
    assert PillowImage.open(io.BytesIO(answer.content)).size == (1200, 630)
    finder = Finder(Gallery.open(gallery_path), analyst)
    card = card_of_match(finder, finder.find(hopper_bytes), (0, 1), "wide", "dark")
    assert answer.content == card.png()
    assert unquote(answer.headers["lookalike-alt"]) == card.alt
    assert "Eileen Collins" in card.alt
    assert unquote(answer.headers["lookalike-credit"]) == card.credit


def test_two_photos_are_explained_by_their_largest_faces(client, hopper_bytes, nobody_bytes):
    files = {"photo": hopper_bytes, "other": nobody_bytes}
    told = client.post("/api/v1/explain", files=files)
    assert (told.status_code, told.json()["error"]["kind"]) == (422, "NoFace")


@pytest.mark.parametrize(
    ("form", "status", "kind"),
    [
        ({"person": "nobody"}, 404, "UnknownName"),
        ({}, 404, "UnknownName"),
        ({"person": "grace-hopper", "face": "1"}, 422, "OptionError"),
        ({"person": "grace-hopper", "face": "-1"}, 422, "OptionError"),
        ({"person": "grace-hopper", "where": "name = 'Eileen Collins'"}, 404, "UnknownName"),
        ({"person": "grace-hopper", "metric": "mahalanobis-person"}, 422, "OptionError"),
    ],
)
def test_what_cannot_be_explained(client, hopper_bytes, form, status, kind):
    answer = client.post("/api/v1/explain", files={"photo": hopper_bytes}, data=form)
    assert (answer.status_code, answer.json()["error"]["kind"]) == (status, kind)


def test_what_cannot_be_a_card(client, hopper_bytes, nobody_bytes):
    form = {"person": "grace-hopper"}
    nobody = client.post("/api/v1/card", files={"photo": nobody_bytes}, data=form)
    assert nobody.json()["error"]["kind"] == "NoFace"
    huge = client.post("/api/v1/card", files={"photo": hopper_bytes}, data={**form, "size": "a0"})
    assert huge.status_code == 422
    two = client.post("/api/v1/card", files=[("photo", hopper_bytes)] * 2, data=form)
    assert two.status_code == 422


def test_a_gallery_without_pictures_explains_nothing_and_draws_a_monogram(serving, hopper_bytes):
    from lookalike.gallery.starter import starter_path

    client = serving(starter_path())
    found = client.post("/api/v1/find", files={"photo": hopper_bytes}, data={"k": "1"}).json()
    form = {"person": found["photos"][0]["faces"][0]["matches"][0]["id"]}
    explained = client.post("/api/v1/explain", files={"photo": hopper_bytes}, data=form)
    assert (explained.status_code, explained.json()["error"]["kind"]) == (404, "UnknownName")
    card = client.post("/api/v1/card", files={"photo": hopper_bytes}, data=form)
    assert PillowImage.open(io.BytesIO(card.content)).size == (1080, 1350)
