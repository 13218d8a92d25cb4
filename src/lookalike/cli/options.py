"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lookalike.errors import OptionError
from lookalike.gallery.places import place_of

if TYPE_CHECKING:
    from lookalike.gallery.places import Place as Place  # noqa: PLC0414 - commands import it from here
else:
    # Typer reads types when it runs and takes no union; what comes of a word is the parser's.
    Place = str


def gallery_place(named: str) -> Place:
    """Read a gallery's place; a wrong address is not repeated, for it may hold a password.

    Parameters
    ----------
    named : str
        As the user wrote it.

    Returns
    -------
    Path or Address
        Where the gallery is.
    """
    try:
        return place_of(named)
    except OptionError as error:
        raise typer.BadParameter(f"{error.message}; {error.hint}") from None


GalleryArgument = Annotated[
    Place,
    typer.Argument(
        metavar="GALLERY",
        help="A gallery file, or postgresql://host/database?gallery=name.",
        parser=gallery_place,
        show_default=False,
    ),
]
GalleryOption = Annotated[
    Place | None,
    typer.Option(
        "--gallery",
        "-g",
        metavar="GALLERY",
        help="A gallery file, or postgresql://host/database?gallery=name. Default: the starter "
        "gallery.",
        parser=gallery_place,
        show_default=False,
    ),
]
KOption = Annotated[int, typer.Option("-k", min=1, help="How many people for each face.")]
MetricOption = Annotated[
    str,
    typer.Option(
        "--metric",
        "-m",
        help="euclidean, sqeuclidean, cosine, mahalanobis or mahalanobis-person.",
    ),
]
RankOption = Annotated[
    str,
    typer.Option(
        "--rank",
        help="How far somebody is: the nearest photo, the mean of the nearest three (mean), "
        "or the mean of all photos (centroid).",
    ),
]
EveryoneOption = Annotated[
    bool, typer.Option("--everyone", help="Rank everybody, not only who is well known.")
]
FairOption = Annotated[
    bool,
    typer.Option("--fair", help="Let those who are near to everybody count as farther away."),
]
LikeMeOption = Annotated[
    str,
    typer.Option(
        "--like-me",
        help="Compare each face only with people of its own gender, or of another attribute that "
        "the gallery knows, where the guess is sure enough.",
    ),
]
SureOption = Annotated[
    float, typer.Option("--sure", min=0.5, max=1, help="How sure the guess must be.")
]
WhereOption = Annotated[
    str,
    typer.Option(
        "--where",
        help="Name only those of whom this holds: \"gender = 'female' and born >= 1980\".",
    ),
]
DetectorOption = Annotated[
    str,
    typer.Option(
        "--detector",
        help="What finds the faces: mtcnn, yunet, scrfd, ssd, haar, hog, mmod, or crop for photos "
        "that are face crops already.",
    ),
]
ProviderOption = Annotated[
    str, typer.Option("--provider", help="What runs the networks: cpu, cuda, tensorrt, …")
]
ThreadsOption = Annotated[
    int | None,
    typer.Option(
        "--threads", min=1, help="Threads of the networks. Default: all cores.", show_default=False
    ),
]
QualityOption = Annotated[
    float,
    typer.Option(
        "--min-quality",
        min=0,
        max=1,
        help="Pass over faces that are too small, blurred, turned or dark: 0 none, 0.25 some, "
        "0.5 many.",
    ),
]
FigureOption = Annotated[
    Path | None,
    typer.Option("--output", "-o", help="Draw the result into this file.", show_default=False),
]
