"""The same numbers from the library, the command line, the service and its client."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from typing import get_type_hints

import pytest
from typer.testing import CliRunner

from lookalike import FindOptions
from lookalike.cli.app import app
from lookalike.client import Client, answers, gallery_answers
from lookalike.client.fields import (
    CardFields,
    CompareFields,
    FindFields,
    IdentifyFields,
    Provenance,
)
from lookalike.comparing import Comparer
from lookalike.errors import NoFace, UnknownName
from lookalike.gallery.gallery import Gallery
from lookalike.pipeline import Finder
from lookalike.web.asked import AddAsked, CardAsked, CompareAsked, FindAsked, IdentifyAsked


@pytest.fixture(scope="module")
def photo(tmp_path_factory, both_bytes):
    path = tmp_path_factory.mktemp("photo") / "both.jpg"
    path.write_bytes(both_bytes)
    return path


def numbers(faces: list[dict]) -> list[tuple]:
    return [
        (
            face["box"],
            face["landmarks"],
            face["score"],
            face["stands_out"],
            [
                (match["rank"], match["id"], match["distance"], match["rarity"])
                for match in face["matches"]
            ],
        )
        for face in faces
    ]


@pytest.mark.parametrize("metric", ["euclidean", "cosine"])
def test_find(client, service_address, analyst, gallery_path, photo, metric):
    options = FindOptions(k=2, metric=metric)
    found = Finder(Gallery.open(gallery_path), analyst).find(photo, options)
    library = [
        (
            [round(float(side), 1) for side in face.box],
            [[round(float(c), 1) for c in point] for point in face.landmarks],
            round(face.score, 4),
            found.stands_out(number),
            [(m.rank, m.person.id, round(m.distance, 6), m.rarity) for m in found.matches[number]],
        )
        for number, face in enumerate(found.analysis.faces)
    ]
    assert len(library) == 2
    command = ["find", str(photo), "-g", str(gallery_path), "-k", "2", "-m", metric, "--json"]
    told = json.loads(CliRunner().invoke(app, command).stdout)
    by_command = numbers(told["photos"][0]["faces"])
    form = {"k": "2", "metric": metric}
    answer = client.post("/api/v1/find", files={"photo": photo.read_bytes()}, data=form).json()
    by_service = numbers(answer["photos"][0]["faces"])
    with Client(service_address) as asking:
        (by_client,) = asking.find(photo, k=2, metric=metric).photos
    assert by_command == by_service == library
    assert [
        [(match.rank, match.id, match.distance, match.rarity) for match in face.matches]
        for face in by_client.faces
    ] == [matches for *_, matches in library]
    for key in ("encoder", "space", "views", "metric", "rank"):
        assert answer[key] == told[key]


def test_compare(client, service_address, analyst, tmp_path, hopper_bytes, collins_bytes):
    paths = [tmp_path / "one.jpg", tmp_path / "other.png"]
    for path, data in zip(paths, (hopper_bytes, collins_bytes), strict=True):
        path.write_bytes(data)
    library = Comparer(analyst).compare(*paths)
    command = ["compare", *map(str, paths), "--json"]
    by_command = json.loads(CliRunner().invoke(app, command).stdout)
    files = {"one": hopper_bytes, "other": collins_bytes}
    by_service = client.post("/api/v1/compare", files=files).json()
    with Client(service_address) as asking:
        by_client = asking.compare(*paths)
    assert by_command.pop("explanation") is None
    assert by_command == by_service
    assert by_service["distance"] == by_client.distance == round(library.distance, 6)
    assert by_service["probability"] == by_client.probability == library.probability
    assert by_service["threshold"] == by_client.threshold == library.threshold
    assert by_service["same_person"] is by_client.same_person is library.same_person is False


def test_together(client, service_address, gallery_path, tmp_path, hopper_bytes, both_bytes):
    paths = [tmp_path / name for name in ("one.jpg", "two.jpg", "three.jpg")]
    for path, data in zip(paths, (hopper_bytes, both_bytes, b"no photo"), strict=True):
        path.write_bytes(data)
    command = ["find", "--together", *map(str, paths), "-g", str(gallery_path), "-k", "2", "--json"]
    by_command = json.loads(CliRunner().invoke(app, command).stdout)["together"]
    files = [("photo", path.read_bytes()) for path in paths]
    by_service = client.post("/api/v1/together", files=files, data={"k": "2"}).json()
    assert [photo["outcome"] for photo in by_service["photos"]] == ["used", "used", "unreadable"]
    assert by_service["matches"][0]["id"] == "grace-hopper"
    for key in ("used", "agree", "stability", "stands_out", "guess"):
        assert by_service[key] == by_command[key], key
    for mine, theirs in zip(by_service["matches"], by_command["matches"], strict=True):
        for key in ("rank", "id", "distance", "rarity", "stability"):
            assert mine[key] == theirs[key], key
    with Client(service_address) as asking:
        by_client = asking.together(*paths, k=2)
    assert [match.distance for match in by_client.matches] == [
        match["distance"] for match in by_service["matches"]
    ]


@pytest.mark.parametrize("head", ["centroid", "knn"])
def test_identify(client, service_address, gallery_path, photo, head):
    command = ["identify", str(photo), "-g", str(gallery_path), "--head", head, "--json"]
    by_command = json.loads(CliRunner().invoke(app, command).stdout)
    told = by_command.pop("photos")[0]["faces"]
    answer = client.post(
        "/api/v1/identify", files={"photo": photo.read_bytes()}, data={"head": head}
    ).json()
    faces = answer.pop("photos")[0]["faces"]
    by_service = [
        (face["box"], (face["person"] or {}).get("id"), face["head_score"], face["probability"])
        for face in faces
    ]
    assert by_service == [
        (face["box"], face["id"], face["score"], face["probability"]) for face in told
    ]
    assert {who for _, who, *_ in by_service} == {"grace-hopper", "eileen-collins"}
    assert by_command.pop("kept") is False
    assert answer.pop("gallery") == "two"
    assert by_command.pop("gallery") == "Two people"
    assert answer == by_command
    with Client(service_address) as asking:
        (by_client,) = asking.identify(photo, head=head).photos
    assert [face.person and face.person.id for face in by_client.faces] == [
        who for _, who, *_ in by_service
    ]


def test_the_client_raises_what_the_library_raises(service_address, hopper_bytes, nobody_bytes):
    with Client(service_address) as asking:
        with pytest.raises(NoFace):
            asking.compare(hopper_bytes, nobody_bytes)
        with pytest.raises(UnknownName):
            asking.find(hopper_bytes, metric="manhattan")


def test_what_else_a_client_can_ask(service_address, hopper_bytes):
    with Client(service_address) as asking:
        (gallery,) = asking.galleries()
        assert gallery.people == 2
        people = asking.people(gallery.name, name="grace")
        assert [one.id for one in people.people] == ["grace-hopper"]
        assert asking.picture(people.people[0].portrait)[:2] == b"\xff\xd8"
        assert asking.card(hopper_bytes, "grace-hopper", k=1, theme="dark")[1:4] == b"PNG"
        (photo,) = asking.detect(hopper_bytes, portraits=True).photos
        assert photo.faces[0].portrait.startswith("data:image/jpeg")


def kinds() -> list[type]:
    return [
        kind
        for module in (answers, gallery_answers)
        for kind in vars(module).values()
        if isinstance(kind, type) and is_dataclass(kind)
    ]


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.__name__)
def test_the_client_knows_the_fields_of_the_service(client, kind):
    described = client.get("/api/v1/openapi.json").json()["components"]["schemas"]
    assert {field.name for field in fields(kind)} == described[kind.__name__]["properties"].keys()


def test_the_client_asks_with_the_fields_of_the_service():
    assert get_type_hints(FindFields).keys() == FindAsked.model_fields.keys()
    assert get_type_hints(CompareFields).keys() == CompareAsked.model_fields.keys()
    assert get_type_hints(IdentifyFields).keys() == IdentifyAsked.model_fields.keys()
    assert {*get_type_hints(CardFields), "person"} == CardAsked.model_fields.keys()
    assert {*get_type_hints(Provenance), "person"} == AddAsked.model_fields.keys()
