"""Places in a text as editors count them: lines from 0, and columns in units of the encoding that was agreed on."""

from __future__ import annotations

from lsprotocol import types

from chatkit_doctor.source import Location, Source

_UTF_8, _UTF_32 = types.PositionEncodingKind.Utf8, types.PositionEncodingKind.Utf32


class Positions:
    """Turns offsets in characters into an editor's positions, and back.

    encoding: what columns are counted in.
    """

    def __init__(self, encoding: str = types.PositionEncodingKind.Utf16) -> None:
        self._encoding = encoding

    def range(self, at: Location, *, after_bom: bool = False) -> types.Range:
        """Return a stretch of a source. after_bom: whether the editor's text begins with a mark that ours has not."""
        return types.Range(
            self.position(at.source, at.start, after_bom=after_bom),
            self.position(at.source, at.end, after_bom=after_bom),
        )

    def position(self, source: Source, offset: int, *, after_bom: bool = False) -> types.Position:
        """Return the position of an offset."""
        place = source.position(offset)
        start = offset - place.column + 1
        column = self._units(source.text[start:offset])
        if after_bom and place.line == 1:
            column += self._units("\ufeff")
        return types.Position(place.line - 1, column)

    def offset(self, source: Source, position: types.Position, *, after_bom: bool = False) -> int:
        """Return the offset of a position: the end of its line for one behind it, of the text for a line behind all."""
        if position.line >= source.line_count:
            return len(source.text)
        column = position.character
        if after_bom and position.line == 0:
            column = max(0, column - self._units("\ufeff"))
        line = source.line(position.line + 1)
        return source.line_start(position.line + 1) + min(len(line), self._characters(line, column))

    def _units(self, text: str) -> int:
        """Return how many units a text takes."""
        if text.isascii() or self._encoding == _UTF_32:
            return len(text)
        if self._encoding == _UTF_8:
            return len(text.encode(errors="surrogatepass"))
        return len(text.encode("utf-16-le", "surrogatepass")) // 2

    def _characters(self, line: str, units: int) -> int:
        """Return how many whole characters at the start of a line take so many units."""
        if line.isascii() or self._encoding == _UTF_32:
            return units
        if self._encoding == _UTF_8:
            return len(line.encode(errors="surrogatepass")[:units].decode(errors="ignore"))
        return len(line.encode("utf-16-le", "surrogatepass")[: 2 * units].decode("utf-16-le", "ignore"))
