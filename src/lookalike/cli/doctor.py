"""``lookalike doctor``: is everything here, and what runs the networks?"""

from __future__ import annotations

import os
import platform
import time
from typing import TYPE_CHECKING, Any, Final

import typer
from rich.markup import escape
from rich.table import Table

from lookalike import __version__
from lookalike.cli.demo import portrait_path
from lookalike.cli.options import GalleryOption, ProviderOption
from lookalike.cli.output import AsJson, out, print_json
from lookalike.errors import LookalikeError
from lookalike.fields import error_fields

if TYPE_CHECKING:
    from collections.abc import Callable

    from lookalike.gallery.places import Place

_PACKAGES: Final = (
    "numpy", "onnxruntime", "onnx", "opencv-python-headless", "pillow", "pillow-heif",
    "sqlalchemy", "scikit-learn", "matplotlib", "face_recognition_models", "mtcnn",
)  # fmt: skip


def doctor(
    gallery: GalleryOption = None, provider: ProviderOption = "cpu", as_json: AsJson = False
) -> None:
    """Check the installation: packages, weights, gallery, and one real photo."""
    checks: dict[str, Callable[[], dict[str, Any]]] = {
        "system": _system,
        "packages": _packages,
        "runtime": lambda: _runtime(provider),
        "cache": _cache,
        "models": _models,
        "gallery": lambda: _gallery(gallery),
        "portrait": lambda: _portrait(gallery, provider),
    }
    report: dict[str, Any] = {}
    healthy = True
    for name, check in checks.items():
        try:
            report[name] = check()
        except LookalikeError as error:
            healthy = False
            report[name] = {"error": error_fields(error)}
    if as_json:
        print_json({"healthy": healthy, **report})
    else:
        _print_report(report, healthy)
    if not healthy:
        raise typer.Exit(1)


def _system() -> dict[str, Any]:
    return {
        "lookalike": __version__,
        "python": platform.python_version(),
        "platform": platform.platform(),
    }


def _packages() -> dict[str, Any]:
    from importlib.metadata import PackageNotFoundError, version

    found = {}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


def _runtime(provider: str) -> dict[str, Any]:
    from lookalike.models.card import card
    from lookalike.models.session import available_providers, open_sessions
    from lookalike.models.threads import threads_to_use

    sessions = open_sessions(card("dlib-resnet-v1"), provider=provider)
    return {
        "available": ", ".join(available_providers()),
        "in use": ", ".join(sorted({session.provider for session in sessions.values()})),
        "threads": threads_to_use(),
    }


def _cache() -> dict[str, Any]:
    from lookalike.models.store import cache_folder

    folder = cache_folder()
    nearest = next((p for p in (folder, *folder.parents) if p.exists()), folder)
    return {"folder": str(folder), "writable": os.access(nearest, os.W_OK)}


def _models() -> dict[str, Any]:
    from lookalike.models.card import cards
    from lookalike.models.store import locate, resolved, state, verify

    report: dict[str, Any] = {}
    for name, card in cards().items():
        report[name] = state(card)
        # What can be downloaded may be missing; what belongs to the installation may not.
        if report[name] == "missing" and not any(file.package for file in card.files):
            continue
        for file in resolved(card).files:
            verify(file, locate(file, name))
        if report[name] in ("installed", "downloaded"):
            report[name] = "verified"
    return report


def _gallery(place: Place | None) -> dict[str, Any]:
    from lookalike.gallery.gallery import Gallery
    from lookalike.gallery.starter import starter_place

    with Gallery.open(place or starter_place()) as gallery:
        counts = gallery.file.counts()
        return {
            "file": str(gallery.file.place),
            "space": str(gallery.header.space),
            **{name: counts[name] for name in ("people", "faces")},
        }


def _portrait(place: Place | None, provider: str) -> dict[str, Any]:
    from lookalike.pipeline import Finder

    finder = Finder.open(place, provider=provider)
    finder.find(portrait_path())
    began = time.perf_counter()
    found = finder.find(portrait_path())
    took = (time.perf_counter() - began) * 1000
    nearest = found.matches[0][0].person.name if len(found) else "no face found"
    return {"nearest": nearest, "milliseconds": round(took, 1)}


def _print_report(report: dict[str, Any], healthy: bool) -> None:
    table = Table(box=None, show_header=False)
    table.add_column(style="bold")
    table.add_column(style="cyan")
    table.add_column(overflow="fold")
    for name, facts in report.items():
        if "error" in facts:
            error = facts["error"]
            table.add_row(name, "[red]fails[/]", escape(f"{error['message']} ({error['hint']})"))
            continue
        for at, (key, value) in enumerate(facts.items()):
            table.add_row(name if at == 0 else "", key, escape(str(value)))
    out.print(table)
    out.print("[green]everything works[/]" if healthy else "[red]something needs mending[/]")
