"""Lines of styled text, and how they become one string: plain, or with colour by rich."""

from __future__ import annotations

from collections.abc import Iterable

from chatkit_doctor.finding import Severity

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
    trimmed = (_without_trailing_blanks(line) for line in lines)
    if not color:
        return "".join("".join(text for text, _ in line) + "\n" for line in trimmed)
    return _paint_with_rich(trimmed)


def _paint_with_rich(lines: Iterable[Line]) -> str:
    from rich.style import Style

    def painted(text: str, style: str) -> str:
        return Style.parse(style).render(text) if style else text

    return "".join("".join(painted(text, style) for text, style in line) + "\n" for line in lines)


def _without_trailing_blanks(line: Line) -> Line:
    kept = list(line)
    while kept:
        text, style = kept.pop()
        if text.rstrip():
            kept.append((text.rstrip(), style))
            break
    return kept
