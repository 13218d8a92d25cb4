"""A copy between a file and a server is whole, or goes on where it stopped."""

from __future__ import annotations

import numpy as np
import pytest
from sqlalchemy import text, update

from lookalike.errors import GalleryError, GalleryInvalid, OptionError
from lookalike.gallery import care, transfer
from lookalike.gallery.heads import HeadRecord, read_head, write_head
from lookalike.gallery.opening import create_store, open_store
from lookalike.gallery.places import place_of
from lookalike.gallery.records import Header, LedgerEntry, Reason
from lookalike.gallery.sameness import digest_of, sums_of
from lookalike.gallery.storage import schema
from lookalike.gallery.transfer import transfer as copy
from lookalike.testing.fakes import FAKE_SPACE


@pytest.fixture(params=["float32", "float16"])
def original(request, tmp_path, record):
    """Return a file with something in each table."""
    path = tmp_path / "original.gallery"
    store = create_store(path, Header(FAKE_SPACE, "fake-32", 1, request.param, title="É"))
    facts = {"works": ["x"], "height": 2.0, "big": 1e22, "n": {"z": 1, "a": None}}
    store.write(
        [record(f"P {at % 40}", f"{at}.jpg", attributes=facts) for at in range(120)],
        [LedgerEntry(f"{at}.png", "s", "É", "", Reason.NO_FACE) for at in range(30)],
    )
    care.merge(store, "P 1", ["P 2"])
    care.erase(store, ["P 3"], forever=True)
    write_head(store, HeadRecord("svm", "0", {}, {"w": np.arange(3, dtype="f4")}))
    store.close()
    return path


def sums(place):
    store = open_store(place)
    with store.reading() as connection:
        found = sums_of(connection)
    generation = store.generation
    store.close()
    return found, generation


def test_there_and_back_is_the_same(original, address, tmp_path, record):
    seen = []
    copy(original, place_of(address), lambda: seen.append(1))
    assert len(seen) == 117
    assert sums(address) == sums(original)
    back = tmp_path / "back.gallery"
    copy(place_of(address), back)
    assert sums(back) == sums(original)
    assert sorted(path.name for path in tmp_path.glob("*.gallery*")) == [
        "back.gallery", "original.gallery",
    ]  # fmt: skip
    # Numbers go on after those that were copied, and steps can be taken back.
    store = open_store(address, writable=True)
    assert read_head(store, "svm").generation == open_store(original).generation
    store.write([record("New", "new.jpg")], [])
    assert store.columns().numbers[-1] == open_store(original).columns().numbers[-1] + 1
    with store.reading() as connection:
        indexes = connection.execute(
            text("SELECT count(*) FROM pg_indexes WHERE indexname = 'faces_graph' AND "
                 "schemaname = :name"), {"name": place_of(address).gallery}
        )  # fmt: skip
        assert indexes.scalar_one() == 1
    store.close()


@pytest.mark.parametrize("to_server", [True, False])
def test_an_interrupted_copy_goes_on(original, address, tmp_path, to_server, monkeypatch):
    monkeypatch.setattr(transfer, "_BATCH", 10)
    source, target = original, place_of(address)
    if not to_server:
        copy(original, place_of(address))
        source, target = place_of(address), tmp_path / "back.gallery"
    steps = iter(range(35))

    def stop():
        if next(steps, None) is None:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        copy(source, target, stop)
    with pytest.raises(GalleryError) as caught:
        open_store(target)
    assert ("not been copied whole" in caught.value.message) is to_server
    written, real = [], transfer.insert

    def counted(table):
        written.append(table.name)
        return real(table)

    monkeypatch.setattr(transfer, "insert", counted)
    copy(source, target)
    assert sums(target) == sums(original)
    # Batches of the first run were not written again.
    assert written.count("faces") < 12
    assert "people" not in written


def test_what_changed_meanwhile_is_copied_anew(original, address, record, monkeypatch):
    monkeypatch.setattr(transfer, "_BATCH", 10)
    steps = iter(range(35))

    def stop():
        if next(steps, None) is None:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        copy(original, place_of(address), stop)
    store = open_store(original, writable=True)
    care.erase(store, ["P 5"])
    store.close()
    copy(original, place_of(address))
    assert sums(address) == sums(original)


def test_a_copy_that_differs_is_no_gallery(original, address, monkeypatch):
    real = transfer._fill

    def careless(there, copied, on_face):
        real(there, copied, on_face)
        with copied.changing() as connection:
            connection.execute(update(schema.people).values(name="Somebody else"))

    monkeypatch.setattr(transfer, "_fill", careless)
    with pytest.raises(GalleryInvalid, match="in: people"):
        copy(original, place_of(address))
    with pytest.raises(GalleryInvalid, match="not been copied whole"):
        open_store(address)


def test_nothing_is_overwritten(original, address, tmp_path):
    copy(original, place_of(address))
    before = digest_of(sums(address)[0])
    with pytest.raises(OptionError, match="is there already"):
        copy(original, place_of(address))
    with pytest.raises(OptionError, match="is there already"):
        copy(place_of(address), original)
    assert digest_of(sums(address)[0]) == before
