"""Somebody in a gallery may be called anything; the page writes it."""

from __future__ import annotations

import shutil

from lookalike.gallery import care
from lookalike.gallery.store import GalleryFile

NAME = "<img src=x onerror=alert(1)><b>Grace</b>"


def test_names_are_letters(serve, gallery_path, opened, hopper, tmp_path):
    path = shutil.copy(gallery_path, tmp_path / "hostile.gallery")
    file = GalleryFile(path, writable=True)
    care.rename(file, "Grace Hopper", NAME)
    care.annotate(file, {NAME: {"calling": [NAME]}})
    file.close()
    with serve(path) as address:
        page = opened(at=address)
        page.set_input_files("#files", [str(hopper)])
        likeness = page.locator(".likeness").first
        likeness.wait_for()
        assert NAME in likeness.inner_text()
        assert page.locator("img[onerror], .likeness b:text('Grace')").count() == 0
