"""Photos that were turned down for what was asked of them, and may pass when less is asked.

What was asked stands behind the photo's stamp in the ledger, so such a photo counts as one that
has changed as soon as something else is asked.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from lookalike.gallery.building.choice import Choice

_ASKED: Final = re.compile(r"(?P<stamp>.*) \[(?P<faces>\w+)(?: (?P<quality>\d\.\d+))?\]")


def stamp_when_refused(stamp: str, faces: Choice, quality: float | None = None) -> str:
    """Return the stamp of a photo that was turned down for what was asked of it.

    Parameters
    ----------
    stamp : str
        The photo's own.
    faces : {"dominant", "largest", "centered", "only"}
        How its face was chosen.
    quality : float, optional
        The quality of that face, 0 to 1, if it was too low; None if no face could be chosen.

    Returns
    -------
    str
        For the ledger.
    """
    return f"{stamp} [{faces}]" if quality is None else f"{stamp} [{faces} {quality:.9f}]"


def still_stands(kept: str | None, stamp: str, faces: Choice, min_quality: float) -> bool:
    """Say whether what became of a photo is what would become of it now.

    Parameters
    ----------
    kept : str or None
        The stamp that was kept of it; None if it was never seen.
    stamp : str
        The photo's stamp now.
    faces : {"dominant", "largest", "centered", "only"}
        How its face would be chosen.
    min_quality : float
        The quality that it would need, 0 to 1.

    Returns
    -------
    bool
        Whether it need not be looked at again.

    Examples
    --------
    >>> kept = stamp_when_refused("10-5", "dominant", 0.2)
    >>> still_stands(kept, "10-5", "dominant", 0.25), still_stands(kept, "10-5", "dominant", 0.1)
    (True, False)
    """
    if kept is None or kept == stamp:
        return kept is not None
    asked = _ASKED.fullmatch(kept)
    if asked is None or asked["stamp"] != stamp or asked["faces"] != faces:
        return False
    return asked["quality"] is None or float(asked["quality"]) < min_quality
