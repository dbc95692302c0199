"""A rule's page in a terminal with colour, by rich."""

from __future__ import annotations

import io

from rich.console import Console
from rich.markdown import Heading, Markdown
from rich.text import Text
from rich.theme import Theme

from chatkit_doctor.reports.drawing.terminal import Terminal

_WIDEST = 100
_THEME = Theme({"markdown.code": "cyan", "markdown.h1": "bold", "markdown.h2": "bold magenta"})


class _Heading(Heading):
    """A heading at the left edge; rich centres them."""

    def __rich_console__(self, _console: Console, _options: object) -> list[Text]:
        self.text.justify = "left"
        return [self.text]


class _Page(Markdown):
    elements = {**Markdown.elements, "heading_open": _Heading}  # noqa: RUF012 - as in the class it extends


def painted(markdown: str, terminal: Terminal) -> str:
    """Return Markdown as a terminal shows it."""
    console = Console(
        file=io.StringIO(),
        force_terminal=True,
        width=min(terminal.width, _WIDEST),
        legacy_windows=False,
        no_color=False,
        theme=_THEME,
    )
    with console.capture() as capture:
        console.print(_Page(markdown, code_theme="ansi_dark", hyperlinks=False))
    return "\n".join(line.rstrip() for line in capture.get().split("\n"))
