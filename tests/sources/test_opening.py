"""Places are recognized by looking at them, and several are one."""

from __future__ import annotations

import bz2
import gzip
import lzma
import tarfile
import zipfile

import pytest

from lookalike.errors import OptionError
from lookalike.sources.blend import BlendedSource
from lookalike.sources.celeb_mini import CelebMiniSource
from lookalike.sources.faults import KEPT, Faults
from lookalike.sources.folder import FolderSource
from lookalike.sources.imdb_filters import ImdbFilters
from lookalike.sources.imdb_wiki import ImdbWikiSource
from lookalike.sources.opening import SourceOptions, open_source
from lookalike.sources.table import TableSource
from lookalike.sources.tar_archive import TarSource
from lookalike.sources.zip_archive import ZipSource
from lookalike.testing import SourceContract


@pytest.fixture
def places(folder, mat):
    """Return one place of each kind."""
    root = folder("people/Ada/1.jpg", "mini/n00000001/1.jpg", "grace.jpg")
    (root / "mini/labels.csv").write_text("n00000001,Aaron Eckhart\n")
    (root / "t.csv").write_text("path,person\ngrace.jpg,Grace\n")
    (root / "t.tsv").write_text("path\tperson\ngrace.jpg\tGrace\n")
    (root / "t.jsonl").write_text('{"path": "grace.jpg", "person": "Grace"}\n')
    with zipfile.ZipFile(root / "a.zip", "w") as archive:
        archive.writestr("Ada/1.jpg", b"1")
    with tarfile.open(root / "a.tar", "w") as archive:
        archive.add(root / "grace.jpg", "Grace/1.jpg")
    tape = (root / "a.tar").read_bytes()
    (root / "a.tgz").write_bytes(gzip.compress(tape))
    (root / "a.tar.xz").write_bytes(lzma.compress(tape))
    (root / "a.tar.bz2").write_bytes(bz2.compress(tape))
    mat({}, name="crops_crop/wiki.mat", title="wiki")
    return root


KINDS = {
    "people": FolderSource, "mini": CelebMiniSource, "crops_crop": ImdbWikiSource,
    "t.csv": TableSource, "t.tsv": TableSource, "t.jsonl": TableSource,
    "a.zip": ZipSource, "a.tar": TarSource, "a.tgz": TarSource, "a.tar.xz": TarSource,
    "a.tar.bz2": TarSource, "crops_crop/wiki.mat": ImdbWikiSource,
}  # fmt: skip


@pytest.mark.parametrize("place", KINDS)
def test_each_kind_is_recognized(places, place):
    source = open_source([places / place])
    assert type(source) is KINDS[place]
    assert len(list(source)) == 1


@pytest.mark.parametrize("place", [name for name in KINDS if name.startswith("a.")])
def test_archives_are_recognized_by_what_they_hold(places, place):
    (places / place).rename(places / "download")
    assert type(open_source([places / "download"])) is KINDS[place]


def test_parquet_is_recognized_by_what_it_holds(places):
    pytest.importorskip("pyarrow")
    import pyarrow
    import pyarrow.parquet

    table = pyarrow.table({"path": ["grace.jpg"], "person": ["Grace"]})
    for name in ("t.parquet", "t"):
        pyarrow.parquet.write_table(table, places / name)
        source = open_source([places / name])
        assert type(source) is TableSource
        assert [candidate.person.name for candidate in source] == ["Grace"]


def test_options_reach_the_sources(places):
    only_folders = SourceOptions(layout="people")
    assert type(open_source([places / "mini"], only_folders)) is FolderSource
    assert [c.person.name for c in open_source([places / "mini"], only_folders)] == ["N00000001"]
    everything = SourceOptions(imdb=ImdbFilters(min_score=9), crops=False)
    source = open_source([places / "crops_crop"], everything)
    assert list(source) == []
    assert source.crops is False
    elsewhere = SourceOptions(images=places / "people")
    assert [c.stamp for c in open_source([places / "t.csv"], elsewhere)] == ["unreadable"]
    flat = SourceOptions(layout="flat", numbered=True)
    (candidate,) = open_source([places / "a.tar"], flat)
    assert candidate.person.name == "1"
    named = SourceOptions(labels=places / "mini/labels.csv")
    assert type(open_source([places / "people"], named)) is CelebMiniSource


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("me.jpg", b"\xff\xd8\xff", "one photo"),
        ("t.json", b"[]", "as it is"),
        ("t.xlsx", b"PK\x03\x04", "as it is"),
        ("a.rar", b"Rar!", "as it is"),
        ("notes.txt", b"hello", "nothing that photos"),
        ("empty", b"", "nothing that photos"),
        ("broken.zip", b"hello", "no ZIP archive"),
        ("broken.tar", b"hello", "no tar archive"),
        ("empty.csv", b"", "is empty"),
    ],
)
def test_what_is_nothing_of_the_kind_says_so(tmp_path, name, content, words):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(OptionError, match=words) as caught:
        open_source([path])
    assert caught.value.hint


def test_a_damaged_table_of_imdb_says_so_when_it_is_read(tmp_path):
    path = tmp_path / "imdb.mat"
    path.write_bytes(b"MATLAB 7.3 MAT-file".ljust(600))
    with pytest.raises(OptionError, match=r"7\.3"):
        list(open_source([path]))


def test_nothing_is_an_error(tmp_path):
    with pytest.raises(OptionError, match="there is no"):
        open_source([tmp_path / "nowhere"])
    with pytest.raises(OptionError, match="nothing to read"):
        open_source([])
    with pytest.raises(OptionError):
        BlendedSource([])
    with pytest.raises(OptionError, match="no layout"):
        SourceOptions(layout="deep")


class TestBlended(SourceContract):
    @pytest.fixture(autouse=True)
    def _places(self, places):
        self.places = [places / name for name in ("people", "a.zip", "a.tar", "t.csv")]

    def source(self):
        return open_source(self.places)

    def test_uris_begin_with_the_name_of_their_source(self):
        source = self.source()
        assert source.name == "people+a+a+t"
        assert [candidate.uri for candidate in source] == [
            "people/Ada/1.jpg",
            "a/Ada/1.jpg",
            "a-2/Grace/1.jpg",
            "t/grace.jpg",
        ]


def test_both_sets_of_imdb_wiki_are_one(mat, tmp_path):
    mat({"full_path": "01/a.jpg"}, {"face_score": 1}, name="imdb/imdb.mat")
    mat({"full_path": "01/a.jpg", "name": "ada lovelace"}, {"face_score": 1}, name="wiki/wiki.mat",
        title="wiki")  # fmt: skip
    source = open_source([tmp_path / "imdb", tmp_path / "wiki"])
    assert source.name == "imdb+wiki"
    assert [c.uri for c in source] == ["imdb/01/a.jpg", "wiki/01/a.jpg"]
    assert {c.person.id for c in source} == {"ada-lovelace"}
    assert source.faults.counts == {"the face's score is below 3": 2}


def test_names_of_sources_are_told_apart(folder):
    root = folder("x/a/A/1.jpg", "y/a/A/1.jpg", "z/a-2/A/1.jpg")
    source = open_source([root / "x/a", root / "y/a", root / "z/a-2"])
    assert len({candidate.uri for candidate in source}) == 3


def test_faults_are_counted_in_full_and_kept_in_part():
    faults = Faults()
    for number in range(KEPT + 5):
        faults.add(f"line {number}", "names nobody")
    faults.add_many(7, "no face")
    faults.add_many(0, "never")
    assert len(faults) == KEPT + 12
    assert len(list(faults)) == KEPT
    assert dict(faults.counts) == {"names nobody": KEPT + 5, "no face": 7}
    both = Faults()
    both.extend(faults)
    both.extend(faults)
    assert (len(both), len(list(both))) == (2 * KEPT + 24, KEPT)
