"""Known people who look alike, as a table, as a figure and as fields for machines."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from rich.markup import escape
from rich.table import Table

from lookalike.cli.output import out
from lookalike.figures.neighbors import WORDING, Resemblance, resemblances
from lookalike.figures.rows import Tile
from lookalike.gallery.pictures import portrait
from lookalike.types import Match

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from matplotlib.figure import Figure

    from lookalike.gallery.gallery import Gallery
    from lookalike.gallery.neighbors import Neighborhood
    from lookalike.gallery.records import Columns

#: What a line of the CSV file says.
HEADING: Final = (
    "person_id", "person", "rank", "neighbor_id", "neighbor", "distance", "photo", "neighbor_photo",
)  # fmt: skip

# The grid's portraits need no more.
_PERSON_PX, _NEIGHBOR_PX = 216, 216


def print_neighbors(found: Sequence[Neighborhood], meaning: str, left_out: int) -> None:
    """Print who looks like whom.

    Parameters
    ----------
    found : sequence of Neighborhood
        Whom to print.
    meaning : str
        What the distances are.
    left_out : int
        How many others there are.
    """
    table = Table(box=None)
    table.add_column("person", overflow="fold")
    table.add_column("most alike", style="bold", overflow="fold")
    table.add_column("distance", justify="right")
    table.add_column("then", style="dim", overflow="fold")
    for one in found:
        first, *others = one.neighbors
        then = ", ".join(f"{other.person.name} {other.distance:.3f}" for other in others)
        names = escape(one.person.name), escape(first.person.name)
        table.add_row(*names, f"{first.distance:.3f}", escape(then))
    out.print(table)
    out.print(f"{meaning}; smaller is more alike", style="dim", highlight=False, soft_wrap=True)
    if left_out:
        out.print(f"and {left_out:,} more: ask with -n or --csv", style="dim", highlight=False)


def neighbor_fields(found: Iterable[Neighborhood], columns: Columns) -> list[dict[str, Any]]:
    """Return who looks like whom as machines read it.

    Parameters
    ----------
    found : iterable of Neighborhood
        Whom to tell of.
    columns : Columns
        The faces that were compared.

    Returns
    -------
    list of dict
        One for each person.
    """
    return [
        {
            "id": one.person.id,
            "name": one.person.name,
            "neighbors": [
                {
                    "rank": rank,
                    "id": other.person.id,
                    "name": other.person.name,
                    "distance": round(other.distance, 6),
                    "photos": [
                        [columns.photos[mine].uri, columns.photos[theirs].uri]
                        for mine, theirs in other.faces
                    ],
                }
                for rank, other in enumerate(one.neighbors, 1)
            ],
        }
        for one in found
    ]


def neighbor_rows(found: Iterable[Neighborhood], columns: Columns) -> Iterator[list[Any]]:
    """Go through the lines of a CSV file, see `HEADING`.

    Parameters
    ----------
    found : iterable of Neighborhood
        Whom to tell of.
    columns : Columns
        The faces that were compared.

    Yields
    ------
    list
        One for each person and neighbor.
    """
    for one in found:
        for rank, other in enumerate(one.neighbors, 1):
            mine, theirs = other.faces[0]
            yield [
                one.person.id,
                one.person.name,
                rank,
                other.person.id,
                other.person.name,
                f"{other.distance:.6f}",
                columns.photos[mine].uri,
                columns.photos[theirs].uri,
            ]


def draw_neighbors(
    found: Sequence[Neighborhood], gallery: Gallery, columns: Columns, metric: str, meaning: str
) -> Figure:
    """Draw who looks like whom.

    Parameters
    ----------
    found : sequence of Neighborhood
        Whom to draw.
    gallery : Gallery
        Where the portraits are.
    columns : Columns
        The faces that were compared.
    metric : str
        The distance's name.
    meaning : str
        What the distances are.

    Returns
    -------
    matplotlib.figure.Figure
        For `lookalike.figures.save`.
    """
    rows = []
    for one in found:
        tiles = []
        for rank, other in enumerate(one.neighbors, 1):
            photos = tuple(columns.photos[theirs] for _, theirs in other.faces)
            match = Match(other.person, other.distance, rank, photos)
            number = int(columns.numbers[other.faces[0][1]])
            tiles.append(Tile(match, portrait(gallery.file, number, _NEIGHBOR_PX)))
        own = int(columns.numbers[one.neighbors[0].faces[0][0]])
        picture = portrait(gallery.file, own, _PERSON_PX)
        rows.append(Resemblance(one.person, picture, tuple(tiles)))
    encoder = gallery.header.space.encoder
    words = replace(
        WORDING,
        subtitle=gallery.header.title,
        footer=f"{encoder}, {meaning}. For fun, never for identification.",
        metric=f"{metric.capitalize()} distance",
    )
    return resemblances(rows, words)
