"""How much an archive may hold, since a small one can unpack into anything."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Final

from lookalike.errors import ImageTooLarge, OptionError
from lookalike.images import Limits

#: Below this many bytes nothing is a bomb, however well it was packed.
_HARMLESS: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class ArchiveLimits:
    """What is refused of an archive.

    Parameters
    ----------
    max_members : int
        The most files and folders in one archive.
    max_ratio : int
        How many times its packed size a photo, or the whole archive, may have when unpacked.
        Photos are packed already: their ratio is near 1.
    photo : Limits
        What a single photo may have.

    Raises
    ------
    OptionError
        If a limit is below 1.
    """

    max_members: int = 500_000
    max_ratio: int = 200
    photo: Limits = field(default_factory=Limits)

    def __post_init__(self) -> None:
        """Check that every limit lets something through."""
        for one in fields(self)[:2]:
            value = getattr(self, one.name)
            if value < 1:
                raise OptionError(f"ArchiveLimits.{one.name} must be at least 1, got {value}")

    def check_count(self, count: int, name: str) -> None:
        """Raise if an archive holds too many members.

        Parameters
        ----------
        count : int
            How many it holds.
        name : str
            How the error calls the archive.

        Raises
        ------
        OptionError
            If they are more than `max_members`.
        """
        if count > self.max_members:
            raise OptionError(
                f"{name} holds more than {self.max_members:,} files",
                "unpack it where you trust it and give the folder, or raise max_members",
            )

    def check_whole(self, unpacked: int, packed: int, name: str) -> None:
        """Raise if an archive is a bomb.

        Parameters
        ----------
        unpacked, packed : int
            Its sizes in bytes.
        name : str
            How the error calls the archive.

        Raises
        ------
        OptionError
            If it unpacks to more than `max_ratio` times its size.
        """
        if self._bursts(unpacked, packed):
            raise OptionError(
                f"{name} unpacks to more than {self.max_ratio} times its size",
                "no photos do; if these must, unpack it where you trust it and give the folder",
            )

    def check_photo(self, unpacked: int, packed: int, name: str) -> None:
        """Raise if a photo of an archive should not be unpacked.

        Parameters
        ----------
        unpacked, packed : int
            Its sizes in bytes.
        name : str
            How the error calls the photo.

        Raises
        ------
        ImageUnreadable
            If it is empty.
        ImageTooLarge
            If it is over the limit on bytes, or unpacks to more than `max_ratio` times its size.
        """
        self.photo.check_bytes(unpacked, name)
        if self._bursts(unpacked, packed):
            raise ImageTooLarge(
                f"{name} unpacks to more than {self.max_ratio} times its size",
                "no photo does; save it in another format",
            )

    def _bursts(self, unpacked: int, packed: int) -> bool:
        return unpacked > max(_HARMLESS, self.max_ratio * packed)
