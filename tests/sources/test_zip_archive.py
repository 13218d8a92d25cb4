"""ZIP archives, as people and their programs pack them: odd, broken, hostile."""

from __future__ import annotations

import io
import stat
import struct
import tracemalloc
import zipfile

import pytest

from lookalike.errors import ImageTooLarge, ImageUnreadable, OptionError
from lookalike.gallery.build import build
from lookalike.gallery.records import Header, Reason
from lookalike.gallery.store import GalleryFile
from lookalike.images import Limits
from lookalike.sources.archive_limits import ArchiveLimits
from lookalike.sources.zip_archive import ZipSource
from lookalike.sources.zip_directory import directory_size
from lookalike.testing import FakeAnalyzer, SourceContract
from lookalike.testing.fakes import FAKE_SPACE

PHOTOS = {"Ada/1.jpg": b"one", "Ada/2.jpg": b"two", "a-z/B/Bo_Li/x.png": b"three", "Eve.jpg": b"4"}


@pytest.fixture
def packed(tmp_path):
    def make(members=PHOTOS, name="faces.zip", method=zipfile.ZIP_DEFLATED):
        path = tmp_path / name
        with zipfile.ZipFile(path, "w", method) as archive:
            for member, data in dict(members).items():
                archive.writestr(member, data)
        return path

    return make


def owners(source):
    return {candidate.uri: candidate.person.name for candidate in source}


class TestContract(SourceContract):
    @pytest.fixture(autouse=True)
    def _archive(self, packed):
        self.path = packed()

    def source(self):
        return ZipSource(self.path)


def test_folders_inside_name_people(packed):
    source = ZipSource(packed())
    assert source.name == "faces"
    assert owners(source) == {
        "Ada/1.jpg": "Ada",
        "Ada/2.jpg": "Ada",
        "a-z/B/Bo_Li/x.png": "Bo Li",
        "Eve.jpg": "Eve",
    }
    assert "Eve.jpg" not in owners(ZipSource(packed(), "people"))
    flat = ZipSource(packed({"in/Ada_01.jpg": b"1", "in/Ada_02.jpg": b"2"}), "flat", numbered=True)
    assert set(owners(flat).values()) == {"Ada"}


@pytest.mark.parametrize(
    "method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
)
def test_photos_are_loaded_in_any_order(packed, method):
    candidates = list(ZipSource(packed(method=method)))
    for candidate in reversed(candidates):
        assert candidate.load() == PHOTOS[candidate.uri]


def test_the_stamp_is_of_the_content(packed):
    before = {c.uri: c.stamp for c in ZipSource(packed())}
    after = {c.uri: c.stamp for c in ZipSource(packed({**PHOTOS, "Ada/1.jpg": b"uno"}))}
    assert {uri for uri in before if before[uri] != after[uri]} == {"Ada/1.jpg"}


def test_what_is_no_photo_is_passed_over(packed):
    path = packed(
        {
            "Ada/1.jpg": b"1", "__MACOSX/Ada/._1.jpg": b"2", "__MACOSX/Ada/1.jpg": b"3",
            ".git/4.jpg": b"4", "Ada/.5.jpg": b"5", "Ada/notes.txt": b"6", "Ada/": b"",
        }
    )  # fmt: skip
    with zipfile.ZipFile(path, "a") as archive:
        link = zipfile.ZipInfo("Ada/link.jpg")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    source = ZipSource(path)
    assert owners(source) == {"Ada/1.jpg": "Ada"}
    assert len(source.faults) == 0


def test_names_are_labels_and_lead_nowhere(packed):
    source = ZipSource(
        packed({"../../Eve/1.jpg": b"1", "/etc/Ada/2.jpg": b"2", "./Bo/3.jpg": b"3",
                "Ada\\4.jpg": b"4", "..\\Eve\\5.jpg": b"5"})
    )  # fmt: skip
    assert owners(source) == {"etc/Ada/2.jpg": "Ada", "Bo/3.jpg": "Bo", "Ada/4.jpg": "Ada"}
    assert source.faults.counts == {"has a name that leads out of the archive": 2}


def test_the_first_of_two_members_of_one_name_counts(packed):
    path = packed({"Ada/1.jpg": b"first"})
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("Ada/1.jpg", b"second")
    source = ZipSource(path)
    (candidate,) = source
    assert candidate.load() == b"first"
    assert source.faults.counts == {"is in the archive twice; the first one counts": 1}


def test_a_name_in_utf8_that_does_not_say_so_is_read(packed):
    path = packed({"Beyonce/1.jpg": b"1", "J\xfcrgen/1.jpg": b"2"})
    raw = path.read_bytes().replace(b"Beyonce", "Béyon".encode() + b"c")
    path.write_bytes(raw)
    assert set(owners(ZipSource(path)).values()) == {"Béyonc", "Jürgen"}


def test_a_name_that_says_it_is_utf8_and_is_not_is_an_error(packed):
    path = packed({"Jürgen/1.jpg": b"1"})
    path.write_bytes(path.read_bytes().replace("ü".encode(), b"\xff\xfe"))
    with pytest.raises(OptionError, match="damaged"):
        ZipSource(path)


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04 and no end"])
def test_what_is_no_archive_is_an_error(tmp_path, content):
    path = tmp_path / "faces.zip"
    path.write_bytes(content)
    with pytest.raises(OptionError, match="no ZIP archive") as caught:
        ZipSource(path)
    assert caught.value.hint


def test_a_missing_archive_is_an_error(tmp_path):
    with pytest.raises(OptionError, match="there is no file"):
        ZipSource(tmp_path / "faces.zip")


def test_a_truncated_archive_is_an_error(packed):
    path = packed()
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(OptionError, match="damaged"):
        ZipSource(path)


def test_a_damaged_photo_is_unreadable_and_the_others_are_not(packed):
    path = packed(method=zipfile.ZIP_STORED)
    path.write_bytes(path.read_bytes().replace(b"two", b"tvo"))
    first, second, *_ = ZipSource(path)
    assert first.load() == b"one"
    with pytest.raises(ImageUnreadable, match="damaged") as caught:
        second.load()
    assert caught.value.hint


def test_any_damaged_byte_is_survived(packed):
    path = packed()
    whole = path.read_bytes()
    for at in range(len(whole)):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        try:
            source = ZipSource(path)
        except OptionError:
            continue
        for candidate in source:
            try:
                assert len(candidate.load()) < 100
            except (ImageUnreadable, ImageTooLarge):
                continue


def test_an_encrypted_archive_says_so(packed):
    path = packed({"Ada/1.jpg": b"1"})
    raw = bytearray(path.read_bytes())
    raw[6] |= 1
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(raw)
    with pytest.raises(OptionError, match="encrypted") as caught:
        ZipSource(path)
    assert "password" in caught.value.hint


def test_an_unknown_way_of_packing_says_so(packed):
    path = packed({"Ada/1.jpg": b"1"})
    raw = bytearray(path.read_bytes())
    for at in (8, raw.index(b"PK\x01\x02") + 10):
        raw[at : at + 2] = (9).to_bytes(2, "little")
    path.write_bytes(raw)
    (candidate,) = ZipSource(path)
    with pytest.raises(ImageUnreadable, match="cannot be read here"):
        candidate.load()


def test_an_empty_photo_says_so(packed):
    (candidate,) = ZipSource(packed({"Ada/1.jpg": b""}))
    with pytest.raises(ImageUnreadable, match="empty"):
        candidate.load()


def test_an_archive_that_bursts_is_refused(packed):
    with pytest.raises(OptionError, match="200 times"):
        ZipSource(packed({"Ada/1.bmp": bytes(1 << 24)}))


def test_a_photo_that_bursts_is_refused_unread(packed):
    path = packed({"Ada/1.bmp": bytes(1 << 24), "Bo/1.jpg": b"1" * 10})
    with zipfile.ZipFile(path, "a", zipfile.ZIP_STORED) as archive:
        archive.writestr("noise.bin", bytes(1 << 20))
    bomb, good = ZipSource(path)
    tracemalloc.start()
    with pytest.raises(ImageTooLarge, match="200 times"):
        bomb.load()
    assert tracemalloc.get_traced_memory()[1] < 1 << 20
    tracemalloc.stop()
    assert good.load() == b"1" * 10


def test_a_photo_over_the_limit_is_refused(packed):
    limits = ArchiveLimits(photo=Limits(max_bytes=1000))
    (candidate,) = ZipSource(packed({"Ada/1.jpg": b"x" * 1001}), limits=limits)
    with pytest.raises(ImageTooLarge):
        candidate.load()


def test_a_size_that_is_not_true_is_found_out(packed):
    path = packed({"Ada/1.jpg": b"x" * 5000})
    raw = bytearray(path.read_bytes())
    at = raw.index(b"PK\x01\x02") + 24
    raw[at : at + 4] = (10).to_bytes(4, "little")
    path.write_bytes(raw)
    (candidate,) = ZipSource(path)
    with pytest.raises(ImageUnreadable):
        candidate.load()


def test_too_many_members_are_refused(packed):
    with pytest.raises(OptionError, match="more than 3 files"):
        ZipSource(packed(), limits=ArchiveLimits(max_members=3))


def test_too_long_a_list_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "faces.zip"
    with path.open("wb") as file:
        file.truncate(1 << 30)
        file.seek(1 << 30)
        file.write(struct.pack("<4s4xHHLLH", b"PK\x05\x06", 9, 9, 1 << 29, 1 << 29, 0))
    tracemalloc.start()
    with pytest.raises(OptionError, match="more than 500,000 files"):
        ZipSource(path)
    assert tracemalloc.get_traced_memory()[1] < 1 << 20
    tracemalloc.stop()


def test_the_long_form_of_the_list_is_understood(packed, monkeypatch):
    monkeypatch.setattr(zipfile, "ZIP_FILECOUNT_LIMIT", 2)
    path = packed()
    assert b"PK\x06\x06" in path.read_bytes()
    members, size = directory_size(path)
    assert members == 4
    assert size == sum(46 + len(name) for name in PHOTOS)
    assert len(list(ZipSource(path))) == 4


def test_limits_are_checked():
    with pytest.raises(OptionError, match="max_ratio"):
        ArchiveLimits(max_ratio=0)


def test_a_gallery_is_built_from_an_archive_and_gone_on_with(packed, tmp_path, hopper, astronaut):
    path = packed({"Grace/1.jpg": hopper.read_bytes(), "Grace/2.jpg": b"broken", "Eve/1.jpg": b""})
    gallery = GalleryFile.create(tmp_path / "g.gallery", Header(FAKE_SPACE, "fake-32", 1))
    summary = build(gallery, ZipSource(path), FakeAnalyzer())
    assert summary.offered == 3
    assert summary.turned_down[Reason.UNREADABLE] >= 1
    assert build(gallery, ZipSource(path), FakeAnalyzer()).known == 3
    gallery.close()


def test_nothing_is_left_open_and_nothing_is_unpacked(packed, tmp_path):
    for _ in range(3):
        source = ZipSource(packed())
        next(iter(source)).load()
        del source
    assert [path.name for path in tmp_path.iterdir()] == ["faces.zip"]
    with zipfile.ZipFile(io.BytesIO(packed().read_bytes())) as archive:
        assert archive.testzip() is None
