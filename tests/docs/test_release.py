"""What is published is built alike twice, is in order, and is stated as it is."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RESULT = ROOT / "benchmarks" / "results" / "install.json"


@pytest.fixture
def published(tmp_path: Path) -> Path:
    folder = tmp_path / "dist"
    done = subprocess.run(
        [sys.executable, str(ROOT / "docs" / "release.py"), str(folder), "--no-materials"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr  # two builds differ, or a tool objects
    return folder


@pytest.mark.slow
def test_two_builds_are_equal_and_hold_what_they_should(published: Path) -> None:
    _check_wheel(published)
    _check_source(published)


def _check_wheel(published: Path) -> None:
    (wheel,) = published.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        times = {one.date_time for one in archive.infolist()}
    package = ROOT / "src" / "lookalike"
    there = {
        f"lookalike/{path.relative_to(package).as_posix()}"
        for path in package.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {name for name in names if name.startswith("lookalike/")} == there
    rest = {name.partition("/")[0] for name in names} - {"lookalike"}
    assert len(rest) == 1
    assert rest.pop().endswith(".dist-info")
    assert len(times) == 1
    assert wheel.stat().st_size < 6_000_000


def _check_source(published: Path) -> None:
    (archive,) = published.glob("*.tar.gz")
    with tarfile.open(archive) as opened:
        names = {name.partition("/")[2] for name in opened.getnames()}
    for needed in (
        "Makefile", "conftest.py", "constraints.txt", "docs/conf.py", "docs/pictures/find.webp",
        "tests/conftest.py", "benchmarks/record.py", "recipes/starter/build.py", "MODELS.md",
    ):  # fmt: skip
        assert needed in names
    assert not [name for name in names if name.endswith((".pyc", ".gallery-wal"))]
    sums = (published / "SHA256SUMS").read_text("utf-8").splitlines()
    assert [line.split()[1] for line in sums] == sorted(
        path.name for path in published.iterdir() if path.suffix in (".whl", ".gz")
    )


def _extras() -> set[str]:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    return set(config["project"]["optional-dependencies"]) - {"dev"}


def test_versions_and_extras_are_said_in_one_voice() -> None:
    import lookalike

    assert f"version: {lookalike.__version__}\n" in (ROOT / "CITATION.cff").read_text("utf-8")
    text = (ROOT / "benchmarks" / "install.py").read_text("utf-8")
    proofs = set(
        re.findall(r'^    "(\w+)":', text.split("PROOFS = {")[1].split("\n}\n")[0], re.MULTILINE)
    )
    assert proofs == _extras(), "every extra needs a line in PROOFS of benchmarks/install.py"


def test_the_wheel_has_been_tried_on_three_pythons_with_every_extra() -> None:
    result = json.loads(RESULT.read_text("utf-8"))
    tried = {row["python"].rpartition(".")[0]: row for row in result["pythons"]}
    assert set(tried) >= {"3.11", "3.12", "3.13"}
    for row in tried.values():
        assert row["healthy"]
        assert row["demo"] == "Alan Greenspan"
        assert set(row["extras"]) == _extras()
