"""The one door to FAISS: loaded when an index first needs it, and its structures as bytes."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from lookalike.errors import ArrayError

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: How many times as long as all bytes together a single array may be, and what it may always be.
_GROWTH: Final = 4
_LEAST_BYTES: Final = 1 << 20


def faiss() -> Any:
    """Return the library. Its own type stubs lack half of what it has.

    Returns
    -------
    module
        ``faiss``.

    References
    ----------
    Douze, Guzhva, Deng, Johnson, Szilvasy, Mazaré, Lomeli, Hosseini, Jégou, "The Faiss Library",
    arXiv 2401.08281, 2024.
    """
    return importlib.import_module("faiss")


def packed(index: Any) -> NDArray[np.uint8]:
    """Write a structure of FAISS.

    Parameters
    ----------
    index : faiss.Index
        Anything that FAISS can write.

    Returns
    -------
    ndarray of shape (b,), uint8
        FAISS's own format.
    """
    return np.asarray(faiss().serialize_index(index), np.uint8)


def unpacked(blob: NDArray[np.uint8], n: int, d: int) -> Any:
    """Read a structure of FAISS. Its bytes must be known to be whole: FAISS trusts most of them.

    What they say of sizes is not believed: nothing is made that is much larger than they are.

    Parameters
    ----------
    blob : ndarray of shape (b,), uint8
        As `packed` gave it.
    n : int
        The number of rows that it must have.
    d : int
        The length that they must have.

    Returns
    -------
    faiss.Index
        In memory.

    Raises
    ------
    ArrayError
        If it has other rows, or is of a format that this FAISS does not know.
    """
    library = faiss()
    before = library.get_deserialization_vector_byte_limit()
    library.set_deserialization_vector_byte_limit(_GROWTH * blob.nbytes + _LEAST_BYTES)
    try:
        index = library.deserialize_index(np.ascontiguousarray(blob))
    except (RuntimeError, MemoryError) as error:
        raise ArrayError("FAISS does not know this format", "build the index again") from error
    finally:
        library.set_deserialization_vector_byte_limit(before)
    if (index.ntotal, index.d) != (n, d):
        raise ArrayError(f"the index must be of ({n}, {d}), got ({index.ntotal}, {index.d})")
    return index
