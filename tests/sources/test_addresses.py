"""Photos at addresses that fsspec reads."""

from __future__ import annotations

import dataclasses
import tarfile

import fsspec
import pytest
from fsspec.implementations.memory import MemoryFileSystem

from lookalike.errors import ImageMissing, ImageTooLarge, ImageUnreadable, MissingExtra, OptionError
from lookalike.images import Limits
from lookalike.sources.addresses import AddressSource, read_address, shown
from lookalike.sources.folder import FolderSource
from lookalike.sources.opening import open_source


@pytest.fixture
def folder(tmp_path):
    root = tmp_path / "people"
    for name in ("Ada/1.jpg", "Ada/2.png", "Bo/1.jpg", ".hidden/1.jpg", "Bo/notes.txt"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(name.encode())
    return root


@pytest.fixture
def bucket():
    memory = fsspec.filesystem("memory")
    memory.pipe("/bucket/people/Ada/1.jpg", b"one")
    memory.pipe("/bucket/people/Bo/2.jpg", b"two")
    yield memory
    memory.rm("/bucket", recursive=True)


def offered(source):
    return [(one.person.name, one.uri, one.load()) for one in source]


def test_an_address_offers_what_the_folder_there_offers(folder):
    source = open_source([f"file://{folder}"])
    assert source.name == "people"
    assert offered(source) == offered(FolderSource(folder))
    assert len({one.stamp for one in source}) == 3


def test_an_archive_at_an_address_is_read_in_place(folder, tmp_path):
    with tarfile.open(tmp_path / "shard.tar", "w") as shard:
        shard.add(folder, "")
    source = open_source([f"file://{tmp_path}/shard.tar"])
    assert source.name == "shard"
    assert offered(source) == offered(FolderSource(folder))


def test_a_photo_that_changes_gets_another_stamp(bucket):
    source = AddressSource("memory://bucket/people")
    before = {one.uri: one.stamp for one in source}
    bucket.pipe("/bucket/people/Ada/1.jpg", b"another one")
    after = {one.uri: one.stamp for one in source}
    assert before["Ada/1.jpg"] != after["Ada/1.jpg"]
    assert before["Bo/2.jpg"] == after["Bo/2.jpg"]


def test_photos_that_cannot_be_had(bucket):
    bucket.pipe("/bucket/people/Bo/3.jpg", b"")
    ada, bo, empty = AddressSource("memory://bucket/people", limits=Limits(max_bytes=100))
    bucket.rm("/bucket/people/Ada/1.jpg")
    with pytest.raises(ImageMissing, match=r"Ada/1\.jpg cannot be read"):
        ada.load()
    assert bo.load() == b"two"
    with pytest.raises(ImageUnreadable, match="empty"):
        empty.load()
    small = list(AddressSource("memory://bucket/people", limits=Limits(max_bytes=2)))
    with pytest.raises(ImageTooLarge):
        small[0].load()


class Unsized(MemoryFileSystem):
    """A file system that lists names only, as web servers do."""

    protocol = "unsized"

    @classmethod
    def _strip_protocol(cls, path):
        return super()._strip_protocol(path.removeprefix("unsized:/"))

    def find(self, path, **options):
        return {
            name: {**facts, "size": None} for name, facts in super().find(path, **options).items()
        }


def test_photos_of_unknown_size_are_read_up_to_the_limit(bucket):
    fsspec.register_implementation("unsized", Unsized, clobber=True)
    bucket.pipe("/bucket/people/Bo/3.jpg", b"")
    limits = Limits(max_bytes=3)
    ada, bo, empty = AddressSource("unsized://bucket/people", limits=limits)
    assert (ada.load(), bo.load()) == (b"one", b"two")
    with pytest.raises(ImageUnreadable, match="empty"):
        empty.load()
    bucket.pipe("/bucket/people/Ada/1.jpg", b"four")
    with pytest.raises(ImageTooLarge):
        ada.load()


@pytest.mark.parametrize(
    ("address", "seen"),
    [
        ("ftp://ada:secret@host/people", "ftp://host/people"),
        ("s3://bucket/people.tar?sig=secret", "s3://bucket/people.tar"),
        ("tar://::sftp://ada:secret@host/a.tar?x=secret", "tar://::sftp://host/a.tar"),
        ("https://host/~ada/people", "https://host/~ada/people"),
    ],
)
def test_what_is_secret_in_an_address_is_not_shown(address, seen):
    assert shown(address) == seen


def test_errors_do_not_repeat_what_is_secret_in_an_address(bucket):
    with pytest.raises(OptionError) as nonsense:
        AddressSource("nonsense://ada:secret@x?secret")
    source = AddressSource("memory://bucket/people?secret")
    assert source.name == "people"
    with pytest.raises(OptionError) as nothing:
        list(source)
    (ada, *_) = AddressSource("memory://bucket/people")
    place = dataclasses.replace(ada.load.args[0], root="nonsense://ada:secret@x")
    with pytest.raises(ImageMissing) as moved:
        read_address(place)
    for caught in (nonsense, nothing, moved):
        assert "secret" not in f"{caught.value.message} {caught.value.hint}"


def test_addresses_that_nothing_reads():
    with pytest.raises(OptionError, match="nonsense://x"):
        AddressSource("nonsense://x")
    with pytest.raises(OptionError, match="there is nothing at memory://nowhere"):
        list(AddressSource("memory://nowhere"))
    with pytest.raises(MissingExtra, match="s3fs"):
        AddressSource("s3://bucket/people")
