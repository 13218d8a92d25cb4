"""Writing a figure to a file, wholly or not at all."""

from __future__ import annotations

import math
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from lookalike.errors import OptionError
from lookalike.figures.canvas import DPI
from lookalike.whole_files import replacing, writing

if TYPE_CHECKING:
    import os
    from collections.abc import Callable

    import numpy as np
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

# By suffix: matplotlib's name of the format, and the most pixels a side may have.
_FORMATS: dict[str, tuple[str, float]] = {
    ".png": ("png", 65_535),
    ".jpg": ("jpg", 65_500),
    ".jpeg": ("jpg", 65_500),
    ".webp": ("webp", 16_383),
    ".pdf": ("pdf", math.inf),
    ".svg": ("svg", math.inf),
}
# Beyond this, drawing takes more memory (four bytes a pixel, twice) than a small server has.
_MOST_PIXELS = 100_000_000

# The files must not depend on the user's matplotlibrc, the clock or chance.
_SETTINGS: Any = {
    "savefig.bbox": None,
    "savefig.transparent": False,
    "svg.hashsalt": "lookalike",
    "svg.fonttype": "path",
    "svg.image_inline": True,
    "pdf.fonttype": 42,
    "pdf.compression": 6,
    "pdf.use14corefonts": False,
    "pdf.inheritcolor": False,
    "agg.path.chunksize": 0,
    "path.snap": True,
    "text.hinting": "none",
    "path.sketch": None,
    "path.effects": [],
}
_METADATA: dict[str, dict[str, str | None]] = {
    "png": {"Software": "lookalike"},
    "pdf": {"Creator": "lookalike", "CreationDate": None},
    "svg": {"Creator": "lookalike", "Date": None},
}
_QUALITY: dict[str, dict[str, Any]] = {
    # Twice as fast as the default of 6 for a file that is 5 % larger.
    "png": {"compress_level": 4},
    "jpg": {"quality": 92, "subsampling": 0},
    "webp": {"quality": 92, "method": 4},
}

# Matplotlib's settings belong to the whole process.
_LOCK = threading.Lock()


def save(figure: Figure, path: str | os.PathLike[str], dpi: float = DPI) -> None:
    """Write a figure to a file; the same figure gives the same bytes.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        For example from `lookalikes`.
    path : str or path-like
        Its suffix chooses the format: png, jpg, webp, pdf or svg. A file that is there is
        replaced at the very end, so it is never seen half written.
    dpi : float, default 144
        Pixels an inch. In PDF and SVG it matters for nothing but photos.

    Raises
    ------
    OptionError
        If the suffix is unknown, the picture too large for the format, or the file cannot be
        written.
    """
    path = Path(path)
    form = _format(figure, path, dpi)
    write_figure(path, lambda file: _draw(figure, file, form, dpi))


def check_suffix(path: str | os.PathLike[str]) -> None:
    """Raise unless a file's name says which format a figure shall have; to ask before long work.

    Parameters
    ----------
    path : str or path-like
        The file.

    Raises
    ------
    OptionError
        If the suffix is unknown.
    """
    name = Path(path).name
    if Path(path).suffix.lower() not in _FORMATS:
        known = ", ".join(suffix[1:] for suffix in _FORMATS)
        raise OptionError(
            f"cannot tell the format of a figure from {name!r}",
            f"end the file name in one of: {known}",
        )


def write_figure(path: Path, write: Callable[[BinaryIO], None]) -> None:
    """Write a picture's file wholly or not at all.

    Parameters
    ----------
    path : Path
        Where to. A file that is there is replaced at the very end.
    write : callable
        Takes an open file, and writes what belongs into it.

    Raises
    ------
    OptionError
        If the file cannot be written.
    """
    hint = "choose a folder that exists, may be written to and has room"
    with writing(path, OptionError, hint), replacing(path) as part, part.open("wb") as file:
        write(file)


def rendered(figure: Figure) -> NDArray[np.uint8]:
    """Return a figure as pixels, the same ones that `save` would write.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        For example from `lookalikes`.

    Returns
    -------
    ndarray of shape (H, W, 3), uint8
        RGB.
    """
    import matplotlib as mpl
    import numpy as np
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    canvas: Any = FigureCanvasAgg(figure)
    with _LOCK, mpl.rc_context(_SETTINGS):
        canvas.draw()
        return np.ascontiguousarray(np.asarray(canvas.buffer_rgba())[..., :3])


def _format(figure: Figure, path: Path, dpi: float) -> str:
    """Return matplotlib's name of the format, if it can hold the figure."""
    check_suffix(path)
    if not (math.isfinite(dpi) and dpi > 0):
        raise OptionError(f"dpi must be a positive number, got {dpi}")
    form, most = _FORMATS[path.suffix.lower()]
    width, height = (float(inches) * dpi for inches in figure.get_size_inches())
    vector = math.isinf(most)
    if max(width, height) > most or (not vector and width * height > _MOST_PIXELS):
        raise OptionError(
            f"a figure of {width:.0f} x {height:.0f} pixels is too large for {form}",
            "show fewer faces, choose a lower dpi, or write a pdf",
        )
    return form


def _draw(figure: Figure, file: Any, form: str, dpi: float) -> None:
    import matplotlib as mpl

    options: dict[str, Any] = {}
    if form in _QUALITY:
        options["pil_kwargs"] = _QUALITY[form]
    if form in _METADATA:
        options["metadata"] = _METADATA[form]
    with _LOCK, mpl.rc_context(_SETTINGS):
        figure.savefig(file, format=form, dpi=dpi, facecolor=figure.get_facecolor(), **options)
