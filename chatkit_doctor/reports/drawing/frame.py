"""The frame of code around a finding: line numbers, the lines, the span marked and labelled."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.records import dataclass
from chatkit_doctor.reports.drawing.cells import Window, visible, window
from chatkit_doctor.reports.drawing.paint import GUTTER, Line
from chatkit_doctor.reports.drawing.terminal import Terminal
from chatkit_doctor.source import Location, Source

# Of a span over many lines, the first and the last few are shown.
_MOST_LINES = 8
_HEAD = 5
_TAIL = 2


@dataclass(frozen=True, slots=True)
class Glyphs:
    """The characters that frames are drawn with."""

    bar: str
    ellipsis: str
    elbow_down: str
    elbow_up: str
    dash: str


_BOXES = Glyphs("│", "…", "╭", "╰", "─")
_ASCII = Glyphs("|", "...", " ", "|", "_")


def glyphs(terminal: Terminal) -> Glyphs:
    """Return the characters that a terminal can show frames with."""
    return _BOXES if terminal.unicode else _ASCII


@dataclass(frozen=True, slots=True)
class _Span:
    """A location in lines (from 1) and characters of a line (from 0), the end exclusive and on the last line."""

    source: Source
    first_line: int
    start: int
    last_line: int
    end: int

    @classmethod
    def of(cls, at: Location) -> _Span:
        first, last = at.first, at.last
        if last.line > first.line and last.column == 1:
            # The span ends with a line's end: the next line is no part of it.
            return cls(at.source, first.line, first.column - 1, last.line - 1, len(at.source.line(last.line - 1)))
        return cls(at.source, first.line, first.column - 1, last.line, last.column - 1)


@dataclass(frozen=True, slots=True)
class Frame:
    """Draws code into a terminal's width; `style` is that of the marks, `is_tight` is without lines around them."""

    terminal: Terminal
    glyphs: Glyphs
    number_width: int
    style: str
    is_tight: bool = False

    @classmethod
    def of(cls, terminal: Terminal, style: str, last_number: int, *, is_tight: bool = False) -> Frame:
        """Return a frame with room for line numbers up to the last."""
        return cls(terminal, glyphs(terminal), len(str(last_number)), style, is_tight)

    def draw(self, at: Location, label: str) -> Iterator[Line]:
        """Yield the lines of the frame; none for a source without text."""
        if not at.source.text:
            return
        span = _Span.of(at)
        edge = [] if self.is_tight else [self.gutter()]
        yield from edge
        if span.first_line == span.last_line:
            yield from self._draw_line(span, label)
        else:
            yield from self._draw_lines(span, label)
        yield from edge

    def gutter(self, number: str = "") -> Line:
        """Return the left edge of a line: its number, or blanks, and the bar."""
        return [(f"{number:>{self.number_width}} {self.glyphs.bar}", GUTTER)]

    @property
    def _room(self) -> int:
        return self.terminal.width - self.number_width - 3

    def _draw_line(self, span: _Span, label: str) -> Iterator[Line]:
        shown = self._window(span.source.line(span.first_line), span.start, span.end)
        # A line that is shown from its middle does not line up with its neighbours.
        neighbours = not shown.cut_left and not self.is_tight
        if neighbours:
            yield from self._context(span.source, span.first_line - 1)
        yield [*self.gutter(str(span.first_line)), (" " + shown.text, "")]
        yield from self._marks(" " * shown.mark_at, "^" * shown.mark_width, label)
        if neighbours:
            yield from self._context(span.source, span.last_line + 1)

    def _draw_lines(self, span: _Span, label: str) -> Iterator[Line]:
        room = self._room - 2
        first = window(span.source.line(span.first_line), span.start, span.start + 1, room, self.glyphs.ellipsis)
        last = window(span.source.line(span.last_line), max(span.end - 1, 0), span.end, room, self.glyphs.ellipsis)
        opening = self.glyphs.elbow_down + self.glyphs.dash * (first.mark_at + 1) + "^"
        yield [*self.gutter(str(span.first_line)), ("   " + first.text, "")]
        yield [*self.gutter(), (" " + opening, self.style)]
        for number in self._shown_lines(span):
            if number is None:
                yield [*self.gutter(), (f" {self.glyphs.bar} {self.glyphs.ellipsis}", self.style)]
                continue
            line = span.source.line(number)
            shown = last if number == span.last_line else window(line, 0, 0, room, self.glyphs.ellipsis)
            yield [*self.gutter(str(number)), (f" {self.glyphs.bar}", self.style), (" " + shown.text, "")]
        yield from self._marks(self.glyphs.elbow_up + self.glyphs.dash * (last.mark_at + last.mark_width), "^", label)

    def _shown_lines(self, span: _Span) -> Iterator[int | None]:
        """Yield the numbers of a span's lines behind the first, and None where lines are left out."""
        if span.last_line - span.first_line < _MOST_LINES:
            yield from range(span.first_line + 1, span.last_line + 1)
            return
        yield from range(span.first_line + 1, span.first_line + _HEAD)
        yield None
        yield from range(span.last_line - _TAIL + 1, span.last_line + 1)

    def _marks(self, before: str, marks: str, label: str) -> Iterator[Line]:
        """Yield the line of marks with its label, which goes below where it does not fit behind."""
        label = visible(label)
        if len(before) + len(marks) + 1 + len(label) <= self._room:
            yield [*self.gutter(), (f" {before}{marks} {label}", self.style)]
            return
        yield [*self.gutter(), (f" {before}{marks}", self.style)]
        indent = min(len(before), max(self._room - len(label), self._room // 3))
        import textwrap

        for line in textwrap.wrap(label, self._room - indent):
            yield [*self.gutter(), (f" {' ' * indent}{line}", self.style)]

    def _context(self, source: Source, number: int) -> Iterator[Line]:
        """Yield a neighbouring line, if there is one and it says anything."""
        if 1 <= number <= source.line_count and (line := source.line(number)).strip():
            shown = self._window(line, 0, 0)
            yield [*self.gutter(str(number)), (" " + shown.text, "")]

    def _window(self, line: str, start: int, end: int) -> Window:
        return window(line, start, end, self._room, self.glyphs.ellipsis)
