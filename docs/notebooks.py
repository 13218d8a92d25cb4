"""A notebook for each page that comes from another project, made of the page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import jupytext
import nbformat

if TYPE_CHECKING:
    from pathlib import Path

#: What a notebook needs and a page does not: a photo to ask with.
_PORTRAIT: Final = """\
# A portrait in the public domain, which comes with matplotlib; put a photo of you in its place.
import shutil

import matplotlib

shutil.copy(f"{matplotlib.get_data_path()}/sample_data/grace_hopper.jpg", "me.jpg")"""
_LINK: Final = re.compile(r"\[([^\]]+)\]\((?!http)[^)]+\)")


def notebooks(root: Path) -> dict[Path, str]:
    """Return the notebooks, without answers, by their paths.

    Parameters
    ----------
    root : Path
        Of the repository.

    Returns
    -------
    dict of Path to str
        In Jupyter's format; our blocks are cells, theirs are words.
    """
    folder = root / "docs" / "coming-from"
    return {page.with_suffix(".ipynb"): _notebook(page) for page in sorted(folder.glob("*.md"))}


def _notebook(page: Path) -> str:
    book = jupytext.reads(_LINK.sub(r"\1", page.read_text("utf-8")), fmt="md")
    book.cells.insert(1, nbformat.v4.new_code_cell(_PORTRAIT))
    for number, cell in enumerate(book.cells):
        cell.id = f"cell-{number}"  # random ones would make every run another file
        cell.metadata = {}
    book.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    return str(nbformat.writes(book, version=4)) + "\n"
