"""Options of the commands that can share their work out to other processes and machines."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lookalike.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lookalike.cluster import ClusterOptions, Crew
    from lookalike.gallery.places import Address
    from lookalike.models.options import ModelOptions
    from lookalike.pipeline import Finder

LocalOption = Annotated[
    int,
    typer.Option(
        "--local",
        min=0,
        metavar="N",
        help="Let N worker processes of one thread each do the work.",
        show_default=False,
    ),
]
SchedulerOption = Annotated[
    str,
    typer.Option(
        "--scheduler",
        metavar="ADDRESS",
        help="Let the workers behind a Dask scheduler do the work: tcp://host:8786, or tls://….",
        show_default=False,
    ),
]
PhotoTimeoutOption = Annotated[
    float,
    typer.Option("--photo-timeout", min=0.1, help="Seconds after which workers set a photo aside."),
]
TlsOption = Annotated[
    Path | None,
    typer.Option(
        "--tls",
        metavar="FOLDER",
        help="Holds ca.pem, cert.pem and key.pem for a tls:// scheduler.",
        show_default=False,
    ),
]


def workers_of(
    local: int, scheduler: str, photo_timeout: float, tls: Path | None
) -> ClusterOptions | None:
    """Say which workers are asked for.

    Parameters
    ----------
    local : int
        How many of one's own; 0 for none.
    scheduler : str
        The address of others; empty for none.
    photo_timeout : float
        Seconds for a photo.
    tls : Path or None
        A folder of certificates.

    Returns
    -------
    ClusterOptions or None
        None if no workers are asked for.

    Raises
    ------
    OptionError
        If both kinds are asked for, or an option is out of its range.
    MissingExtra
        If Dask is not installed.
    """
    if not local and not scheduler:
        if tls is not None:
            raise OptionError("certificates are for a scheduler", "give --scheduler tls://…, too")
        return None
    from lookalike.cluster import ClusterOptions

    return ClusterOptions(scheduler, local, photo_timeout, tls=tls)


@contextlib.contextmanager
def crew_of(workers: ClusterOptions | None) -> Iterator[Crew | None]:
    """Have workers while the block runs.

    Parameters
    ----------
    workers : ClusterOptions or None
        Which; None for none.

    Yields
    ------
    Crew or None
        The workers.

    Raises
    ------
    ClusterError
        If there are none, or wrong ones.
    """
    if workers is None:
        yield None
        return
    from lookalike.cluster import Crew

    with Crew(workers) as crew:
        yield crew


def finder_of(
    crew: Crew, gallery: Path | Address | None, models: ModelOptions, min_quality: float
) -> Finder:
    """Open a gallery here, whose questions are looked at by workers.

    Parameters
    ----------
    crew : Crew
        The workers.
    gallery : Path or None
        The gallery's file; None for the starter gallery.
    models : ModelOptions
        The detector and what runs networks; the gallery says the rest.
    min_quality : float
        The quality that a face must have, 0 to 1.

    Returns
    -------
    Finder
        Ready for photos.

    Raises
    ------
    GalleryError
        If the gallery cannot be used.
    """
    from lookalike.cluster import ClusterAnalyzer
    from lookalike.gallery.gallery import Gallery
    from lookalike.gallery.starter import starter_path
    from lookalike.pipeline import Finder

    opened = Gallery.open(gallery or starter_path())
    header = opened.header
    models = replace(models, encoder=header.space.encoder, views=header.views)
    return Finder(opened, ClusterAnalyzer(crew, models, header.space, min_quality))
