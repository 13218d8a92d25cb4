"""Why a gallery cannot be read or written."""

from __future__ import annotations

from lookalike.errors.general import LookalikeError


class GalleryError(LookalikeError):
    """A gallery cannot be read or written."""


class GalleryMissing(GalleryError):
    """There is no such gallery."""


class GalleryInvalid(GalleryError):
    """The file is not a gallery, or it is damaged."""


class GalleryVersion(GalleryError):
    """The gallery was written by a newer lookalike, or by an older one."""


class GalleryEmpty(GalleryError):
    """There is nobody in the gallery to compare with."""


class GalleryBusy(GalleryError):
    """Another process is writing to the gallery."""


class GalleryUnwritable(GalleryError):
    """The gallery is read-only, or its disk is full."""


class GalleryUnreachable(GalleryError):
    """The gallery's server does not answer, or the connection to it was lost."""


class GalleryRefused(GalleryError):
    """The gallery's server answers and says no: wrong password, no rights, no pgvector."""
