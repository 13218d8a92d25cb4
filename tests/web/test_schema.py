"""The whole OpenAPI description, tried out by schemathesis against a running service.

For longer: ``SCHEMA_EXAMPLES=1000 pytest tests/web/test_schema.py``.
"""

from __future__ import annotations

import os

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import (
    negative_data_rejection,
    positive_data_acceptance,
)

from lookalike.gallery.gallery import Gallery
from lookalike.gallery.records import Header
from lookalike.gallery.store import GalleryFile
from lookalike.pipeline import Finder
from lookalike.testing import FakeAnalyzer
from lookalike.testing.fakes import FAKE_SPACE
from lookalike.types import Person
from lookalike.web import Settings, create_app
from lookalike.web.changing import build
from lookalike.web.uploads import Provenance, UploadedSource

from .conftest import MANAGE_TOKEN, running

EXAMPLES = int(os.environ.get("SCHEMA_EXAMPLES", "12"))
HEALTH = list(HealthCheck)
BEARING = {"authorization": f"Bearer {MANAGE_TOKEN}"}


@pytest.fixture(scope="module")
def api(tmp_path_factory):
    """Describe a service whose networks are fakes: every photo, of any bytes, shows a face."""
    path = tmp_path_factory.mktemp("api") / "two.gallery"
    file = GalleryFile.create(path, Header(FAKE_SPACE, "fake-32", 1))
    for name in ("Grace Hopper", "Eileen Collins", "Zoë"):
        source = UploadedSource(Person.named(name, born=1906), [name.encode()], Provenance())
        build(file, source, FakeAnalyzer())
    file.close()
    told = Settings(workers=1, guard=False, manage_tokens=(MANAGE_TOKEN,))
    app = create_app(Finder(Gallery.open(path), FakeAnalyzer()), told)
    with running(app, told) as address:
        yield schemathesis.openapi.from_url(
            f"{address}/api/v1/openapi.json", headers={"host": "localhost"}
        )


OPERATIONS = [
    ("POST", "/api/v1/find"),
    ("POST", "/api/v1/detect"),
    ("POST", "/api/v1/together"),
    ("POST", "/api/v1/compare"),
    ("POST", "/api/v1/identify"),
    ("POST", "/api/v1/explain"),
    ("POST", "/api/v1/card"),
    ("GET", "/api/v1/galleries"),
    ("GET", "/api/v1/galleries/{gallery}"),
    ("GET", "/api/v1/galleries/{gallery}/people"),
    ("GET", "/api/v1/galleries/{gallery}/portraits/{number}"),
    ("POST", "/api/v1/galleries/{gallery}/people"),
    ("DELETE", "/api/v1/galleries/{gallery}/people/{who}"),
    ("POST", "/api/v1/galleries/{gallery}/audit"),
    ("GET", "/api/v1/models"),
    ("GET", "/api/v1/service"),
    ("GET", "/health"),
    ("GET", "/ready"),
    ("GET", "/metrics"),
]


def test_every_operation_is_tried(api):
    found = [result.ok() for result in api.get_all_operations()]
    assert {(one.method.upper(), one.path) for one in found} == set(OPERATIONS)


def test_no_form_takes_an_address(api):
    """Photos are sent; nothing that is asked for could be fetched from elsewhere."""
    taken: dict[str, dict] = {}
    for path, item in api.raw_schema["paths"].items():
        for asked in item.values():
            for parameter in asked.get("parameters", ()):
                taken[f"{path}?{parameter['name']}"] = parameter["schema"]
            form = asked.get("requestBody", {}).get("content", {}).get("multipart/form-data", {})
            for name, field in form.get("schema", {}).get("properties", {}).items():
                taken[f"{path} {name}"] = field
    photos = {name for name, field in taken.items() if "binary" in str(field)}
    assert {name.split()[1] for name in photos} <= {"photo", "one", "other"}
    assert len(photos) >= 8
    words = ("url", "uri", "address", "href", "source")
    assert not [name for name in taken if any(word in name.rpartition(" ")[2] for word in words)]
    assert "uri" not in {field.get("format") for field in taken.values()}


@pytest.mark.slow
@pytest.mark.parametrize(("method", "path"), OPERATIONS)
@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_the_service_does_what_its_description_says(api, method, path, mode):
    """No error of ours, and every answer as described: its status, its form, its fields."""

    @settings(
        derandomize=True,
        max_examples=EXAMPLES,
        phases=[Phase.generate],
        suppress_health_check=HEALTH,
    )
    @given(case=api[path][method].as_strategy(generation_mode=mode))
    def check(case: schemathesis.Case) -> None:
        response = case.call(headers={**BEARING, "host": "localhost"}, timeout=20)
        # What is no photo is refused however well it is described, and in a form all is words.
        in_form = (positive_data_acceptance, negative_data_rejection) if method == "POST" else ()
        case.validate_response(response, excluded_checks=in_form)
        assert response.status_code < 500

    try:
        check()
    except Unsatisfiable:
        assert mode is GenerationMode.NEGATIVE, "there is nothing that could be asked wrongly"
