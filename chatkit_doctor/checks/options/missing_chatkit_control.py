"""`<ChatKit>` without the control it works by (CK414)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from chatkit_doctor.contracts.published import CHATKIT_JS, CHATKIT_REACT
from chatkit_doctor.contracts.web_names import COMPONENT, CONTROL, HOOK
from chatkit_doctor.finding import Applicability, Edit, Finding, Fix, SeenAs
from chatkit_doctor.patterns import regex
from chatkit_doctor.project.app import App
from chatkit_doctor.web.around import functions_around
from chatkit_doctor.web.document import Document
from chatkit_doctor.web.evaluation.evaluate import unwrapped
from chatkit_doctor.web.markup import Element, elements
from chatkit_doctor.web.modules.origins import PackageExport, origin
from chatkit_doctor.web.modules.resolve import Resolver
from chatkit_doctor.web.scopes import ScopedKind, lookup
from chatkit_doctor.web.tree import FUNCTIONS, ancestors, field
from chatkit_doctor.web.writing.markup import insert_attribute

if TYPE_CHECKING:
    from tree_sitter import Node

    from chatkit_doctor.source import Location

# The package of types has neither, but is where people import them from as well, or from files in it; that is CK413's.
_PACKAGES = regex(rf"(?:{CHATKIT_REACT}|{CHATKIT_JS})(?:/.*)?")
_FAILS = "so it fails when it is drawn"


def missing_chatkit_control(app: App) -> Iterator[Finding]:
    """Find a `<ChatKit>` that does not get the control of its hook."""
    resolver = app.resolver
    for document in app.documents():
        for element in elements(document):
            name = field(element.tag, "name") if element.is_jsx else None
            if name is None or not _is(COMPONENT, origin(resolver, document, name)):
                continue
            given = element.attributes.get(CONTROL)
            if given is None and not element.spread:
                yield _without(resolver, element, document.location(name))
            elif given is not None and given.expression is not None:
                yield from _whole_result(resolver, document, given.expression)


def _is(name: str, found: PackageExport | None) -> bool:
    """Return whether an export of one of ChatKit's packages is one of a name, or meant to be."""
    return found is not None and found.name == name and _PACKAGES.fullmatch(found.specifier) is not None


def _without(resolver: Resolver, element: Element, at: Location) -> Finding:
    written = ", ".join(name for name in element.attributes if name not in {"className", "style", "ref", "key", "id"})
    control = _control_in_reach(resolver, element.document, element.tag)
    given = f" but {written}" if written else ""
    fix = None
    if control is not None:
        title, text = f"pass {control}", f"{CONTROL}={{{control}}}"
        fix = Fix(title, Applicability.SAFE, lambda: insert_attribute(element, text))
    return Finding(
        "CK414",
        at,
        f"<{element.name}> gets no control{given}, {_FAILS}",
        label="lacks control",
        help=f"pass control={{{control}}}" if control else "pass the control that useChatKit returns",
        seen_as=SeenAs("without"),
        fix=fix,
    )


def _whole_result(resolver: Resolver, document: Document, expression: Node) -> Iterator[Finding]:
    """Yield `control={chatkit}` where chatkit is all that the hook returns."""
    inner = unwrapped(expression)
    made: Node | None = inner
    if inner.type == "identifier":
        binding = lookup(document, inner)
        is_constant = binding is not None and binding.kind is ScopedKind.CONST and binding.path == ()
        made = field(binding.declaration, "value") if binding is not None and is_constant else None
    if made is None or not _is_hook_call(resolver, document, made):
        return
    at = document.location(inner)
    yield Finding(
        "CK414",
        at,
        f"control is all that useChatKit returns, {_FAILS}",
        label="not its control",
        help="pass its member control",
        seen_as=SeenAs("whole"),
        why="The component reads its options and handlers from control, and what the hook returns has neither.",
        fix=Fix(
            "pass its control", Applicability.SAFE, lambda: [Edit(document.source.location(at.end, at.end), ".control")]
        ),
    )


def _is_hook_call(resolver: Resolver, document: Document, node: Node) -> bool:
    call = unwrapped(node)
    function = field(call, "function") if call.type == "call_expression" else None
    return function is not None and _is(HOOK, origin(resolver, document, function))


def _control_in_reach(resolver: Resolver, document: Document, tag: Node) -> str | None:
    """Return the expression for the control of the one call of the hook in the functions around a component."""
    hooks = document.derive(_declarators_by_function)
    found = [
        name
        for function in functions_around(document, tag)
        for declarator, value in hooks.get(function.id, ())
        if _is_hook_call(resolver, document, value)
        if (name := _control_of(document, declarator)) is not None
    ]
    return found[0] if len(found) == 1 else None


def _declarators_by_function(document: Document) -> dict[int, list[tuple[Node, Node]]]:
    """Return the variables that calls give their values, with these, by the function that they stand in."""
    found: dict[int, list[tuple[Node, Node]]] = {}
    for declarator in document.find("variable_declarator"):
        value = field(declarator, "value")
        if value is None or unwrapped(value).type != "call_expression":
            continue
        function = next((each for each in ancestors(declarator) if each.type in FUNCTIONS), None)
        if function is not None:
            found.setdefault(function.id, []).append((declarator, value))
    return found


def _control_of(document: Document, declarator: Node) -> str | None:
    """Return how the control of a declared result of the hook is written: `chatkit.control`, or its own name."""
    name = field(declarator, "name")
    if name is None or name.type == "identifier":
        return f"{document.text(name)}.control" if name is not None else None
    for member in name.named_children:
        if member.type == "shorthand_property_identifier_pattern" and document.text(member) == CONTROL:
            return CONTROL
        key, value = field(member, "key"), field(member, "value")
        if key is not None and value is not None and document.text(key) == CONTROL and value.type == "identifier":
            return document.text(value)
    return None
