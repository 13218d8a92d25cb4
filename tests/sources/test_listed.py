"""Photos that are named one by one."""

from __future__ import annotations

import pytest

from lookalike.sources.listed import ListedSource, Provenance
from lookalike.testing.contracts import SourceContract
from lookalike.types import Person


@pytest.fixture
def files(tmp_path):
    paths = [tmp_path / name for name in ("a/1.jpg", "b/1.jpg", "b/again.jpg", "none.jpg")]
    for path, data in zip(paths, (b"one", b"two", b"one"), strict=False):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
    return paths


class TestListed(SourceContract):
    @pytest.fixture(autouse=True)
    def _files(self, files):
        self.files = files

    def source(self):
        return ListedSource(Person.named("Ada"), self.files)


def test_files_of_one_name_are_two_photos_and_one_file_is_one(files):
    source = ListedSource(Person.named("Ada"), files, Provenance("CC0", "C", "https://p"))
    first, second = source
    assert first.uri != second.uri
    assert (first.uri.endswith("-1.jpg"), second.load()) == (True, b"two")
    assert (first.licence, first.credit, first.page) == ("CC0", "C", "https://p")
    assert [fault.place for fault in source.faults] == [str(files[2]), str(files[3])]
