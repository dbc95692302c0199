"""Rounds of small rewrites over the files that lost something, until nothing is left that served only it.

A name is looked at only when it stood in code that went: what was unused before stays as it was.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from chatkit_doctor.finding import Edit
from chatkit_doctor.migrate.cleaning.constants import CONFIGURED, KnownText, constant_of
from chatkit_doctor.migrate.cleaning.folding import fold
from chatkit_doctor.migrate.cleaning.references import bindings_named, is_dependency, names_in, references
from chatkit_doctor.migrate.cleaning.removal import remove_statement
from chatkit_doctor.migrate.cleaning.states import setter_calls, settled, state_of, values_set
from chatkit_doctor.migrate.cleaning.unused import remove_binding
from chatkit_doctor.migrate.texts import Texts
from chatkit_doctor.web.modules.imports import exports, imports
from chatkit_doctor.web.modules.resolve import Resolver, is_local
from chatkit_doctor.web.scopes import ScopedKind, ScopedName, lookup
from chatkit_doctor.web.tree import FUNCTIONS, ancestors, field

if TYPE_CHECKING:
    from tree_sitter import Node

    from chatkit_doctor.web.document import Document

_MOST_ROUNDS = 400
_HOSTED_ENV = re.compile(r"(?:process\.env|import\.meta\.env|env|Deno\.env)\.\w*(?:WORKFLOW|CHATKIT_API_BASE)\w*")
_HOSTED_OR_KEY = re.compile(_HOSTED_ENV.pattern + r"|(?:process\.env|env)\.OPENAI_API_KEY")
# What still needs the key where it stands.
_NEEDS_KEY = re.compile(r"new OpenAI|api\.openai\.com|Bearer|@openai/agents|createOpenAI")


class Cleaner:
    """Cleans the web files of one project.

    texts: the files as they come to be. on_server: the files whose OpenAI key is the new backend's from now on.
    """

    def __init__(self, texts: Texts, on_server: Iterable[Path] = ()) -> None:
        self._texts = texts
        self._on_server = frozenset(on_server)
        self._suspects: dict[Path, dict[str, None]] = defaultdict(dict)
        self._set: dict[Path, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        self._facts: dict[Path, dict[str, str]] = defaultdict(dict)
        self._kept: set[tuple[Path, str]] = set()
        self.touched: set[Path] = set()

    def edit(self, document: Document, edits: list[Edit], gone: Iterable[Node]) -> None:
        """Make edits, of which some nodes go away; what they named is suspect from now on."""
        path = document.path
        for node in gone:
            self._suspects[path].update(dict.fromkeys(sorted(names_in(document, node))))
            for setter, value in values_set(document, node):
                self._set[path][setter].append(value)
        self._texts.apply(edits)
        self.touched.add(path)

    def suspect(self, path: Path, names: Iterable[str]) -> None:
        """Look at some names of a file as well."""
        self._suspects[path].update(dict.fromkeys(names))

    def run(self) -> None:
        """Clean until a round finds nothing to do."""
        for _ in range(_MOST_ROUNDS):
            if not any(self._step(path) for path in sorted(self._suspects)):
                return

    def _step(self, path: Path) -> bool:
        document = self._texts.document(path)
        if document is None:
            return False
        steps: tuple[Callable[[Document], bool], ...] = (
            self._settle,
            self._fold,
            self._fold_environment,
            self._still_set,
            self._remove_unused,
        )
        return any(step(document) for step in steps)

    # Settled names

    def _settle(self, document: Document) -> bool:
        """Note what a state, or a constant that only asked for the workflow's id, comes to."""
        facts = self._facts[document.path]
        for setter, values in self._set[document.path].items():
            state = state_of(document, setter)
            if state is None or state.name in facts:
                continue
            value = settled(document, state, values)
            if value is not None:
                facts[state.name] = value
                self.suspect(document.path, (state.name, setter))
        for name in list(self._suspects[document.path]):
            if name not in facts and (constant := self._constant(document, name)) is not None:
                facts[name] = constant
        return False

    def _constant(self, document: Document, name: str) -> str | None:
        """Return what a suspect constant comes to, where a hosted variable of the environment decides it."""
        for binding in bindings_named(document, name):
            value = field(binding.declaration, "value")
            if binding.kind is ScopedKind.IMPORT and binding.imported is not None:
                target = Resolver(self._texts).document(document.path, binding.imported.specifier)
                return self._facts[target.path].get(binding.imported.imported) if target is not None else None
            if binding.kind is ScopedKind.CONST and binding.path == () and value is not None:
                return self._decided(document, value)
        return None

    def _decided(self, document: Document, value: Node) -> str | None:
        """Return what an expression comes to because of what is settled; a plain literal is not for us to move."""
        known, asked = self._known(document), False

        def noting(node: Node) -> str | None:
            nonlocal asked
            found = known(node)
            asked |= found is not None
            return found

        constant = constant_of(document, value, noting)
        return constant if asked else None

    def _known(self, document: Document) -> KnownText:
        facts = self._facts[document.path]
        hosted = _HOSTED_ENV
        if document.path in self._on_server and not _NEEDS_KEY.search(document.source.text):
            hosted = _HOSTED_OR_KEY

        def known(node: Node) -> str | None:
            if node.type in {"identifier", "shorthand_property_identifier"}:
                return facts.get(document.text(node))
            if node.type == "member_expression" and hosted.fullmatch(document.text(node).replace("?", "")):
                return CONFIGURED
            return None

        return known

    def _fold(self, document: Document) -> bool:
        """Settle one use of a settled name."""
        for name in self._facts[document.path]:
            for binding in bindings_named(document, name):
                for node in references(document, binding):
                    if is_dependency(document, node) or node.type == "type_identifier":
                        continue
                    if self._decides(document, node):
                        return True
                    edits = fold(document, node, self._known(document))
                    if edits:
                        self.edit(document, edits, [_around(edits, document, node)])
                        return True
        return False

    def _decides(self, document: Document, node: Node) -> bool:
        """Note what a constant comes to whose value a settled name decides; return whether that is news."""
        name = _constant_around(document, node)
        if name is None or name[0] in self._facts[document.path]:
            return False
        constant = self._decided(document, name[1])
        if constant is None or constant == CONFIGURED:
            return False
        self._facts[document.path][name[0]] = constant
        self.suspect(document.path, (name[0],))
        return True

    def _fold_environment(self, document: Document) -> bool:
        """Settle a question that asks the environment itself for what only sessions needed."""
        known = self._known(document)
        for node in document.find("member_expression"):
            if known(node) is None:
                continue
            edits = fold(document, node, known)
            if edits:
                self.edit(document, edits, [_around(edits, document, node)])
                return True
        return False

    def _still_set(self, document: Document) -> bool:
        """Take out what still sets a state that nobody reads any more."""
        for name in self._suspects[document.path]:
            state = state_of(document, name)
            if state is None or any(references(document, each) for each in bindings_named(document, state.name)):
                continue
            binding = bindings_named(document, name)[0]
            calls = setter_calls(document, binding)
            if calls:
                self.edit(document, [remove_statement(document, calls[0])], [calls[0]])
                return True
        return False

    # Unused names

    def _remove_unused(self, document: Document) -> bool:
        for name in self._suspects[document.path]:
            for binding in bindings_named(document, name):
                if (document.path, name) in self._kept or not self._is_unused(document, binding):
                    continue
                edits, gone, target = remove_binding(document, binding, Resolver(self._texts))
                if not edits:
                    self._kept.add((document.path, name))
                    continue
                self.edit(document, edits, gone)
                if target is not None and binding.imported is not None:
                    self.suspect(target, (binding.imported.imported, binding.name))
                return True
        return False

    def _is_unused(self, document: Document, binding: ScopedName) -> bool:
        uses = [node for node in references(document, binding) if not is_dependency(document, node)]
        own = binding.declaration
        # A function that calls itself is not used for that.
        if any(not own.start_byte <= node.start_byte < own.end_byte for node in uses):
            return False
        state = state_of(document, binding.name)
        if state is not None and any(references(document, each) for each in bindings_named(document, state.name)):
            return False
        names = [export.name for export in exports(document) if _exports(document, export.value, binding)]
        return not names or (self._is_module(document) and not any(self._imported(document, each) for each in names))

    def _is_module(self, document: Document) -> bool:
        """Return whether only imports reach what a file exports; a framework starts the others by their place."""
        return not (
            _STARTED_IN.search(f"{document.path.parent.as_posix()}/") and _STARTED.fullmatch(document.path.name)
        )

    def _imported(self, document: Document, name: str) -> bool:
        """Return whether another file of the project may import a name from a file."""
        resolver = Resolver(self._texts)
        stem = document.path.parent.name if document.path.stem == "index" else document.path.stem
        for path in self._texts.web_paths():
            other = self._texts.document(path) if path != document.path and self._texts.mentions(path, stem) else None
            taken = _taken(other) if other is not None else ()
            asked = (specifier for specifier, names in taken if name in names or "*" in names)
            if any(resolver.resolve(path, each) == document.path for each in asked if _may_be_of_the_project(each)):
                return True
        return False


_STARTED_IN = re.compile(r"/(?:app|pages|routes|api|functions|server)/")
_STARTED = re.compile(r"(?:\+\w+|[\w.\[\]-]+)\.[cm]?[jt]sx?")


def _constant_around(document: Document, node: Node) -> tuple[str, Node] | None:
    """Return the name and the value of the constant in whose value a name is used, in no function of it."""
    for each in ancestors(node):
        if each.type in FUNCTIONS or each.type.endswith("_statement"):
            return None
        if each.type == "variable_declarator":
            name, value = field(each, "name"), field(each, "value")
            binding = lookup(document, name) if name is not None and name.type == "identifier" else None
            is_constant = binding is not None and binding.kind is ScopedKind.CONST
            return (document.text(name), value) if name is not None and value is not None and is_constant else None
    return None


def _around(edits: list[Edit], document: Document, node: Node) -> Node:
    """Return the smallest node around a use that covers what edits change."""
    start, end = min(edit.at.start for edit in edits), max(edit.at.end for edit in edits)
    current = node
    while current.parent is not None and not (
        document.location(current).start <= start and end <= document.location(current).end
    ):
        current = current.parent
    return current if current.type != "program" else node


def _exports(document: Document, value: Node | None, binding: ScopedName) -> bool:
    if value is None:
        return False
    if value.type == "identifier" and value.start_byte != binding.node.start_byte:
        return lookup(document, value) is binding
    return value.start_byte == binding.declaration.start_byte or field(binding.declaration, "value") == value


def _taken(other: Document) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield what a file takes from others: a specifier, and the names; `*` for all."""
    for each in imports(other):
        names = tuple(name.imported for name in each.names)
        yield each.specifier, names if each.kind == "static" else ("*",)
    for export in exports(other):
        if export.specifier is not None:
            yield export.specifier, (export.imported or "*",)


def _may_be_of_the_project(specifier: str) -> bool:
    return is_local(specifier) or specifier.startswith(("@", "~", "#")) or "/" in specifier
