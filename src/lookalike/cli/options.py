"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

GalleryFileArgument = Annotated[
    Path, typer.Argument(metavar="GALLERY", help="A gallery file.", show_default=False)
]
GalleryOption = Annotated[
    Path | None,
    typer.Option(
        "--gallery",
        "-g",
        help="A gallery file. Default: the starter gallery.",
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
