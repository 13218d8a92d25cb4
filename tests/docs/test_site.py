"""The site builds without a warning, asks nobody else, and every page of it can be found."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
LIST = re.compile(r"```\{toctree\}\n(?P<options>(?::[^\n]*\n)*)(?P<pages>.*?)```", re.DOTALL)
PAGES = sorted([*DOCS.rglob("*.md"), *ROOT.glob("*.md"), *ROOT.glob("recipes/*/README.md")])


def _navigation(page: Path) -> list[Path]:
    """Return the pages that a page lists, in order."""
    found: list[Path] = []
    for block in LIST.finditer(page.read_text("utf-8")):
        for line in block["pages"].split("\n"):
            if not line:
                continue
            # A page may go by another name there: Name <page>.
            pattern = f"{line.rpartition('<')[2].rstrip('>')}.md"
            listed = sorted(page.parent.glob(pattern)) if ":glob:" in block["options"] else []
            found += listed or [(page.parent / pattern).resolve()]
    return found


def test_every_page_stands_once_in_the_navigation() -> None:
    listed = [*_navigation(DOCS / "index.md"), *_navigation(DOCS / "decisions" / "index.md")]
    absent = [path.relative_to(ROOT).as_posix() for path in listed if not path.is_file()]
    assert not absent, f"docs/index.md lists pages that are not there: {absent}"
    homeless = sorted(set(PAGES) - set(listed) - {DOCS / "index.md"})
    names = [path.relative_to(ROOT).as_posix() for path in homeless]
    assert not names, f"add these pages to a list of docs/index.md: {names}"
    assert len(listed) == len(set(listed)), "a page stands in two lists"


class _Page(HTMLParser):
    """What a page of the site loads, where it leads, and what can be led to."""

    def __init__(self) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.leads: list[str] = []
        self.names: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        self.names |= {said[name] for name in ("id", "name") if name in said}
        if tag == "a" and "href" in said:
            self.leads.append(said["href"])
        elif tag == "link" and said.get("rel") not in ("canonical", "next", "prev"):
            self.loads.append(said.get("href", ""))
        elif "src" in said:
            self.loads.append(said["src"])


def _broken(built: dict[Path, _Page]) -> list[str]:
    broken = []
    for path, page in built.items():
        for target in [*page.loads, *page.leads]:
            parts = urlsplit(target)
            if parts.scheme or target.startswith("data:"):
                continue
            to = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            if not to.exists():
                broken.append(f"{path.name}: {target}")
            elif parts.fragment and to in built and unquote(parts.fragment) not in built[to].names:
                broken.append(f"{path.name}: {target}, no such place")
    return broken


@pytest.mark.slow
def test_the_site_builds_without_a_warning_and_asks_nobody_else(tmp_path: Path) -> None:
    done = subprocess.run(
        [
            sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html",
            "-c", str(DOCS), "-d", str(tmp_path / "trees"),
            # Without every name of the library in the list beside every page: half of the time.
            "-D", "toc_object_entries=0", str(ROOT), str(tmp_path / "site"),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    built = {}
    for path in sorted((tmp_path / "site").rglob("*.html")):
        built[path] = _Page()
        built[path].feed(path.read_text("utf-8"))
    assert len(built) > len(PAGES)
    elsewhere = {
        target for page in built.values() for target in page.loads if urlsplit(target).netloc
    }
    assert not elsewhere, "the pages load from elsewhere"
    for style in (tmp_path / "site").rglob("*.css"):
        assert not re.search(r"(url\(|@import)\s*['\"]?(https?:)?//", style.read_text("utf-8")), (
            style
        )
    assert _broken(built) == []
    index = (tmp_path / "site" / "searchindex.js").read_text("utf-8")
    assert "mahalanobi" in index  # the stem; the search runs in the browser


def test_words_are_spelled_rightly() -> None:
    done = subprocess.run(
        [
            sys.executable, "-m", "codespell_lib", *(str(page) for page in PAGES), "docs", "src",
            "tests", "benchmarks", "recipes", "deploy", ".github", "CITATION.cff",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_picture_is_made_by_the_software_and_used() -> None:
    made = set(re.findall(r'"([a-z-]+)"\)', (DOCS / "pictures.py").read_text("utf-8")))
    made |= set(re.findall(r'"\w+\.png", "([a-z-]+)"', (DOCS / "pictures.py").read_text("utf-8")))
    there = {path.stem for path in (DOCS / "pictures").iterdir()}
    assert there <= made, "a picture that no script makes"
    text = "".join(page.read_text("utf-8") for page in PAGES)
    assert {name for name in there if f"pictures/{name}.webp" not in text} == set()
    sizes = {path.name: path.stat().st_size for path in (DOCS / "pictures").iterdir()}
    assert sum(sizes.values()) < 1_000_000, sizes


@pytest.mark.slow
def test_the_tutorial_works_word_for_word() -> None:
    done = subprocess.run(
        [sys.executable, str(DOCS / "follow_tutorial.py")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Eileen Collins/2.jpg" in done.stdout  # what could not be read is named
    assert done.stdout.rstrip().endswith("the tutorial works")


#: Runs books one after another in one kernel, which forgets all names between them and keeps what
#: was imported: that takes longest. In a process of its own, for a kernel's loops and sockets are
#: warned of where warnings are errors.
RUN = """
import sys, nbclient, nbformat
from pathlib import Path
books = [nbformat.read(path, 4) for path in sys.argv[1:]]
whole = nbformat.v4.new_notebook(metadata=books[0].metadata)
for number, book in enumerate(books):
    Path(str(number)).mkdir()
    turn = f"%reset -f\\nimport os; os.chdir({str(Path(str(number)).absolute())!r}); del os"
    whole.cells += [nbformat.v4.new_code_cell(turn), *book.cells]
for number, cell in enumerate(whole.cells):
    cell.id = f"cell-{number}"
nbclient.NotebookClient(whole, timeout=120, resources={"metadata": {"path": "."}}).execute()
for number, book in enumerate(books):
    nbformat.write(book, f"{number}.ipynb")
"""


@pytest.mark.slow
def test_the_notebooks_run(tmp_path: Path) -> None:
    books = sorted(DOCS.rglob("*.ipynb"))
    assert len(books) >= 5
    done = subprocess.run(
        [sys.executable, "-c", RUN, *map(str, books)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    for number, book in enumerate(books):
        ran = json.loads((tmp_path / f"{number}.ipynb").read_text("utf-8"))
        cells = [cell for cell in ran["cells"] if cell["cell_type"] == "code"]
        assert cells, book
        assert all(cell["execution_count"] for cell in cells), book
        assert any(cell["outputs"] for cell in cells), book
