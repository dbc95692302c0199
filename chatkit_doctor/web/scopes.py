"""Lexical scopes of a script: which declaration a name stands for, and whether it keeps its first value."""

from __future__ import annotations

from bisect import bisect_right
from enum import StrEnum
from typing import TYPE_CHECKING

from chatkit_doctor.records import dataclass, field
from chatkit_doctor.web import tree
from chatkit_doctor.web.literals import key_text
from chatkit_doctor.web.modules.imports import ImportedName, imported_names
from chatkit_doctor.web.writes import WRITING, Steps, Write, WriteKind, root_identifier, writes_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from chatkit_doctor.web.document import Document

__all__ = [
    "Scope",
    "ScopedKind",
    "ScopedName",
    "Steps",
    "declared_names",
    "lookup",
    "parameters_of",
    "root_identifier",
    "top_level",
    "undeclared_names",
]

_BLOCKS = frozenset({"statement_block", "for_statement", "for_in_statement", "catch_clause", "switch_body"})
_NAMED_DECLARATIONS = {
    "function_declaration": "function",
    "generator_function_declaration": "function",
    "class_declaration": "class",
    "abstract_class_declaration": "class",
    "enum_declaration": "enum",
    "type_alias_declaration": "type",
    "interface_declaration": "type",
}
# What declares names that may be declared once in a block.
_SINGLE = ("lexical_declaration", "import_statement", "class_declaration", "abstract_class_declaration")
_DECLARING = frozenset(
    {
        *("lexical_declaration", "variable_declaration", "import_statement", "for_in_statement", "catch_clause"),
        *_NAMED_DECLARATIONS,
    }
)
_OPENING = tree.FUNCTIONS | _BLOCKS


class ScopedKind(StrEnum):
    """What declares a name."""

    CONST = "const"
    LET = "let"
    VAR = "var"
    FUNCTION = "function"
    CLASS = "class"
    ENUM = "enum"
    TYPE = "type"
    IMPORT = "import"
    PARAMETER = "parameter"
    OTHER = "other"


@dataclass(slots=True, eq=False)
class ScopedName:
    """A name in a scope.

    node: the identifier that declares it.
    declaration: the `variable_declarator`, function, class, enum, type alias, import specifier or parameter.
    path: how to reach it from the declarator's value (`{ a: [b] }` gives b the path ("a", 0)), () for the
        value itself, None where that is unknowable.
    default: what it is where there is nothing at the path (`{ a = 1 }`).
    rest: the names that are left out of it, for one that takes the rest of an object (`{ a, ...rest }`).
    imported: what it imports, for an import.
    reassigned: whether something is assigned to it after its declaration.
    mutated: whether something is assigned to, added to or removed from a member of it.
    writes: all of these changes, in the order of the text.
    """

    name: str
    kind: ScopedKind
    node: Node
    declaration: Node
    path: Steps | None = ()
    default: Node | None = None
    rest: frozenset[str] | None = None
    imported: ImportedName | None = None
    reassigned: bool = False
    mutated: bool = False
    writes: list[Write] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Scope:
    """A stretch of a script (in bytes) with the names declared in it.

    children, starts: the scopes right below it, in the order of the text, and where each of them begins.
    """

    start: int
    end: int
    parent: Scope | None
    is_function: bool
    bindings: dict[str, ScopedName] = field(default_factory=dict)
    children: list[Scope] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)

    def lookup(self, name: str) -> ScopedName | None:
        """Return what a name stands for here."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.bindings:
                return scope.bindings[name]
            scope = scope.parent
        return None

    def innermost(self, byte: int) -> Scope:
        """Return the smallest scope below this one, or this one, that covers an offset."""
        scope = self
        while True:
            at = bisect_right(scope.starts, byte)
            if at == 0 or byte >= scope.children[at - 1].end:
                return scope
            scope = scope.children[at - 1]


def lookup(document: Document, node: Node, name: str | None = None) -> ScopedName | None:
    """Return what an identifier (or a name at the place of a node) stands for; None for a global."""
    wanted = document.text(node) if name is None else name
    script = document.script_at(node)
    scope = document.derive(_scope_of_script).get(id(script))
    if scope is not None and (binding := scope.innermost(node.start_byte).lookup(wanted)):
        return binding
    shared = document.derive(_shared).get(wanted, ())
    return next((each.bindings[wanted] for each in shared if each is not scope), None)


def _scope_of_script(document: Document) -> dict[int, Scope]:
    return {id(script): scope for script, scope in zip(document.scripts, document.derive(_scopes), strict=True)}


def _shared(document: Document) -> dict[str, list[Scope]]:
    """Return the top levels that declare a name for all scripts: of a component, or of a page's that are no modules."""
    found: dict[str, list[Scope]] = {}
    is_component = document.is_component
    for script, scope in zip(document.scripts, document.derive(_scopes), strict=True):
        if is_component or not script.is_module:
            for name in scope.bindings:
                found.setdefault(name, []).append(scope)
    return found


def top_level(document: Document, name: str) -> ScopedName | None:
    """Return what a name stands for at the top level of a document."""
    return next((scope.bindings[name] for scope in document.derive(_scopes) if name in scope.bindings), None)


def declared_names(document: Document) -> dict[str, int]:
    """Return how often a name is declared in the scope that declares it most: more than once is an error.

    Functions, `var` and types may be declared again; `const`, `let`, classes and imports may not.
    """
    counts: dict[tuple[int, int, str], int] = {}
    for node, name in _single_declarations(document):
        # A node has a number of its own in its script, and a place of its own among the scripts.
        key = (node.id, node.start_byte, name)
        counts[key] = counts.get(key, 0) + 1
    found: dict[str, int] = {}
    for (_, _, name), count in counts.items():
        found[name] = max(found.get(name, 0), count)
    return found


def _single_declarations(document: Document) -> Iterator[tuple[Node, str]]:
    """Yield each name that may be declared once in its block, with the block."""
    builder = _Builder(document)
    for node in document.find(*_SINGLE):
        block = node.parent
        while block is not None and block.type in {"export_statement", "ERROR"}:
            block = block.parent
        if block is None:
            continue
        if node.type == "lexical_declaration":
            for declarator in node.named_children:
                name = tree.field(declarator, "name") if declarator.type == "variable_declarator" else None
                yield from ((block, document.text(each)) for each, _ in builder.names(name))
        elif node.type == "import_statement":
            yield from ((block, each.local) for each in imported_names(document, node))
        elif (name := tree.field(node, "name")) is not None:
            yield block, document.text(name)


def undeclared_names(document: Document) -> set[str]:
    """Return the names that a document's code uses and does not declare: globals, and mistakes."""
    scopes = document.derive(_scopes)
    # What the only script declares at its top, or one for all, need not be looked for from each of its uses.
    known = {*document.derive(_shared), *(scopes[0].bindings if len(scopes) == 1 else ())}
    return {
        text
        for node in document.find("identifier", "shorthand_property_identifier")
        if (text := document.text(node)) not in known and lookup(document, node, text) is None
    }


def _scopes(document: Document) -> tuple[Scope, ...]:
    return tuple(_Builder(document).build(script.root) for script in document.scripts)


class _Builder:
    """Makes the scopes of one script in one walk, then marks what is assigned to."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._writes: list[tuple[Write, Scope]] = []

    def build(self, root: Node) -> Scope:
        top = Scope(root.start_byte, max(root.end_byte, root.start_byte + 1), None, is_function=True)
        pending = [(root, top)]
        while pending:
            node, outer = pending.pop()
            # Of ten nodes, one says something of names.
            kind = node.type
            if kind in _DECLARING:
                self._declare(node, outer)
            inner = self._enter(node, outer) if kind in _OPENING else outer
            if kind in WRITING:
                self._note_change(node, inner)
            pending.extend((child, inner) for child in reversed(node.named_children))
        for write, scope in self._writes:
            if (binding := scope.lookup(self._document.text(write.owner))) is not None:
                binding.writes.append(write)
                binding.reassigned |= write.is_of_name
                binding.mutated |= not write.is_of_name
        return top

    def _enter(self, node: Node, outer: Scope) -> Scope:
        is_function = node.type in tree.FUNCTIONS
        inner = Scope(node.start_byte, node.end_byte, outer, is_function)
        outer.children.append(inner)
        outer.starts.append(inner.start)
        if is_function:
            self._declare_parameters(node, inner)
        return inner

    def _declare(self, node: Node, scope: Scope) -> None:
        if node.type in {"lexical_declaration", "variable_declaration"}:
            self._declare_variables(node, scope)
        elif node.type == "import_statement":
            for each in imported_names(self._document, node):
                binding = ScopedName(each.local, ScopedKind.IMPORT, each.node, each.node, imported=each)
                scope.bindings.setdefault(each.local, binding)
        elif node.type in _NAMED_DECLARATIONS and (name := tree.field(node, "name")) is not None:
            kind = ScopedKind(_NAMED_DECLARATIONS[node.type])
            text = self._document.text(name)
            known = scope.bindings.get(text)
            # A type and a value may share a name; the value is what expressions mean.
            if known is None or known.kind is ScopedKind.TYPE:
                scope.bindings[text] = ScopedName(text, kind, name, node)
        elif node.type in {"for_in_statement", "catch_clause"}:
            self._declare_loop_name(node, scope)

    def _declare_variables(self, declaration: Node, scope: Scope) -> None:
        keyword = declaration.children[0].type if declaration.children else "var"
        kind = ScopedKind(keyword) if keyword in {"const", "let"} else ScopedKind.VAR
        home = scope
        while kind is ScopedKind.VAR and not home.is_function and home.parent is not None:
            home = home.parent
        for declarator in declaration.named_children:
            name = tree.field(declarator, "name") if declarator.type == "variable_declarator" else None
            for identifier, path in self.names(name):
                text = self._document.text(identifier)
                again = text in home.bindings and home.bindings[text].kind is not ScopedKind.TYPE
                made = self._bound(kind, identifier, declarator, path)
                made.reassigned = again
                made.writes += [Write(WriteKind.OTHER, identifier, (), declarator)] if again else ()
                home.bindings[text] = made

    def _bound(self, kind: ScopedKind, identifier: Node, declaration: Node, path: Steps | None) -> ScopedName:
        """Return a name of a pattern, with its default and what a rest leaves out."""
        holder = identifier.parent
        default, rest = None, None
        if holder is not None and holder.type in {"object_assignment_pattern", "assignment_pattern"}:
            default = tree.field(holder, "right") if holder != declaration else None
        elif holder is not None and holder.type == "rest_pattern" and (outer := holder.parent) is not None:
            rest = self._taken(outer) if outer.type == "object_pattern" else None
        return ScopedName(self._document.text(identifier), kind, identifier, declaration, path, default, rest)

    def _taken(self, pattern: Node) -> frozenset[str] | None:
        """Return the names that a pattern takes before its rest; None where one is computed."""
        found: list[str | None] = []
        for member in tree.without_comments(pattern):
            if member.type != "rest_pattern":
                key = tree.field(member, "key") or tree.field(member, "left") or member
                is_name = key.type == "shorthand_property_identifier_pattern"
                found.append(self._document.text(key) if is_name else key_text(self._document, key))
        return None if None in found else frozenset(each for each in found if each is not None)

    def _declare_loop_name(self, node: Node, scope: Scope) -> None:
        name = tree.field(node, "left" if node.type == "for_in_statement" else "parameter")
        declares = node.type == "catch_clause" or tree.field(node, "kind") is not None
        for identifier, _ in self.names(name) if declares else ():
            text = self._document.text(identifier)
            scope.bindings.setdefault(text, ScopedName(text, ScopedKind.OTHER, identifier, node, None))

    def _declare_parameters(self, function: Node, scope: Scope) -> None:
        single = tree.field(function, "parameter")
        listed = tree.field(function, "parameters")
        for parameter in [single] if single else tree.without_comments(listed) if listed else ():
            for identifier, path in self.names(parameter_pattern(parameter)):
                made = self._bound(ScopedKind.PARAMETER, identifier, parameter, path)
                scope.bindings[made.name] = made

    def names(self, pattern: Node | None) -> Iterator[tuple[Node, Steps | None]]:
        """Yield the identifiers that a pattern binds, each with its path from the value."""
        pending: list[tuple[Node, Steps | None]] = [(pattern, ())] if pattern is not None else []
        while pending:
            node, path = pending.pop()
            match node.type:
                case "identifier":
                    yield node, path
                case "shorthand_property_identifier_pattern":
                    yield node, None if path is None else (*path, self._document.text(node))
                case "object_pattern":
                    pending.extend((child, path) for child in node.named_children)
                case "array_pattern":
                    pending.extend(_array_parts(node, path))
                case "pair_pattern":
                    pending.extend(self._pair_part(node, path))
                case "object_assignment_pattern" | "assignment_pattern":
                    left = tree.field(node, "left")
                    # A name keeps its default; a pattern with one can be of either.
                    is_name = left is not None and left.type not in {"object_pattern", "array_pattern"}
                    pending.extend([(left, path if is_name else None)] if left is not None else [])
                case "rest_pattern":
                    of_object = node.parent is not None and node.parent.type == "object_pattern"
                    is_known = of_object and self._taken(node.parent or node) is not None
                    pending.extend((child, path if is_known else None) for child in node.named_children)

    def _pair_part(self, node: Node, path: Steps | None) -> Iterator[tuple[Node, Steps | None]]:
        key, value = tree.field(node, "key"), tree.field(node, "value")
        name = key_text(self._document, key) if key is not None else None
        if value is not None:
            yield value, None if path is None or name is None else (*path, name)

    def _note_change(self, node: Node, scope: Scope) -> None:
        target = tree.field(node, "left") if node.type in {"assignment_expression", "for_in_statement"} else None
        if target is not None and target.type in {"object_pattern", "array_pattern"}:
            self._writes.extend((Write(WriteKind.OTHER, name, (), node), scope) for name, _ in self.names(target))
        else:
            self._writes.extend((write, scope) for write in writes_of(self._document, node))


def parameters_of(function: Node) -> list[Node]:
    """Return the names and patterns of a function's parameters."""
    single, listed = tree.field(function, "parameter"), tree.field(function, "parameters")
    found = [single] if single is not None else tree.without_comments(listed) if listed is not None else []
    return [parameter_pattern(each) for each in found]


def parameter_pattern(parameter: Node) -> Node:
    """Return the name or pattern of a parameter, without its type, its default and the dots of a rest."""
    pattern = tree.field(parameter, "pattern") or parameter
    if pattern.type == "assignment_pattern":
        pattern = tree.field(pattern, "left") or pattern
    if pattern.type == "rest_pattern":
        pattern = next(iter(pattern.named_children), pattern)
    return pattern


def _array_parts(node: Node, path: Steps | None) -> Iterator[tuple[Node, Steps | None]]:
    index = 0
    for child in node.children:
        if child.type == ",":
            index += 1
        elif child.is_named:
            yield child, None if path is None else (*path, index)
