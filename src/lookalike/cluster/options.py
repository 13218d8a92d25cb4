"""Where workers are, and how patient to be with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lookalike.errors import OptionError

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class ClusterOptions:
    """Where workers are, and how patient to be with them.

    Parameters
    ----------
    scheduler : str
        The address of a running scheduler, ``tcp://host:8786`` or ``tls://host:8786``; empty for
        workers of one's own.
    local : int
        So many workers of one thread each, on this machine; 0 where there is a scheduler.
    photo_s : float
        Seconds that a photo may take before it is set aside.
    patience_s : float
        Seconds to wait for a scheduler, or for workers, that are not there or went away.
    tls : Path, optional
        A folder with ``ca.pem``, ``cert.pem`` and ``key.pem``. Without one, what Dask's own
        configuration says holds.

    Raises
    ------
    OptionError
        If there are both kinds of workers or none, or a number is out of its range.
    """

    scheduler: str = ""
    local: int = 0
    photo_s: float = 60.0
    patience_s: float = 60.0
    tls: Path | None = None

    def __post_init__(self) -> None:
        """Check that there is one place for workers."""
        if bool(self.scheduler) == bool(self.local):
            raise OptionError(
                "workers are either local or behind a scheduler",
                "give --local N or --scheduler tcp://host:8786",
            )
        if self.local < 0 or self.photo_s <= 0 or self.patience_s <= 0:
            raise OptionError(
                "workers, and the seconds for a photo and for waiting, must be more than 0"
            )
        if self.scheduler and "://" not in self.scheduler:
            raise OptionError(
                f"{self.scheduler} is no address of a scheduler", "for example tcp://host:8786"
            )
        if self.tls is not None and not self.scheduler.startswith("tls://"):
            raise OptionError(
                "certificates are for schedulers that encrypt", "begin the address with tls://"
            )
