"""Numbered folders, and the file that says who they are."""

from __future__ import annotations

import zipfile

import numpy as np
import pytest

from lookalike.errors import OptionError
from lookalike.sources.celeb_mini import CelebMiniSource
from lookalike.sources.label_map import find_label_map, read_label_map
from lookalike.testing import SourceContract

NAMES = {"n00000001": "Aaron Eckhart", "n00000002": "Beyoncé"}
PHOTOS = ("n00000001/1.JPEG", "n00000001/2.JPEG", "n00000002/1.JPEG")


@pytest.fixture
def root(folder):
    return folder(*(f"celeb_mini/{photo}" for photo in PHOTOS)) / "celeb_mini"


def save_csv(path, names=NAMES, header=""):
    path.write_text(header + "".join(f"{key},{name}\n" for key, name in names.items()), "utf-8")


def save_array(path, kind="U"):
    pairs = list(NAMES.items())
    if kind == "S":
        pairs = [(key.encode(), name.encode()) for key, name in pairs]
    np.save(path, np.array(pairs))


class TestContract(SourceContract):
    @pytest.fixture(autouse=True)
    def _set(self, root):
        self.root = root
        save_csv(root / "celeb_label_map.csv")

    def source(self):
        return CelebMiniSource(self.root)


@pytest.mark.parametrize("place", ["celeb_mini/labels.csv", "celeb_label_map.csv"])
def test_the_map_is_found_in_the_folder_and_beside_it(root, place):
    save_csv(root.parent / place)
    source = CelebMiniSource(root)
    assert source.name == "celeb_mini"
    assert [(c.uri, c.person.name) for c in source] == [
        (photo, NAMES[photo[:9]]) for photo in PHOTOS
    ]


@pytest.mark.parametrize("kind", ["U", "S"])
def test_an_array_of_text_is_a_map(root, kind):
    save_array(root.parent / "celeb_label_map.npy", kind)
    assert CelebMiniSource(root).names == NAMES


def test_the_map_can_be_named(root, tmp_path):
    save_csv(tmp_path / "who.csv")
    assert len(list(CelebMiniSource(root, tmp_path / "who.csv"))) == 3


@pytest.mark.parametrize(
    ("header", "rows"),
    [
        ("", "n1,Ada\n"),
        ("label,name\n", "n1,Ada\n"),
        ("Name,Folder\n", "Ada,n1\n"),
        ("name,whatever\n", "Ada,n1\n"),
        ("Class_ID, Name, Sample_Num, Flag, Gender\n", 'n1, "Ada", 424, 1, f\n'),
        ("\ufefffolder;person\n", "n1;Ada\n"),
    ],
)
def test_a_header_says_which_columns(tmp_path, header, rows):
    path = tmp_path / "labels.csv"
    path.write_text(header + rows, "utf-8")
    assert read_label_map(path) == {"n1": "Ada"}


def test_a_map_made_with_pickle_is_refused_with_a_way_out(root):
    # As the courses do it: a dict, in an array of one object.
    path = root.parent / "celeb_label_map.npy"
    np.save(path, np.array(NAMES, dtype=object), allow_pickle=True)
    with pytest.raises(OptionError, match="pickled") as caught:
        CelebMiniSource(root)
    assert "numpy.array(list(names.items()))" in caught.value.hint
    # What the hint says, and then it works.
    names = np.load(path, allow_pickle=True).item()
    np.save(path, np.array(list(names.items())))
    assert CelebMiniSource(root).names == NAMES


def test_a_csv_file_comes_before_an_array(root):
    np.save(root.parent / "celeb_label_map.npy", np.array(NAMES, dtype=object), allow_pickle=True)
    save_csv(root.parent / "celeb_label_map.csv")
    assert CelebMiniSource(root).names == NAMES


def test_an_array_of_pairs_of_objects_is_refused(tmp_path):
    path = tmp_path / "labels.npy"
    np.save(path, np.array(list(NAMES.items()), dtype=object), allow_pickle=True)
    with pytest.raises(OptionError, match="pickled"):
        read_label_map(path)


@pytest.mark.parametrize(
    "array",
    [np.arange(4).reshape(2, 2), np.array(["n1", "Ada"]), np.array([["n1", "Ada", "x"]])],
)
def test_an_array_of_something_else_is_refused(tmp_path, array):
    path = tmp_path / "labels.npy"
    np.save(path, array)
    with pytest.raises(OptionError, match="is an array of"):
        read_label_map(path)


def test_several_arrays_are_refused(tmp_path):
    np.savez(tmp_path / "labels.npz", names=np.array(list(NAMES.items())))
    (tmp_path / "labels.npz").rename(tmp_path / "labels.npy")
    with pytest.raises(OptionError, match="several arrays"):
        read_label_map(tmp_path / "labels.npy")
    assert zipfile.is_zipfile(tmp_path / "labels.npy")


def _claims(shape):
    text = f"{{'descr': '<U9', 'fortran_order': False, 'shape': {shape}, }}".ljust(117) + "\n"
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text.encode()


@pytest.mark.parametrize(
    "content",
    [b"", b"no array", b"\x93NUMPY", b"\x93NUMPY\x09\x09", _claims("(2, 2)"),
     _claims(f"({1 << 40}, 2)"), _claims(f"({1 << 62}, 2)"), _claims("(-1, 2)")],
)  # fmt: skip
def test_a_damaged_array_is_refused(tmp_path, content):
    path = tmp_path / "labels.npy"
    path.write_bytes(content)
    with pytest.raises(OptionError) as caught:
        read_label_map(path)
    assert caught.value.hint


@pytest.mark.parametrize("name", ["labels.csv", "labels.npy"])
def test_a_missing_map_is_an_error(root, name):
    with pytest.raises(OptionError, match="there is no file"):
        CelebMiniSource(root, root / name)


def test_a_map_that_names_nobody_is_an_error(tmp_path):
    path = tmp_path / "labels.csv"
    path.write_text("label,name\n,\n")
    with pytest.raises(OptionError, match="names nobody"):
        read_label_map(path)


def test_a_map_with_two_names_for_one_folder_is_an_error(tmp_path):
    path = tmp_path / "labels.csv"
    path.write_text("n1,Ada\nn1,Ada\nn1,Eve\n")
    with pytest.raises(OptionError, match="two names for 'n1'"):
        read_label_map(path)


def test_folders_that_the_map_does_not_know_are_told(root):
    save_csv(root / "labels.csv", {"n00000001": "Aaron Eckhart"})
    source = CelebMiniSource(root)
    assert [candidate.uri for candidate in source] == list(PHOTOS[:2])
    assert [fault.place for fault in source.faults] == [PHOTOS[2]]


def test_the_folders_may_lie_deeper(folder):
    root = folder("set/train/n00000001/a/1.jpg")
    save_csv(root / "set/labels.csv")
    assert [c.person.name for c in CelebMiniSource(root / "set", root / "set/labels.csv")] == [
        "Aaron Eckhart"
    ]


def test_a_folder_without_a_map_is_an_error(root):
    with pytest.raises(OptionError, match="no label map"):
        CelebMiniSource(root)
    with pytest.raises(OptionError, match="not a folder"):
        CelebMiniSource(root / "nowhere")


def test_a_map_is_looked_for_only_where_folders_have_numbers(folder):
    root = folder("people/Ada/1.jpg", "people/Nina/1.jpg", "people/labels.csv")
    assert find_label_map(root / "people") is None
    assert find_label_map(root / "nowhere") is None
