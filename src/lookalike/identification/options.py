"""How somebody is identified."""

from __future__ import annotations

from dataclasses import dataclass

from lookalike.errors import OptionError
from lookalike.registry import names, unknown


@dataclass(frozen=True, slots=True)
class IdentifyOptions:
    """How somebody is identified.

    Parameters
    ----------
    head : str
        What tells people apart: a name of the registry.
    fpir : float
        The false-positive identification rate to accept: how often somebody is named when the
        face is of nobody in the gallery, above 0 and below 1.
    threshold : float, optional
        The score above which somebody is named, in the head's own unit; counts instead of `fpir`.
    min_quality : float
        Pass over faces of a lower quality, 0 to 1, see `lookalike.encoding.quality`.

    Raises
    ------
    OptionError
        If the rate is out of range.
    UnknownName
        If there is no such head.
    """

    head: str = "centroid"
    fpir: float = 0.01
    threshold: float | None = None
    min_quality: float = 0.0

    def __post_init__(self) -> None:
        """Check the values."""
        if self.head not in names("head"):
            raise unknown("head", self.head, names("head"))
        check_fpir(self.fpir)


def check_fpir(fpir: float) -> None:
    """Raise unless a rate can be asked for.

    Parameters
    ----------
    fpir : float
        The false-positive identification rate.

    Raises
    ------
    OptionError
        If it is not above 0 and below 1.
    """
    if not 0 < fpir < 1:
        raise OptionError(f"fpir must be above 0 and below 1, got {fpir}", "0.01 is one in 100")
