"""Tar archives, packed or not: read in place, in any order, odd, broken, hostile."""

from __future__ import annotations

import bz2
import gc
import gzip
import io
import lzma
import random
import tarfile
import tracemalloc

import pytest

from lookalike.errors import ImageMissing, ImageTooLarge, ImageUnreadable, OptionError
from lookalike.images import Limits
from lookalike.sources.archive_limits import ArchiveLimits
from lookalike.sources.tar_archive import TarSource
from lookalike.testing import SourceContract

PHOTOS = {
    "Ada/1.jpg": b"one" * 400,
    "Ada/2.jpg": b"two",
    "a-z/B/Bo_Li/x.png": b"three" * 1000,
    "Eve.jpg": b"4",
}
KINDS = {".tar": "", ".tar.gz": "gz", ".tgz": "gz", ".tar.xz": "xz", ".tar.bz2": "bz2"}


@pytest.fixture
def taped(tmp_path):
    def make(members=PHOTOS, suffix=".tar", **options):
        path = tmp_path / f"faces{suffix}"
        with tarfile.open(path, f"w:{KINDS[suffix]}", **options) as archive:
            for name, data in members.items():
                info = data if isinstance(data, tarfile.TarInfo) else tarfile.TarInfo(name)
                if data is not info:
                    info.size = len(data)
                archive.addfile(info, io.BytesIO(data) if data is not info else None)
        return path

    return make


def owners(source):
    return {candidate.uri: candidate.person.name for candidate in source}


def special(name, kind, target=""):
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


class TestPlain(SourceContract):
    suffix = ".tar"

    @pytest.fixture(autouse=True)
    def _archive(self, taped):
        self.path = taped(suffix=self.suffix)

    def source(self):
        return TarSource(self.path)


class TestPacked(TestPlain):
    suffix = ".tar.gz"


@pytest.mark.parametrize("suffix", KINDS)
def test_folders_inside_name_people(taped, suffix):
    source = TarSource(taped(suffix=suffix))
    assert source.name == "faces"
    assert owners(source) == {
        "Ada/1.jpg": "Ada",
        "Ada/2.jpg": "Ada",
        "a-z/B/Bo_Li/x.png": "Bo Li",
        "Eve.jpg": "Eve",
    }
    assert len(source.faults) == 0


@pytest.mark.parametrize("suffix", KINDS)
@pytest.mark.parametrize("order", [1, -1])
def test_photos_are_loaded_in_any_order(taped, suffix, order):
    for candidate in list(TarSource(taped(suffix=suffix)))[::order]:
        assert candidate.load() == PHOTOS[candidate.uri]


@pytest.mark.parametrize("suffix", [".tar", ".tar.gz"])
def test_photos_are_loaded_while_more_are_offered(taped, suffix):
    for candidate in TarSource(taped(suffix=suffix)):
        assert candidate.load() == PHOTOS[candidate.uri]


def test_loading_in_order_unpacks_once(taped, monkeypatch):
    path = taped({f"Ada/{n:03}.jpg": bytes([n]) * 5000 for n in range(100)}, ".tar.gz")
    source = TarSource(path)
    candidates = list(source)
    opened = []
    unpack = source._unpack
    monkeypatch.setattr(source, "_unpack", lambda file: opened.append(file) or unpack(file))
    for n, candidate in enumerate(candidates):
        assert candidate.load() == bytes([n]) * 5000
    assert len(opened) == 1


def test_offering_does_not_fill_the_memory(taped):
    photo = bytes(range(256)) * 4000
    path = taped({f"Ada/{n:03}.jpg": photo for n in range(60)}, ".tar.gz", compresslevel=1)
    tracemalloc.start()
    candidates = list(TarSource(path))
    assert len(candidates) == 60
    for candidate in candidates:
        assert len(candidate.load()) == len(photo)
    assert tracemalloc.get_traced_memory()[1] < 10 * len(photo)
    tracemalloc.stop()


def test_the_stamp_changes_with_size_and_time(taped):
    before = {c.uri: c.stamp for c in TarSource(taped())}
    after = {c.uri: c.stamp for c in TarSource(taped({**PHOTOS, "Ada/2.jpg": b"longer"}))}
    assert {uri for uri in before if before[uri] != after[uri]} == {"Ada/2.jpg"}


def test_links_devices_and_hidden_files_are_passed_over(taped):
    path = taped(
        {
            "Ada/1.jpg": b"1", "Ada/._1.jpg": b"2", "__MACOSX/Ada/1.jpg": b"3", "notes.txt": b"4",
            "a": special("Ada/soft.jpg", tarfile.SYMTYPE, "/etc/passwd"),
            "b": special("Ada/hard.jpg", tarfile.LNKTYPE, "Ada/1.jpg"),
            "c": special("Ada/pipe.jpg", tarfile.FIFOTYPE),
            "d": special("Ada/tty.jpg", tarfile.CHRTYPE),
            "e": special("Ada/dir.jpg", tarfile.DIRTYPE),
        }
    )  # fmt: skip
    assert owners(TarSource(path)) == {"Ada/1.jpg": "Ada"}


def test_names_are_labels_and_lead_nowhere(taped):
    source = TarSource(taped({"../Eve/1.jpg": b"1", "/etc/Ada/2.jpg": b"2", "./Bo/3.jpg": b"3"}))
    assert owners(source) == {"etc/Ada/2.jpg": "Ada", "Bo/3.jpg": "Bo"}
    assert source.faults.counts == {"has a name that leads out of the archive": 1}


def test_the_first_of_two_members_of_one_name_counts(taped):
    path = taped({"Ada/1.jpg": b"first"})
    with tarfile.open(path, "a") as archive:
        info = tarfile.TarInfo("Ada/1.jpg")
        info.size = 6
        archive.addfile(info, io.BytesIO(b"second"))
    source = TarSource(path)
    (candidate,) = source
    assert candidate.load() == b"first"
    assert len(source.faults) == 1


def test_a_name_in_an_old_encoding_is_spelled_out(taped):
    path = taped({"Beyoncé/1.jpg": b"1"}, format=tarfile.GNU_FORMAT, encoding="latin-1")
    assert owners(TarSource(path)) == {"Beyonc\\xe9/1.jpg": "Beyonc\\xe9"}


@pytest.mark.parametrize("form", [tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_long_names_in_every_script_are_read(taped, form):
    name = "é" * 150 + "/" + "名" * 60 + ".jpg"
    assert list(owners(TarSource(taped({name: b"1"}, format=form)))) == [name]


@pytest.mark.parametrize(
    "content",
    [b"", b"no archive", bytes(100), b"\x1f\x8bno gzip", gzip.compress(b"no tar", mtime=0),
     b"BZh9junk", lzma.compress(b"x" * 2000), b"\xfd7zXZ\x00junk", bz2.compress(b"")],
)  # fmt: skip
def test_what_is_no_archive_is_an_error(tmp_path, content):
    path = tmp_path / "faces.tar"
    path.write_bytes(content)
    with pytest.raises(OptionError, match="no tar archive") as caught:
        TarSource(path)
    assert caught.value.hint


def test_a_missing_archive_is_an_error(tmp_path):
    with pytest.raises(OptionError, match="there is no file"):
        TarSource(tmp_path / "faces.tar")


def test_zstandard_is_read_or_asks_for_a_newer_python(tmp_path, taped):
    path = tmp_path / "faces.tar.zst"
    try:
        from compression import zstd
    except ImportError:
        path.write_bytes(b"\x28\xb5\x2f\xfd" + bytes(100))
        with pytest.raises(OptionError, match="Zstandard") as caught:
            TarSource(path)
        assert "zstd -d" in caught.value.hint
    else:
        path.write_bytes(zstd.compress(taped().read_bytes()))
        assert [c.load() for c in TarSource(path)] == list(PHOTOS.values())


@pytest.mark.parametrize("suffix", KINDS)
def test_a_truncated_archive_gives_what_is_there_and_says_so(taped, suffix):
    noise = {f"Ada/{n}.jpg": random.Random(n).randbytes(150_000) for n in range(20)}
    path = taped(noise, suffix)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) * 2 // 3])
    source = TarSource(path)
    offered = list(source)
    assert 0 < len(offered) < 20
    assert source.faults.counts == {"the archive is damaged or cut off here": 1}
    for candidate in offered[:-1]:
        assert candidate.load() == noise[candidate.uri]


def test_a_photo_that_is_cut_off_is_unreadable(taped):
    path = taped({"Ada/1.jpg": b"x" * 9000})
    path.write_bytes(path.read_bytes()[:4000])
    source = TarSource(path)
    (candidate,) = source
    with pytest.raises(ImageUnreadable, match="cut off"):
        candidate.load()


def test_garbage_between_photos_is_told(taped):
    path = taped()
    raw = bytearray(path.read_bytes())
    at = raw.index(b"Ada/2.jpg")
    raw[at : at + 300] = b"?" * 300
    path.write_bytes(raw)
    source = TarSource(path)
    assert list(owners(source)) == ["Ada/1.jpg"]
    assert [fault.place for fault in source.faults] == ["faces.tar, after 1 files"]


@pytest.mark.parametrize("suffix", [".tar", ".tar.gz", ".tar.xz"])
def test_any_damaged_byte_is_survived(taped, suffix):
    path = taped({"Ada/1.jpg": b"one", "Ada/2.jpg": b"two"}, suffix)
    whole = path.read_bytes()
    for at in range(0, min(len(whole), 2048), 3 if suffix == ".tar" else 1):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        try:
            for candidate in TarSource(path):
                try:
                    candidate.load()
                except (ImageUnreadable, ImageTooLarge):
                    continue
        except OptionError:
            continue


@pytest.mark.timeout(20)
def test_a_size_below_zero_does_not_go_round_in_circles(taped):
    path = taped({"Ada/1.jpg": b"1", "Ada/2.jpg": b"2"})
    raw = bytearray(path.read_bytes())
    at = raw.index(b"Ada/2.jpg")
    raw[at + 124 : at + 136] = b"\xff" * 10 + b"\xfe\x00"
    raw[at + 148 : at + 156] = b" " * 8
    raw[at + 148 : at + 156] = b"%06o\0 " % sum(raw[at : at + 512])
    path.write_bytes(raw)
    source = TarSource(path)
    for candidate in source:
        if candidate.uri == "Ada/2.jpg":
            with pytest.raises(ImageUnreadable):
                candidate.load()
    assert len(source.faults) == 1


@pytest.mark.parametrize("kind", [tarfile.GNUTYPE_LONGNAME, tarfile.XHDTYPE])
def test_a_huge_header_is_not_read_into_memory(tmp_path, kind):
    header = tarfile.TarInfo("long")
    header.type, header.size = kind, 1 << 32
    path = tmp_path / "faces.tar.gz"
    with gzip.open(path, "wb", compresslevel=1) as stream:
        stream.write(header.tobuf(tarfile.GNU_FORMAT))
        stream.write(bytes(1 << 25))
    tracemalloc.start()
    with pytest.raises(OptionError, match="no tar archive"):
        TarSource(path)
    assert tracemalloc.get_traced_memory()[1] < 1 << 22
    tracemalloc.stop()


def test_endless_headers_of_headers_end(tmp_path):
    header = tarfile.TarInfo("long")
    header.type, header.size = tarfile.GNUTYPE_LONGNAME, 0
    path = tmp_path / "faces.tar"
    path.write_bytes(header.tobuf(tarfile.GNU_FORMAT) * 5000)
    with pytest.raises(OptionError, match="no tar archive"):
        TarSource(path)


def test_an_archive_that_bursts_is_refused(taped):
    path = taped({"Ada/1.bmp": bytes(1 << 24)}, ".tar.gz")
    with pytest.raises(OptionError, match="200 times"):
        list(TarSource(path))


def test_a_photo_over_the_limit_is_refused_unread(taped):
    limits = ArchiveLimits(photo=Limits(max_bytes=1000))
    one, *_ = TarSource(taped(), limits=limits)
    with pytest.raises(ImageTooLarge):
        one.load()


def test_too_many_members_are_refused(taped):
    with pytest.raises(OptionError, match="more than 3 files"):
        list(TarSource(taped(), limits=ArchiveLimits(max_members=3)))


def test_holes_in_a_file_are_told(tmp_path):
    info = tarfile.TarInfo("Ada/1.jpg")
    info.type = tarfile.GNUTYPE_SPARSE
    path = tmp_path / "faces.tar"
    path.write_bytes(info.tobuf(tarfile.GNU_FORMAT) + bytes(10240))
    source = TarSource(path)
    assert list(source) == []
    assert len(source.faults) == 1


def test_an_archive_that_vanishes_is_missing(taped):
    path = taped()
    source = TarSource(path)
    candidate = next(iter(source))
    path.unlink()
    with pytest.raises(ImageMissing):
        candidate.load()
    with pytest.raises(OptionError, match="gone"):
        list(source)


@pytest.mark.parametrize("suffix", KINDS)
def test_nothing_is_left_open(taped, suffix):
    # An open file would be a warning, and warnings are errors.
    source = TarSource(taped(suffix=suffix))
    passing = iter(source)
    next(passing).load()
    del passing, source
    gc.collect()
