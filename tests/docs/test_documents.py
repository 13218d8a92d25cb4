"""The documents are true: code in them runs, links in them lead somewhere."""

from __future__ import annotations

import re
import subprocess
import sys
from itertools import chain
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "recipes").rglob("*.md")]
)
PYTHON = re.compile(r"```python\n(.*?)```", re.DOTALL)
CONSOLE = re.compile(r"```console\n(.*?)```", re.DOTALL)


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


#: These are run as notebooks, which are made of them, and the tutorial is followed as a whole.
ELSEWHERE = {page for page in PAGES if page.with_suffix(".ipynb").exists()}
ELSEWHERE.add(ROOT / "docs" / "tutorial" / "index.md")


@pytest.mark.parametrize("page", sorted({*PAGES} - ELSEWHERE), ids=_name)
def test_python_blocks_run(page: Path, hopper: Path, tmp_path: Path) -> None:
    blocks = PYTHON.findall(page.read_text("utf-8"))
    if not blocks:
        return
    code = "\n".join(blocks).replace("me.jpg", str(hopper))
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_commands_exist(page: Path) -> None:
    from typer.main import get_command

    from lookalike.cli.app import app

    for block in CONSOLE.findall(page.read_text("utf-8")):
        for line in block.splitlines():
            if not line.startswith("$ lookalike "):
                continue
            words = line.split("#")[0].split()[2:]
            command = get_command(app)
            while words and hasattr(command, "commands"):
                assert words[0] in command.commands, line
                command = command.commands[words.pop(0)]
            known = {option for parameter in command.params for option in parameter.opts}
            known |= {"--help", "-h"}
            for word in words:
                if word.startswith("-"):
                    assert word in known, line


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_links_inside_the_repository_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text("utf-8")):
        assert (page.parent / target).exists(), target


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = [int(path.name[:4]) for path in sorted((ROOT / "docs" / "decisions").glob("0*.md"))]
    assert numbers == list(range(1, len(numbers) + 1))


def test_every_dependency_has_a_decision() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"].values()
    named = {re.split(r"[<>=;\[ ]", one)[0] for one in chain(project["dependencies"], *extras)}
    assert len(named) > 60
    text = "\n".join(p.read_text("utf-8") for p in (ROOT / "docs" / "decisions").glob("*.md"))
    words = {word.lower() for word in re.findall(r"[\w-]+", text)}
    assert {name for name in named if name.lower() not in words} == set()


def test_the_format_page_names_every_table_and_column() -> None:
    from lookalike.gallery.storage.schema import metadata

    text = (ROOT / "docs" / "gallery-format.md").read_text("utf-8")
    for table in metadata.sorted_tables:
        assert f"`{table.name}`" in text
        for column in table.columns:
            assert f"`{column.name}`" in text, (table.name, column.name)


def test_models_page_is_fresh() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "docs" / "generate.py"), "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr + "run: make docs"


def test_every_setting_is_documented() -> None:
    source = "\n".join(p.read_text("utf-8") for p in (ROOT / "src").rglob("*.py"))
    used = set(re.findall(r'"(LOOKALIKE_[A-Z]+)"', source))
    page = (ROOT / "docs" / "models.md").read_text("utf-8")
    assert len(used) >= 6
    assert {name for name in used if f"`{name}`" not in page} == set()


def test_the_card_in_the_documents_is_a_card() -> None:
    from lookalike.models.card import Card

    page = (ROOT / "docs" / "models.md").read_text("utf-8")
    (block,) = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    assert Card.parse(block, "models.md").input.template == "arcface-112"


def test_every_alignment_template_is_documented() -> None:
    from lookalike.alignment import TEMPLATES

    page = (ROOT / "docs" / "models.md").read_text("utf-8")
    assert [name for name in TEMPLATES if name not in page and not name.startswith("quality")] == []
