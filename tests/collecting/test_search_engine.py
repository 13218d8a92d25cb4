"""The search engine behind ``--from web``: read by a library, asked under our own name."""

from __future__ import annotations

import pytest

from lookalike.collecting import by_keyword, collect, open_search
from lookalike.errors import ServiceRefused

from .services import Reply, json_reply

pytest.importorskip("ddgs", reason="no ddgs: pip install 'lookalike[collect]'")

DUCK_PAGE = b'<html><script>nrje("/d.js?q=Jihyo&vqd=4-123&");vqd="4-123";</script></html>'
DUCK_HIT = {
    "title": "Jihyo",
    "image": "https://photos.example/duck%20one.jpg?a=b&c=d",
    "url": "https://photos.example/page",
    "height": 72,
    "width": 96,
    "source": "Bing",
}


def test_photos_of_a_search_engine(services, web, tmp_path):
    for number in range(40):
        services.on_openverse(f"Jihyo {number}")
    search = open_search("web", web)
    summary = collect(tmp_path, by_keyword(["Jihyo"], 38, search, "web"), web)
    assert summary.photos == 38
    asked = [one for one in services.asked if one.host == "www.bing.com"]
    assert [one.fields["first"] for one in asked] == ["1", "36"]
    assert {one.headers["User-Agent"].partition("/")[0] for one in services.asked} == {"lookalike"}
    text = (tmp_path / "manifest.csv").read_text("utf-8")
    assert "web (bing)" in text
    assert "https://photos.example/of/Jihyo" in text


def test_another_engine_where_the_first_refuses(services, web):
    services.first["https://www.bing.com/"] = [Reply(status=403) for _ in range(9)]
    services.first["https://duckduckgo.com/i.js"] = [
        json_reply({"results": [DUCK_HIT]}),
        json_reply({"results": []}),
    ]
    services.first["https://duckduckgo.com"] = [
        Reply(DUCK_PAGE, kind="text/html") for _ in range(2)
    ]
    (offer,) = open_search("web", web).find("Jihyo")
    assert (offer.address, offer.width, offer.service) == (
        "https://photos.example/duck%20one.jpg?a=b&c=d",
        96,
        "web (duckduckgo)",
    )


def test_when_all_refuse_it_is_said(services, web):
    for host in ("www.bing.com", "duckduckgo.com"):
        services.first[f"https://{host}"] = [Reply(status=403) for _ in range(9)]
    with pytest.raises(ServiceRefused, match=r"bing: .*403.*; duckduckgo: .*403") as caught:
        list(open_search("web", web).find("Jihyo"))
    assert "--from openverse" in caught.value.hint


def test_a_page_without_results(services, web):
    services.first["https://duckduckgo.com"] = [Reply(b"<html>nothing</html>", kind="text/html")]
    with pytest.raises(ServiceRefused, match="vqd"):
        list(open_search("web", web).find("Jihyo"))
