"""The metric to measure an encoder by when nobody asks for another."""

from __future__ import annotations

from lookalike.errors import UnknownName
from lookalike.models.card import card


def own_metric(encoder: str) -> str:
    """Return the metric by which an encoder's makers compare vectors.

    Parameters
    ----------
    encoder : str
        The name of a model.

    Returns
    -------
    str
        What its card says; Euclidean where there is no card, as for a gallery that was made with
        somebody else's.
    """
    try:
        return card(encoder).metric
    except UnknownName:
        return "euclidean"
