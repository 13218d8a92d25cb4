"""The page's files, and nothing beside them."""

from __future__ import annotations

import http.client
from pathlib import Path
from urllib.parse import urlsplit

import pytest

import lookalike.web

PAGE = Path(lookalike.web.__file__).parent / "page"


def test_addresses_that_people_see(client):
    assert client.get("/").text == (PAGE / "index.html").read_text("utf-8")
    assert client.get("/live").text == (PAGE / "live.html").read_text("utf-8")
    assert client.head("/").status_code == 200
    assert client.post("/").status_code == 405


def test_a_file_that_has_not_changed_is_not_sent_again(client):
    first = client.get("/index.html")
    again = client.get("/index.html", headers={"if-none-match": first.headers["etag"]})
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")


@pytest.mark.parametrize(
    "path",
    [
        "/../app.py",
        "/../../errors.py",
        "/%2e%2e/app.py",
        "/..%2fapp.py",
        "/..%5capp.py",
        "/....//app.py",
        "/%2e%2e%2f%2e%2e%2ferrors.py",
        "/page/../../app.py",
        "//etc/passwd",
        "/%2fetc%2fpasswd",
        "/index.html/../../app.py",
        "/\x00",
        "/%00index.html",
        "/index.html%00.js",
        "/.",
        "/..",
        "/" + "../" * 40 + "etc/passwd",
        "/" + "a" * 5000,
        "/api/v1/galleries/..%2f..%2fetc%2fpasswd",
        "/api/v1/galleries/%2e%2e",
        "/api/v1/galleries/two%00",
        "/api/v1/galleries/two/portraits/..%2f1",
        "/api/v1/galleries/two/portraits/-1",
    ],
)
def test_no_path_leads_out(service_address, path):
    # Clients tidy paths up before they send them; an attacker does not.
    connection = http.client.HTTPConnection(urlsplit(service_address).netloc)
    connection._validate_path = lambda _: None
    connection.putrequest("GET", "/", skip_accept_encoding=True)
    connection._buffer[0] = b"GET " + path.encode("latin-1") + b" HTTP/1.1"
    connection.endheaders()
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    assert answer.status in (400, 404, 405, 422)
    assert b"root:" not in body
    assert b"import" not in body


def test_a_link_out_of_the_page_leads_nowhere(tmp_path):
    from fastapi import FastAPI
    from fastapi.testclient import TestClient

    from lookalike.web.routes.page import _Files

    (tmp_path / "page").mkdir()
    (tmp_path / "page" / "here.js").write_text("1")
    (tmp_path / "secret").write_text("secret")
    (tmp_path / "page" / "link").symlink_to(tmp_path / "secret")
    app = FastAPI()
    app.mount("/", _Files(directory=tmp_path / "page"))
    with TestClient(app) as client:
        assert client.get("/here.js").headers["content-type"].startswith("text/javascript")
        assert client.get("/link").status_code == 404
