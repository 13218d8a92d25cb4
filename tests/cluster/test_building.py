"""Builds on workers: the gallery of one process, whatever happens to the workers."""

from __future__ import annotations

import dataclasses
import os
import shutil
import signal
import tarfile
import time
from collections import Counter

import fsspec
import pytest
from distributed import WorkerPlugin

from lookalike.cluster import build
from lookalike.gallery.build import BuildOptions
from lookalike.gallery.records import Reason
from lookalike.sources.folder import FolderSource
from lookalike.sources.opening import SourceOptions, open_source

from .same import MODELS, require_same

pytestmark = [pytest.mark.shared_data, pytest.mark.slow]


def test_workers_make_the_gallery_that_one_process_makes(create, photos, crew, alone, opted_out):
    file, seen = create(), []
    options = BuildOptions(opted_out=opted_out)
    summary = build(file, FolderSource(photos), crew, MODELS, options, seen.append)
    require_same(file, alone[0])
    assert summary == alone[1]
    assert {Reason.DUPLICATE, Reason.UNREADABLE, Reason.NO_FACE, Reason.OPTED_OUT} == set(
        summary.turned_down
    )
    assert seen == [one.uri for one in FolderSource(photos)]
    again = build(file, FolderSource(photos), crew, MODELS, options)
    assert (again.known, again.added) == (again.offered, 0)
    require_same(file, alone[0])


def test_who_waits_for_workers_takes_no_time_of_theirs(create, photos, crew, monkeypatch):
    asked, facts = [], crew._facts
    monkeypatch.setattr(crew, "_facts", lambda: asked.append(1) or facts())
    build(create(), FolderSource(photos), crew, MODELS)
    # Once for each of five batches, and every two seconds; not a hundred times a second.
    assert 5 <= len(asked) < 60


def test_a_worker_that_is_killed_costs_nothing(create, photos, crew, alone, opted_out):
    file = create()
    killed = []

    def kill(_uri):
        if not killed:
            killed.append(next(iter(crew.client.run(os.getpid).values())))
            os.kill(killed[0], signal.SIGKILL)

    build(file, FolderSource(photos), crew, MODELS, BuildOptions(opted_out=opted_out), kill)
    assert killed
    assert killed[0] not in crew.client.run(os.getpid).values()
    require_same(file, alone[0])


def harm():
    """Return what makes a worker die of some photos and stick at others, as real ones can."""

    class Harm(WorkerPlugin):
        name = "harm"

        def setup(self, worker):  # noqa: ARG002
            from lookalike.eye import Eye

            see = Eye.see

            def seen(self, photo):
                if photo.endswith(b"DEADLY"):
                    os.kill(os.getpid(), signal.SIGKILL)
                if photo.endswith(b"ENDLESS"):
                    time.sleep(120)
                return see(self, photo)

            Eye.see = seen

    return Harm()


def test_photos_that_are_slow_or_kill_are_set_aside(create, photos, crew, tmp_path, monkeypatch):
    root = tmp_path / "people"
    names = [photo for photo in sorted(photos.rglob("*.jpg")) if "zz" not in photo.name][:14]
    fates = {2: b"ENDLESS", 7: b"DEADLY"}
    for at, photo in enumerate(names):
        (root / f"Person {at:02}").mkdir(parents=True)
        data = photo.read_bytes() + fates.get(at, b"")
        (root / f"Person {at:02}" / "a.jpg").write_bytes(data)
    monkeypatch.setattr(crew, "options", dataclasses.replace(crew.options, photo_s=2))
    crew.client.register_plugin(harm())
    file = create()
    try:
        build(file, FolderSource(root), crew, MODELS)
    finally:
        crew.client.unregister_worker_plugin("harm")
    aside = {entry.uri: entry.reason for entry in file.ledger()}
    assert aside.pop("Person 02/a.jpg") is Reason.TOO_SLOW
    assert aside.pop("Person 07/a.jpg") is Reason.CRASHES
    used = {photo.uri for photo in file.columns().photos}
    assert used | set(aside) == {f"Person {at:02}/a.jpg" for at in range(14) if at not in fates}
    # Nobody tries them again, and nothing is left of the threads that were stuck.
    began = time.monotonic()
    again = build(file, FolderSource(root), crew, MODELS)
    assert again.known == 14
    assert time.monotonic() - began < 60


def test_photos_come_from_shards_tables_and_addresses(create, photos, crew, alone, opted_out):
    options = BuildOptions(opted_out=opted_out)
    work = create("x.gallery").path.parent
    with tarfile.open(work / "people.tar", "w") as shard:
        for photo in sorted(photos.rglob("*.jpg")):
            shard.add(photo, photo.relative_to(photos))
    with tarfile.open(work / "packed.tar.gz", "w:gz") as shard:
        for photo in sorted(photos.rglob("*.jpg"))[:8]:
            shard.add(photo, photo.relative_to(photos))
    lines = [f"{p.relative_to(photos).as_posix()},{p.parent.name}" for p in photos.rglob("*.jpg")]
    (work / "people.csv").write_text("\n".join(["path,person", *lines]), "utf-8")
    memory = fsspec.filesystem("memory")
    for photo in photos.rglob("*.jpg"):
        memory.pipe(f"/bucket/people/{photo.relative_to(photos)}", photo.read_bytes())
    places = {
        "shard": work / "people.tar",
        "packed": work / "packed.tar.gz",
        "table": work / "people.csv",
        "files": f"file://{photos}",
        "archive": f"file://{work}/people.tar",
        # Only this process has it: workers are sent the bytes.
        "memory": "memory://bucket/people",
    }
    expected = vectors_of(alone[0])
    for name, place in places.items():
        file = create(f"{name}.gallery")
        source = open_source([place], SourceOptions(images=photos if name == "table" else None))
        summary = build(file, source, crew, MODELS, options)
        assert summary.offered == (8 if name == "packed" else 30), name
        made = vectors_of(file)
        if name == "packed":
            assert made
            assert made.items() <= expected.items()
        else:
            assert made == expected, name
    shutil.rmtree(work / "x.gallery", ignore_errors=True)
    assert Counter(e.reason for e in file.ledger()) == Counter(e.reason for e in alone[0].ledger())


def vectors_of(file):
    return {
        one.photo.id: tuple(float(f"{number:.5f}") for number in one.vector[:8])
        for one in file.records()
    }
