"""Several sources as one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from lookalike.errors import OptionError
from lookalike.sources.faults import Faults

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lookalike.protocols import Source
    from lookalike.types import Candidate


class BlendedSource:
    """Several sources, one after the other.

    The uri of each photo begins with the name of its source, so that no two are the same. People
    of one name are one person, as everywhere.

    Parameters
    ----------
    sources : sequence of Source
        At least one.
    name : str, optional
        What to call them together; their names joined by ``+`` if not given.

    Attributes
    ----------
    name : str
        The name.

    Raises
    ------
    OptionError
        If there is no source.
    """

    def __init__(self, sources: Sequence[Source], name: str = "") -> None:
        if not sources:
            raise OptionError("there is no source to blend", "give at least one")
        self.sources = tuple(sources)
        self.name = name or "+".join(source.name for source in self.sources)
        self._prefixes = _different([source.name for source in self.sources])

    @property
    def faults(self) -> Faults:
        """What the last pass passed over, of all of them."""
        together = Faults()
        for source in self.sources:
            faults = getattr(source, "faults", None)
            if isinstance(faults, Faults):
                together.extend(faults)
        return together

    def __iter__(self) -> Iterator[Candidate]:
        """Offer the photos one by one."""
        for prefix, source in zip(self._prefixes, self.sources, strict=True):
            for candidate in source:
                yield replace(candidate, uri=f"{prefix}/{candidate.uri}")


def _different(names: list[str]) -> list[str]:
    """Give a number to names that are not the first of their kind, and no name a slash."""
    different: list[str] = []
    for name in names:
        plain = spelled = name.replace("/", "-")
        number = 1
        while spelled in different:
            number += 1
            spelled = f"{plain}-{number}"
        different.append(spelled)
    return different
