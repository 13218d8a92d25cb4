"""What the disk says while photos are collected."""

from __future__ import annotations

from functools import partial
from typing import Final

from lookalike import whole_files
from lookalike.errors import FolderUnwritable

#: `lookalike.whole_files.writing` for what is collected.
writing: Final = partial(
    whole_files.writing,
    kind=FolderUnwritable,
    hint="make room or choose another folder, then run the same command again",
)
