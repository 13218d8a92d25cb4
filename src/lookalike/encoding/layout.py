"""How a network wants its crops laid out, and which of its outputs is the vector."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lookalike.alignment import template
from lookalike.errors import CardError

if TYPE_CHECKING:
    from lookalike.models.card import Card
    from lookalike.models.session import Shape


@dataclass(frozen=True, slots=True)
class Layout:
    """What a card cannot say, because the network says it itself.

    Parameters
    ----------
    channels_last : bool
        Whether a batch is (n, S, S, 3) and not (n, 3, S, S).
    output : int
        Which output is the vector.
    """

    channels_last: bool = False
    output: int = 0


def layout_of(card: Card, batch: Shape, outputs: tuple[Shape, ...]) -> Layout:
    """Compare what a network says of itself with its card.

    Parameters
    ----------
    card : Card
        Of an encoder.
    batch : tuple of int or None
        Shape of the network's input; None where any length will do.
    outputs : tuple of tuple of int or None
        Shapes of its outputs.

    Returns
    -------
    Layout
        As far as the shapes tell: with several outputs, the only one of the card's dimension.

    Raises
    ------
    CardError
        If the two do not agree.
    UnknownName
        If there is no template of the card's name.
    """
    size = card.input.size
    cut = template(card.input.template).size_px
    if cut != size:
        raise CardError(
            f"{card.name}: the network wants crops of {size} pixels, "
            f"the template {card.input.template!r} cuts {cut}",
            "name the template that the network was trained with",
        )
    first, last = (_agree(batch, wanted) for wanted in ((3, size, size), (size, size, 3)))
    if not first and not last:
        raise CardError(
            f"{card.name}: the network takes batches of shape {_shown(batch)}, "
            f"expected (n, 3, {size}, {size}) or (n, {size}, {size}, 3)",
            "input.size on the card must be the side of the network's input",
        )
    return Layout(channels_last=not first, output=_vector(card, outputs))


def _vector(card: Card, outputs: tuple[Shape, ...]) -> int:
    """Return which output has the card's dimension."""
    lengths = [
        None if None in shape[1:] else math.prod(n for n in shape[1:] if n) for shape in outputs
    ]
    fitting = [at for at, length in enumerate(lengths) if length == card.dimension]
    if len(fitting) == 1:
        return fitting[0]
    if lengths == [None]:
        return 0
    raise CardError(
        f"{card.name}: the network gives {', '.join(map(_shown, outputs))}, "
        f"expected one output of shape (n, {card.dimension})",
        "dimension on the card must be the length of the network's vector",
    )


def _agree(shape: Shape, wanted: tuple[int, int, int]) -> bool:
    """Say whether a batch of such rows may be fed."""
    return len(shape) == 4 and all(
        length in (None, want) for length, want in zip(shape[1:], wanted, strict=True)
    )


def _shown(shape: Shape) -> str:
    """Write a shape as people do."""
    return f"({', '.join('?' if length is None else str(length) for length in shape)})"
