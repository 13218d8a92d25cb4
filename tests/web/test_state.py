"""How the service is."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families

from lookalike.gallery.gallery import Gallery
from lookalike.pipeline import Finder
from lookalike.web import Settings, create_app

from .conftest import FIND_TOKEN


def test_what_a_page_needs_to_know(client):
    told = client.get("/api/v1/service").json()
    assert told["gallery"] == "two"
    assert (told["needs_token"], told["can_manage"], told["public"]) == (False, False, False)
    assert {"find", "compare", "detect", "live"} <= set(told["offers"])
    assert "mahalanobis-person" in told["metrics"]
    assert told["ranks"] == ["nearest", "mean", "centroid"]
    assert told["limits"]["max_photos"] == 8


def test_ready_from_the_start_to_the_end_only(analyst, gallery_path):
    app = create_app(Finder(Gallery.open(gallery_path), analyst), Settings(workers=1, guard=False))
    outside = TestClient(app, base_url="http://localhost")
    assert outside.get("/ready").status_code == 503
    assert outside.get("/health").status_code == 200
    with TestClient(app, base_url="http://localhost") as inside:
        assert inside.get("/ready").json() == {"status": "ready"}
    assert outside.get("/ready").status_code == 503
    outside.close()


def test_what_is_counted(serving, hopper_bytes):
    client = serving()
    client.post("/api/v1/find", files={"photo": hopper_bytes})
    client.post("/api/v1/find", files={"photo": b"junk"})
    client.get("/api/v1/galleries/two/people?name=Grace")
    client.get("/grace-hopper")
    answer = client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    found = {
        (sample.name, tuple(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }
    route = "/api/v1/find"
    assert found["lookalike_requests_total", ("POST", route, "200")] == 1
    assert found["lookalike_requests_total", ("POST", route, "422")] == 1
    assert found["lookalike_request_seconds_count", (route,)] == 2
    assert found["lookalike_refusals_total", ("ImageUnreadable",)] == 1
    assert found["lookalike_photos_total", ()] == 1
    assert found["lookalike_faces_total", ()] == 1
    assert found["lookalike_inside", ()] == 0
    people = "/api/v1/galleries/{gallery}/people"
    assert found["lookalike_requests_total", ("GET", people, "200")] == 1
    # Neither names nor the paths that strangers make up.
    assert "grace" not in answer.text.lower()


def test_counts_are_for_holders_of_tokens_where_there_are_tokens(serving):
    client = serving(find_tokens=(FIND_TOKEN,))
    assert client.get("/metrics").status_code == 401
    headers = {"authorization": f"Bearer {FIND_TOKEN}"}
    assert client.get("/metrics", headers=headers).status_code == 200


def test_models(client):
    told = {one["name"]: one for one in client.get("/api/v1/models").json()["models"]}
    assert told["dlib-resnet-v1"]["dimension"] == 128
    assert told["mtcnn"]["weights"] == "installed"
    assert "path" not in told["mtcnn"]


def test_the_description_is_openapi_3_1(client):
    told = client.get("/api/v1/openapi.json").json()
    assert told["openapi"].startswith("3.1")
    form = told["paths"]["/api/v1/find"]["post"]["requestBody"]["content"]["multipart/form-data"]
    assert form["schema"]["required"] == ["photo"]
    assert form["schema"]["properties"]["k"]["default"] == 5


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/openapi.json", "/docs/oauth2-redirect"])
def test_there_are_no_pages_that_load_from_elsewhere(client, path):
    assert client.get(path).status_code == 404
