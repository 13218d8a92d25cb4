"""Answers as JSON values: the same names and the same digits wherever one asks.

A command and a service say more than this, each in its own way; what both say comes from here.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lookalike.errors import LookalikeError
    from lookalike.gallery.asking.probe import Guess
    from lookalike.identification.identifier import Identifier
    from lookalike.types import Comparison, Face, Match, Photo, Rarity


def error_fields(error: LookalikeError) -> dict[str, str]:
    """Return what went wrong.

    Parameters
    ----------
    error : LookalikeError
        The error.

    Returns
    -------
    dict of str to str
        ``kind``, ``message`` and ``hint``.
    """
    return {"kind": type(error).__name__, "message": error.message, "hint": error.hint}


def face_fields(face: Face, times: int) -> dict[str, Any]:
    """Return where a face is.

    Parameters
    ----------
    face : Face
        In pixels of the picture as it was read.
    times : int
        How much larger the file is.

    Returns
    -------
    dict
        In pixels of the upright file.
    """
    return {
        "box": [round(float(side) * times, 1) for side in face.box],
        "landmarks": [[round(float(c) * times, 1) for c in point] for point in face.landmarks],
        "score": round(face.score, 4),
    }


def match_fields(match: Match) -> dict[str, Any]:
    """Return a look-alike.

    Parameters
    ----------
    match : Match
        Who, and how near.

    Returns
    -------
    dict
        Without the photos, see `photo_fields`.
    """
    return {
        "rank": match.rank,
        "id": match.person.id,
        "name": match.person.name,
        "attributes": dict(match.person.attributes),
        "distance": round(match.distance, 6),
        "rarity": rarity_fields(match.rarity),
    }


def photo_fields(photo: Photo) -> dict[str, Any]:
    """Return what everybody may know of a photo.

    Parameters
    ----------
    photo : Photo
        Of a known person.

    Returns
    -------
    dict
        Nothing of where its owner keeps it.
    """
    return {
        "sha256": photo.id,
        "licence": photo.licence,
        "credit": photo.credit,
        "page": photo.page,
        "attributes": dict(photo.attributes),
    }


def guess_fields(guess: Guess) -> dict[str, Any]:
    """Return what was guessed of a face.

    Parameters
    ----------
    guess : Guess
        The guess.

    Returns
    -------
    dict
        With how often such guesses are right.
    """
    return {
        "attribute": guess.attribute,
        "value": guess.value,
        "confidence": round(guess.confidence, 4),
        "right_of_people_left_out": round(guess.accuracy, 4),
    }


def rarity_fields(rarity: Rarity | None) -> dict[str, float | None] | None:
    """Return how rare a distance is.

    Parameters
    ----------
    rarity : Rarity or None
        What is known of it.

    Returns
    -------
    dict or None
        None if nothing is.
    """
    if rarity is None:
        return None
    return {
        "one_in": three_digits(rarity.one_in),
        "low": three_digits(rarity.low),
        # JSON has no word for infinity.
        "high": None if math.isinf(rarity.high) else three_digits(rarity.high),
    }


def comparison_fields(told: Comparison) -> dict[str, Any]:
    """Return how alike two faces are.

    Parameters
    ----------
    told : Comparison
        The comparison.

    Returns
    -------
    dict
        Without the space.
    """
    return {
        "metric": told.metric,
        "distance": round(told.distance, 6),
        "threshold": told.threshold,
        "false_match_rate": told.false_match_rate,
        "same_person": told.same_person,
        "probability": told.probability,
        "prior": told.prior,
        "rarity": rarity_fields(told.rarity),
        "measured_on": told.measured_on,
        "faces": list(told.faces),
    }


def identifier_fields(identifier: Identifier) -> dict[str, Any]:
    """Return by what, and how surely, faces are given a name.

    Parameters
    ----------
    identifier : Identifier
        What names them.

    Returns
    -------
    dict
        Without the gallery's name.
    """
    header, certainty = identifier.gallery.header, identifier.certainty
    return {
        "encoder": header.space.encoder,
        "space": header.space.digest,
        "views": header.views,
        "head": identifier.head.name,
        "people": len(identifier.people),
        "threshold": round(identifier.threshold, 6),
        "false_positive_rate": round(certainty.fpir(identifier.threshold), 6),
        "identification_rate": share(certainty.dir(identifier.threshold)),
        "measured_on": certainty.strangers,
    }


def share(part: float | None) -> float | None:
    """Return a part of a whole to four digits.

    Parameters
    ----------
    part : float or None
        0 to 1, if it is known.

    Returns
    -------
    float or None
        The same.
    """
    return None if part is None else round(part, 4)


def three_digits(number: float) -> float:
    """Return how rare something is to three digits: more would mean nothing.

    Parameters
    ----------
    number : float
        One in so many.

    Returns
    -------
    float
        About the same.
    """
    return float(f"{number:.3g}")
