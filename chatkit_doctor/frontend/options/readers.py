"""Who else reads a literal that ChatKit's options are made of: what an edit of it would change for them.

A literal that stands in the options themselves is ChatKit's alone. One in a constant is so where every use of the
constant leads, unchanged, into options of ChatKit, or to another part of it.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from chatkit_doctor.contracts.published import CHATKIT_JS
from chatkit_doctor.frontend.options.sites import app_options
from chatkit_doctor.frontend.options.types import options_type
from chatkit_doctor.frontend.uses import member_of, uses_of
from chatkit_doctor.remembered import remembered
from chatkit_doctor.web.evaluation.calls import library_name
from chatkit_doctor.web.evaluation.values import FunctionValue
from chatkit_doctor.web.literals import key_text
from chatkit_doctor.web.modules.origins import origin
from chatkit_doctor.web.scopes import ScopedName, lookup
from chatkit_doctor.web.tree import ancestors, field, walk

if TYPE_CHECKING:
    from tree_sitter import Node

    from chatkit_doctor.finding import Fix
    from chatkit_doctor.project.app import App
    from chatkit_doctor.web.document import Document

Path = tuple[str | None, ...]

# What hands a value on as it is.
_PLAIN = frozenset(
    {
        *("object", "array", "pair", "spread_element", "parenthesized_expression", "as_expression"),
        *("satisfies_expression", "non_null_expression", "ternary_expression", "jsx_expression"),
    }
)
# What holds or makes a literal under a name, and calls that give back what a function makes.
_OWNERS = frozenset({"variable_declarator", "function_declaration"})
_MEMOS = frozenset({"useMemo", "React.useMemo", "Object.freeze", "useCallback"})
_WRAPPERS = frozenset({"Array", "ReadonlyArray", "Readonly", "Partial", "Required", "NonNullable", "Ref"})
_MAX_HOPS = 6


def for_change(app: App, document: Document, node: Node, fix: Fix | None) -> Fix | None:
    """Return a fix that changes or removes something of a literal; None where somebody else may read that."""
    return fix if fix is not None and not is_read_by_others(app, document, node) else None


def for_addition(app: App, document: Document, node: Node, fix: Fix | None) -> Fix | None:
    """Return a fix that adds something to a literal; None where a type of the app's own describes it."""
    owner, _ = _declarator(document, node, ())
    return fix if fix is not None and not _has_own_type(app, document, node, owner) else None


def is_read_by_others(app: App, document: Document, node: Node) -> bool:
    """Return whether anything but ChatKit may read a literal, or a type of the app's own describes it."""
    return app.derive(_Readers).others(document, node, (), 0)


@remembered
def has_other_readers(app: App, document: Document, node: Node) -> bool:
    """Return whether something that is no part of ChatKit's options reads a literal, by the name of a variable."""
    owner, path = _declarator(document, node, ())
    name = field(owner, "name") if owner is not None else None
    binding = lookup(document, name) if name is not None and name.type == "identifier" else None
    if owner is None or binding is None or binding.declaration != owner:
        return False
    return app.derive(_Readers).are_others(document, binding, path, 0)


class _Readers:
    """Who reads what an app's constants hold, followed through constants that are made of constants."""

    def __init__(self, app: App) -> None:
        self._app = app
        # What is wrong in a constant is wrong wherever it is used, and is asked about there.
        self._are_others: dict[tuple[Document, int, Path, int], bool] = {}

    def others(self, document: Document, node: Node, path: Path, hops: int) -> bool:
        """Return whether somebody else reads what stands at a path below a node."""
        owner, path = _declarator(document, node, path)
        if _has_own_type(self._app, document, node, owner) or self._is_handed_on(document, node):
            return True
        if owner is None:
            return False
        if hops > _MAX_HOPS:
            return True
        name = field(owner, "name")
        if name is None or name.type != "identifier":
            return True
        binding = lookup(document, name)
        if binding is None or binding.declaration != owner or binding.reassigned or binding.mutated:
            return True
        return self.are_others(document, binding, path, hops)

    def _is_handed_on(self, document: Document, node: Node) -> bool:
        """Return whether a function or a component of the app's own gets a literal and may read it as well."""
        child = node
        for parent in ancestors(node):
            if parent.type in _OWNERS or parent.type == "statement_block":
                return False
            if parent.type == "jsx_attribute":
                return True
            if parent.type == "arguments" and parent.parent is not None:
                if (document, child.start_byte, child.end_byte) in self._places:
                    return False
                function = field(parent.parent, "function")
                is_own = function is not None and library_name(document, function) is None
                return is_own and function is not None and _is_of_app(self._app, document, function)
            child = parent
        return False

    def are_others(self, document: Document, binding: ScopedName, path: Path, hops: int) -> bool:
        """Return whether some use of a variable is none of ChatKit's options."""
        question = (document, binding.node.start_byte, path, hops)
        if question not in self._are_others:
            uses = uses_of(self._app, document, binding)
            self._are_others[question] = any(not self._is_chatkits(where, use, path, hops) for where, use in uses)
        return self._are_others[question]

    def _is_chatkits(self, document: Document, use: Node, path: Path, hops: int) -> bool:
        """Return whether a use leads into options of ChatKit as it is, or to another part of the constant."""
        node, rest = use, list(path)
        parent = node.parent
        while parent is not None and parent.type in {"member_expression", "subscript_expression"}:
            name = member_of(document, parent, node)
            if name is None:
                return False
            call = parent.parent
            if rest and rest[0] is None and name == "slice" and call is not None and call.type == "call_expression":
                node, parent = call, call.parent  # a part of the same items
                continue
            if not rest or rest[0] is None:
                return False  # a member of the literal itself, or a method of an array
            if name != rest[0]:
                return True
            rest.pop(0)
            node, parent = parent, parent.parent
        return self._ends_in_options(document, node, tuple(rest), hops)

    def _ends_in_options(self, document: Document, node: Node, rest: Path, hops: int) -> bool:
        """Return whether what holds a node hands it on, as it is, until options of ChatKit have it."""
        current = node
        outer: list[str | None] = []
        while (parent := current.parent) is not None:
            if (document, current.start_byte, current.end_byte) in self._places:
                return True
            if parent.type == "variable_declarator" and current == field(parent, "value"):
                return not self.others(document, current, (*reversed(outer), *rest), hops + 1)
            is_made = parent.type == "call_expression" and current == field(parent, "function")
            if not is_made:
                step = _step(document, parent, current)
                if step is None:
                    return False
                outer += step
            current = parent
        return False

    @cached_property
    def _places(self) -> set[tuple[Document, int, int]]:
        """Return where options are handed to ChatKit, or declared as such."""
        return {
            (use.document, use.node.start_byte, use.node.end_byte)
            for site in app_options(self._app)
            for use in site.uses
        }


def _is_of_app(app: App, document: Document, function: Node) -> bool:
    return isinstance(app.evaluator.evaluate(document, function), FunctionValue)


def _step(document: Document, parent: Node, child: Node) -> list[str | None] | None:
    """Return the name that a part has in what holds it, [] for one without; None where it is not handed on as it is."""
    if parent.type not in _PLAIN:
        return None
    if parent.type == "pair":
        key = field(parent, "key")
        return None if key is None or child == key else [key_text(document, key)]
    if parent.type == "array":
        return [None]
    return [document.text(child)] if child.type == "shorthand_property_identifier" else []


def _declarator(document: Document, node: Node, path: Path) -> tuple[Node | None, Path]:
    """Return the variable that a literal is the value of or a part of, and where in it; None where it has none.

    A function that does nothing but make the literal stands for it: one in `useMemo`, or one that has a name.
    """
    names: list[str | None] = []
    current = node
    while (parent := current.parent) is not None:
        if parent.type in _OWNERS:
            return parent, (*reversed(names), *path)
        if parent.type == "arguments":
            call = parent.parent
            function = field(call, "function") if call is not None else None
            if function is None or document.text(function) not in _MEMOS:
                return None, path
        elif parent.type == "pair" and (key := field(parent, "key")) is not None:
            names.append(key_text(document, key))
        elif parent.type == "array":
            names.append(None)
        current = parent
    return None, path


def _has_own_type(app: App, document: Document, node: Node, owner: Node | None) -> bool:
    """Return whether a type that is none of ChatKit's describes a literal: of its variable, or of a cast around it."""
    types = [field(owner, "type")] if owner is not None else []
    current: Node | None = node
    while current is not None and current != owner:
        if current.type in {"as_expression", "satisfies_expression"}:
            types.append(current.named_children[-1])
        if current.type == "arguments":
            break
        current = current.parent
    return any(each is not None and not _is_of_chatkit(app, document, each) for each in types)


def _is_of_chatkit(app: App, document: Document, annotation: Node) -> bool:
    """Return whether all that a type names comes from ChatKit's packages, or is one of TypeScript's own wrappers."""
    if document.text(annotation) == "const":
        return True
    for node in walk(annotation):
        if node.type == "object_type":
            return False
        if node.type == "type_identifier" and document.text(node) not in _WRAPPERS:
            inner = options_type(app.resolver, document, node)
            found = origin(app.resolver, document, node)
            if inner is None and not (found is not None and found.specifier.startswith(CHATKIT_JS)):
                return False
    return True
