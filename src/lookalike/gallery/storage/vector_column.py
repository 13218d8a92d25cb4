"""How a vector is kept: as plain numbers in a file, and as pgvector's own type on a server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from sqlalchemy import LargeBinary
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction
from sqlalchemy.types import TypeDecorator

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray
    from sqlalchemy import Dialect

#: pgvector sends the number of numbers and two unused bytes before the numbers.
_SENT_HEAD: Final = 4


class VectorColumn(TypeDecorator[Any]):
    """A vector; what is written is an array, what is read are the bytes of its numbers.

    A file keeps them as they are, float32 or float16, little-endian. A server keeps ``vector`` or
    ``halfvec`` and gives float32 either way, see `numbers_of`.
    """

    impl = LargeBinary
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        """Return the database's own type."""
        if dialect.name == "postgresql":
            from pgvector.sqlalchemy import VECTOR

            return VECTOR()
        return dialect.type_descriptor(LargeBinary())

    def column_expression(self, column: Any) -> Any:
        """Ask for the numbers as bytes; as text they take ten times as long to read."""
        return _sent(column, type_=self)

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        """Return what makes a parameter of an array."""
        return _as_text if dialect.name == "postgresql" else _as_numbers

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        """Return what makes bytes of a result."""
        if dialect.name == "postgresql":
            return _read
        return super().result_processor(dialect, coltype)


class _sent(GenericFunction[bytes]):  # noqa: N801 - a function of SQL
    """A vector as bytes."""

    inherit_cache = True


@compiles(_sent)
def _plain(element: Any, compiler: Any, **options: Any) -> str:
    return str(compiler.process(element.clauses, **options))


@compiles(_sent, "postgresql")
def _as_bytes(element: Any, compiler: Any, **options: Any) -> str:
    return f"vector_send(CAST({compiler.process(element.clauses, **options)} AS vector))"


def _as_text(vector: NDArray[np.floating] | None) -> str | None:
    # What a number of float16 or float32 is in float64 reads back as the same number.
    return None if vector is None else f"[{','.join(map(repr, vector.tolist()))}]"


def _as_numbers(vector: NDArray[np.floating] | None) -> bytes | None:
    return None if vector is None else vector.astype(vector.dtype.newbyteorder("<")).tobytes()


def _read(sent: bytes | None) -> bytes | None:
    if sent is None:
        return None
    return np.frombuffer(sent, "<u4", offset=_SENT_HEAD).byteswap().tobytes()


def numbers_of(written: Sequence[bytes], dim: int) -> NDArray[np.float32]:
    """Read vectors.

    Parameters
    ----------
    written : sequence of bytes
        As a gallery gave them: float32 or float16, little-endian.
    dim : int
        How many numbers each has.

    Returns
    -------
    ndarray of shape (n, dim), float32
        A copy.

    Raises
    ------
    ValueError
        If they have another length, or hold what can be no vector.
    """
    halves = bool(written) and len(written[0]) == 2 * dim
    numbers = np.frombuffer(b"".join(written), "<f2" if halves else "<f4")
    vectors = numbers.reshape(len(written), dim).astype(np.float32)
    # Least and greatest are no numbers if one is none, and need no memory.
    if vectors.size and not -np.inf < vectors.min() <= vectors.max() < np.inf:
        raise ValueError("a vector holds what is no number")
    return vectors
