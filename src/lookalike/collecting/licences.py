"""Which licences are free, told from their names."""

from __future__ import annotations

import re
from typing import Final, Literal

Wanted = Literal["any", "free", "cc0"]

_NOBODY_TO_NAME: Final = re.compile(r"\bcc[- ]?(zero|0)\b|\bpublic domain\b|\bpdm\b|^pd\b")
_FREE: Final = re.compile(r"\bcc[- ]by([- ]sa)?\b(?![- ](nc|nd|sa[- ]n))")


def fits(licence: str, wanted: Wanted) -> bool:
    """Say whether a photo under this licence will do.

    Parameters
    ----------
    licence : str
        A licence's short name, as services write it.
    wanted : {"any", "free", "cc0"}
        "free": CC BY, CC BY-SA, CC0 or public domain; "cc0": CC0 or public domain, so that
        nobody needs to be named; "any": whatever it is, also none.

    Returns
    -------
    bool
        True if it is one of those.

    Examples
    --------
    >>> fits("CC BY-SA 4.0", "free"), fits("CC BY-NC 2.0", "free"), fits("CC BY 2.0", "cc0")
    (True, False, False)
    """
    spelled = " ".join(licence.lower().replace("_", " ").split())
    if wanted == "any" or _NOBODY_TO_NAME.search(spelled):
        return True
    return wanted == "free" and bool(_FREE.search(spelled))
