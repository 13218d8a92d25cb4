"""``find``, ``detect`` and ``compare``: what they answer, and what they refuse."""

from __future__ import annotations

import base64
import io

import numpy as np
import pytest
from PIL import Image as PillowImage


def test_find_names_the_person(client, hopper_bytes):
    answer = client.post("/api/v1/find", files={"photo": hopper_bytes}, data={"k": "2"})
    assert answer.status_code == 200
    (photo,) = answer.json()["photos"]
    (face,) = photo["faces"]
    assert (photo["width"], photo["height"]) == (512, 600)
    assert [match["id"] for match in face["matches"]] == ["grace-hopper", "eileen-collins"]
    assert [match["rank"] for match in face["matches"]] == [1, 2]
    assert face["matches"][0]["distance"] == 0
    assert answer.json()["among"] == 2
    assert face["portrait"] is None


def test_nothing_tells_where_the_owner_keeps_photos(client, hopper_bytes, gallery_path):
    answer = client.post("/api/v1/find", files={"photo": ("C:/me/secret.jpg", hopper_bytes)})
    assert "secret" not in answer.text
    assert str(gallery_path.parent) not in answer.text


def test_every_face_is_answered(client, both_bytes):
    answer = client.post("/api/v1/find", files={"photo": both_bytes}, data={"k": "1"})
    faces = answer.json()["photos"][0]["faces"]
    names = {face["matches"][0]["id"]: face["box"][0] for face in faces}
    assert names.keys() == {"grace-hopper", "eileen-collins"}
    assert names["grace-hopper"] < 512 < names["eileen-collins"]


def test_several_photos_have_answers_of_their_own(client, hopper_bytes, nobody_bytes):
    files = [("photo", hopper_bytes), ("photo", b"no picture"), ("photo", nobody_bytes)]
    one, two, three = client.post("/api/v1/find", files=files).json()["photos"]
    assert one["error"] is None
    assert len(one["faces"]) == 1
    assert two["error"]["kind"] == "ImageUnreadable"
    assert two["faces"] == []
    assert three == {"width": 200, "height": 200, "faces": [], "error": None}


def test_portraits_are_cut_as_those_of_the_gallery(client, hopper_bytes):
    form = {"portraits": "on", "k": "1"}
    answer = client.post("/api/v1/find", files={"photo": hopper_bytes}, data=form).json()
    face = answer["photos"][0]["faces"][0]
    kind, _, data = face["portrait"].partition(",")
    assert kind == "data:image/jpeg;base64"
    theirs = client.get(face["matches"][0]["photos"][0]["portrait"])
    assert theirs.headers["content-type"] == "image/jpeg"
    one, other = (
        np.asarray(PillowImage.open(io.BytesIO(jpeg)).convert("L"), float)
        for jpeg in (base64.b64decode(data), theirs.content)
    )
    assert one.shape == other.shape == (216, 216)
    assert np.corrcoef(one.ravel(), other.ravel())[0, 1] > 0.99


def test_a_large_photo_is_answered_in_its_own_pixels(client, hopper_bytes):
    large = PillowImage.open(io.BytesIO(hopper_bytes)).resize((3584, 4200))
    stream = io.BytesIO()
    large.save(stream, "JPEG", quality=80)
    files = [("photo", hopper_bytes), ("photo", stream.getvalue())]
    small, large = client.post("/api/v1/detect", files=files).json()["photos"]
    assert large["width"] == 3584
    assert large["height"] == 4200
    scaled = np.array(small["faces"][0]["box"]) * 7
    assert np.abs(np.array(large["faces"][0]["box"]) - scaled).max() < 100


def test_compare_decides(client, hopper_bytes, collins_bytes):
    same = client.post("/api/v1/compare", files={"one": hopper_bytes, "other": hopper_bytes})
    assert same.json()["same_person"] is True
    assert same.json()["distance"] == 0
    two = client.post("/api/v1/compare", files={"one": hopper_bytes, "other": collins_bytes})
    assert two.json()["same_person"] is False
    assert two.json()["false_match_rate"] == 0.001


def test_compare_can_be_judged_by_a_gallery_if_it_is_large_enough(client, hopper_bytes):
    files = {"one": hopper_bytes, "other": hopper_bytes}
    told = client.post("/api/v1/compare", files=files, data={"gallery": "two"})
    assert (told.status_code, told.json()["error"]["kind"]) == (422, "OptionError")


def test_filters_and_guesses_are_passed_on(client, hopper_bytes):
    form = {"where": "name = 'Eileen Collins'"}
    answer = client.post("/api/v1/find", files={"photo": hopper_bytes}, data=form).json()
    matches = answer["photos"][0]["faces"][0]["matches"]
    assert [match["id"] for match in matches] == ["eileen-collins"]
    assert answer["among"] == 1


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"k": "0"}, "k: input should be greater than or equal to 1"),
        ({"k": "51"}, "k must be at most 50 here"),
        ({"k": "many"}, "k: input should be a valid integer"),
        ({"rank": "best"}, "rank"),
        ({"where": "born >"}, "where"),
        ({"colour": "red"}, "colour"),
        ({"sure": "0.2"}, "sure"),
    ],
)
def test_wrong_fields_are_named(client, hopper_bytes, form, words):
    answer = client.post("/api/v1/find", files={"photo": hopper_bytes}, data=form)
    assert answer.status_code == 422
    assert answer.json()["error"]["kind"] == "OptionError"
    if form.keys() != {"where"}:
        assert words in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    ("form", "status", "kind"),
    [
        ({"metric": "manhattan"}, 404, "UnknownName"),
        ({"gallery": "nobody"}, 404, "GalleryMissing"),
        ({"gallery": "../two"}, 404, "GalleryMissing"),
        ({"like_me": "shoe size"}, 422, "OptionError"),
    ],
)
def test_unknown_names_are_said(client, hopper_bytes, form, status, kind):
    answer = client.post("/api/v1/find", files={"photo": hopper_bytes}, data=form)
    assert answer.status_code == status
    assert answer.json()["error"]["kind"] == kind


def test_a_photo_without_a_face_is_no_error_unless_one_is_needed(
    client, hopper_bytes, nobody_bytes
):
    found = client.post("/api/v1/find", files={"photo": nobody_bytes})
    assert found.json()["photos"][0]["faces"] == []
    compared = client.post("/api/v1/compare", files={"one": hopper_bytes, "other": nobody_bytes})
    assert compared.status_code == 422
    assert compared.json()["error"]["kind"] == "NoFace"


@pytest.mark.parametrize("data", [b"", b"no picture", b"\xff\xd8\xff\xe0" + b"\0" * 500, b"GIF89a"])
def test_what_is_no_photo_is_refused(client, data):
    answer = client.post("/api/v1/find", files={"photo": ("me.jpg", data)})
    assert answer.status_code == 422
    assert answer.json()["error"]["kind"] == "ImageUnreadable"
    assert answer.json()["error"]["hint"]


def test_photos_belong_into_their_fields(client, hopper_bytes):
    for files in ({"picture": hopper_bytes}, {}, {"one": hopper_bytes}):
        answer = client.post("/api/v1/find", files={**files, "x": (None, "1")})
        assert answer.status_code == 422, files
    three = [("one", hopper_bytes), ("other", hopper_bytes), ("other", hopper_bytes)]
    assert client.post("/api/v1/compare", files=three).status_code == 422


def test_only_so_many_faces_are_answered(serving, both_bytes):
    answer = serving(max_faces=1).post("/api/v1/detect", files={"photo": both_bytes})
    assert len(answer.json()["photos"][0]["faces"]) == 1


def test_pixels_have_a_limit_that_is_asked_before_decoding(serving, hopper_bytes):
    answer = serving(max_pixels=100_000).post("/api/v1/find", files={"photo": hopper_bytes})
    assert answer.status_code == 413
    assert answer.json()["error"]["kind"] == "ImageTooLarge"
