"""Lines of styled text, and how they become one string: plain, or with colour by rich.

This is the edge of what is shown as text: each piece is made visible here, whoever wrote it.
"""

from __future__ import annotations

from collections.abc import Iterable

from chatkit_doctor.finding import Severity
from chatkit_doctor.reports.drawing.cells import visible
from chatkit_doctor.reports.edge import without_command

# A piece of text and the rich style it has; "" for none.
Piece = tuple[str, str]
Line = list[Piece]

SEVERITY_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow", Severity.INFO: "bold cyan"}
STRONG = "bold"
FAINT = "bright_black"
GUTTER = "blue"
KEYWORD = "bold blue"
ADDED = "green"
REMOVED = "red"


def paint(lines: Iterable[Line], *, color: bool) -> str:
    """Return the lines as text, each ended by a line feed, none with blanks at its end."""
    shown = (_without_trailing_blanks(_harmless(line)) for line in lines)
    if not color:
        return "".join("".join(text for text, _ in line) + "\n" for line in shown)
    return _paint_with_rich(shown)


def _paint_with_rich(lines: Iterable[Line]) -> str:
    from rich.style import Style

    def painted(text: str, style: str) -> str:
        return Style.parse(style).render(text) if style else text

    return "".join("".join(painted(text, style) for text, style in line) + "\n" for line in lines)


def _harmless(line: Line) -> Line:
    """Return a line that steers no terminal and that no build's runner takes for a command."""
    pieces = [(visible(text), style) for text, style in line]
    whole = "".join(text for text, _ in pieces)
    harmless = without_command(whole)
    return pieces if harmless == whole else [(harmless, "")]


def _without_trailing_blanks(line: Line) -> Line:
    kept = list(line)
    while kept:
        text, style = kept.pop()
        if text.rstrip():
            kept.append((text.rstrip(), style))
            break
    return kept
