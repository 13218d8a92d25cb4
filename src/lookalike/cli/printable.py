"""Names come from anywhere; on a terminal they are letters, and never commands to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.console import RenderHook
from rich.segment import Segment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console, ConsoleOptions, ConsoleRenderable, RenderableType

#: What moves a cursor, sets a title or turns the direction of writing; line ends and tabs stay.
_COMMANDS: Final = dict.fromkeys(
    [*range(9), *range(11, 32), *range(127, 160), *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
)


class Printable(RenderHook):
    """Takes commands to a terminal out of everything that a console prints but its own."""

    def process_renderables(self, renderables: list[ConsoleRenderable]) -> list[ConsoleRenderable]:
        """Wrap what is to be printed.

        Parameters
        ----------
        renderables : list of ConsoleRenderable
            As Rich gives them.

        Returns
        -------
        list of ConsoleRenderable
            As many.
        """
        return [_Letters(one) for one in renderables]


class _Letters:
    def __init__(self, renderable: RenderableType) -> None:
        self._renderable = renderable

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Segment]:
        for segment in console.render(self._renderable, options):
            text, style, control = segment
            yield segment if control else Segment(text.translate(_COMMANDS), style)
