"""From what the library finds to what the service answers."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from lookalike import fields
from lookalike.alignment import portraits
from lookalike.gallery.pictures import PORTRAIT_PX
from lookalike.images import encode_jpeg
from lookalike.web import answers

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from lookalike.gallery.asking.probe import Guess
    from lookalike.types import Analysis, Found, Match
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
            **fields.face_fields(face, times),
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
            **face,
            matches=[match_answer(opened, match) for match in matches],
            stands_out=found.stands_out(number),
            guess=guess_answer(guesses[number]) if guesses else None,
        )
        for number, (face, matches) in enumerate(
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
        **fields.match_fields(match),
        stability=fields.share(match.stability),
        photos=[
            answers.PhotoAnswer(
                **fields.photo_fields(photo),
                portrait=portrait_path(
                    opened.name, opened.pictures.get((photo.id, match.person.id))
                ),
            )
            for photo in match.photos
        ],
    )


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
    return answers.GuessAnswer(**fields.guess_fields(guess))


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
