"""``lookalike collect``: photos of known people from the web."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from rich.markup import escape

from lookalike.cli.output import INTERRUPTED, AsJson, err, out, print_json
from lookalike.cli.progress import progress_bar
from lookalike.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lookalike.collecting import Summary, Task, Web


def collect(
    keywords: Annotated[
        list[str] | None,
        typer.Argument(metavar="KEYWORD", help="Names of people.", show_default=False),
    ] = None,
    output: Annotated[
        Path, typer.Option("--output", "-o", help="The folder that the photos go to.")
    ] = Path("photos"),
    number: Annotated[
        int,
        typer.Option(
            "-n",
            "--number",
            min=1,
            help="How many photos of each keyword; with --wikidata, how many people.",
        ),
    ] = 50,
    source: Annotated[
        Literal["openverse", "commons", "web"],
        typer.Option(
            "--from",
            help="Where to look for keywords. openverse and commons know author and licence; "
            "web asks a search engine, which knows neither.",
        ),
    ] = "openverse",
    wikidata: Annotated[
        list[str] | None,
        typer.Option(
            "--wikidata",
            metavar="NAME=VALUE",
            help="People whom Wikidata knows, instead of keywords: occupation=, country=, gender=, "
            "born-after=, born-before=, or P166=Q38104. May be given several times.",
            show_default=False,
        ),
    ] = None,
    min_sitelinks: Annotated[
        int,
        typer.Option(min=1, help="With --wikidata: in how many wikis the person must have a page."),
    ] = 20,
    photos: Annotated[
        int,
        typer.Option(
            min=1, help="With --wikidata: how many photos of each person; the portrait first."
        ),
    ] = 1,
    licence: Annotated[
        Literal["any", "free", "cc0"],
        typer.Option(
            help="free: CC BY, CC BY-SA, CC0 or public domain; cc0: CC0 or public domain."
        ),
    ] = "any",
    width: Annotated[
        int, typer.Option(min=120, help="Width of photos from Commons, in pixels.")
    ] = 960,
    max_mb: Annotated[int, typer.Option(min=1, help="Largest file, in megabytes.")] = 25,
    language: Annotated[str, typer.Option(help="Of names from Wikidata.")] = "en",
    contact: Annotated[
        str,
        typer.Option(
            metavar="ADDRESS",
            help="Your mail address or page, told to the services, so that they can write to you "
            "instead of blocking you.",
        ),
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Collect photos of known people, or go on where an earlier run stopped."""
    from lookalike.collecting import CollectOptions, Web
    from lookalike.collecting import collect as collect_photos
    from lookalike.images import Limits

    if bool(keywords) == bool(wikidata):
        raise OptionError(
            "give either keywords or --wikidata",
            'lookalike collect "Ada Lovelace", or: lookalike collect --wikidata occupation=actor',
        )
    web = Web(contact=contact)
    wishes = {"source": source, "licence": licence, "width_px": width}
    if keywords:
        tasks = _by_keyword([word for word in keywords if word.strip()], number, web, wishes)
        total = number * len(set(keywords))
    else:
        people = {"language": language, "min_sitelinks": min_sitelinks, "quiet": as_json}
        tasks = _by_wikidata(wikidata or [], (number, photos), web, wishes | people)
        total = number * photos
    limits = Limits(max_bytes=max_mb << 20, min_side_px=64)
    try:
        with progress_bar("collecting", total, hidden=as_json) as advance:
            summary = collect_photos(
                output, tasks, web, CollectOptions(licence, limits=limits), advance
            )
    except KeyboardInterrupt as stop:
        err.print("stopped; what has come is kept, and the same command goes on with it")
        raise typer.Exit(INTERRUPTED) from stop
    _say(summary, as_json=as_json)


def _by_keyword(
    keywords: list[str], number: int, web: Web, wishes: dict[str, Any]
) -> Iterator[Task]:
    from lookalike.collecting import by_keyword, open_search

    search = open_search(wishes["source"], web, wishes["licence"], wishes["width_px"])
    return by_keyword(keywords, number, search, f"{wishes['source']}, {wishes['licence']}")


def _by_wikidata(
    criteria: list[str], numbers: tuple[int, int], web: Web, wishes: dict[str, Any]
) -> Iterator[Task]:
    from lookalike.collecting.commons import Commons
    from lookalike.collecting.criteria import parse
    from lookalike.collecting.sparql import QueryService
    from lookalike.collecting.tasks import by_wikidata
    from lookalike.collecting.wikidata import Wikidata, language_is_valid

    if not language_is_valid(wishes["language"]):
        raise OptionError(
            f"--language {wishes['language']!r} is no language code", "for example ko"
        )

    def tasks() -> Iterator[Task]:
        # Inside, so that nothing is asked before the folder is known to be free.
        service = QueryService(web)
        wanted = parse(criteria, web, service, wishes["language"])
        if not wishes["quiet"]:
            for word, meaning in (wanted.words or {}).items():
                if word != meaning:
                    err.print(escape(f"{word}: {meaning}"), highlight=False)
        most, photos = numbers
        known = Wikidata(service, wishes["language"])
        people = known.people(wanted, wishes["min_sitelinks"], most)
        commons = Commons(web, wishes["width_px"])
        yield from by_wikidata(people, photos, commons, f"wikidata, {wishes['licence']}")

    return tasks()


def _say(summary: Summary, *, as_json: bool) -> None:
    if as_json:
        print_json(
            {
                "folder": str(summary.manifest.parent),
                "manifest": str(summary.manifest),
                "people": summary.people,
                "photos": summary.photos,
                "added": summary.added,
                "not_kept": dict(summary.passed.most_common()),
                "failed": dict(summary.failed.most_common()),
            }
        )
        return
    out.print(
        f"[bold]{escape(str(summary.manifest.parent))}[/]: {summary.people:,} people, "
        f"{summary.photos:,} photos, {summary.added:,} of them new",
        highlight=False,
        soft_wrap=True,
    )
    for reason, count in summary.passed.most_common():
        out.print(f"  {count:,} not kept: {escape(reason)}", highlight=False)
    for reason, count in summary.failed.most_common():
        out.print(f"  {count:,} failed: {escape(reason)}", highlight=False)
    if summary.failed:
        out.print("  the same command tries those again", highlight=False)
    out.print(
        f"[dim]author, licence and page of each: {escape(str(summary.manifest))}[/]",
        highlight=False,
        soft_wrap=True,
    )
