"""Make the pictures of the pages, by the software, from photos that everybody may use.

The tutorial is followed, and what it makes is shown; the page is opened in Chromium. Grace Hopper's
portrait comes with matplotlib, Eileen Collins's with scikit-image; both are in the public domain.

Run: ``make docs``, or this alone with the names of some.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Final

import matplotlib as mpl
import numpy as np
from follow_tutorial import follow, free_port
from PIL import Image, ImageDraw

from lookalike import Analyst
from lookalike.alignment import align

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER: Final = Path(__file__).parent / "pictures"
#: Wide enough for two dots of a screen for each of a page, small enough for a repository.
_WIDEST_PX: Final = 1200
_PAPER: Final = (245, 240, 234)
_MARK: Final = (230, 97, 0)


def keep(picture: Image.Image, name: str) -> None:
    """Write a picture as the pages show it.

    Parameters
    ----------
    picture : PIL.Image.Image
        Any size.
    name : str
        Without suffix.
    """
    small = picture.convert("RGB")
    if small.width > _WIDEST_PX:
        height = round(small.height * _WIDEST_PX / small.width)
        small = small.resize((_WIDEST_PX, height), Image.Resampling.LANCZOS)
    small.save(FOLDER / f"{name}.webp", quality=82, method=6)
    print(f"{name}.webp", small.size)


def frame(video: Path, at_s: float) -> Image.Image:
    """Return a frame of a video."""
    import av

    with av.open(str(video)) as film:
        for one in film.decode(video=0):
            if one.time is not None and one.time >= at_s:
                return Image.fromarray(one.to_ndarray(format="rgb24"))
    raise SystemExit(f"{video} ends before {at_s} s")


@contextlib.contextmanager
def served(gallery: Path) -> Iterator[str]:
    """Serve a gallery; yield the address once it answers."""
    port = free_port()
    command = [sys.executable, "-m", "lookalike", "serve", "-g", str(gallery), "--port", str(port)]
    service = subprocess.Popen(command)
    try:
        for _ in range(300):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"http://127.0.0.1:{port}/ready", timeout=5)
                break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        service.terminate()
        service.wait(timeout=30)


def page(gallery: Path, visitor: Path) -> None:
    """Keep a picture of the page with an answer on it."""
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    shot = gallery.with_name("page.png")
    with served(gallery) as address, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        shown = browser.new_page(
            viewport={"width": 1100, "height": 900}, reduced_motion="reduce", color_scheme="light"
        )
        shown.goto(address)
        shown.set_input_files("#files", [str(visitor)])
        shown.wait_for_selector(".likeness")
        shown.wait_for_load_state("networkidle")
        shown.wait_for_timeout(1000)
        shown.screenshot(path=str(shot))
        browser.close()
    keep(Image.open(shot), "tutorial-page")


def coordinates() -> None:
    """Keep a picture of a box, five points, and the crop that follows from them."""
    path = Path(mpl.get_data_path(), "sample_data", "grace_hopper.jpg")
    (analysis,) = Analyst.open().analyze([path])
    if isinstance(analysis, Exception):
        raise SystemExit(str(analysis))
    crop = align(analysis.image, analysis.faces, "dlib-150").pixels[0]
    scale, gap = 2, 40
    photo = Image.fromarray(np.asarray(analysis.image.pixels)).copy()
    photo = photo.resize((photo.width * scale, photo.height * scale), Image.Resampling.LANCZOS)
    draw = ImageDraw.Draw(photo)
    box = [float(edge) * scale for edge in analysis.faces.boxes[0]]
    draw.rectangle(box, outline=_MARK, width=6)
    for x, y in analysis.faces.landmarks[0] * scale:
        draw.ellipse([x - 11, y - 11, x + 11, y + 11], fill=_MARK, outline="white", width=3)
    side = 600
    cut = Image.fromarray(crop).resize((side, side), Image.Resampling.LANCZOS)
    sheet = Image.new("RGB", (photo.width + side + 3 * gap, photo.height + 2 * gap), _PAPER)
    sheet.paste(photo, (gap, gap))
    sheet.paste(cut, (photo.width + 2 * gap, (sheet.height - side) // 2))
    keep(sheet, "coordinates")


def main() -> None:
    """Make all pictures anew."""
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.webp"):
        old.unlink()
    coordinates()
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder)
        follow(None, made)
        for source, name in (
            ("demo.png", "find"),
            ("mine.png", "tutorial-mine"),
            ("why.png", "tutorial-why"),
            ("card.png", "tutorial-card"),
        ):
            keep(Image.open(made / source), name)
        keep(frame(made / "labeled.mp4", 1.5), "tutorial-video")
        os.environ.pop("LOOKALIKE_SERVE_PORT", None)
        page(made / "my.gallery", made / "visitor.jpg")


if __name__ == "__main__":
    main()
