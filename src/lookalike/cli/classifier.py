"""``lookalike gallery train-classifier``: learn to tell a gallery's people apart, and keep it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from lookalike.cli.identify import FpirOption, HeadOption
from lookalike.cli.options import GalleryArgument
from lookalike.cli.output import AsJson, out, print_json
from lookalike.cli.progress import progress_bar
from lookalike.fields import share

if TYPE_CHECKING:
    from lookalike.identification.training import Trained


def train_classifier(
    gallery: GalleryArgument,
    head: HeadOption = "centroid",
    fpir: FpirOption = 0.01,
    again: Annotated[
        bool, typer.Option("--again", help="Also if what is kept is of these very faces.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Learn to tell the people apart for `identify`, and keep it in the gallery."""
    from lookalike.gallery.gallery import Gallery
    from lookalike.gallery.opening import open_store
    from lookalike.gallery.opt_out import opted_out
    from lookalike.identification.options import IdentifyOptions
    from lookalike.identification.training import keep, kept, steps, train

    options = IdentifyOptions(head, fpir)
    file = open_store(gallery, writable=True)
    try:
        opened = Gallery(file, opted_out())
        trained = None if again else kept(opened, options.head)
        fresh = trained is None
        if trained is None:
            with progress_bar("learning", steps(opened), hidden=as_json) as advance:
                trained = train(opened, options.head, advance)
        said = _said(trained, fpir)
        if fresh:
            keep(opened, trained)
    finally:
        file.close()
    if as_json:
        print_json({"gallery": str(gallery), "trained": fresh, **said})
        return
    words = "learned" if fresh else "nothing had to be learned: these are the same faces; knows"
    out.print(
        f"{words} {said['people']:,} people by {head}; named above a score of "
        f"{said['threshold']:.3f}, {fpir:.2%} of the faces of somebody else would be named"
        + ("" if said["identification_rate"] is None
           else f", and {said['identification_rate']:.1%} of the people's own")
        + f" (measured on {said['measured_on']})",
        highlight=False,
    )  # fmt: skip


def _said(trained: Trained, fpir: float) -> dict[str, Any]:
    certainty = trained.certainty
    threshold = certainty.threshold(fpir)
    return {
        "head": trained.head.name,
        "people": len(trained.people),
        "fpir": fpir,
        "least_fpir": certainty.least_fpir,
        "threshold": round(threshold, 6),
        "identification_rate": share(certainty.dir(threshold)),
        "measured_on": certainty.strangers,
    }
