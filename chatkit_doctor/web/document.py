"""One web file, parsed: its syntax trees, the scripts embedded in it, and places in it.

tree-sitter counts UTF-8 bytes and everything else here counts characters; `Document.location` and
`Document.offset` are the only bridge. All trees of a document share the file's offsets, also those of scripts
inside markup. Syntax errors are no reason to skip a file: valid TSX is marked erroneous now and then.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, TypeVar

from chatkit_doctor.records import dataclass
from chatkit_doctor.web.depth import check_markup, check_script
from chatkit_doctor.web.embedded import embedded_scripts
from chatkit_doctor.web.formats.php import Php, read_php
from chatkit_doctor.web.formats.templates import Covered, covered
from chatkit_doctor.web.languages import (
    COMPONENT_SUFFIXES,
    MARKUP_SUFFIXES,
    SCRIPT_GRAMMARS,
    TEMPLATE_SUFFIXES,
    Grammar,
    parser,
)
from chatkit_doctor.web.parsing import check_count, check_scripts, parse
from chatkit_doctor.web.tree import error_nodes, is_within

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from tree_sitter import Node, Range

    from chatkit_doctor.source import Location, Source

T = TypeVar("T")

# One is a slip of whoever writes the page, so many are no page.
_MOST_ENDLESS_COMMENTS = 20


@dataclass(frozen=True, slots=True, eq=False)
class Script:
    """One program: a whole script file, or the inside of a `<script>` (Astro: of the front matter).

    root: the `program` node.
    element: the `script_element` in the markup, or None for a script file and for front matter.
    attributes: of that element, names in lower case; the value is "" where none is written.
    """

    root: Node
    grammar: Grammar
    element: Node | None
    attributes: Mapping[str, str]

    @property
    def is_module(self) -> bool:
        """Return whether the element asks for a module, whose top-level names other scripts cannot see."""
        return self.attributes.get("type") == "module"


# How many bytes of comments without an end may be read, over and over.
_MOST_TRIED = 5_000_000


class Document:
    """A web source with its trees; the suffix says the language, an unknown one is taken for JavaScript.

    Raises UnreadableSourceError for one that nests too deep or says too much to take in.

    source: the file as read.
    markup: the root of the HTML tree (type `document`), or None for a script file.
    scripts: the programs in the file, in source order; a script file has exactly one.
    """

    def __init__(self, source: Source) -> None:
        self.source = source
        self._bytes = source.text.encode("utf-8", "surrogatepass")
        self._derived: dict[object, object] = {}
        self.markup: Node | None = None
        suffix = source.path.suffix.lower()
        self._covered = _covered(self._bytes, suffix)
        if suffix in MARKUP_SUFFIXES:
            self.markup, self.scripts = self._read_markup(suffix)
        else:
            grammar = SCRIPT_GRAMMARS.get(suffix, Grammar.JAVASCRIPT)
            self.scripts = (self._read_script(grammar, None, None, {}),)
        check_count(self.roots, len(self._bytes))

    def __repr__(self) -> str:
        return f"Document({str(self.path)!r})"

    @property
    def weight(self) -> tuple[int, int]:
        """Return how many nodes its trees have, and how many bytes it has."""
        return sum(root.descendant_count for root in self.roots), len(self._bytes)

    @property
    def path(self) -> Path:
        """Return the path of the source."""
        return self.source.path

    @property
    def is_component(self) -> bool:
        """Return whether this is a Vue, Svelte or Astro component, whose scripts share one scope."""
        return self.path.suffix.lower() in COMPONENT_SUFFIXES

    @property
    def roots(self) -> tuple[Node, ...]:
        """Return the roots of all trees, the markup first."""
        programs = tuple(script.root for script in self.scripts)
        return programs if self.markup is None else (self.markup, *programs)

    def find(self, *types: str) -> Iterator[Node]:
        """Yield the nodes of the scripts that are of one of the types (all of one type before the next)."""
        table = self.derive(_nodes_by_type)
        for name in types:
            yield from table.get(name, ())

    def text(self, node: Node) -> str:
        """Return the text of a node."""
        return self._bytes[node.start_byte : node.end_byte].decode("utf-8", "replace")

    def is_filled_in(self, node: Node) -> bool:
        """Return whether a template language writes a part of a node, so that what it is in the page is not known."""
        return bool(self._covered.holes) and bool(self._covered.in_range(node.start_byte, node.end_byte))

    def is_written_as_code(self, at: Location) -> bool:
        """Return whether a place stands in a program that prints it, where quotes and escapes are that program's."""
        if not isinstance(self._covered, Php):
            return False
        before, text = (self.source.text[: at.start], at.text)
        start = len(before.encode("utf-8", "surrogatepass"))
        return not self._covered.is_page(start, start + len(text.encode("utf-8", "surrogatepass")))

    def known_parts(self, node: Node) -> list[str]:
        """Return the stretches of a node's text before, between and behind what a template language writes."""
        start, parts = node.start_byte, []
        for hole in self._covered.in_range(node.start_byte, node.end_byte):
            parts.append(self._bytes[start : hole[0]])
            start = hole[1]
        parts.append(self._bytes[start : node.end_byte])
        return [each.decode("utf-8", "replace") for each in parts]

    def location(self, node: Node) -> Location:
        """Return the place of a node, in characters."""
        return self.source.location(self.offset(node.start_byte), self.offset(node.end_byte))

    def offset(self, byte: int) -> int:
        """Return the offset in characters of an offset in UTF-8 bytes."""
        ends, surplus = self._wide_characters
        at = bisect_right(ends, byte)
        return byte - surplus[at]

    @cached_property
    def error_count(self) -> int:
        """Return how many stretches the grammars could not place or had to make up; compare before and after a fix."""
        return sum(1 for root in self.roots for _ in error_nodes(root))

    def script_at(self, node: Node) -> Script | None:
        """Return the script that a node stands in."""
        # They lie one behind the other.
        at = bisect_right(self._by_start, node.start_byte, key=lambda script: script.root.start_byte)
        script = self._by_start[at - 1] if at else None
        return script if script is not None and is_within(node, script.root) else None

    @cached_property
    def _by_start(self) -> list[Script]:
        return sorted(self.scripts, key=lambda script: script.root.start_byte)

    def is_javascript(self, node: Node) -> bool:
        """Return whether a node stands in JavaScript, also where TypeScript's grammar had to read it."""
        script = self.script_at(node)
        is_read_as_such = script is not None and script.grammar is Grammar.JAVASCRIPT
        return is_read_as_such or SCRIPT_GRAMMARS.get(self.path.suffix.lower()) is Grammar.JAVASCRIPT

    def derive(self, build: Callable[[Document], T]) -> T:
        """Return what a function makes of this document, made once and kept with it."""
        if build not in self._derived:
            self._derived[build] = build(self)
        return self._derived[build]  # type: ignore[return-value]

    @cached_property
    def _wide_characters(self) -> tuple[list[int], list[int]]:
        """Return where (in bytes) each character of several bytes ends, and the surplus bytes up to there."""
        ends: list[int] = []
        surplus = [0]
        if len(self._bytes) == len(self.source.text):
            return ends, surplus
        for index, char in enumerate(self.source.text):
            if char > "\x7f":
                width = len(char.encode("utf-8", "surrogatepass"))
                ends.append(index + surplus[-1] + width)
                surplus.append(surplus[-1] + width - 1)
        return ends, surplus

    def _read_markup(self, suffix: str) -> tuple[Node, tuple[Script, ...]]:
        scripts: list[Script] = []
        markup = self._covered.data
        if suffix == ".astro" and (matter := _front_matter(self._bytes)):
            scripts.append(self._read_script(Grammar.TSX, matter, None, {}))
            # Blanked, not cut, so that the markup's offsets stay those of the file.
            markup = b" " * matter.end_byte + self._bytes[matter.end_byte :]
        check_markup(markup)
        root = parse(parser(Grammar.HTML), _without_endless_comments(markup))
        for embedded in embedded_scripts(root):
            script = self._read_script(embedded.grammar, embedded.body.range, embedded.element, embedded.attributes)
            scripts.append(script)
            check_scripts(len(scripts))
        return root, tuple(scripts)

    def _read_script(
        self, grammar: Grammar, within: Range | None, element: Node | None, attributes: Mapping[str, str]
    ) -> Script:
        root = self._parse(grammar, within, self._covered.data)
        if root.has_error and self._covered.holes:
            # Two braces may be the program's own, as in JSX.
            uncovered = self._parse(grammar, within, self._bytes)
            root = root if uncovered.has_error else uncovered
        if root.has_error and grammar is Grammar.JAVASCRIPT:
            # Type annotations (Flow) and newer syntax turn up in .js files; the TSX grammar knows most of it.
            typed = self._parse(Grammar.TSX, within, self._covered.data)
            if not typed.has_error:
                return Script(typed, Grammar.TSX, element, attributes)
        return Script(root, grammar, element, attributes)

    def _parse(self, grammar: Grammar, within: Range | None, data: bytes) -> Node:
        reader = parser(grammar)
        reader.included_ranges = [within] if within else []
        try:
            root = parse(reader, _without_open_comments(data))
            check_script(root, data)
            return root
        finally:
            reader.included_ranges = []


def _covered(data: bytes, suffix: str) -> Covered:
    """Return a file with what a server fills in covered."""
    if suffix == ".php":
        return read_php(data)
    return covered(data) if suffix in TEMPLATE_SUFFIXES else Covered(data, ())


@lru_cache(maxsize=2)
def _without_open_comments(data: bytes) -> bytes:
    """Return a program without the beginnings of very many comments that do not end: the parser tries each to the end.

    In texts (`'/api/*'`) they change nothing, for texts are read from the file itself.
    """
    last = max(data.rfind(b"*/"), 0)
    count = data.count(b"/*", last)
    if count * (len(data) - last) <= _MOST_TRIED:
        return data
    return data[:last] + data[last:].replace(b"/*", b"  ")


def _without_endless_comments(markup: bytes) -> bytes:
    """Return markup up to comments that never end, of which the parser follows each one to the end of the file."""
    after = markup.rfind(b"-->") + 1
    if markup.count(b"<!--", after) <= _MOST_ENDLESS_COMMENTS:
        return markup
    return markup[: markup.index(b"<!--", after)]


def _nodes_by_type(document: Document) -> dict[str, list[Node]]:
    table: dict[str, list[Node]] = {}
    # Each node of a file comes here.
    pending = [script.root for script in reversed(document.scripts)]
    while pending:
        node = pending.pop()
        found = table.get(node.type)
        if found is None:
            found = table[node.type] = []
        found.append(node)
        pending += reversed(node.named_children)
    return table


def _front_matter(data: bytes) -> Range | None:
    """Return the range between the two `---` lines that open an Astro file."""
    from tree_sitter import Point, Range

    start = data.find(b"---")
    if start < 0 or data[:start].strip():
        return None
    start += 3
    end = data.find(b"\n---", start)
    if end < 0:
        return None
    return Range(_point(data, start, Point), _point(data, end, Point), start, end)


def _point(data: bytes, offset: int, make: Callable[[int, int], T]) -> T:
    row = data.count(b"\n", 0, offset)
    return make(row, offset - (data.rfind(b"\n", 0, offset) + 1))
