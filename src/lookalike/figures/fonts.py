"""Fonts that packages bring along, for scripts of which the machine has none."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

#: Packages of the extra ``fonts``. Their files are read as data, the packages never imported: one
#: would change matplotlib's settings for the whole process.
_PACKAGES: Final = ("notojp_matplotlib", "manimgx_fonts")

#: What to do where a name would be drawn as boxes.
HINT: Final = "for names in every script: pip install 'lookalike[fonts]'"


@cache
def packaged_fonts() -> tuple[str, ...]:
    """Tell matplotlib of the fonts that installed packages bring along, once.

    Returns
    -------
    tuple of str
        The families, in the order in which they shall be asked for a letter.
    """
    from matplotlib.font_manager import fontManager

    families: dict[str, None] = {}
    for package in _PACKAGES:
        spec = find_spec(package)
        for folder in (spec and spec.submodule_search_locations) or ():
            for path in sorted(Path(folder).rglob("*.[ot]tf")):
                if "Emoji" not in path.name and "Italic" not in path.name:
                    fontManager.addfont(path)
                    families[fontManager.ttflist[-1].name] = None
    return tuple(families)
