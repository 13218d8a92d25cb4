"""The services that photos come from, on this machine.

A proxy takes requests for the real addresses, under TLS with certificates of an authority made
for the occasion, and answers in the services' own formats. So what is tested asks exactly what it
would ask the web, through the proxy and the certificates of its environment, and nothing else.
"""

from __future__ import annotations

import hashlib
import html
import io
import json
import re
import socket
import ssl
import threading
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, quote, unquote, urlsplit

import numpy as np
import trustme
from PIL import Image as Picture

from .knowledge import Knowledge

HOSTS = (
    "api.openverse.org",
    "commons.wikimedia.org",
    "duckduckgo.com",
    "query.wikidata.org",
    "upload.wikimedia.org",
    "www.bing.com",
    "www.wikidata.org",
    "photos.example",
    "mirror.example",
)


@dataclass
class Reply:
    body: bytes = b""
    status: int = 200
    kind: str = "image/jpeg"
    headers: dict[str, str] = field(default_factory=dict)
    cut_after: int | None = None
    pause_s: float = 0.0
    length: bool = True


@dataclass
class Asked:
    method: str
    address: str
    fields: dict[str, str]
    headers: dict[str, str]

    @property
    def host(self) -> str:
        return urlsplit(self.address).netloc


def json_reply(data: object, **more) -> Reply:
    return Reply(json.dumps(data).encode(), kind="application/json; charset=utf-8", **more)


def photo(seed: int | str, size: tuple[int, int] = (96, 72), kind: str = "JPEG") -> bytes:
    """Make a photo that differs from those of other seeds."""
    number = int(hashlib.sha256(str(seed).encode()).hexdigest()[:8], 16)
    pixels = np.random.default_rng(number).integers(0, 255, (9, 12, 3), np.uint8)
    into = io.BytesIO()
    Picture.fromarray(pixels).resize(size).save(into, kind)
    return into.getvalue()


class Services:
    def __init__(self, folder: Path) -> None:
        self.asked: list[Asked] = []
        self.files: dict[str, Reply] = {}
        self.first: dict[str, list[Reply]] = defaultdict(list)  # before anything else, by prefix
        self.openverse: list[dict] = []
        self.commons: dict[str, dict] = {}
        self.categories: dict[str, list[str]] = {}
        self.entities: dict[str, list[dict]] = {}
        self.knowledge = Knowledge()
        self.pages_at_once = 50
        self.busy: dict[str, int] = defaultdict(int)
        self.busiest: dict[str, int] = defaultdict(int)
        self.closing = threading.Event()
        self._lock = threading.Lock()
        authority = trustme.CA()
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(*HOSTS).configure_cert(self._tls)
        self._trusted = folder / "authority.pem"
        authority.cert_pem.write_to_path(str(self._trusted))
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self._server.handle_error = lambda *_: None  # clients that go away are the point
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    @property
    def environment(self) -> dict[str, str]:
        proxy = f"http://127.0.0.1:{self._server.server_port}"
        names = ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy")
        return {**dict.fromkeys(names, proxy), "REQUESTS_CA_BUNDLE": str(self._trusted)}

    def close(self) -> None:
        self.closing.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    # --- what is in the world ----------------------------------------------------------------

    def file(self, address: str, body: bytes, **more) -> str:
        self.files[address] = Reply(body, **more)
        return address

    def moved(self, address: str, to: str) -> str:
        self.files[address] = Reply(status=302, headers={"Location": to})
        return address

    def on_openverse(self, name: str, body: bytes | None = None, **more) -> dict:
        """Put a photo on Openverse; the fields are those of its own example answer."""
        address = f"https://photos.example/{quote(name)}.jpg"
        self.file(address, photo(name) if body is None else body)
        result = {
            "id": f"4bc43a04-ef46-4544-a0c1-{len(self.openverse):012}",
            "title": f"{name} on stage",
            "indexed_on": "2022-08-27T17:39:48Z",
            "foreign_landing_url": f"https://photos.example/of/{quote(name)}",
            "url": address,
            "creator": "Ann Author",
            "creator_url": "https://photos.example/people/ann",
            "license": "by-sa",
            "license_version": "2.0",
            "license_url": "https://creativecommons.org/licenses/by-sa/2.0/",
            "provider": "flickr",
            "source": "flickr",
            "category": None,
            "filesize": None,
            "filetype": "jpg",
            "tags": [],
            "attribution": f'"{name} on stage" by Ann Author is licensed under CC BY-SA 2.0.',
            "fields_matched": ["title"],
            "mature": False,
            "height": 720,
            "width": 960,
            "unstable__sensitivity": [],
        } | more
        self.openverse.append(result)
        return result

    def on_commons(self, name: str, body: bytes | None = None, **facts) -> str:
        """Put a file on Commons; the fields are those of the API."""
        body = photo(name) if body is None else body
        thumb = (
            f"https://upload.wikimedia.org/wikipedia/commons/thumb/a/ab/{quote(name)}/960px-a.jpg"
        )
        self.file(thumb, body)
        artist = facts.pop("artist", '<a href="//commons.wikimedia.org/wiki/User:Bob">Bob</a>')
        licence = facts.pop("licence", "CC BY-SA 4.0")
        self.commons[f"File:{name}"] = {
            "size": 2_345_678,
            "width": 4000,
            "height": 3000,
            "thumburl": thumb,
            "thumbwidth": 960,
            "thumbheight": 720,
            "url": f"https://upload.wikimedia.org/wikipedia/commons/a/ab/{quote(name)}",
            "descriptionurl": f"https://commons.wikimedia.org/wiki/File:{quote(name)}",
            "descriptionshorturl": "https://commons.wikimedia.org/w/index.php?curid=1",
            "sha1": hashlib.sha1(body, usedforsecurity=False).hexdigest(),
            "mime": "image/jpeg",
            "extmetadata": {
                "Artist": {"value": artist, "source": "commons-desc-page"},
                "Credit": {
                    "value": '<span class="int-own-work" lang="en">Own work</span>',
                    "source": "commons-desc-page",
                    "hidden": "",
                },
                "LicenseShortName": {
                    "value": licence,
                    "source": "commons-desc-page",
                    "hidden": "",
                },
                "LicenseUrl": {
                    "value": "https://creativecommons.org/licenses/by-sa/4.0",
                    "source": "commons-desc-page",
                    "hidden": "",
                },
                "UsageTerms": {"value": "Creative Commons", "source": "commons-desc-page"},
            },
        } | facts
        return name

    # --- answers ----------------------------------------------------------------------------

    def answer(self, asked: Asked) -> Reply:
        if asked.method == "GET" and not asked.headers.get("User-Agent", "").startswith(
            "lookalike/"
        ):
            return Reply(b"Please set a user-agent and respect our robot policy", 403, "text/plain")
        for prefix, replies in self.first.items():
            if asked.address.startswith(prefix) and replies:
                return replies.pop(0)
        by_address: dict[str, Callable[[dict[str, str]], Reply]] = {
            "https://api.openverse.org/v1/images/": self._openverse,
            "https://commons.wikimedia.org/w/api.php": self._commons,
            "https://www.wikidata.org/w/api.php": self._wikidata,
            "https://query.wikidata.org/sparql": self._sparql,
            "https://www.bing.com/images/async": self._bing,
        }
        if asked.address in by_address:
            return by_address[asked.address](asked.fields)
        found = self.files.get(asked.address) or self.files.get(unquote(asked.address))
        return found or Reply(b"not found", 404, "text/plain")

    def _openverse(self, fields: dict[str, str]) -> Reply:
        size, page = int(fields.get("page_size", 20)), int(fields.get("page", 1))
        if size > 20:
            detail = "Ensure this value is less than or equal to 20."
            return json_reply({"detail": detail}, status=401)
        codes = fields.get("license", "").split(",")
        hits = [
            one
            for one in self.openverse
            if fields["q"].lower() in one["title"].lower()
            and (codes == [""] or one["license"] in codes)
        ]
        return json_reply(
            {
                "result_count": len(hits),
                "page_count": -(-len(hits) // size),
                "page_size": size,
                "page": page,
                "results": hits[(page - 1) * size : page * size],
            }
        )

    def _commons(self, fields: dict[str, str]) -> Reply:
        assert fields["format"] == "json"
        assert fields["formatversion"] == "2"
        assert fields["prop"] == "imageinfo"
        if "titles" in fields:
            return self._by_title(fields["titles"].split("|"))
        if fields["generator"] == "search":
            assert fields["gsrnamespace"] == "6"
            words = re.match(r'"(.*)" filetype:bitmap$', fields["gsrsearch"])[1]
            titles = [title for title in self.commons if words.lower() in title.lower()]
            return self._generated(titles, fields, "gsroffset")
        assert fields["gcmtype"] == "file"
        names = self.categories.get(fields["gcmtitle"].removeprefix("Category:"), [])
        return self._generated([f"File:{name}" for name in names], fields, "gcmcontinue")

    def _by_title(self, titles: list[str]) -> Reply:
        assert len(titles) <= 50
        pages, normalized = [], []
        for asked in titles:
            title = asked.replace("_", " ")
            title = "File:" + title[5:6].upper() + title[6:]
            if title != asked:
                normalized.append({"fromencoded": False, "from": asked, "to": title})
            pages.append(self._page(title))
        return json_reply(
            {"batchcomplete": True, "query": {"normalized": normalized, "pages": pages}}
        )

    def _generated(self, titles: list[str], fields: dict[str, str], name: str) -> Reply:
        start = int(fields.get(name, 0))
        some = titles[start : start + self.pages_at_once]
        pages = [self._page(title) | {"index": start + at} for at, title in enumerate(some, 1)]
        answer: dict = {"batchcomplete": True, "query": {"pages": pages[::-1]}}
        if start + len(some) < len(titles):
            answer["continue"] = {name: start + len(some), "continue": f"{name}||"}
        return json_reply(answer)

    def _page(self, title: str) -> dict:
        info = self.commons.get(title)
        if info is None:
            return {"ns": 6, "title": title, "missing": True}
        page = {"pageid": abs(hash(title)), "ns": 6, "title": title, "imagerepository": "local"}
        return page | {"imageinfo": [info]}

    def _wikidata(self, fields: dict[str, str]) -> Reply:
        assert fields["action"] == "wbsearchentities"
        hits = self.entities.get(fields["search"].lower(), [])
        answer = [
            {
                "id": hit["id"],
                "title": hit["id"],
                "pageid": 1,
                "concepturi": f"http://www.wikidata.org/entity/{hit['id']}",
                "repository": "wikidata",
                "url": f"//www.wikidata.org/wiki/{hit['id']}",
                "label": hit["label"],
                "description": hit.get("description", ""),
                "match": {"type": "label", "language": "en", "text": hit["label"]},
            }
            for hit in hits
        ]
        return json_reply(
            {"searchinfo": {"search": fields["search"]}, "search": answer, "success": 1}
        )

    def _sparql(self, fields: dict[str, str]) -> Reply:
        kind = "application/sparql-results+json;charset=utf-8"
        return Reply(self.knowledge.answer(fields["query"]), kind=kind)

    def _bing(self, fields: dict[str, str]) -> Reply:
        start, count = int(fields["first"]) - 1, int(fields["count"])
        items = []
        for one in self.openverse[start : start + count]:
            told = json.dumps(
                {"purl": one["foreign_landing_url"], "murl": one["url"], "t": one["title"]}
            )
            items.append(
                f'<div><div class="imgpt"><a class="iusc" m="{html.escape(told)}" href="#"></a>'
                '<div class="img_info hon"><span></span>'
                '<span class="nowrap">960 × 720 · jpeg</span></div></div>'
                '<div class="infopt"><div class="lnkw"><a>photos.example</a></div></div></div>'
            )
        body = f"<html><body><div>{''.join(items)}</div></body></html>"
        return Reply(body.encode(), kind="text/html; charset=utf-8")

    # --- the wire ---------------------------------------------------------------------------

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            origin = ""

            def do_CONNECT(self) -> None:
                self.send_response(200, "Connection established")
                self.end_headers()
                self.connection = outer._tls.wrap_socket(self.connection, server_side=True)
                self.rfile = self.connection.makefile("rb")
                self.wfile = self.connection.makefile("wb", 0)
                self.origin = f"https://{self.path.removesuffix(':443')}"
                self.close_connection = False

            def do_GET(self) -> None:
                address, _, query = (self.origin + self.path).partition("?")
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
                fields = dict(parse_qsl(query) + parse_qsl(body))
                outer._serve(self, Asked(self.command, address, fields, dict(self.headers)))

            def do_POST(self) -> None:
                self.do_GET()

            def finish(self) -> None:
                super().finish()
                if isinstance(self.connection, ssl.SSLSocket):
                    self.connection.close()

            def log_message(self, *_: object) -> None:
                pass

        return Handler

    def _serve(self, request: BaseHTTPRequestHandler, asked: Asked) -> None:
        host = asked.host
        with self._lock:
            self.asked.append(asked)
            self.busy[host] += 1
            self.busiest[host] = max(self.busiest[host], self.busy[host])
        try:
            reply = self.answer(asked)
            self.closing.wait(reply.pause_s)
            request.send_response(reply.status)
            request.send_header("Content-Type", reply.kind)
            if reply.length:
                request.send_header("Content-Length", str(len(reply.body)))
            else:
                request.send_header("Connection", "close")
            for name, value in reply.headers.items():
                request.send_header(name, value)
            request.end_headers()
            request.wfile.write(reply.body[: reply.cut_after])
            if reply.cut_after is not None:
                request.close_connection = True
                request.connection.shutdown(socket.SHUT_RDWR)
        finally:
            with self._lock:
                self.busy[host] -= 1

    def downloads(self) -> list[str]:
        apis = {"api.openverse.org", "commons.wikimedia.org", "www.wikidata.org"}
        apis |= {"query.wikidata.org", "www.bing.com", "duckduckgo.com"}
        return [one.address for one in self.asked if one.host not in apis]
