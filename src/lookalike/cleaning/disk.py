"""What the disk says while a folder or a table is cleaned."""

from __future__ import annotations

from functools import partial
from typing import Final

from lookalike import whole_files
from lookalike.errors import CleaningUnwritable

#: `lookalike.whole_files.writing` for what is cleaned.
writing: Final = partial(
    whole_files.writing,
    kind=CleaningUnwritable,
    hint="nothing is lost; make room, or mend the permissions, and run it again",
)
