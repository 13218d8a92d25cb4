"""Pages of the reference that follow from the code: commands, REST, settings, errors, names."""

from __future__ import annotations

import ast
import inspect
import json
import re
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import ModuleType

_NOTE: Final = "This page is generated from the code by `make docs`; do not edit it.\n"
_BRANCH: Final = re.compile(r"^    (?:[│ ]*[├└]── )?([A-Z]\w+)  ", re.MULTILINE)
_PYTHON: Final = re.compile(r"```python\n(.*?)```", re.DOTALL)

#: Rooms that are described whole, in the order of the page, and what they are.
_WHOLE: Final = {
    "lookalike": "The front door: what most people need.",
    "lookalike.types": "The nouns.",
    "lookalike.protocols": "The seams: what an implementation of your own must do.",
    "lookalike.errors": "The errors. Each has a `message` and a `hint`.",
    "lookalike.testing": "For tests: a fake and a suite for every seam.",
}


def command_page() -> str:
    """Return the reference of the command line."""
    import typer
    from typer.cli import get_docs_for_click
    from typer.main import get_command

    from lookalike.cli.app import app

    command = get_command(app)
    _say_whole_lines(command)
    context: Any = typer.Context(command, info_name="lookalike")
    text = get_docs_for_click(obj=command, ctx=context, name="lookalike", title="Command line")
    # A line of usage is no command to type, and completion is the shell's own affair.
    text = re.sub(r"\n\* `--(install|show)-completion`[^\n]*", "", text)
    text = text.replace("```console\n$ ", "```text\n")
    head, rest = text.split("\n", 1)
    return f"{head}\n\n{_NOTE}{rest.rstrip()}\n"


def _say_whole_lines(command: Any) -> None:
    """Let lists of commands hold the first line of each; it would be cut off after 45 letters."""
    command.short_help = (command.help or "").partition("\n")[0]
    for one in getattr(command, "commands", {}).values():
        _say_whole_lines(one)


def settings_page() -> str:
    """Return the reference of what the environment and a file can set."""
    from lookalike.web.settings import PREFIX, Settings

    lines = [
        "# Settings",
        "",
        _NOTE,
        "What the library and all commands use is said under [models of your own](../models.md).",
        "These are the settings of the service: as arguments of `lookalike.web.Settings`, in the",
        "environment, or in the TOML file of `lookalike serve --config`, the first that says",
        f"something. In the environment `{PREFIX}` stands before a name in capital letters, for",
        f"example `{PREFIX}PORT`. What they are for is said in [the guide](../guides/service.md).",
        "",
        "| setting | default | allowed | |",
        "|---|---|---|---|",
    ]
    for name, field in Settings.model_fields.items():
        allowed = ", ".join(_limit(one) for one in field.metadata if _limit(one))
        default = field.get_default()
        shown = "none" if default in (None, ()) else json.dumps(default)
        lines.append(f"| `{name}` | {shown} | {allowed} | {field.description} |")
    return "\n".join(lines) + "\n"


def _limit(one: Any) -> str:
    signs = {"ge": "≥", "gt": ">", "le": "≤", "lt": "<"}
    return " ".join(
        f"{sign} {getattr(one, name):,}" for name, sign in signs.items() if hasattr(one, name)
    )


def error_page() -> str:
    """Return the table of errors with exit codes and statuses."""
    from lookalike import errors
    from lookalike.cli.output import exit_code
    from lookalike.web.faults import status_of

    kinds = [getattr(errors, name) for name in _drawn(errors)]
    lines = [
        "# Errors",
        "",
        _NOTE,
        "Everything that a person can mend is a `LookalikeError` with a `message` and a `hint`.",
        "The command line says both in one line each and ends with the exit code; Ctrl-C ends",
        "with 130. The service answers with the status and names the class in `error.kind`.",
        "",
        "| error | is a | exit code | status | says |",
        "|---|---|---|---|---|",
    ]
    for kind in kinds:
        parents = ", ".join(f"`{parent.__name__}`" for parent in kind.__bases__)
        says = (inspect.getdoc(kind) or "").splitlines()[0]
        codes = f"{exit_code(kind(''))} | {status_of(kind(''))}"
        lines.append(f"| `{kind.__name__}` | {parents} | {codes} | {says} |")
    return "\n".join(lines) + "\n"


def description() -> dict[str, Any]:
    """Return the OpenAPI description of the service."""
    from lookalike import Finder
    from lookalike.web import Settings, create_app

    told: dict[str, Any] = create_app(Finder.open(), Settings()).openapi()
    return told


def rest_page() -> str:
    """Return the reference of the service's endpoints."""
    told = description()
    lines = [
        "# REST",
        "",
        _NOTE,
        "The same, for machines, is answered at `/api/v1/openapi.json` (OpenAPI 3.1). How a",
        "service is asked from a shell, Python and JavaScript is said in",
        "[the guide](../guides/service.md). Every error has one form,",
        '`{"error": {"kind": …, "message": …, "hint": …}}`; statuses are listed under',
        "[errors](errors.md).",
        "",
    ]
    for path, ways in told["paths"].items():
        for verb, way in ways.items():
            lines += _endpoint(verb, path, way)
    lines += ["## What answers are made of", ""]
    for name, schema in told["components"]["schemas"].items():
        lines += [f"### {name}", "", *_fields(schema), ""]
    return "\n".join(lines).rstrip() + "\n"


def _endpoint(verb: str, path: str, way: dict[str, Any]) -> Iterator[str]:
    yield from (f"## {verb.upper()} {path}", "", way.get("description", ""), "")
    if way.get("parameters"):
        yield from ("| in the address | type | |", "|---|---|---|")
        for one in way["parameters"]:
            yield f"| `{one['name']}` | {_type(one['schema'])} | {one.get('description', '')} |"
        yield ""
    for kind, body in way.get("requestBody", {}).get("content", {}).items():
        yield from (f"Takes `{kind}`:", "", *_fields(body["schema"]), "")
    for status, answer in way["responses"].items():
        if status.startswith("2"):
            kinds = {
                kind: _type(one.get("schema", {}))
                for kind, one in answer.get("content", {}).items()
            }
            told = "; ".join(f"`{kind}` {shape}".strip() for kind, shape in kinds.items())
            yield from (f"Answers {status}: {told or 'nothing'}.", "")
    others = ", ".join(status for status in way["responses"] if not status.startswith("2"))
    yield from (f"Or: {others}.", "")


def _fields(schema: dict[str, Any]) -> Iterator[str]:
    if schema.get("description"):
        yield from (schema["description"].split("\n\n")[0].replace("\n", " "), "")
    if not schema.get("properties"):
        return
    yield from ("| field | type | default | |", "|---|---|---|---|")
    for name, one in schema["properties"].items():
        required = name in schema.get("required", [])
        default = "required" if required else _cell(one.get("default", ""))
        words = " ".join(one.get("description", "").split()).replace("|", "\\|")
        yield f"| `{name}` | {_type(one)} | {default} | {words} |"


def _cell(value: Any) -> str:
    return f"`{json.dumps(value, ensure_ascii=False)}`" if value not in ("", None) else ""


def _type(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[1]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in schema:
        return " or ".join(_type(one) for one in schema["anyOf"])
    if "enum" in schema:
        return ", ".join(f"`{one}`" for one in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    shown = {"null": "nothing", "string": "text", "object": "object"}
    kind = schema.get("type", "")
    limits = [
        f"{sign} {schema[key]:g}"
        for key, sign in (("minimum", "≥"), ("exclusiveMinimum", ">"), ("maximum", "≤"))
        if key in schema
    ]
    name = "file" if schema.get("format") == "binary" else shown.get(kind, kind)
    return " ".join([name, ", ".join(limits)]).strip()


def used_names(root: Path) -> dict[str, list[str]]:
    """Return which names of which modules the code blocks of the pages import.

    Parameters
    ----------
    root : Path
        Of the repository.

    Returns
    -------
    dict of str to list of str
        Sorted.
    """
    found: dict[str, set[str]] = {}
    for page in sorted([root / "README.md", *root.joinpath("docs").rglob("*.md")]):
        for block in _PYTHON.findall(page.read_text("utf-8")):
            for node in ast.walk(ast.parse(block)):
                if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("lookalike"):
                    found.setdefault(node.module or "", set()).update(
                        alias.name for alias in node.names
                    )
    return {module: sorted(names) for module, names in sorted(found.items())}


def api_page(root: Path) -> str:
    """Return the page that names what the library's reference describes.

    The words come from the docstrings when the site is built.

    Parameters
    ----------
    root : Path
        Of the repository.

    Returns
    -------
    str
        Markdown with directives.
    """
    lines = [
        "# Library",
        "",
        _NOTE,
        "The front door, the nouns, the seams, the errors, and everything that the guides use.",
        "Shapes, ranges and units stand with each name. On the site the descriptions are below;",
        "in a checkout they are in the code.",
        "",
    ]
    for module, words in _WHOLE.items():
        room = import_module(module)
        exported = _drawn(room) or getattr(room, "__all__", None) or _own_classes(module)
        lines += _room(module, words, [name for name in exported if not name.startswith("__")])
    for module, names in used_names(root).items():
        missing = [name for name in names if not inspect.ismodule(_named(module, name))]
        if module not in _WHOLE and missing:
            words = (inspect.getdoc(import_module(module)) or "").splitlines()[0]
            lines += _room(module, words, missing)
    return "\n".join(lines).rstrip() + "\n"


def _drawn(room: ModuleType) -> list[str]:
    """Return the names of a tree that a docstring draws; empty if it draws none."""
    return _BRANCH.findall(room.__doc__ or "")


def _own_classes(module: str) -> list[str]:
    room = import_module(module)
    own = [
        name
        for name, one in inspect.getmembers(room, inspect.isclass)
        if one.__module__ == module and not name.startswith("_")
    ]
    return sorted(own, key=lambda name: inspect.getsourcelines(getattr(room, name))[1])


def _named(module: str, name: str) -> Any:
    try:
        return getattr(import_module(module), name)
    except AttributeError:
        return import_module(f"{module}.{name}")


def _room(module: str, words: str, names: list[str]) -> Iterator[str]:
    yield from (f"## {module}", "", words.replace("``", "`"), "", "```{eval-rst}")
    for name in names:
        one = _named(module, name)
        if inspect.isclass(one):
            yield from (f".. autoclass:: {module}.{name}", "   :members:", "")
        elif inspect.isroutine(one):
            yield from (f".. autofunction:: {module}.{name}", "")
        else:
            yield from (f".. autodata:: {module}.{name}", "")
    yield from ("```", "")
