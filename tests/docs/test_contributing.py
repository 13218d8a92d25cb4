"""CONTRIBUTING is followed literally, in a copy of the house: its files, lines and commands."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STEP = re.compile(
    r"<!-- (?:file: (?P<file>\S+)"
    r"|(?P<where>after|before) `(?P<mark>[^\n]+)` in: (?P<into>\S+)) -->\n"
    r"```\w+\n(?P<text>.*?)```",
    re.DOTALL,
)


def _section(title: str) -> str:
    page = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    return page.split(f"## {title}\n", 1)[1].split("\n## ", 1)[0]


def _follow(title: str, house: Path) -> int:
    shutil.copytree(ROOT / "src", house / "src", ignore=shutil.ignore_patterns("__pycache__"))
    (house / "tests" / "contracts").mkdir(parents=True)
    for name in ("tests/conftest.py", "tests/contracts/test_detectors.py", "pyproject.toml"):
        shutil.copy(ROOT / name, house / name)
    steps = list(STEP.finditer(_section(title)))
    for step in steps:
        if step["file"]:
            path = house / step["file"]
            assert not path.exists(), path
            path.write_text(step["text"], "utf-8")
            continue
        path = house / step["into"]
        before, mark, after = path.read_text("utf-8").partition(step["mark"])
        assert mark, f"{step['into']} has no {step['mark']!r} any more"
        if step["where"] == "after":
            path.write_text(f"{before}{mark}\n{step['text'].rstrip()}{after}", "utf-8")
        else:
            path.write_text(f"{before}{step['text']}{mark}{after}", "utf-8")
    return len(steps)


def _run(house: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=house,
        env={**os.environ, "PYTHONPATH": str(house / "src")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


#: Runs several commands one after another; a process for each would mostly load libraries.
COMMANDS = """
import json, sys
from typer.testing import CliRunner
from lookalike.cli.app import app
for command in json.loads(sys.argv[1]):
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 0, (command, done.output)
    print(json.dumps(done.stdout))
"""


def _told(house: Path, *commands: list[str]) -> list[str]:
    """Return what commands of the changed house print."""
    lines = _run(house, "-c", COMMANDS, json.dumps(commands)).splitlines()
    return [json.loads(line) for line in lines]


def test_weights_are_added_with_one_card(tmp_path: Path, hopper: Path) -> None:
    assert _follow("Add weights with one card", tmp_path) == 1
    (tmp_path / "photos" / "Grace Hopper").mkdir(parents=True)
    shutil.copy(hopper, tmp_path / "photos" / "Grace Hopper")
    listed, _, _, found = _told(
        tmp_path,
        ["models", "list", "--json"],
        ["models", "verify", "dlib-resnet-plain"],
        ["gallery", "build", "photos", "-o", "plain.gallery", "--encoder", "dlib-resnet-plain"],
        ["find", str(hopper), "-g", "plain.gallery", "--json"],
    )
    assert "dlib-resnet-plain" in json.dumps(json.loads(listed))
    told = json.loads(found)
    assert told["encoder"] == "dlib-resnet-plain"
    assert told["photos"][0]["faces"][0]["matches"][0]["distance"] < 1e-3


@pytest.mark.slow
def test_a_detector_is_added_in_one_page(tmp_path: Path, hopper: Path) -> None:
    assert _follow("Add a detector in one page", tmp_path) == 4
    (command,) = re.findall(
        r"^\$ python (-m pytest .*)$", _section("Add a detector in one page"), re.MULTILINE
    )
    words = re.findall(r'"([^"]*)"|(\S+)', command)
    told = _run(tmp_path, *(quoted or bare for quoted, bare in words), "-p", "no:cacheprovider")
    assert re.search(r"\b([1-9]\d*) passed", told), told
    assert "TestGentle" not in told.partition("short test summary")[2]
    asked = ["find", str(hopper), "--detector", "gentle", "--json"]
    found = json.loads(_run(tmp_path, "-m", "lookalike", *asked))
    assert len(found["photos"][0]["faces"]) == 1
