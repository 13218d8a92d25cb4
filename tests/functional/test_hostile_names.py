"""A name that somebody else chose is printed as letters, and commands nobody."""

from __future__ import annotations

import io
import shutil

import pytest
from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from rich.text import Text

from lookalike.cli.printable import Printable
from lookalike.gallery import care
from lookalike.gallery.store import GalleryFile

from .commands import run, run_json

#: Markup that closes what nobody opened, clears a screen, sets a title, and turns what follows.
NAME = "[/red][bold]Ada\x1b[2J\x1b]0;owned\x07\x9b31m\u202e"


@pytest.fixture
def hostile(gallery, tmp_path):
    """Return a gallery in which somebody is called so."""
    path = tmp_path / "hostile.gallery"
    shutil.copy(gallery, path)
    file = GalleryFile(path, writable=True)
    care.rename(file, "Grace Hopper", NAME)
    file.close()
    return path


def is_plain(said):
    return not any(letter in said for letter in "\x1b\x07\x9b\u202e")


@pytest.mark.parametrize(
    "asked",
    [
        ("find", "PHOTO", "-g", "GALLERY"),
        ("find", "PHOTO", "PHOTO", "--together", "-g", "GALLERY"),
        ("gallery", "info", "GALLERY", "--ledger"),
        ("gallery", "neighbors", "GALLERY"),
        ("gallery", "describe", "GALLERY"),
        ("gallery", "history", "GALLERY"),
    ],
    ids=lambda asked: " ".join(asked[:2]),
)
def test_names_are_letters(hostile, hopper, asked):
    places = {"PHOTO": hopper, "GALLERY": hostile}
    said = run(*(places.get(word, word) for word in asked))
    assert is_plain(said)
    if asked[0] == "find":
        assert "[/red][bold]Ada[2J" in said


def test_machines_are_given_the_name_as_it_is(hostile, hopper):
    (face,) = run_json("find", hopper, "-g", hostile)["photos"][0]["faces"]
    assert face["matches"][0]["name"] == NAME


def test_a_console_keeps_its_own_commands_and_the_layout():
    stream = io.StringIO()
    console = Console(file=stream, force_terminal=True, color_system="standard", width=60)
    console.push_render_hook(Printable())
    table = Table("who", "how")
    table.add_row("Ada\x1b[2J and", "[red]near[/]")
    console.print(table)
    with Progress(console=console) as bar:
        bar.advance(bar.add_task("looking"))
        console.print("beside the bar\x1b[2J", highlight=False)
    said = stream.getvalue()
    assert "\x1b[31mnear" in said
    assert "\x1b[2J" not in said
    assert "beside the bar[2J" in said
    head, row = said.splitlines()[1], next(one for one in said.splitlines() if "Ada" in one)
    plain = Text.from_ansi(row).plain
    assert plain.index("│", 1) == Text.from_ansi(head).plain.index("┃", 1)
    assert len(plain) == len(Text.from_ansi(head).plain)
