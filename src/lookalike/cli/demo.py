"""``lookalike demo``: the main job on a real photo that is at hand."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from lookalike.cli.find import find
from lookalike.cli.output import AsJson
from lookalike.errors import ImageMissing


def portrait_path() -> Path:
    """Return Grace Hopper's portrait, which is in the public domain and comes with matplotlib.

    Returns
    -------
    Path
        A JPEG file.

    Raises
    ------
    ImageMissing
        If this matplotlib was packed without its sample data.
    """
    spec = find_spec("matplotlib")
    for folder in (spec and spec.submodule_search_locations) or ():
        path = Path(folder, "mpl-data", "sample_data", "grace_hopper.jpg")
        if path.is_file():
            return path
    raise ImageMissing(
        "matplotlib's sample portrait is not installed", "try: lookalike find YOUR_PHOTO"
    )


def demo(
    output: Annotated[
        Path, typer.Option("--output", "-o", help="Where to draw the figure.")
    ] = Path("lookalike-demo.png"),
    as_json: AsJson = False,
) -> None:
    """Find the look-alikes of Admiral Grace Hopper in the starter gallery, and draw them."""
    find([portrait_path()], output=output, as_json=as_json)
