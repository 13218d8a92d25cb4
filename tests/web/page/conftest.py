"""A real server, and a real Chromium that opens its page."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from lookalike.gallery import care
from lookalike.gallery.gallery import Gallery
from lookalike.gallery.store import GalleryFile
from lookalike.pipeline import Analyst, Finder
from lookalike.web import Settings, create_app

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
#: What an answer of a service on a machine that has other things to do may take.
PATIENCE_MS = 30_000

AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    absent = pytest.mark.skip(reason="no Chromium: apt-get install chromium")
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.slow)
            if CHROMIUM is None:
                item.add_marker(absent)


@pytest.fixture(scope="session")
def cast_path(gallery_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the gallery of two, of whom something is known, and the starter."""
    folder = tmp_path_factory.mktemp("cast")
    path = Path(shutil.copy(gallery_path, folder / "cast.gallery"))
    file = GalleryFile(path, writable=True)
    facts = {
        "Grace Hopper": {"born": "1906-12-09", "calling": ["admiral", "computer scientist"]},
        "Eileen Collins": {"born": "1956-11-19", "calling": ["astronaut", "pilot"]},
    }
    care.annotate(file, facts)
    file.close()
    starter = resources.files("lookalike.gallery") / "starter.gallery"
    shutil.copy(str(starter), folder / "starter.gallery")
    return path


Serve = Callable[..., Any]


@pytest.fixture(scope="module")
def serve(analyst: Analyst, running_server: Serve) -> Serve:
    """Return a context of a real server that answers from a gallery, with these settings."""

    @contextmanager
    def serve(path: Path, **fields: object) -> Iterator[str]:
        settings = Settings(workers=1, **fields)
        app = create_app(Finder(Gallery.open(path), analyst), settings)
        with running_server(app, settings) as address:
            yield address

    return serve


@pytest.fixture(scope="module")
def address(serve: Serve, cast_path: Path) -> Iterator[str]:
    """Return the address of a server with the cast and the starter gallery."""
    with serve(cast_path, galleries=cast_path.parent) as address:
        yield address


@pytest.fixture(scope="module")
def chromium() -> Iterator[Callable[..., Any]]:
    """Return a function that starts Chromium with these flags; it ends with the module."""
    playwright = pytest.importorskip("playwright.sync_api")
    playwright.expect.set_options(timeout=PATIENCE_MS)
    opened = []
    # Its event loop must not outlive the module: other tests have loops of their own.
    with playwright.sync_playwright() as driver:

        def start(*flags: str) -> Any:
            opened.append(
                driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", *flags])
            )
            return opened[-1]

        yield start
        for browser in opened:
            browser.close()


@pytest.fixture(scope="module")
def browser(chromium: Callable[..., Any]) -> Any:
    return chromium()


@pytest.fixture
def opened(browser: Any, address: str) -> Iterator[Callable[..., Any]]:
    """Return a function that opens the page; afterwards nothing must have gone wrong in it."""
    wrong: list[str] = []
    contexts = []

    def open_page(path: str = "/", at: str = "", **options: Any) -> Any:
        # Pictures that move are drawn by the processor here.
        context = browser.new_context(**{"reduced_motion": "reduce", **options})
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        # Playwright does not wait for Chromium to heed this; here it has time until it is needed.
        page.on("filechooser", lambda _: None)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda said: wrong.append(said.text) if _is_alarm(said) else None)
        page.goto((at or address) + path)
        return page

    yield open_page
    for context in contexts:
        assert context.cookies() == []
        context.close()
    assert wrong == []


@pytest.fixture
def complaints() -> Callable[..., list[tuple[str, Any, str]]]:
    """Return what asks axe-core about a page: WCAG 2.2 A, AA and best practices, or only rules."""
    package = pytest.importorskip("axe_playwright_python")
    axe = Path(package.__file__).with_name("axe.min.js").read_text("utf-8")

    def complaints(page: Any, rules: list[str] | None = None) -> list[tuple[str, Any, str]]:
        # What still fades has no contrast yet.
        page.wait_for_function(
            "() => document.getAnimations().every((one) => one.playState === 'finished')"
        )
        page.evaluate(axe)
        only = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": AXE_TAGS}
        # What is well fills megabytes, which take their time from process to process.
        found = page.evaluate(
            """async (only) => {
                const found = await axe.run(document, { runOnly: only });
                return { passes: found.passes.length, violations: found.violations };
            }""",
            only,
        )
        assert found["passes"] >= len(rules or range(10))
        return [
            (one["id"], node["target"], node.get("failureSummary"))
            for one in found["violations"]
            for node in one["nodes"]
        ]

    return complaints


def _is_alarm(said: Any) -> bool:
    # Chromium itself notes every answer that is an error; the page is asked what it made of it.
    return said.type in ("error", "warning") and "Failed to load resource" not in said.text


@pytest.fixture(scope="session")
def collins_path(collins_bytes: bytes, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("photos") / "collins.png"
    path.write_bytes(collins_bytes)
    return path


@pytest.fixture(scope="session")
def both_path(both_bytes: bytes, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("photos") / "both.jpg"
    path.write_bytes(both_bytes)
    return path
