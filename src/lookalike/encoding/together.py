"""Encoding the faces of several pictures in one go."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

from lookalike.types import Crops

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lookalike.protocols import Encoder
    from lookalike.types import Embeddings


def encode_together(encoder: Encoder, parts: Sequence[Crops]) -> list[Embeddings]:
    """Encode the faces of pictures as one batch.

    Parameters
    ----------
    encoder : Encoder
        What encodes them.
    parts : sequence of Crops
        The faces of each picture; there may be none.

    Returns
    -------
    list of Embeddings
        One for each picture.
    """
    if not parts:
        return []
    vectors = encoder.encode(Crops.concatenate(parts))
    ends = accumulate(len(part) for part in parts)
    return [vectors.rows(end - len(part), end) for part, end in zip(parts, ends, strict=True)]
