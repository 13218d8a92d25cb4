"""``lookalike card``: a picture to share of a face and whom it resembles."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from lookalike.cli.options import (
    DetectorOption,
    EveryoneOption,
    FairOption,
    GalleryOption,
    LikeMeOption,
    MetricOption,
    ProviderOption,
    RankOption,
    ThreadsOption,
    WhereOption,
)
from lookalike.cli.output import AsJson, out, print_json
from lookalike.cli.why import ExplainOption

if TYPE_CHECKING:
    from lookalike.figures.palette import ThemeName
    from lookalike.figures.share_card import CardSize
    from lookalike.gallery.asking.ranking import Rank
    from lookalike.types import Found


def card(
    photo: Annotated[Path, typer.Argument(help="A photo of a face.", show_default=False)],
    output: Annotated[
        Path, typer.Option("--output", "-o", help="The card's file: png, jpg or webp.")
    ] = Path("lookalike-card.png"),
    size: Annotated[
        str, typer.Option("--size", help="portrait (1080 × 1350) or wide (1200 × 630).")
    ] = "portrait",
    theme: Annotated[str, typer.Option("--theme", help="light or dark.")] = "light",
    face: Annotated[
        int | None,
        typer.Option("--face", min=1, help="Which face, by its size. Default: the largest."),
    ] = None,
    place: Annotated[
        int, typer.Option("--place", min=1, help="Which match: 1 is the most alike.")
    ] = 1,
    gallery: GalleryOption = None,
    metric: MetricOption = "euclidean",
    rank: RankOption = "nearest",
    everyone: EveryoneOption = False,
    where: WhereOption = "",
    fair: FairOption = False,
    like_me: LikeMeOption = "",
    explain: ExplainOption = False,
    detector: DetectorOption = "mtcnn",
    provider: ProviderOption = "cpu",
    threads: ThreadsOption = None,
    as_json: AsJson = False,
) -> None:
    """Draw a card to share: both faces, the name, how rare that is, and whose photo it is."""
    from lookalike.figures.fonts import HINT
    from lookalike.figures.typeface import Typeface, clean
    from lookalike.gallery.asking.ranking import FindOptions
    from lookalike.pipeline import Finder
    from lookalike.presenting import card_of_match, explain_match

    chosen = cast("Rank", rank)  # checked there
    options = FindOptions(
        k=place, metric=metric, rank=chosen, everyone=everyone, where=where, fair=fair,
        like_me=like_me,
    )  # fmt: skip
    finder = Finder.open(gallery, detector=detector, provider=provider, threads=threads)
    found = finder.find(photo, options)
    which = _face(photo, found, face), place - 1
    said = ""
    if explain and which[1] < len(found.matches[which[0]]):
        match = found.matches[which[0]][which[1]]
        reason = explain_match(finder, found, which[0], match, metric)
        said = "" if reason is None else reason.explanation.sentence
    made = card_of_match(
        finder, found, which, cast("CardSize", size), cast("ThemeName", theme), said
    )
    made.save(output)
    person = found.matches[which[0]][which[1]].person
    if as_json:
        print_json(
            {"card": str(output), "id": person.id, "name": person.name, "alt": made.alt,
             "credit": made.credit}
        )  # fmt: skip
        return
    out.print(f"drawn: {output}", highlight=False, markup=False, soft_wrap=True)
    out.print(made.alt, style="dim", highlight=False, markup=False, soft_wrap=True)
    if not Typeface("DejaVu Sans").draws(clean(person.name)):
        out.print(HINT, style="dim", highlight=False, markup=False)


def _face(photo: Path, found: Found, number: int | None) -> int:
    """Return the row of a face that is chosen by its size: 1 is the largest."""
    import numpy as np

    from lookalike.errors import NoFace, OptionError

    if len(found) == 0:
        raise NoFace(f"no face was found in {photo}", "use a photo that shows the face upright")
    if number is not None and number > len(found):
        raise OptionError(f"there is no face {number} in {photo}", f"it shows {len(found)}")
    order = np.argsort(-found.analysis.faces.sizes_px, kind="stable")
    return int(order[(number or 1) - 1])
