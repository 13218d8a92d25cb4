"""``lookalike identify``: who of a gallery that you made is in these photos, or nobody of it?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from lookalike.cli.options import DetectorOption, ProviderOption, QualityOption, ThreadsOption
from lookalike.cli.output import AsJson, err, exit_code, out, print_json, say_error
from lookalike.cli.progress import progress_bar
from lookalike.errors import ImageError
from lookalike.fields import error_fields, face_fields, identifier_fields, share

if TYPE_CHECKING:
    from lookalike.identification.identifier import Identifier
    from lookalike.types import Identified, Identity

HeadOption = Annotated[
    str, typer.Option("--head", help="What tells people apart: centroid, knn or svm.")
]
FpirOption = Annotated[
    float,
    typer.Option(
        "--fpir", help="How often somebody may be named who is not in the gallery: 0.01 in 100."
    ),
]


def identify(
    photos: Annotated[list[Path], typer.Argument(help="Photos to look at.", show_default=False)],
    gallery: Annotated[
        Path,
        typer.Option("--gallery", "-g", help="A gallery that you made.", show_default=False),
    ],
    head: HeadOption = "centroid",
    fpir: FpirOption = 0.01,
    threshold: Annotated[
        float | None,
        typer.Option(
            help="Name somebody above this score, instead of by --fpir.", show_default=False
        ),
    ] = None,
    min_quality: QualityOption = 0.0,
    detector: DetectorOption = "mtcnn",
    provider: ProviderOption = "cpu",
    threads: ThreadsOption = None,
    as_json: AsJson = False,
) -> None:
    """Say who of a gallery that you made is in the photos, or "unknown"."""
    from lookalike.identification.identifier import Identifier
    from lookalike.identification.options import IdentifyOptions
    from lookalike.identification.training import steps
    from lookalike.pipeline import Finder

    options = IdentifyOptions(head, fpir, threshold, min_quality)
    finder = Finder.open(gallery, detector=detector, provider=provider, threads=threads)
    with progress_bar("learning", steps(finder.gallery), hidden=as_json) as advance:
        identifier = Identifier.open(finder.gallery, finder.analyzer, options, advance)
    if not identifier.kept and not as_json:
        words = f"learned now; keep it with: lookalike gallery train-classifier {gallery}"
        err.print(f"{words} --head {head}", style="dim", highlight=False, soft_wrap=True)
    answers: list[dict[str, Any]] = []
    failure = 0
    for photo, found in zip(photos, identifier.identify_all(photos), strict=True):
        if isinstance(found, ImageError):
            failure = failure or exit_code(found)
            answers.append({"photo": str(photo), "error": error_fields(found)})
            if not as_json:
                say_error(found)
            continue
        answers.append({"photo": str(photo), "faces": _fields(found)})
        if not as_json:
            _print(str(photo), found)
    if as_json:
        print_json({**_about(identifier), "photos": answers})
    else:
        out.print(_in_words(identifier), style="dim", highlight=False)
    if failure:
        raise typer.Exit(failure)


def _about(identifier: Identifier) -> dict[str, Any]:
    gallery = identifier.gallery
    named = {"gallery": gallery.header.title or gallery.file.name, "kept": identifier.kept}
    return {**named, **identifier_fields(identifier)}


def _fields(found: Identified) -> list[dict[str, Any]]:
    times = found.analysis.image.reduction
    return [
        {
            "box": face_fields(face, times)["box"],
            "id": identity.person.id if identity.person else None,
            "name": identity.person.name if identity.person else "unknown",
            "score": round(identity.score, 6),
            "probability": share(identity.probability),
        }
        for face, identity in zip(found.analysis.faces, found, strict=True)
    ]


def _print(photo: str, found: Identified) -> None:
    if len(found) == 0:
        out.print(f"{photo}: no face was found", highlight=False, markup=False, soft_wrap=True)
        return
    out.print(photo, style="bold", highlight=False, markup=False, soft_wrap=True)
    table = Table(box=None)
    table.add_column("", justify="right", style="dim")
    table.add_column("is", style="cyan")
    table.add_column("score", justify="right")
    table.add_column("right with probability", justify="right")
    for number, identity in enumerate(found, 1):
        table.add_row(str(number), *_row(identity))
    out.print(table)


def _row(identity: Identity) -> tuple[str, str, str]:
    score = f"{identity.score:.3f}"
    if identity.person is None:
        return "[dim]unknown[/]", score, ""
    chance = "" if identity.probability is None else f"{identity.probability:.1%}"
    return escape(identity.person.name), score, chance


def _in_words(identifier: Identifier) -> str:
    certainty = identifier.certainty
    false = certainty.fpir(identifier.threshold)
    words = f"named above a score of {identifier.threshold:.3f}: "
    words += f"about {false:.2%} of faces of somebody else would be named"
    rate = certainty.dir(identifier.threshold)
    if rate is not None:
        words += f", {rate:.1%} of the people's own"
    return f"{words} (measured on {certainty.strangers})"
