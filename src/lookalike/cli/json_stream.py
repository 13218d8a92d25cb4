"""A JSON document that is written while its last list grows."""

from __future__ import annotations

import json
import sys
import textwrap
from typing import TYPE_CHECKING, Any, Self

import typer

from lookalike.cli.output import exit_code
from lookalike.errors import LookalikeError
from lookalike.fields import error_fields

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType


class JsonStream:
    """Prints a document with a list at its end, item by item, so that no item must be kept.

    Whatever ends the block, the document is whole JSON. An error of ours that comes before the
    first item is not printed here; one that comes later is the document's ``"error"``.

    Parameters
    ----------
    head : mapping
        What comes before the list; JSON values.
    name : str
        The list's name.
    """

    def __init__(self, head: Mapping[str, Any], name: str) -> None:
        self._head = head
        self._name = name
        self._begun = False

    def __enter__(self) -> Self:
        """Return the stream itself; nothing is printed yet."""
        return self

    def add(self, item: Mapping[str, Any]) -> None:
        """Print one more item.

        Parameters
        ----------
        item : mapping
            JSON values.
        """
        text = textwrap.indent(json.dumps(item, ensure_ascii=False, indent=2), "    ")
        sys.stdout.write((",\n" if self._begun else self._front() + "\n") + text)
        self._begun = True

    def _front(self) -> str:
        front = json.dumps(self._head, ensure_ascii=False, indent=2)[:-2]
        return f"{front},\n  {json.dumps(self._name)}: ["

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Print what is missing."""
        if not self._begun:
            if error is None:
                sys.stdout.write(self._front() + "]\n}\n")
            return
        sys.stdout.write("\n  ]")
        if isinstance(error, LookalikeError):
            fields = json.dumps(error_fields(error), ensure_ascii=False, indent=2)
            sys.stdout.write(",\n" + textwrap.indent(f'"error": {fields}', "  "))
        sys.stdout.write("\n}\n")
        if isinstance(error, LookalikeError):
            raise typer.Exit(exit_code(error)) from error
