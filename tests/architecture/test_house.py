"""The plan of the house, executable: sizes, names, layers, and what an import costs."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "src" / "lookalike").rglob("*.py"))
ALL_PYTHON = sorted(
    path
    for folder in ("src", "tests", "benchmarks", "recipes", "docs", "fuzz")
    for path in (ROOT / folder).rglob("*.py")
)
BANNED_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "base", "manager"}


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


@pytest.mark.parametrize("path", SOURCES, ids=_name)
def test_file_has_one_idea(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= 300


@pytest.mark.parametrize("path", SOURCES, ids=_name)
def test_functions_fit_on_a_screen(path: Path) -> None:
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            lines = (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0
            assert lines <= 50, f"{node.name} has {lines} lines"


@pytest.mark.parametrize("path", ALL_PYTHON, ids=_name)
def test_no_dumping_ground(path: Path) -> None:
    names = {path.stem.lower(), *(part.lower() for part in path.relative_to(ROOT).parts[:-1])}
    assert not names & BANNED_NAMES


@pytest.mark.parametrize("path", SOURCES, ids=_name)
def test_what_a_module_exports_exists(path: Path) -> None:
    exported: list[str] = []
    defined: set[str] = set()
    lazy = False
    for node in _tree(path).body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "__all__":
            exported = ast.literal_eval(node.value)
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            defined.add(node.name)
            lazy |= node.name == "__getattr__"
        if isinstance(node, ast.ImportFrom):
            defined |= {alias.asname or alias.name for alias in node.names}
    assert exported == sorted(exported, key=lambda name: (not name.isupper(), name)) or lazy
    assert lazy or set(exported) <= defined


def test_inheritance_is_flat() -> None:
    parents: dict[str, list[str]] = {}
    for path in SOURCES:
        if path.parent.name == "errors":
            continue
        for node in ast.walk(_tree(path)):
            if isinstance(node, ast.ClassDef):
                parents[node.name] = [ast.unparse(base) for base in node.bases]

    def depth(name: str) -> int:
        return 1 + max(
            (depth(base) for base in parents.get(name, []) if base in parents), default=0
        )

    assert {name: depth(name) for name in parents if depth(name) > 2} == {}


def test_errors_stand_in_one_place() -> None:
    from lookalike import errors

    for path in SOURCES:
        for node in ast.walk(_tree(path)):
            if isinstance(node, ast.ClassDef) and path.parent.name != "errors":
                bases = {ast.unparse(base).rpartition(".")[2] for base in node.bases}
                assert not bases & set(errors.__all__), f"{node.name} of {path} belongs to errors"


def test_no_pickle_and_no_bare_except() -> None:
    for path in SOURCES:
        text = path.read_text("utf-8")
        # MTCNN's weights are joblib pickles, read after their digest is checked; the converter
        # needs the name of pickle's error.
        assert "import pickle" not in text or path.name == "mtcnn.py", path
        assert "pickle.load" not in text, path
        assert "allow_pickle=True" not in text, path
        for node in ast.walk(_tree(path)):
            if isinstance(node, ast.ExceptHandler):
                assert node.type is not None, path


def test_every_registered_name_can_be_loaded() -> None:
    from lookalike.registry import IMPLEMENTATIONS, load

    for kind, table in IMPLEMENTATIONS.items():
        for name in table:
            assert callable(load(kind, name)), (kind, name)


def test_every_seam_has_a_fake_and_a_contract() -> None:
    from lookalike import protocols, testing

    seams = [
        node.name for node in _tree(Path(protocols.__file__)).body if isinstance(node, ast.ClassDef)
    ]
    assert len(seams) >= 7
    for seam in seams:
        assert f"Fake{seam}" in testing.__all__
        assert f"{seam}Contract" in testing.__all__


def test_every_room_is_in_the_contract() -> None:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    layers = config["tool"]["importlinter"]["contracts"][0]
    assert layers["exhaustive"]
    rooms = {name.strip() for layer in layers["layers"] for name in layer.split("|")}
    there = {path.stem for path in (ROOT / "src" / "lookalike").glob("*.py")} - {"__init__"}
    there |= {path.parent.name for path in (ROOT / "src" / "lookalike").glob("*/__init__.py")}
    assert rooms == there


def test_import_contracts_are_kept() -> None:
    done = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def _fresh(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return done.stdout.strip()


def test_importing_lookalike_loads_no_third_party_module() -> None:
    code = (
        "import sys; before = set(sys.modules); import lookalike;"
        "new = {name.partition('.')[0] for name in set(sys.modules) - before};"
        "print(sorted(new - set(sys.stdlib_module_names) - {'lookalike'}))"
    )
    assert _fresh(code) == "[]"


def test_reading_the_front_door_needs_no_weights() -> None:
    code = "import lookalike; print(lookalike.__version__, len(dir(lookalike)))"
    version, count = _fresh(code).split()
    assert version.count(".") == 2
    assert int(count) >= 7


def test_the_house_can_be_read_in_one_sitting() -> None:
    """The front door, the seams and the flow: what a newcomer reads first."""
    package = ROOT / "src" / "lookalike"
    pages = [package / name for name in ("__init__.py", "protocols.py", "pipeline.py")]
    code_lines = 0
    for page in pages:
        docstrings = {
            line
            for node in ast.walk(_tree(page))
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
            and ast.get_docstring(node)
            for line in range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1)
        }
        lines = page.read_text("utf-8").splitlines()
        code_lines += sum(
            1 for at, line in enumerate(lines, 1) if line.strip() and at not in docstrings
        )
    assert code_lines <= 300
