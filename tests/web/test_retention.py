"""Nothing of a visitor is kept: not in files, not in what is noted."""

from __future__ import annotations

import base64
import io
import json
import logging
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PIL import Image as PillowImage

from lookalike.client import Client
from lookalike.gallery.build import build
from lookalike.gallery.records import Header
from lookalike.gallery.store import GalleryFile
from lookalike.models.folders import cache_folder
from lookalike.models.options import ModelOptions
from lookalike.pipeline import Analyst
from lookalike.sources.folder import FolderSource

FINDS = 1000

#: Runs the service in a process that the system lets write no byte to any file.
SERVE = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
sys.argv = ["lookalike", *sys.argv[1:]]
from lookalike.__main__ import main
main()
"""


def files_below(*folders: Path) -> dict[str, tuple[int, int]]:
    return {
        str(path): (path.stat().st_size, path.stat().st_mtime_ns)
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.fixture
def crops(hopper_bytes: bytes, collins_bytes: bytes) -> dict[str, bytes]:
    """Return photos that are face crops already, of each person."""
    made = {}
    for name, data, box in (
        ("Grace Hopper", hopper_bytes, (150, 80, 380, 360)),
        ("Eileen Collins", collins_bytes, (165, 50, 285, 200)),
    ):
        stream = io.BytesIO()
        face = PillowImage.open(io.BytesIO(data)).convert("RGB").crop(box)
        face.resize((150, 150)).save(stream, "JPEG", quality=90)
        made[name] = stream.getvalue()
    return made


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Windows knows no such limit")
def test_nothing_is_retained(tmp_path, crops, monkeypatch):
    """A thousand finds by a process that cannot write, and all of what it says is looked at.

    Every folder that it is told of is watched for new and changed files, and the system refuses it
    every byte of a file: had it tried, a find would have failed. Faces come as crops and vectors
    are of one view, so that a thousand finds take seconds.
    """
    folders = [tmp_path / name for name in ("home", "scratch", "work", "people")]
    for folder in folders:
        folder.mkdir()
    for name, photo in crops.items():
        (folders[3] / name).mkdir()
        (folders[3] / name / "secret.jpg").write_bytes(photo)
    analyst = Analyst.open(ModelOptions("crop", views=1))
    path = folders[3] / "two.gallery"
    file = GalleryFile.create(path, Header(analyst.space, analyst.template, 1))
    build(file, FolderSource(folders[3]), analyst)
    file.close()
    # Networks have been converted before, by a process that may write.
    monkeypatch.setenv("LOOKALIKE_CACHE", str(cache_folder()))
    monkeypatch.setenv("HOME", str(folders[0]))
    monkeypatch.setenv("TMPDIR", str(folders[1]))
    before = files_below(*folders)
    settings = tmp_path / "service.toml"
    settings.write_text('log = "info"\ndetector = "crop"\nport = 0\n')
    service = subprocess.Popen(
        [sys.executable, "-c", SERVE, "serve", "-g", str(path), "--config", str(settings)],
        stderr=subprocess.PIPE, stdout=subprocess.PIPE, cwd=folders[2], text=True,
    )  # fmt: skip
    assert service.stderr is not None
    try:
        first = service.stderr.readline()
        assert "http" in first, first + service.stderr.read()
        address = first.split()[1].rstrip("/")
        named = [*crops] * (FINDS // 2)

        def ask(names: list[str]) -> list[str]:
            with Client(address, patience_s=60) as client:
                found = [client.find(crops[name], k=2).photos[0] for name in names]
            return [photo.faces[0].matches[0].name for photo in found]

        with ThreadPoolExecutor(2) as pool:
            halves = (named[: FINDS // 2], named[FINDS // 2 :])
            assert [name for half in pool.map(ask, halves) for name in half] == named
    finally:
        service.terminate()
        said, noted = service.communicate(timeout=60)
    assert service.returncode in (0, -signal.SIGTERM)
    assert files_below(*folders) == before
    # It did note what it was asked, and nothing of what that said.
    assert noted.count("POST /api/v1/find 200") == FINDS
    for photo in crops.values():
        for at in (0, 200, len(photo) // 2):
            part = photo[at : at + 24]
            for spelled in (part.hex(), base64.b64encode(part)[2:-2].decode(), repr(part)[2:-1]):
                assert spelled not in said + noted
    for word in ("Grace", "Hopper", "Eileen", "hopper", "photo=", "127.0.0.1", "secret"):
        assert word not in noted


def test_an_error_notes_nothing_of_the_photo(serving, caplog, hopper_bytes):
    client = serving()
    with caplog.at_level(logging.INFO):
        client.post("/api/v1/find", files={"photo": hopper_bytes[:2000]})
        client.post("/api/v1/find", files={"photo": hopper_bytes}, data={"where": "name = 'Zoë'"})
        client.get("/api/v1/galleries/two/people?name=Zoë")
    noted = [record.getMessage() for record in caplog.records if record.name[:9] == "lookalike"]
    assert len(noted) == 3
    assert not [line for line in noted if "Zoë" in line or "Zo%" in line or "JFIF" in line]
    assert json.dumps(noted).count("/api/v1/find") == 2
