"""Which index for how many rows, and why. The numbers are those of ``benchmarks/search.py``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from lookalike.errors import OptionError
from lookalike.search.options import IndexOptions

if TYPE_CHECKING:
    from lookalike.search.options import Bits

#: Numbers up to which an exact search takes about half a millisecond on one thread.
EXACT_NUMBERS: Final = 30_000 * 128

#: The bits that each kind knows, the best first.
BITS: Final[dict[str, tuple[Bits, ...]]] = {"exact": (32, 8), "hnsw": (8, 32), "ivf": (4, 8, 32)}


@dataclass(frozen=True, slots=True)
class Choice:
    """An index that has been chosen.

    Parameters
    ----------
    kind : {"exact", "hnsw", "ivf"}
        A name of the registry.
    bits : {4, 8, 32}
        Of each number that is looked at to find candidates.
    reason : str
        Why, in one sentence.
    """

    kind: Literal["exact", "hnsw", "ivf"]
    bits: Bits
    reason: str


def choose(n: int, d: int, options: IndexOptions | None = None) -> Choice:
    """Choose an index by the number of rows.

    Parameters
    ----------
    n : int
        How many rows.
    d : int
        How many numbers each has.
    options : IndexOptions, optional
        What the user wants; default all by size.

    Returns
    -------
    Choice
        What to build.

    Raises
    ------
    OptionError
        If the kind that the user wants does not know that many bits.

    Examples
    --------
    >>> choose(1_400, 128).kind, choose(460_000, 128).kind
    ('exact', 'ivf')
    """
    options = options or IndexOptions()
    if options.kind != "auto":
        bits = options.bits or BITS[options.kind][0]
        if bits not in BITS[options.kind]:
            known = " or ".join(map(str, sorted(BITS[options.kind])))
            raise OptionError(
                f"the index {options.kind!r} has no {bits} bits", f"it can have {known}"
            )
        return Choice(options.kind, bits, "It was asked for.")
    small = n * d <= EXACT_NUMBERS
    kind: Literal["exact", "ivf"] = "exact" if small or options.bits == 32 else "ivf"
    reason = {
        "exact": f"Looking at all {n:,} rows misses none and takes less than a millisecond.",
        "ivf": f"Looking at all {n:,} rows would take milliseconds; cells find 99 of 100 neighbors "
        "in a fraction of one.",
    }[kind]
    if not small and kind == "exact":
        reason = f"Whole numbers were asked for; looking at all {n:,} rows misses none."
    asked = options.bits
    return Choice(kind, asked if asked in BITS[kind] else BITS[kind][0], reason)
