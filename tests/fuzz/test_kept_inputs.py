"""Every kept input, seeds and what once broke a reader, through its target; without a fuzzer."""

from __future__ import annotations

from pathlib import Path

import pytest
from promise import HERE, TARGETS, Broken, check, kept, target, untouched

from lookalike.errors import ImageUnreadable

FOUND = {name: path for one in TARGETS for name, path in kept(one).items() if "findings" in name}


@pytest.mark.parametrize("name", TARGETS)
def test_seeds_are_read(name, tmp_path):
    module = target(name)
    paths = sorted((HERE / "seeds" / name).iterdir())
    assert {path.name for path in paths} == set(module.seeds())
    said = [check(module.use, path.read_bytes(), tmp_path) for path in paths]
    # A seed that is refused leads nowhere; a gallery of four people cannot answer every question.
    assert name == "gallery" or set(said) == {""}
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", FOUND)
def test_what_once_broke_a_reader_is_read_or_told(name, tmp_path):
    check(target(Path(name).parent.name).use, FOUND[name].read_bytes(), tmp_path)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", TARGETS)
@pytest.mark.parametrize("data", [b"", b"\x00", b"\xff" * 300], ids=["empty", "zero", "ones"])
def test_what_is_nothing_is_read_or_told(name, data, tmp_path):
    check(target(name).use, data, tmp_path)


def test_what_is_kept_is_small():
    sizes = [path.stat().st_size for one in TARGETS for path in kept(one).values()]
    assert sum(sizes) < 300_000


def _with_a_warning(data, folder):
    import warnings

    warnings.warn("of a library", UserWarning, stacklevel=2)


def _with_another_error(data, folder):
    raise KeyError("x")


def _with_two_lines(data, folder):
    raise ImageUnreadable("one\ntwo")


def _beside(data, folder):
    with untouched(folder / "a", data):
        (folder / "b").touch()


def _into(data, folder):
    with untouched(folder / "a", data) as path:
        path.write_bytes(b"other")


@pytest.mark.parametrize(
    ("use", "what"),
    [
        (_with_a_warning, "UserWarning"),
        (_with_another_error, "KeyError"),
        (_with_two_lines, "message of ImageUnreadable"),
        (_beside, "written beside"),
        (_into, "written into"),
    ],
)
def test_a_broken_promise_is_noticed(use, what, tmp_path):
    with pytest.raises(Broken, match=what):
        check(use, b"data", tmp_path)


def test_an_error_of_ours_is_kept_to_the_promise(tmp_path):
    def use(data, folder):
        raise ImageUnreadable("it is empty", "copy it again")

    assert check(use, b"", tmp_path) == "ImageUnreadable"
