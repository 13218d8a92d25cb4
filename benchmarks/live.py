"""The live page in Chromium: how soon a face is named, how steadily, how many answers a second.

Run: ``python benchmarks/live.py --data ../shared/data [--gallery FILE]``. The camera is a film of
faces of ``pins``; server and browser share the machine.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import record
from PIL import Image, ImageOps
from playwright.sync_api import Page, sync_playwright

PEOPLE = ("Anne Hathaway", "Bill Gates", "Zendaya", "Jason Momoa")
FRAMES_OF_EACH = 150
SECONDS = 20.0
STARTS = 5
WATCH = """() => {
    window.names = [];
    new MutationObserver((changes) => {
        for (const { target } of changes) {
            window.names.push([performance.now(), target.dataset.person]);
        }
    }).observe(document.getElementById("overlay"), {
        subtree: true, attributes: true, attributeFilter: ["data-person"],
    });
}"""


def film(data: Path, path: Path) -> None:
    """Write a film in which faces move about, one after the other."""
    with path.open("wb") as stream:
        for person in PEOPLE:
            photo = min((data / "pins" / person).iterdir())
            face = ImageOps.contain(Image.open(photo).convert("RGB"), (240, 240))
            for at in range(FRAMES_OF_EACH):
                frame = Image.new("RGB", (640, 480), (96, 104, 112))
                frame.paste(face, (120 + at, 110 + abs(at % 60 - 30)))
                frame.save(stream, "JPEG", quality=88)


def answers(page: Page) -> int:
    """Return how many answers the page has had."""
    return int(page.evaluate("document.body.dataset.answers ?? 0"))


def started(page: Page, address: str) -> float:
    """Turn the camera on; return the milliseconds until somebody is named."""
    page.goto(f"{address}live")
    page.evaluate(f"({WATCH})()")
    began = page.evaluate("performance.now()")
    if page.locator("#turn-on").is_visible():
        page.click("#turn-on")
    page.wait_for_function("() => window.names.length > 0", timeout=60_000)
    return float(page.evaluate("window.names[0][0]")) - float(began)


def measured(address: str, reel: Path) -> dict[str, Any]:
    """Return the figures of a service."""
    flags = [
        "--no-sandbox",
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-video-capture={reel}",
    ]
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=flags)
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        first_ms = [started(page, address) for _ in range(STARTS)]
        before, began = answers(page), time.perf_counter()
        page.wait_for_timeout(SECONDS * 1000)
        rate = (answers(page) - before) / (time.perf_counter() - began)
        names = [name for _, name in page.evaluate("window.names")]
        browser.close()
    return {
        "first_name_ms": {"median": record.median(first_ms), "largest": round(max(first_ms), 1)},
        "answers_a_second": round(rate, 2),
        "seconds": SECONDS,
        "faces_in_the_film": len(PEOPLE),
        "names_shown": names,
    }


def main() -> None:
    """Measure and write ``results/live.json``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--gallery", type=Path)
    given = parser.parse_args()
    gallery = ["-g", str(given.gallery)] if given.gallery else []
    command = [sys.executable, "-u", "-m", "lookalike", "serve", "--port", "0", *gallery]
    with tempfile.TemporaryDirectory() as folder:
        reel = Path(folder, "film.mjpeg")
        film(given.data, reel)
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as server:
            words = server.stdout.readline().decode().split() if server.stdout else []
            address = next(word for word in words if word.startswith("http"))
            try:
                result = measured(address, reel)
            finally:
                server.terminate()
    record.write("live", {"gallery": given.gallery.name if given.gallery else "starter", **result})


if __name__ == "__main__":
    main()
