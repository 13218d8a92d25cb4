"""Files that are whole or not there."""

from __future__ import annotations

import errno
import os
from typing import IO, TYPE_CHECKING, Any

import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image as Pillow

from lookalike.errors import OptionError
from lookalike.figures import lookalikes, save

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from lookalike.figures import Row


@pytest.fixture
def figure(row: Callable[..., Row]) -> Figure:
    return lookalikes([row("Ada Lovelace", "名前", portraits=1)])


@pytest.mark.parametrize(
    ("suffix", "kind"), [("png", "PNG"), ("jpg", "JPEG"), ("JPEG", "JPEG"), ("webp", "WEBP")]
)
def test_pictures_are_what_their_name_says(
    figure: Figure, tmp_path: Path, suffix: str, kind: str
) -> None:
    path = tmp_path / f"grid.{suffix}"
    save(figure, path, dpi=72)
    width, height = figure.get_size_inches() * 72
    with Pillow.open(path) as picture:
        assert picture.format == kind
        assert picture.size == (round(width), round(height))
        assert np.asarray(picture.convert("RGB"))[0, 0] == pytest.approx([245, 241, 234], abs=3)
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


def test_dpi(figure: Figure, tmp_path: Path) -> None:
    save(figure, tmp_path / "grid.png")
    with Pillow.open(tmp_path / "grid.png") as picture:
        assert picture.width == round(figure.get_size_inches()[0] * 144)


@pytest.mark.parametrize(("suffix", "start"), [("pdf", b"%PDF-"), ("svg", b"<?xml")])
def test_drawings_are_what_their_name_says(
    figure: Figure, tmp_path: Path, suffix: str, start: bytes
) -> None:
    save(figure, tmp_path / f"grid.{suffix}")
    assert (tmp_path / f"grid.{suffix}").read_bytes().startswith(start)


@pytest.mark.parametrize("suffix", ["png", "jpg", "webp", "pdf", "svg"])
def test_same_rows_same_bytes(row: Callable[..., Row], tmp_path: Path, suffix: str) -> None:
    paths = [tmp_path / f"{name}.{suffix}" for name in "ab"]
    for path in paths:
        save(lookalikes([row("Ada Lovelace", "Владимир", portraits=1)]), path, dpi=50)
    assert paths[0].read_bytes() == paths[1].read_bytes()


@pytest.mark.parametrize("name", ["grid.gif", "grid", ".png", "grid.png.exe"])
def test_unknown_suffix(figure: Figure, tmp_path: Path, name: str) -> None:
    with pytest.raises(OptionError, match="format") as caught:
        save(figure, tmp_path / name)
    assert "png" in caught.value.hint
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("dpi", [0, -1, float("nan"), float("inf")])
def test_odd_dpi(figure: Figure, tmp_path: Path, dpi: float) -> None:
    with pytest.raises(OptionError, match="dpi"):
        save(figure, tmp_path / "grid.png", dpi)


@pytest.mark.parametrize(("name", "dpi"), [("grid.png", 20_000), ("grid.webp", 2_000)])
def test_too_large(figure: Figure, tmp_path: Path, name: str, dpi: float) -> None:
    with pytest.raises(OptionError, match="too large"):
        save(figure, tmp_path / name, dpi)


def test_missing_folder(figure: Figure, tmp_path: Path) -> None:
    with pytest.raises(OptionError, match=r"nowhere.*No such file"):
        save(figure, tmp_path / "nowhere" / "grid.png", dpi=30)


def test_a_folder_in_the_way(figure: Figure, tmp_path: Path) -> None:
    (tmp_path / "grid.png").mkdir()
    with pytest.raises(OptionError, match="cannot write"):
        save(figure, tmp_path / "grid.png", dpi=30)
    assert [entry.name for entry in tmp_path.iterdir()] == ["grid.png"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_unwritable_folder(figure: Figure, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(OptionError, match="Permission denied"):
        save(figure, tmp_path / "grid.png", dpi=30)


@pytest.mark.parametrize("failure", [OSError(errno.ENOSPC, "No space left"), RuntimeError("bug")])
def test_failure_leaves_the_old_file_and_nothing_else(
    figure: Figure, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failure: Exception
) -> None:
    path = tmp_path / "grid.png"
    path.write_bytes(b"old")

    def fail(_: Figure, file: IO[bytes], **__: Any) -> None:
        file.write(b"half")
        raise failure

    monkeypatch.setattr(Figure, "savefig", fail)
    with pytest.raises(OptionError if isinstance(failure, OSError) else RuntimeError):
        save(figure, path)
    assert path.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["grid.png"]


def test_a_link_stays_a_link(figure: Figure, tmp_path: Path) -> None:
    (tmp_path / "real.png").write_bytes(b"old")
    (tmp_path / "link.png").symlink_to(tmp_path / "real.png")
    save(figure, tmp_path / "link.png", dpi=30)
    assert (tmp_path / "link.png").is_symlink()
    assert (tmp_path / "real.png").read_bytes().startswith(b"\x89PNG")


def test_permissions_are_those_of_any_new_file(figure: Figure, tmp_path: Path) -> None:
    (tmp_path / "plain").touch()
    save(figure, tmp_path / "grid.png", dpi=30)
    assert (tmp_path / "grid.png").stat().st_mode == (tmp_path / "plain").stat().st_mode
