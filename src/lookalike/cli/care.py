"""``lookalike gallery merge``, ``rename``, ``annotate``, ``remove``: who is who in a gallery."""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lookalike.cli.options import GalleryArgument
from lookalike.cli.output import AsJson, out, print_json
from lookalike.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lookalike.gallery.places import Place
    from lookalike.gallery.seam import Store

WhoArgument = Annotated[
    str, typer.Argument(metavar="PERSON", help="A name or an id.", show_default=False)
]


@contextlib.contextmanager
def changing(place: Place) -> Iterator[Store]:
    """Open a gallery to change it.

    Parameters
    ----------
    place : Path or Address
        Where it is.

    Yields
    ------
    Store
        Closed when the block ends.
    """
    from lookalike.gallery.opening import open_store

    file = open_store(place, writable=True)
    try:
        yield file
    finally:
        file.close()


def merge(
    gallery: GalleryArgument,
    into: Annotated[str, typer.Argument(help="Who stays: a name or an id.", show_default=False)],
    others: Annotated[
        list[str], typer.Argument(help="Who is the same person.", show_default=False)
    ],
    as_json: AsJson = False,
) -> None:
    """Say that several people are one, also for photos that come later."""
    from lookalike.gallery import care

    with changing(gallery) as file:
        care.merge(file, into, others)
        _say(f"{', '.join(others)} {'is' if len(others) == 1 else 'are'} {into}", file, as_json)


def rename(
    gallery: GalleryArgument,
    who: WhoArgument,
    name: Annotated[str, typer.Argument(help="The new name.", show_default=False)],
    as_json: AsJson = False,
) -> None:
    """Change what somebody is called."""
    from lookalike.gallery import care

    with changing(gallery) as file:
        care.rename(file, who, name)
        _say(f"{who} is called {name}", file, as_json)


def annotate(
    gallery: GalleryArgument,
    who: WhoArgument,
    facts: Annotated[
        list[str],
        typer.Argument(
            metavar="KEY=VALUE",
            help="gender=female born=1980; KEY= forgets it.",
            show_default=False,
        ),
    ],
    as_json: AsJson = False,
) -> None:
    """Add to what is known of somebody."""
    from lookalike.gallery import care

    with changing(gallery) as file:
        care.annotate(file, {who: dict(_fact(fact) for fact in facts)})
        _say(f"{len(facts):,} facts of {who} noted", file, as_json)


def remove(
    gallery: GalleryArgument,
    who: Annotated[
        list[str],
        typer.Argument(help="Names, ids, or SHA-256 of photos.", show_default=False),
    ],
    forever: Annotated[
        bool, typer.Option("--forever", help="Turn them away from this gallery from now on.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: AsJson = False,
) -> None:
    """Delete people or photos with everything known of them; this cannot be taken back."""
    from lookalike.gallery import care

    if not yes and not as_json:
        typer.confirm(f"Delete {', '.join(who)} from {gallery} for good?", abort=True, err=True)
    with changing(gallery) as file:
        count = care.erase(file, who, forever=forever)
        words = f"{count:,} faces deleted"
        if not count:
            words = "nobody of that name was there"
        _say(
            words + (", and turned away from now on" if forever else ""), file, as_json, faces=count
        )


def undo(gallery: GalleryArgument, as_json: AsJson = False) -> None:
    """Take the last change back: a merge, a name, an attribute, the decisions of an audit."""
    from lookalike.gallery import journal

    with changing(gallery) as file:
        what = journal.undo(file)
        _say(f"taken back: {what}" if what else "there is nothing to take back", file, as_json,
             undone=what)  # fmt: skip


def history(gallery: GalleryArgument, as_json: AsJson = False) -> None:
    """List the changes that can be taken back, the last first."""
    from lookalike.gallery import journal
    from lookalike.gallery.opening import open_store

    steps = journal.steps(open_store(gallery))
    if as_json:
        print_json({"gallery": str(gallery), "steps": [{"at": at, "what": w} for at, w in steps]})
        return
    for at, what in steps:
        out.print(f"{at}  {what}", highlight=False, markup=False, soft_wrap=True)
    if not steps:
        out.print("nothing has been changed by hand", highlight=False)


def _fact(written: str) -> tuple[str, Any]:
    key, equals, value = written.partition("=")
    if not equals or not key.strip():
        raise OptionError(f"{written!r} is not KEY=VALUE", "for example gender=female")
    if not value:
        return key.strip(), None
    try:
        return key.strip(), json.loads(value)
    except ValueError:
        return key.strip(), value


def _say(words: str, file: Store, as_json: bool, **facts: Any) -> None:
    if as_json:
        print_json({"gallery": str(file.place), "done": words, **facts, "counts": file.counts()})
    else:
        out.print(words, highlight=False, markup=False, soft_wrap=True)
