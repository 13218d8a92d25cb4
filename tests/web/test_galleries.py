"""What galleries are, who is in them, and changing them."""

from __future__ import annotations

import io

import pytest
from PIL import Image as PillowImage

from .conftest import FIND_TOKEN, MANAGE_TOKEN

MANAGING = {"authorization": f"Bearer {MANAGE_TOKEN}"}
FINDING = {"authorization": f"Bearer {FIND_TOKEN}"}


@pytest.fixture
def managed(serving, own_gallery):
    return serving(own_gallery, manage_tokens=(MANAGE_TOKEN,), find_tokens=(FIND_TOKEN,))


def test_the_list(client):
    (one,) = client.get("/api/v1/galleries").json()["galleries"]
    space = one.pop("space")
    assert len(space) == 64
    assert one == {
        "name": "two", "default": True, "title": "Two people", "people": 2, "photos": 2,
        "encoder": "dlib-resnet-v1", "views": 2,
    }  # fmt: skip


def test_what_a_gallery_is_made_of(serving, own_gallery):
    from lookalike.gallery import care
    from lookalike.gallery.store import GalleryFile

    file = GalleryFile(own_gallery, writable=True)
    facts = {"gender": "female", "born": "1906-12-09", "height": 168, "alive": False, "x": None}
    care.annotate(file, {"grace-hopper": {**facts, "occupations": ["admiral", "engineer"]}})
    file.close()
    told = serving(own_gallery).get("/api/v1/galleries/two").json()
    assert told["pictures"] == 2
    assert told["summary"]["counts"]["people"] == 2
    known = {one.pop("name"): one for one in told["attributes"]}
    empty = {"values": {}, "low": None, "high": None, "people": 1}
    assert known == {
        "alive": {**empty, "kind": "yes-no", "values": {"false": 1}},
        "born": {**empty, "kind": "date", "low": 1906, "high": 1906},
        "gender": {**empty, "kind": "words", "values": {"female": 1}},
        "height": {**empty, "kind": "number", "low": 168, "high": 168},
        "occupations": {**empty, "kind": "words", "values": {"admiral": 1, "engineer": 1}},
    }


def test_who_is_in_it(client):
    told = client.get("/api/v1/galleries/two/people").json()
    assert [one["name"] for one in told["people"]] == ["Eileen Collins", "Grace Hopper"]
    assert told["people"][0]["portrait"].startswith("/api/v1/galleries/two/portraits/")
    found = client.get("/api/v1/galleries/two/people?name=HOPP").json()
    assert [one["id"] for one in found["people"]] == ["grace-hopper"]
    second = client.get("/api/v1/galleries/two/people?offset=1&limit=1").json()
    assert (second["total"], second["offset"]) == (2, 1)
    assert [one["id"] for one in second["people"]] == ["grace-hopper"]
    for wrong in ("limit=0", "limit=501", "offset=-1", "limit=x"):
        assert client.get(f"/api/v1/galleries/two/people?{wrong}").status_code == 422


def test_portraits(client):
    (one, _) = client.get("/api/v1/galleries/two/people").json()["people"]
    answer = client.get(one["portrait"] + "?size=64")
    assert PillowImage.open(io.BytesIO(answer.content)).size == (64, 64)
    assert answer.headers["cache-control"] == "private, max-age=300"
    # The service says where the eyes are, and its own detector finds them there.
    said = [float(word) for word in answer.headers["lookalike-eyes"].split()]
    large = client.get(one["portrait"] + "?size=432").content
    (seen,) = client.post("/api/v1/detect", files={"photo": large}).json()["photos"]
    found = [at / 432 for point in seen["faces"][0]["landmarks"][:2] for at in point]
    assert found == pytest.approx(said, abs=0.03)
    for wrong, status in (("?size=5000", 422), ("000", 404)):
        assert client.get(one["portrait"] + wrong).status_code == status


def test_the_portrait_of_whoever_opts_out_is_gone(serving, own_gallery):
    from lookalike.gallery.opt_out import own_list

    client = serving(own_gallery)
    (one, _) = client.get("/api/v1/galleries/two/people").json()["people"]
    assert client.get(one["portrait"]).status_code == 200
    own_list().parent.mkdir(parents=True, exist_ok=True)
    own_list().write_text("Eileen Collins\n", "utf-8")
    assert client.get(one["portrait"]).status_code == 404


def test_adding_and_removing_somebody(managed, both_bytes, hopper_bytes, collins_bytes):
    mirrored = PillowImage.open(io.BytesIO(collins_bytes)).transpose(
        PillowImage.Transpose.FLIP_LEFT_RIGHT
    )
    stream = io.BytesIO()
    mirrored.save(stream, "PNG")
    files = [("photo", stream.getvalue()), ("photo", hopper_bytes), ("photo", b"junk")]
    form = {"person": "A. Mirror", "licence": "CC0", "credit": "NASA", "page": "https://a.example"}
    path = "/api/v1/galleries/two/people"
    added = managed.post(path, files=files, data=form, headers=MANAGING)
    assert added.status_code == 200, added.text
    assert added.json() == {
        "id": "a-mirror", "name": "A. Mirror", "added": 1, "known_before": 0,
        "turned_down": {"duplicate": 1, "unreadable": 1},
    }  # fmt: skip
    found = managed.post(
        "/api/v1/find", files={"photo": stream.getvalue()}, data={"k": "1"}, headers=FINDING
    )
    (match,) = found.json()["photos"][0]["faces"][0]["matches"]
    assert match["id"] == "a-mirror"
    assert match["photos"][0]["licence"] == "CC0"
    assert match["photos"][0]["page"] == "https://a.example"
    removed = managed.delete(f"{path}/a-mirror", headers=MANAGING)
    assert removed.json() == {"faces_deleted": 1, "forever": False}
    people = managed.get(path, headers=FINDING).json()["people"]
    assert [one["id"] for one in people] == ["eileen-collins", "grace-hopper"]
    assert managed.delete(f"{path}/a-mirror", headers=MANAGING).status_code == 404


def test_turning_somebody_away_forever(managed, hopper_bytes):
    path = "/api/v1/galleries/two/people"
    gone = managed.delete(f"{path}/Grace%20Hopper?forever=true", headers=MANAGING)
    assert gone.json() == {"faces_deleted": 1, "forever": True}
    form = {"person": "Grace Hopper"}
    again = managed.post(path, files={"photo": hopper_bytes}, data=form, headers=MANAGING)
    assert again.json()["turned_down"] == {"opted out": 1}


def test_an_audit_names_no_file(managed):
    answer = managed.post("/api/v1/galleries/two/audit?min_confidence=0", headers=MANAGING)
    assert answer.status_code == 200
    assert answer.json()["faces"] == 2
    assert "secret-file-name" not in answer.text


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/api/v1/galleries/two/people"),
        ("DELETE", "/api/v1/galleries/two/people/grace-hopper"),
        ("POST", "/api/v1/galleries/two/audit"),
    ],
)
def test_scopes_cannot_be_escalated(managed, serving, own_gallery, method, path):
    for headers, status in (
        ({}, 401),
        (FINDING, 403),
        ({"authorization": f"Bearer {MANAGE_TOKEN}x"}, 401),
        ({"authorization": f"Basic {MANAGE_TOKEN}"}, 401),
        ({**FINDING, "x-scope": "manage"}, 403),
        ({"cookie": f"token={MANAGE_TOKEN}"}, 401),
    ):
        answer = managed.request(method, f"{path}?token={MANAGE_TOKEN}", headers=headers)
        assert answer.status_code == status, headers
    public = serving(own_gallery, public=True, manage_tokens=(MANAGE_TOKEN,))
    assert public.request(method, path, headers=MANAGING).status_code == 403
    home = serving(own_gallery)
    assert home.request(method, path).status_code == 403
    counted = managed.get("/api/v1/galleries", headers=FINDING).json()
    assert counted["galleries"][0]["people"] == 2


def test_nothing_is_answered_without_a_token(managed):
    paths = managed.get("/api/v1/openapi.json").json()["paths"]
    opened = {"/api/v1/service", "/health", "/ready"}
    for path, methods in paths.items():
        for method in methods:
            address = path.format(gallery="two", number="1", who="grace-hopper")
            status = managed.request(method, address).status_code
            assert status == (200 if path in opened else 401), (method, path)


def test_the_starter_gallery_stays_as_it_is(analyst, serving):
    from lookalike.gallery.starter import starter_path

    client = serving(starter_path(), manage_tokens=(MANAGE_TOKEN,))
    answer = client.delete("/api/v1/galleries/starter/people/grace-brinell", headers=MANAGING)
    assert answer.status_code == 422
    assert "copy" in answer.json()["error"]["hint"]
