"""A build that is killed at any moment goes on later, to the very same gallery.

Files are compared table by table, with all columns and SQLite's own row numbers: a batch that was
not committed leaves no gap in the numbering, so nothing has to be left out of the comparison.
"""

from __future__ import annotations

import contextlib
import gc
import io
import os
import random
import shutil
import signal
import threading
import time

import numpy as np
import pytest
from PIL import Image

from lookalike.errors import GalleryError
from lookalike.gallery.build import build
from lookalike.gallery.building import filling
from lookalike.gallery.records import Header
from lookalike.gallery.store import GalleryFile
from lookalike.pipeline import Analyst
from lookalike.sources.folder import FolderSource
from lookalike.testing import FakeAnalyzer, FakeDetector, FakeEncoder
from lookalike.testing.fakes import FAKE_SPACE

PHOTOS = 150


@pytest.fixture(scope="module")
def photos(tmp_path_factory):
    """Return a folder of tiny JPEG files, some of them twice, some broken, some without a face."""
    root = tmp_path_factory.mktemp("photos")
    rng = np.random.default_rng(1)
    earlier = []
    for at in range(PHOTOS):
        buffer = io.BytesIO()
        Image.fromarray(rng.integers(0, 256, (16, 16, 3), np.uint8)).save(buffer, "JPEG")
        data = {3: b"broken", 5: b"nobody"}.get(at % 10, b"") + buffer.getvalue()
        if at % 10 == 7:
            data = earlier[at // 2]
        earlier.append(data)
        path = root / f"Person {at // 4:02}" / f"{at:03}.jpg"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
    return root


@pytest.fixture(scope="module")
def undisturbed(photos, tmp_path_factory, builder, contents):
    """Return what a build makes that is left alone."""
    path = tmp_path_factory.mktemp("undisturbed") / "g.gallery"
    assert builder.run(photos, path) == (0, "")
    tables = contents(path)
    assert len(tables["faces"]) + len(tables["ledger"]) == PHOTOS
    assert {reason for _, *_, reason, _ in tables["ledger"]} == {
        "unreadable", "no face", "duplicate",
    }  # fmt: skip
    return tables


def done(path):
    """Say how many photos a gallery has dealt with; 0 while it is being made."""
    try:
        counts = GalleryFile(path).counts()
    except GalleryError:
        return 0
    return counts["photos"] + counts["ledger"]


def test_ten_kills_at_random_moments_change_nothing(
    photos, undisturbed, tmp_path, builder, contents
):
    unhurried = {"pause_s": 0.004}
    began = time.perf_counter()
    builder.run(photos, tmp_path / "timed.gallery", **unhurried)
    took_s = time.perf_counter() - began
    (tmp_path / "timed.gallery").unlink()
    path = tmp_path / "g.gallery"
    moments = random.Random(20)
    progress, codes = [], []
    for _ in range(10):
        process = builder.start(photos, path, **unhurried)
        time.sleep(moments.uniform(0.05, 0.22) * took_s)
        os.kill(process, signal.SIGKILL)
        codes.append(builder.finish()[0])
        progress.append(done(path))
    # The kills came while there was work to do, and nothing that was written was lost.
    assert codes.count(-signal.SIGKILL) >= 5
    assert any(0 < count < PHOTOS for count in progress)
    assert progress == sorted(progress)
    assert builder.run(photos, path) == (0, "")
    assert contents(path) == undisturbed
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


def test_kills_inside_transactions_change_nothing(photos, undisturbed, tmp_path, builder, contents):
    path = tmp_path / "g.gallery"
    statements = random.Random(21)
    # The first few fall into the making of the tables.
    deaths = [2, 4, 8, 14, *(statements.randrange(15, 80) for _ in range(6))]
    progress = []
    for statement in deaths:
        assert builder.run(photos, path, die_at=statement) == (-signal.SIGKILL, "")
        progress.append(done(path))
    assert progress == sorted(progress)
    assert 0 < progress[-1] < PHOTOS
    assert builder.run(photos, path) == (0, "")
    assert contents(path) == undisturbed


@pytest.mark.parametrize("seed", range(4))
def test_ctrl_c_at_any_photo_changes_nothing(
    seed, photos, undisturbed, tmp_path, monkeypatch, contents
):
    monkeypatch.setattr(filling, "BATCH", 8)
    moments = np.random.default_rng(seed)

    class Impatient(FakeAnalyzer):
        left = 0

        def analyze(self, batch):
            for analysis in super().analyze(batch):
                self.left -= 1
                if self.left == 0:
                    raise KeyboardInterrupt
                yield analysis

    analyzer = Impatient()
    path = tmp_path / "g.gallery"
    for _ in range(10):
        analyzer.left = int(moments.integers(1, 30))
        file = GalleryFile.create(path, Header(FAKE_SPACE, "any", 1))
        try:
            with pytest.raises(KeyboardInterrupt):
                build(file, FolderSource(photos), analyzer)
        finally:
            file.close()
        assert [one.name for one in tmp_path.iterdir()] == [path.name]
    assert 0 < done(path) < PHOTOS
    analyzer.left = -1
    file = GalleryFile.create(path, Header(FAKE_SPACE, "any", 1))
    before = file.counts()
    summary = build(file, FolderSource(photos), analyzer)
    file.close()
    assert summary.known == before["photos"] + before["ledger"]
    assert contents(path) == undisturbed


# Python itself may be interrupted between opening a file and handing it to `with`.
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.parametrize("threads", [2, 5])
def test_ctrl_c_while_threads_look_at_photos_changes_nothing(threads, photos, tmp_path, contents):
    moments = random.Random(threads)

    class Interrupting(FakeDetector):
        left = -1

        def detect(self, images):
            self.left -= 1
            if self.left == 0:
                os.kill(os.getpid(), signal.SIGINT)
            return super().detect(images)

    def build_into(name, detector, threads):
        analyst = Analyst(detector, FakeEncoder(template="dlib-150"), threads)
        file = GalleryFile.create(tmp_path / name, Header(FAKE_SPACE, "any", 1))
        try:
            build(file, FolderSource(photos), analyst)
        finally:
            file.close()

    def threads_left():
        return [one for one in threading.enumerate() if one.name.startswith("lookalike")]

    build_into("alone", FakeDetector(), 1)
    build_into("threads", FakeDetector(), threads)
    for _ in range(6):
        detector = Interrupting()
        detector.left = moments.randint(1, 60)
        with contextlib.suppress(KeyboardInterrupt):
            build_into("stopped", detector, threads)
        # An interrupt may come where its traceback still holds what works on photos.
        for _ in range(100):
            if not threads_left():
                break
            time.sleep(0.05)
        assert not threads_left()
        # What an interrupt left open is dropped here: a gallery that is still being written to
        # keeps the next builder out.
        gc.collect()
    build_into("stopped", FakeDetector(), threads)
    expected = contents(tmp_path / "alone")
    assert contents(tmp_path / "threads") == contents(tmp_path / "stopped") == expected


@pytest.mark.slow
@pytest.mark.shared_data
def test_kills_of_a_real_build_change_nothing(shared_data, tmp_path, builder, contents):
    root = tmp_path / "pins"
    for person in sorted((shared_data / "pins").iterdir())[:6]:
        (root / person.name).mkdir(parents=True)
        for photo in sorted(person.iterdir())[:10]:
            shutil.copy2(photo, root / person.name)
    alone, killed = tmp_path / "alone.gallery", tmp_path / "killed.gallery"
    began = time.perf_counter()
    assert builder.run(root, alone, real=True) == (0, "")
    took_s = time.perf_counter() - began
    moments = random.Random(22)
    codes = []
    for _ in range(3):
        process = builder.start(root, killed, real=True)
        time.sleep(moments.uniform(0.1, 0.5) * took_s)
        os.kill(process, signal.SIGKILL)
        codes.append(builder.finish()[0])
    assert -signal.SIGKILL in codes
    assert builder.run(root, killed, real=True) == (0, "")
    expected, found = contents(alone), contents(killed)
    vectors = [
        np.array([np.frombuffer(row[10], "<f4") for row in tables["faces"]])
        for tables in (expected, found)
    ]
    assert len(vectors[0]) > 50
    np.testing.assert_allclose(vectors[1], vectors[0], atol=1e-6)
    # All that is not a float of the networks is the very same.
    for table in ("header", "people", "photos", "ledger"):
        assert found[table] == expected[table]
    assert [row[:4] for row in found["faces"]] == [row[:4] for row in expected["faces"]]
