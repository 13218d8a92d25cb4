"""From what the library finds to what the service answers."""

from __future__ import annotations

import base64
import math
from typing import TYPE_CHECKING, Any

from lookalike.alignment import portraits
from lookalike.gallery.pictures import PORTRAIT_PX
from lookalike.images import encode_jpeg
from lookalike.web import answers

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from lookalike.gallery.probe import Guess
    from lookalike.types import Analysis, Found, Match, Rarity
    from lookalike.web.shelf import Opened

PREFIX = "/api/v1"


def portrait_path(gallery: str, number: int | None) -> str | None:
    """Return where a portrait can be fetched.

    Parameters
    ----------
    gallery : str
        The gallery's name.
    number : int or None
        The face's number in it; None if no picture is kept.

    Returns
    -------
    str or None
        A path of this service.
    """
    from urllib.parse import quote

    return None if number is None else f"{PREFIX}/galleries/{quote(gallery)}/portraits/{number}"


def face_fields(analysis: Analysis, *, cut: bool) -> list[dict[str, Any]]:
    """Return the faces of a photo.

    Parameters
    ----------
    analysis : Analysis
        The photo.
    cut : bool
        Whether to cut them out, too.

    Returns
    -------
    list of dict
        Fields of `FaceAnswer`, in pixels of the upright file.
    """
    times = analysis.image.reduction
    pictures = (
        [as_data(one) for one in portraits(analysis.image, analysis.faces, PORTRAIT_PX)]
        if cut
        else [None] * len(analysis)
    )
    return [
        {
            "box": [round(float(side) * times, 1) for side in face.box],
            "landmarks": [[round(float(c) * times, 1) for c in point] for point in face.landmarks],
            "score": round(face.score, 4),
            "portrait": picture,
        }
        for face, picture in zip(analysis.faces, pictures, strict=True)
    ]


def size_fields(analysis: Analysis) -> dict[str, Any]:
    """Return the size of an upright photo in pixels of its file.

    Parameters
    ----------
    analysis : Analysis
        The photo.

    Returns
    -------
    dict of str to int
        ``width`` and ``height``.
    """
    image = analysis.image
    return {"width": image.width * image.reduction, "height": image.height * image.reduction}


def found_photo(
    opened: Opened, found: Found, guesses: Sequence[Guess], *, cut: bool
) -> answers.FoundPhoto:
    """Return the look-alikes of the faces of a photo.

    Parameters
    ----------
    opened : Opened
        The gallery that answered.
    found : Found
        Its answer.
    guesses : sequence of Guess
        What was guessed of each face, if anything was.
    cut : bool
        Whether to cut the faces out, too.

    Returns
    -------
    FoundPhoto
        The photo's part of the answer.
    """
    faces = [
        answers.FoundFaceAnswer(
            **fields,
            matches=[match_answer(opened, match) for match in matches],
            stands_out=found.stands_out(number),
            guess=guess_answer(guesses[number]) if guesses else None,
        )
        for number, (fields, matches) in enumerate(
            zip(face_fields(found.analysis, cut=cut), found, strict=True)
        )
    ]
    return answers.FoundPhoto(**size_fields(found.analysis), faces=faces)


def match_answer(opened: Opened, match: Match) -> answers.MatchAnswer:
    """Return a match.

    Parameters
    ----------
    opened : Opened
        The gallery that answered.
    match : Match
        Its answer.

    Returns
    -------
    MatchAnswer
        Without where the owner keeps the photos.
    """
    return answers.MatchAnswer(
        rank=match.rank,
        id=match.person.id,
        name=match.person.name,
        attributes=dict(match.person.attributes),
        distance=round(match.distance, 6),
        rarity=rarity_answer(match.rarity),
        stability=share(match.stability),
        photos=[
            answers.PhotoAnswer(
                sha256=photo.id,
                licence=photo.licence,
                credit=photo.credit,
                page=photo.page,
                attributes=dict(photo.attributes),
                portrait=portrait_path(
                    opened.name, opened.pictures.get((photo.id, match.person.id))
                ),
            )
            for photo in match.photos
        ],
    )


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


def guess_answer(guess: Guess) -> answers.GuessAnswer:
    """Return what was guessed of a face.

    Parameters
    ----------
    guess : Guess
        The guess.

    Returns
    -------
    GuessAnswer
        With how often such guesses are right.
    """
    return answers.GuessAnswer(
        attribute=guess.attribute,
        value=str(guess.value),
        confidence=round(guess.confidence, 4),
        right_of_people_left_out=round(guess.accuracy, 4),
    )


def rarity_answer(rarity: Rarity | None) -> answers.RarityAnswer | None:
    """Return how rare something is, to three digits: more would mean nothing.

    Parameters
    ----------
    rarity : Rarity or None
        What is known of it.

    Returns
    -------
    RarityAnswer or None
        None if nothing is.
    """
    if rarity is None:
        return None
    return answers.RarityAnswer(
        one_in=_three_digits(rarity.one_in),
        low=_three_digits(rarity.low),
        high=None if math.isinf(rarity.high) else _three_digits(rarity.high),
    )


def _three_digits(number: float) -> float:
    """Return a number to three digits: more would mean nothing."""
    return float(f"{number:.3g}")


def as_data(pixels: NDArray[np.uint8]) -> str:
    """Return a picture as an address that holds it.

    Parameters
    ----------
    pixels : ndarray of shape (H, W, 3), uint8
        RGB.

    Returns
    -------
    str
        ``data:image/jpeg;base64,…``
    """
    return "data:image/jpeg;base64," + base64.b64encode(encode_jpeg(pixels)).decode("ascii")
