"""Why a folder or a table cannot be cleaned."""

from __future__ import annotations

from lookalike.errors.general import LookalikeError


class CleaningError(LookalikeError):
    """A folder or a table cannot be cleaned."""


class CleaningUnwritable(CleaningError):
    """Something cannot be written: the disk is full, or the folder is read-only."""


class QuarantineBusy(CleaningError):
    """Another process cleans the same folder."""


class TableUnreadable(CleaningError):
    """The file is no table, is in another encoding, or cannot be read."""


class NothingLeft(CleaningError):
    """Cleaning would take every row out of a table."""
