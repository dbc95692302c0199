"""The parts of a glob, read as git's wildmatch reads them."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    # A byte of the text, a set of bytes as the bits of a number, `?`, `*`, `**` for anything with slashes, or `**/`.
    Part = bytes | int | str

_SLASH = ord("/")
_STAR, _ONE, _OPEN, _ESCAPE = b"*?[\\"
_SPECIAL = b"*?[\\"


def is_literal(glob: str) -> bool:
    """Return whether a glob stands for its own text and nothing else."""
    return not ("*" in glob or "?" in glob or "[" in glob or "\\" in glob)


def parts_of(glob: bytes) -> Iterator[Part | None]:
    """Yield the parts of a glob; None for what is malformed."""
    at, size = 0, len(glob)
    # Git compares the text before the first wildcard by itself; what is left begins anew.
    anew = min((place for special in _SPECIAL if (place := glob.find(special)) >= 0), default=size)
    after_folders = False
    while at < size:
        byte = glob[at]
        if byte == _STAR:
            part, at = _stars(glob, at, is_at_start=at == anew)
            # Any folders, and then any folders, are any folders.
            if not (after_folders and part == "**/"):
                yield part
            after_folders = part == "**/"
            continue
        after_folders = False
        if byte == _ONE:
            yield "?"
        elif byte == _OPEN:
            reader = _SetReader(glob, at + 1)
            yield reader.read()
            at = reader.at
        else:
            at += byte == _ESCAPE
            yield glob[at : at + 1] or None
        at += 1


def _stars(glob: bytes, at: int, *, is_at_start: bool) -> tuple[str, int]:
    """Return what a run of stars means, and the place behind it and behind the slash that belongs to it."""
    end = at
    while glob[end : end + 1] == b"*":
        end += 1
    if end == at + 1 or not (is_at_start or glob[at - 1] == _SLASH):
        return "*", end
    if glob[end : end + 1] == b"/":
        return "**/", end + 1
    return ("**" if end == len(glob) or glob.startswith(b"\\/", end) else "*"), end


class _SetReader:
    """Reads a set of a glob, from behind its bracket. at: the place that is read next, at the end its last bracket."""

    def __init__(self, glob: bytes, at: int) -> None:
        self._glob = glob
        self.at = at
        # The byte that a range could begin with, 0 for none; and a bracket ahead that is known.
        self._before = 0
        self._bracket = 0

    def read(self) -> int | None:
        """Return the bytes of the set as bits of a number, None for a set that is malformed."""
        negated = self._peek() in {b"!", b"^"}
        self.at += negated
        first, members = self.at, 0
        while self.at == first or self._peek() != b"]":
            found = self._member()
            if found is None:
                self.at = len(self._glob)
                return None
            members |= found
        return _EVERY_BYTE & ~members if negated else members

    def _member(self) -> int | None:
        """Return what stands at a place and go on behind it."""
        piece = self._peek()
        if piece == b"-" and self._before and self._peek(1) not in {b"", b"]"}:
            first, self._before = self._before, 0
            self.at += 1
            last = self._byte()
            return None if last is None else _range(first, last)
        if piece == b"[" and self._peek(1) == b":":
            name = self._class_name()
            if name is None or name:
                self._before = 0
                return _CLASSES.get(name[1:]) if name else None
        byte = self._byte()
        self._before = byte or 0
        return None if byte is None else 1 << byte

    def _byte(self) -> int | None:
        """Return a byte that may stand behind a backslash, and go on behind it; None at the end."""
        self.at += self._peek() == b"\\"
        byte = self._peek()
        self.at += 1
        return byte[0] if byte else None

    def _class_name(self) -> bytes | None:
        """Return a colon and the name of the class that begins here; b"" where none does, None where none can end."""
        if self._bracket < self.at + 2:
            self._bracket = self._glob.find(b"]", self.at + 2)
        end = self._bracket
        if end < 0:
            return None
        if end == self.at + 2 or self._glob[end - 1] != _COLON:
            return b""
        name = self._glob[self.at + 1 : end - 1]
        self.at = end + 1
        return name

    def _peek(self, ahead: int = 0) -> bytes:
        return self._glob[self.at + ahead : self.at + ahead + 1]


def _range(first: int, last: int) -> int:
    return (1 << last + 1) - (1 << first) if first <= last else 0


def _bits_of(members: bytes) -> int:
    return sum(1 << byte for byte in members)


_COLON = ord(":")
_EVERY_BYTE = _range(0, 255)
_UPPER, _LOWER, _DIGIT = _range(0x41, 0x5A), _range(0x61, 0x7A), _range(0x30, 0x39)
_PRINTED = _range(0x21, 0x7E)
_CLASSES = {
    b"alnum": _UPPER | _LOWER | _DIGIT,
    b"alpha": _UPPER | _LOWER,
    b"blank": _bits_of(b" \t"),
    b"cntrl": _range(0, 0x1F) | _bits_of(b"\x7f"),
    b"digit": _DIGIT,
    b"graph": _PRINTED,
    b"lower": _LOWER,
    b"print": _range(0x20, 0x7E),
    b"punct": _PRINTED & ~(_UPPER | _LOWER | _DIGIT),
    b"space": _bits_of(b" \t\n\v\f\r"),
    b"upper": _UPPER,
    b"xdigit": _DIGIT | _range(0x41, 0x46) | _range(0x61, 0x66),
}
