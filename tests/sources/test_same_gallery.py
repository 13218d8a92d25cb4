"""The same photos make the same gallery, whatever they come in."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import numpy as np
import pytest

from lookalike.gallery.build import build
from lookalike.gallery.records import Header
from lookalike.gallery.store import GalleryFile
from lookalike.pipeline import Analyst
from lookalike.sources.opening import SourceOptions, open_source

#: Two actors, and a picture of nobody.
PEOPLE = ("Adriana Lima", "Alex Lawther")


@pytest.fixture(scope="module")
def photos(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("same") / "people"
    for person in PEOPLE:
        (folder / person).mkdir(parents=True)
        for photo in sorted((shared_data / "pins" / person).iterdir())[:4]:
            shutil.copy(photo, folder / person)
    return folder


@pytest.fixture(scope="module")
def places(photos: Path, tmp_path_factory: pytest.TempPathFactory):
    """Return the photos as a folder, a table, archives and an IMDB-WIKI file."""
    from .conftest import write_mat

    root = tmp_path_factory.mktemp("places")
    files = sorted(photos.rglob("*.jpg"))
    with (root / "table.csv").open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(["path", "person"])
        rows.writerows([file.relative_to(photos), file.parent.name] for file in files)
    faces = [
        {
            "full_path": file.relative_to(photos).as_posix(),
            "name": file.parent.name,
            "face_location": (1.0, 1.0, 5000.0, 5000.0),
        }
        for file in files
    ]
    images = SourceOptions(images=photos)
    return {
        "folder": (photos, None),
        "table": (root / "table.csv", images),
        "zip": (Path(shutil.make_archive(str(root / "z"), "zip", photos)), None),
        "tar.gz": (Path(shutil.make_archive(str(root / "t"), "gztar", photos)), None),
        "mat": (write_mat(root / "imdb.mat", faces), images),
    }


@pytest.fixture(scope="module")
def analyst() -> Analyst:
    return Analyst.open()


@pytest.mark.shared_data
def test_every_source_gives_the_same_gallery(places, analyst, tmp_path):
    contents = {}
    for kind, (place, options) in places.items():
        header = Header(analyst.space, analyst.template, analyst.views)
        file = GalleryFile.create(tmp_path / f"{kind}.gallery", header)
        build(file, open_source([place], options), analyst)
        columns = file.columns()
        order = np.argsort([photo.id for photo in columns.photos])
        names = [columns.people[columns.groups[row]].name for row in order]
        digests = [columns.photos[row].id for row in order]
        contents[kind] = (names, digests, columns.vectors[order])
        file.close()
    names, digests, vectors = contents["folder"]
    assert sorted(set(names)) == list(PEOPLE)
    assert len(digests) == 8
    for kind, (other_names, other_digests, other_vectors) in contents.items():
        assert other_names == names, kind
        assert other_digests == digests, kind
        np.testing.assert_array_equal(other_vectors, vectors, err_msg=kind)
