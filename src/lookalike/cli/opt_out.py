"""``lookalike opt-out``: who shall not be found."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lookalike.cli.care import changing
from lookalike.cli.output import AsJson, Command, out, print_json
from lookalike.errors import OptionError

app = typer.Typer(
    help="People and photos that shall not be found, in any gallery that is opened here.",
    no_args_is_help=True,
)

WhoArgument = Annotated[
    list[str] | None,
    typer.Argument(help="Names, ids, or SHA-256 of photos.", show_default=False),
]
PhotoOption = Annotated[
    list[Path] | None,
    typer.Option("--photo", help="A file that is the photo itself.", show_default=False),
]
FromOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--gallery",
        "-g",
        help="Delete them from this gallery too, and have it turn them away wherever it goes.",
        show_default=False,
    ),
]


@app.command(cls=Command)
def add(
    who: WhoArgument = None,
    photo: PhotoOption = None,
    gallery: FromOption = None,
    as_json: AsJson = False,
) -> None:
    """Put somebody on the list: unfindable at once, and turned away by every build and import."""
    from lookalike.gallery.care import erase
    from lookalike.gallery.opt_out import opt_out

    keys = _keys(who, photo)
    opt_out(keys)
    deleted = 0
    for path in gallery or ():
        with changing(path) as file:
            deleted += erase(file, keys, forever=True)
    if as_json:
        print_json({"added": keys, "deleted_faces": deleted})
        return
    out.print(f"{len(keys):,} on the list", highlight=False)
    for path in gallery or ():
        out.print(f"{deleted:,} faces deleted from {path}", highlight=False, markup=False)


@app.command(cls=Command)
def remove(
    who: WhoArgument = None,
    photo: PhotoOption = None,
    gallery: FromOption = None,
    as_json: AsJson = False,
) -> None:
    """Take somebody off the list; a gallery that had deleted them must be built again."""
    from lookalike.gallery.care import allow
    from lookalike.gallery.opt_out import opt_in

    keys = _keys(who, photo)
    opt_in(keys)
    for path in gallery or ():
        with changing(path) as file:
            allow(file, keys)
    if as_json:
        print_json({"removed": keys})
    else:
        out.print(f"{len(keys):,} off the list", highlight=False)


@app.command("list", cls=Command)
def list_(as_json: AsJson = False) -> None:
    """Show the list and where it is kept."""
    from lookalike.gallery.opt_out import opted_out, own_list

    keys = sorted(opted_out())
    if as_json:
        print_json({"file": str(own_list()), "opted_out": keys})
        return
    for key in keys:
        out.print(key, highlight=False, markup=False)
    out.print(f"{len(keys):,} in {own_list()}", style="dim", highlight=False, markup=False)


def _keys(who: list[str] | None, photos: list[Path] | None) -> list[str]:
    import hashlib

    keys = list(who or ())
    for photo in photos or ():
        try:
            keys.append(hashlib.sha256(photo.read_bytes()).hexdigest())
        except OSError as error:
            raise OptionError(f"{photo} cannot be read: {error.strerror}") from error
    if not keys:
        raise OptionError("say who: a name, an id, a SHA-256, or --photo FILE")
    return keys
