"""Many globs in one automaton, which reads a path once and never goes back, whatever somebody has written into them.

Its states are the bits of a number. A glob of n parts has n + 1 of them: the state i is on where what was read so far
is what the first i parts match. Reading a byte moves each state that is on to the next one where the next part
takes the byte, for all globs at once; a star keeps the state before it on. So a match takes time in proportion to the
length of the path and to that of all globs together, and there is nothing that could be tried in another way.

Globs are read as git's wildmatch does, byte by byte: `?` is one byte of a character that has two.
"""

from __future__ import annotations

from chatkit_doctor.project.files.glob_parts import parts_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from chatkit_doctor.project.files.glob_parts import Part

_SLASH = ord("/")


class Globs:
    """Globs, each with the index that it is known by; they are added in the order of their indices.

    last: the index of the last glob, -1 for none.
    ends: the characters that a text must end with to be matched at all; None where it may be any.
    """

    __slots__ = (
        *("_accepted", "_anything", "_at_end", "_fork_at", "_forks", "_keep", "_keep_at", "_keep_on_slash"),
        *("_keep_on_slash_at", "_literals", "_one", "_sets", "_size", "_start", "_starts", "_steps", "ends", "last"),
    )

    def __init__(self) -> None:
        self.last = -1
        self.ends: set[str] | None = set()
        self._size = 0
        self._starts: list[int] = []
        self._literals: dict[int, list[int]] = {}
        self._sets: dict[int, list[int]] = {}
        self._one: list[int] = []
        # States that stay on: at a star while no slash is read, at what goes over slashes whatever is read.
        self._keep_at: list[int] = []
        self._keep_on_slash_at: list[int] = []
        # States that turn the next one on with them: `**/` may stand for no folder at all.
        self._fork_at: list[int] = []
        self._at_end: dict[int, tuple[int, bool]] = {}
        self._steps: list[int | None] = []

    def add(self, index: int, glob: bytes, *, only_folders: bool) -> None:
        """Add a glob without a slash at its start or end; one that is malformed matches nothing and is left out."""
        found = list(parts_of(glob))
        parts = [part for part in found if part is not None]
        if len(parts) < len(found):
            return
        self._starts.append(self._size)
        state = self._size
        for part in parts:
            state = self._add_part(part, state)
        self._at_end[state] = (index, only_folders)
        self._size = state + 1
        self._steps = []
        self.last = index
        self._note_end(parts[-1] if parts else "*")

    def _note_end(self, part: Part) -> None:
        if self.ends is not None:
            letter = part.decode() if isinstance(part, bytes) and part.isascii() else None
            self.ends = self.ends | {letter} if letter is not None else None

    def _add_part(self, part: Part, state: int) -> int:
        """Add a part behind a state; return the state behind the part."""
        if part == "*":
            self._keep_at.append(state)
            return state
        if part == "**":
            self._keep_on_slash_at.append(state)
            return state
        if part == "**/":
            self._keep_on_slash_at.append(state)
            self._fork_at.append(state)
            part = b"/"
        if isinstance(part, bytes):
            self._literals.setdefault(part[0], []).append(state + 1)
        elif isinstance(part, int):
            self._sets.setdefault(part, []).append(state + 1)
        else:
            self._one.append(state + 1)
        return state + 1

    def start(self) -> int:
        """Return the states before anything is read."""
        if not self._steps:
            self._compile()
        return self._start

    def read(self, states: int, text: bytes) -> int:
        """Return the states after a text, from those before it."""
        steps, forks = self._steps, self._forks
        for byte in text:
            if not states:
                return 0
            step = steps[byte]
            if step is None:
                step = self._step(byte)
            reached = (states << 1) & step
            if forks:
                reached |= (reached & forks) << 1
            states = reached | (states & (self._keep_on_slash if byte == _SLASH else self._keep))
        return states

    def last_match(self, states: int, *, is_folder: bool) -> int:
        """Return the index of the last glob that matches all that was read, -1 for none."""
        at_end = states & self._accepted[is_folder]
        return self._at_end[at_end.bit_length() - 1][0] if at_end else -1

    def matches(self, states: int, *, is_folder: bool) -> Iterator[int]:
        """Yield the index of each glob that matches all that was read."""
        at_end = states & self._accepted[is_folder]
        for place, byte in enumerate(at_end.to_bytes(self._size // 8 + 1, "little")):
            for bit in range(8) if byte else ():
                if byte >> bit & 1:
                    yield self._at_end[8 * place + bit][0]

    def last_match_of(self, text: str) -> int:
        """Return the index of the last glob that matches a text, -1 for none."""
        return self.last_match(self.read(self.start(), text.encode("utf-8", "surrogateescape")), is_folder=True)

    def _compile(self) -> None:
        self._steps = [None] * 256
        self._anything = self._bits(self._one)
        self._keep_on_slash = self._bits(self._keep_on_slash_at)
        self._keep = self._keep_on_slash | self._bits(self._keep_at)
        self._forks = self._bits(self._fork_at)
        start = self._bits(self._starts)
        self._start = start | (start & self._forks) << 1
        files = [state for state, (_, only_folders) in self._at_end.items() if not only_folders]
        self._accepted = (self._bits(files), self._bits(list(self._at_end)))

    def _step(self, byte: int) -> int:
        """Return the states that a byte leads to, each from the one before it."""
        places = list(self._literals.get(byte, ()))
        if byte != _SLASH:
            places += (place for members, at in self._sets.items() if members >> byte & 1 for place in at)
        step = self._bits(places) | (self._anything if byte != _SLASH else 0)
        self._steps[byte] = step
        return step

    def _bits(self, places: list[int]) -> int:
        """Return the number in which the bits at these places are set."""
        if not places:
            return 0
        data = bytearray(self._size // 8 + 1)
        for place in places:
            data[place >> 3] |= 1 << (place & 7)
        return int.from_bytes(data, "little")
