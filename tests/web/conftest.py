"""A gallery of two people with portraits, and a service that answers from it."""

from __future__ import annotations

import contextlib
import io
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import uvicorn
from fastapi.testclient import TestClient
from PIL import Image as PillowImage

from lookalike.gallery.build import build
from lookalike.gallery.gallery import Gallery
from lookalike.gallery.records import Header
from lookalike.gallery.store import GalleryFile
from lookalike.pipeline import Analyst, Finder
from lookalike.sources.folder import FolderSource
from lookalike.types import Image
from lookalike.web import Settings, create_app
from lookalike.web.serving import config

FIND_TOKEN = "find-" + "f" * 30
MANAGE_TOKEN = "manage-" + "m" * 30


@pytest.fixture(scope="session")
def hopper_bytes(hopper: Path) -> bytes:
    return hopper.read_bytes()


@pytest.fixture(scope="session")
def collins_bytes(astronaut: Image) -> bytes:
    stream = io.BytesIO()
    PillowImage.fromarray(astronaut.pixels).save(stream, "PNG")
    return stream.getvalue()


@pytest.fixture(scope="session")
def both_bytes(hopper_bytes: bytes, collins_bytes: bytes) -> bytes:
    """A photo of both, beside each other."""
    paper = PillowImage.new("RGB", (1024, 600), "white")
    paper.paste(PillowImage.open(io.BytesIO(hopper_bytes)), (0, 0))
    paper.paste(PillowImage.open(io.BytesIO(collins_bytes)), (512, 0))
    stream = io.BytesIO()
    paper.save(stream, "JPEG", quality=95)
    return stream.getvalue()


@pytest.fixture(scope="session")
def nobody_bytes() -> bytes:
    stream = io.BytesIO()
    PillowImage.new("RGB", (200, 200), "navy").save(stream, "PNG")
    return stream.getvalue()


@pytest.fixture(scope="session")
def gallery_path(
    tmp_path_factory: pytest.TempPathFactory,
    analyst: Analyst,
    hopper_bytes: bytes,
    collins_bytes: bytes,
) -> Path:
    folder = tmp_path_factory.mktemp("people")
    for name, photo in (("Grace Hopper", hopper_bytes), ("Eileen Collins", collins_bytes)):
        (folder / name).mkdir()
        (folder / name / "secret-file-name.jpg").write_bytes(photo)
    path = tmp_path_factory.mktemp("galleries") / "two.gallery"
    header = Header(analyst.space, analyst.template, analyst.views, title="Two people")
    file = GalleryFile.create(path, header)
    build(file, FolderSource(folder), analyst)
    file.close()
    return path


@pytest.fixture
def own_gallery(gallery_path: Path, tmp_path: Path) -> Path:
    """Return a copy that a test may change."""
    (tmp_path / "own").mkdir()
    return Path(shutil.copy(gallery_path, tmp_path / "own" / "two.gallery"))


Serving = Callable[..., TestClient]


@pytest.fixture
def serving(analyst: Analyst, gallery_path: Path) -> Iterator[Serving]:
    """Return a function that makes a client of a service with these settings."""
    with contextlib.ExitStack() as stack:

        def serve(path: Path = gallery_path, **settings: object) -> TestClient:
            settings = {"workers": 1, **settings}
            app = create_app(Finder(Gallery.open(path), analyst), Settings(**settings))
            client = TestClient(app, base_url="http://localhost:8000", client=("127.0.0.1", 1))
            return stack.enter_context(client)

        yield serve


@pytest.fixture(scope="module")
def client(analyst: Analyst, gallery_path: Path) -> Iterator[TestClient]:
    """Return a client of a service as it starts: at home, without tokens."""
    app = create_app(Finder(Gallery.open(gallery_path), analyst), Settings(workers=1))
    with TestClient(app, base_url="http://localhost:8000", client=("127.0.0.1", 1)) as client:
        yield client


@contextlib.contextmanager
def running(app: object, settings: Settings) -> Iterator[str]:
    """Run a real server on a free port, and give its address."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    listening.listen()
    server = uvicorn.Server(config(app, settings))
    thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(30)
        listening.close()
        assert not thread.is_alive()


@pytest.fixture(scope="session")
def running_server() -> Callable[..., contextlib.AbstractContextManager[str]]:
    return running


@pytest.fixture(scope="module")
def service_address(analyst: Analyst, gallery_path: Path) -> Iterator[str]:
    """Return the address of a real server as it starts: at home, without tokens."""
    settings = Settings(workers=1)
    app = create_app(Finder(Gallery.open(gallery_path), analyst), settings)
    with running(app, settings) as address:
        yield address
