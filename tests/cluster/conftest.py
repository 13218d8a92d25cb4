"""Two real workers, a small set of real photos of all fates, and what one process makes of them."""

from __future__ import annotations

import io
import shutil

import pytest
from PIL import Image

from lookalike.cluster import ClusterOptions, Crew
from lookalike.gallery.build import BuildOptions, build
from lookalike.gallery.building import filling
from lookalike.gallery.records import Header
from lookalike.gallery.store import GalleryFile
from lookalike.pipeline import Analyst
from lookalike.sources.folder import FolderSource

from .same import BATCH, MODELS


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch):
    monkeypatch.setattr(filling, "BATCH", BATCH)


@pytest.fixture(scope="session")
def photos(shared_data, tmp_path_factory):
    """Return a folder of 30 photos of eight people: good, twice, broken, empty, without a face."""
    root = tmp_path_factory.mktemp("photos") / "people"
    for folder in sorted((shared_data / "pins").iterdir())[:8]:
        (root / folder.name).mkdir(parents=True)
        for photo in sorted(folder.glob("*.jpg"))[:3]:
            shutil.copy(photo, root / folder.name / photo.name)
    people = sorted(root.iterdir())
    first = min(people[0].glob("*.jpg"))
    shutil.copy(first, people[0] / "zz same batch.jpg")
    shutil.copy(first, people[6] / "zz later batch.jpg")
    (people[2] / "broken.jpg").write_bytes(first.read_bytes()[:300])
    (people[3] / "empty.jpg").write_bytes(b"")
    plain = io.BytesIO()
    Image.new("RGB", (200, 200), (90, 120, 200)).save(plain, "JPEG")
    # Of two copies of a photo that is not used, both are looked at, each in its batch.
    (people[1] / "a wall.jpg").write_bytes(plain.getvalue())
    (people[5] / "the same wall.jpg").write_bytes(plain.getvalue())
    return root


@pytest.fixture(scope="session")
def analyst():
    return Analyst.open(MODELS)


@pytest.fixture(scope="session")
def opted_out(photos):
    """Return who opted out: one person of the eight."""
    name = sorted(photos.iterdir())[4].name
    return frozenset({next(one.person.id for one in FolderSource(photos) if name in one.uri)})


@pytest.fixture
def create(tmp_path, analyst):
    """Return a maker of empty galleries."""
    made = []

    def make(name="g.gallery"):
        header = Header(analyst.space, analyst.template, analyst.views)
        made.append(GalleryFile.create(tmp_path / name, header))
        return made[-1]

    yield make
    for file in made:
        file.close()


@pytest.fixture(scope="session")
def alone(photos, analyst, opted_out, tmp_path_factory):
    """Return what one process makes of the photos."""
    path = tmp_path_factory.mktemp("alone") / "g.gallery"
    file = GalleryFile.create(path, Header(analyst.space, analyst.template, analyst.views))
    before = filling.BATCH
    filling.BATCH = BATCH
    try:
        summary = build(file, FolderSource(photos), analyst, BuildOptions(opted_out=opted_out))
    finally:
        filling.BATCH = before
    yield file, summary
    file.close()


@pytest.fixture(scope="session")
def crew():
    with Crew(ClusterOptions(local=2, photo_s=20)) as hired:
        yield hired
