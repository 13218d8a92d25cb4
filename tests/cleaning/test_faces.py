"""Real faces: none, several, and poor ones."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image as Pillow
from PIL import ImageFilter

from lookalike.cleaning import CleanOptions, Report, apply, inspect, undo
from lookalike.errors import OptionError
from lookalike.pipeline import Analyst
from lookalike.types import Image


@pytest.fixture
def album(
    tmp_path: Path, hopper: Path, astronaut: Image, rough: Callable[..., Pillow.Image]
) -> Path:
    folder = tmp_path / "album"
    (folder / "Ann").mkdir(parents=True)
    portrait, collins = Pillow.open(hopper), Pillow.fromarray(astronaut.pixels)
    portrait.save(folder / "Ann" / "good.png")
    both = Pillow.new("RGB", (1100, 600), "gray")
    both.paste(portrait, (560, 0))
    both.paste(collins, (0, 40))
    both.save(folder / "Ann" / "both.jpg", quality=92)
    turned = Pillow.new("RGB", (600, 1100))
    turned.paste(collins.resize((400, 400)), (100, 30))
    turned.filter(ImageFilter.GaussianBlur(5)).save(folder / "Ann" / "blurred.jpg")
    dark = portrait.crop((40, 0, 512, 560)).convert("L")
    Pillow.eval(dark, lambda value: value // 24).save(folder / "Ann" / "dark.png")
    rough(1).save(folder / "Ann" / "nobody.jpg")
    return folder


def details(report: Report) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for one in report.findings:
        found.setdefault(one.path.removeprefix("Ann/"), []).append((one.fault.value, one.detail))
    return found


def test_faces_are_judged(album: Path, analyst: Analyst) -> None:
    options = CleanOptions("skip", min_quality=0.25)
    found = details(inspect(album, options, detector=analyst.detector))
    assert found.pop("both.jpg") == [("several faces", "2 faces")]
    assert found.pop("nobody.jpg") == [("no face", "")]
    (blurred,) = found.pop("blurred.jpg")
    assert blurred[0] == "low quality"
    assert "blurred" in blurred[1]
    (dark,) = found.pop("dark.png")
    # A detector may see nothing at all in the dark.
    assert dark[0] == "no face" or "dark" in dark[1]
    assert found == {}


def test_without_a_detector_nothing_is_said_of_faces(album: Path) -> None:
    assert inspect(album).findings == ()


@pytest.mark.parametrize("several", ["largest", "centered"])
def test_a_crop_takes_the_place_of_the_photo(album: Path, analyst: Analyst, several: str) -> None:
    before = (album / "Ann" / "both.jpg").read_bytes()
    options = CleanOptions(several)  # type: ignore[arg-type]
    assert apply(inspect(album, options, detector=analyst.detector)).problems == []
    assert not (album / "Ann" / "both.jpg").exists()
    with Pillow.open(album / "Ann" / "both.png") as crop:
        assert 150 < crop.width < 600
    assert inspect(album, options, detector=analyst.detector).steps == ()
    undo(album)
    assert (album / "Ann" / "both.jpg").read_bytes() == before
    assert not (album / "Ann" / "both.png").exists()


def test_each_face_gets_a_file(album: Path, analyst: Analyst, tmp_path: Path) -> None:
    output = tmp_path / "faces"
    options = CleanOptions("each", output=output)
    apply(inspect(album, options, detector=analyst.detector))
    files = sorted(path.relative_to(output).as_posix() for path in output.rglob("*.png"))
    assert files == ["Ann/both-1.png", "Ann/both-2.png"]
    (first, second) = (analyst.detector.detect([_read(output / name)])[0] for name in files)
    assert len(first) >= 1
    assert len(second) >= 1
    assert inspect(album, options, detector=analyst.detector).steps == ()
    undo(album)
    assert not list(output.rglob("*.png"))
    assert (album / "Ann" / "both.jpg").exists()


def _read(path: Path) -> Image:
    from lookalike.images import read

    return read(path)


def test_options_that_make_no_sense(tmp_path: Path, analyst: Analyst) -> None:
    with pytest.raises(OptionError, match="needs a folder"):
        CleanOptions("each")
    with pytest.raises(OptionError, match="several must be one of"):
        CleanOptions("some")  # type: ignore[arg-type]
    with pytest.raises(OptionError, match="across must be one of"):
        CleanOptions(across="delete")  # type: ignore[arg-type]
    for wrong in ({"min_quality": 2}, {"min_side_px": 0}, {"near_bits": 99}, {"workers": -1}):
        with pytest.raises(OptionError, match=next(iter(wrong))):
            CleanOptions(**wrong)  # type: ignore[arg-type]
    with pytest.raises(OptionError, match="are about faces"):
        inspect(tmp_path, CleanOptions("skip"))
    inside = CleanOptions("each", output=tmp_path / "faces")
    with pytest.raises(OptionError, match="lies in the folder"):
        inspect(tmp_path, inside, detector=analyst.detector)
    with pytest.raises(OptionError, match="is not a folder"):
        inspect(tmp_path / "nowhere")
