"""Text as a terminal shows it: how wide it is, what control characters become, what part of a long line is seen."""

from __future__ import annotations

from chatkit_doctor.records import dataclass

_TAB = 4
# What orders text anew, ends lines or is not seen at all can make a text look like another one: it is shown by number.
# Joiners are let through, which emoji and several scripts are written with.
_DECEPTIVE = frozenset("\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u2028\u2029\u3164\ufeff\uffa0").union(
    map(chr, range(0x202A, 0x202F)),
    map(chr, range(0x2060, 0x2070)),
    map(chr, range(0xFFF9, 0xFFFC)),
    map(chr, range(0xE0000, 0xE0080)),
)


def visible(text: str) -> str:
    """Return text of one line in which nothing steers the terminal: control characters stand as escapes."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_shown, text))


def width(text: str) -> int:
    """Return how many cells a terminal takes for text; wide characters take two."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


@dataclass(frozen=True, slots=True)
class Window:
    """The part of a line that is shown, and where a stretch of it lies in what is shown, in cells."""

    text: str
    mark_at: int
    mark_width: int
    cut_left: bool


def window(line: str, start: int, end: int, room: int, ellipsis: str) -> Window:
    """Return what is shown of a line in `room` cells so that characters `start` up to `end` are in sight.

    A short line is shown whole. Of a long one the stretch comes first, then what is before and behind it.
    """
    # Far more characters than fit need not be measured, however long a minified line is.
    first = max(0, start - 2 * room)
    characters = _expanded(line[first : start + 4 * room])
    start, end, whole = start - first, min(end - first, len(characters)), first == 0 and len(line) <= start + 4 * room
    if whole and width("".join(characters)) <= room:
        return _cut(characters, (0, len(characters)), (start, end), ("", ""))
    low, high = _fitting(characters, start, end, room - 2 * width(ellipsis))
    left = ellipsis if low > 0 or first > 0 else ""
    right = ellipsis if high < len(characters) or not whole else ""
    return _cut(characters, (low, high), (start, end), (left, right))


def pieces(line: str, at: int, room: int, most: int, ellipsis: str) -> list[str]:
    """Return a line as rows of `room` cells; of one that takes more than `most` the part around character `at`."""
    if len(line) > most * room:
        return [window(line, at, at, room, ellipsis).text]
    rows: list[str] = []
    row: list[str] = []
    used = 0
    for character in _expanded(line):
        size = width(character)
        if used + size > room:
            rows.append("".join(row))
            row, used = [], 0
        row.append(character)
        used += size
    return [*rows, "".join(row)]


def _cut(characters: list[str], shown: tuple[int, int], mark: tuple[int, int], ellipses: tuple[str, str]) -> Window:
    low, high = shown
    left, right = ellipses
    before = left + "".join(characters[low : mark[0]])
    marked = "".join(characters[mark[0] : min(mark[1], high)])
    return Window(left + "".join(characters[low:high]) + right, width(before), max(width(marked), 1), bool(left))


def _fitting(characters: list[str], start: int, end: int, room: int) -> tuple[int, int]:
    """Return the stretch of characters to show: the marked one, a third of the rest before it, the rest behind."""
    sizes = [width(character) for character in characters]
    high = _reach(sizes, start, end, room)
    room -= sum(sizes[start:high])
    low = _reach_back(sizes, start, room // 3)
    high_with_context = _reach(sizes, high, len(sizes), room - sum(sizes[low:start]))
    room -= sum(sizes[low:start]) + sum(sizes[high:high_with_context])
    return _reach_back(sizes, low, room), high_with_context


def _reach(sizes: list[int], start: int, end: int, room: int) -> int:
    for index in range(start, end):
        room -= sizes[index]
        if room < 0:
            return index
    return max(start, end)


def _reach_back(sizes: list[int], start: int, room: int) -> int:
    for index in range(start, 0, -1):
        room -= sizes[index - 1]
        if room < 0:
            return index
    return 0


def _expanded(text: str) -> list[str]:
    """Return for each character what is shown for it; a tab becomes the blanks up to its stop."""
    shown = []
    column = 0
    for character in text:
        piece = " " * (_TAB - column % _TAB) if character == "\t" else _shown(character)
        column += width(piece)
        shown.append(piece)
    return shown


def _shown(character: str) -> str:
    if character == "\t" or (character.isprintable() and character not in _DECEPTIVE):
        return character
    if "\ud800" <= character <= "\udfff":
        return "\ufffd"
    is_no_character = ord(character) & 0xFFFE == 0xFFFE
    if character in _DECEPTIVE or character < " " or "\x7f" <= character <= "\x9f" or is_no_character:
        return character.encode("unicode_escape").decode("ascii")
    return character
