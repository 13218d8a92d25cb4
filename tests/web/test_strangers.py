"""Forged hosts, foreign pages, and what browsers are told."""

from __future__ import annotations

import pytest
from starlette.websockets import WebSocketDisconnect

from lookalike.web import Settings
from lookalike.web.headers import content_policy


@pytest.mark.parametrize(
    ("host", "ours"),
    [
        ("localhost", True),
        ("localhost:8000", True),
        ("LOCALHOST:1", True),
        ("127.0.0.1:8000", True),
        ("[::1]:8000", True),
        ("evil.example", False),
        ("evil.example:8000", False),
        ("localhost.evil.example", False),
        ("evil.example#localhost", False),
        ("localhost@evil.example", False),
        ("evil.example/localhost", False),
        ("127.0.0.1.nip.example", False),
        ("192.0.2.7:8000", False),
        ("0x7f000001", False),
        ("localhost:port", False),
        ("[::1", False),
        ("", False),
    ],
)
@pytest.mark.parametrize("path", ["/", "/health", "/api/v1/models"])
def test_forged_hosts_are_refused(client, host, ours, path):
    answer = client.get(path, headers={"host": host})
    assert (answer.status_code == 200) is ours
    if not ours:
        assert answer.status_code == 403
        assert answer.json()["error"]["kind"] == "StrangerRefused"


def test_two_hosts_are_none(client):
    answer = client.get("/health", headers=[("host", "localhost"), ("host", "evil.example")])
    assert answer.status_code == 403


def test_a_service_of_a_network_goes_by_its_addresses_and_names(serving):
    client = serving(host="192.0.2.9", public=True, hosts=("faces.example", "*.party.example"))
    hosts = {
        "192.0.2.7:8000": 200, "faces.example": 200, "Faces.Example": 200, "a.party.example": 200,
        "party.example": 403, "evil.example": 403, "evilparty.example": 403,
    }  # fmt: skip
    for host, status in hosts.items():
        assert client.get("/health", headers={"host": host}).status_code == status, host


@pytest.mark.parametrize(
    ("headers", "ours"),
    [
        ({}, True),
        ({"origin": "http://localhost:8000"}, True),
        ({"origin": "http://LOCALHOST:8000"}, True),
        ({"origin": "http://localhost:9000"}, False),
        ({"origin": "http://evil.example"}, False),
        ({"origin": "http://evil.example:8000"}, False),
        ({"origin": "null"}, False),
        ({"origin": ""}, False),
        ({"origin": "http://localhost:8000.evil.example"}, False),
        ({"sec-fetch-site": "cross-site"}, False),
        ({"sec-fetch-site": "same-site"}, False),
        ({"sec-fetch-site": "same-origin"}, True),
    ],
)
def test_other_pages_cannot_ask(client, hopper_bytes, headers, ours):
    answer = client.post("/api/v1/detect", files={"photo": hopper_bytes}, headers=headers)
    assert answer.status_code == (200 if ours else 403)
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize(
    "headers",
    [{"origin": "http://evil.example"}, {"host": "evil.example"}, {"origin": "null"}],
)
def test_other_pages_cannot_open_the_socket(client, headers):
    with (
        pytest.raises(WebSocketDisconnect) as caught,
        client.websocket_connect("ws://localhost:8000/api/v1/live", headers=headers),
    ):
        pass
    assert caught.value.code == 1008


def test_other_pages_are_let_in_by_name_only(serving, hopper_bytes):
    client = serving(origins=("https://friend.example",))
    for origin, allowed in (("https://friend.example", True), ("https://evil.example", False)):
        answer = client.post(
            "/api/v1/detect", files={"photo": hopper_bytes}, headers={"origin": origin}
        )
        assert (answer.status_code == 200) is allowed
        assert (answer.headers.get("access-control-allow-origin") == origin) is allowed
        asked = {"origin": origin, "access-control-request-method": "POST"}
        told = client.options("/api/v1/detect", headers=asked)
        assert (told.headers.get("access-control-allow-origin") == origin) is allowed


@pytest.mark.parametrize("path", ["/", "/live", "/nothing", "/health", "/api/v1/models"])
def test_browsers_are_told_what_not_to_do(client, path):
    headers = client.get(path).headers
    policy = headers["content-security-policy"]
    assert policy == content_policy(Settings())
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert "frame-ancestors 'none'" in policy
    assert "require-trusted-types-for 'script'" in policy
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["x-frame-options"] == "DENY"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "camera=(self)" in headers["permissions-policy"]
    assert "set-cookie" not in headers
    assert "server" not in headers
    assert headers["cache-control"] == ("no-cache" if path in ("/", "/live") else "no-store")


def test_refusals_carry_the_headers_too(client):
    headers = client.get("/", headers={"host": "evil.example"}).headers
    assert "default-src 'none'" in headers["content-security-policy"]


def test_a_page_may_be_framed_by_name(serving):
    headers = serving(frame_ancestors=("https://spaces.example",)).get("/").headers
    assert "frame-ancestors https://spaces.example;" in headers["content-security-policy"]
    assert "x-frame-options" not in headers
