"""Whether an expression is the `<openai-chatkit>` element, by how it was got, its type or its name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chatkit_doctor.contracts.web_names import TAG
from chatkit_doctor.patterns import regex
from chatkit_doctor.web.evaluation.evaluate import unwrapped
from chatkit_doctor.web.markup import elements
from chatkit_doctor.web.modules.resolve import is_local
from chatkit_doctor.web.scopes import ScopedKind, lookup, root_identifier, top_level
from chatkit_doctor.web.tree import field, walk

if TYPE_CHECKING:
    from tree_sitter import Node

    from chatkit_doctor.web.document import Document
    from chatkit_doctor.web.scopes import ScopedName

_TAG_IN_SELECTOR = regex(rf"(?<![\w.#-]){TAG}(?![\w-])")
_ELEMENT_TYPE = regex(rf"\b(?:OpenAIChatKit|ChatKitElement)\b|HTMLElementTagNameMap\[.{TAG}.\]")
_NAMED_FOR_IT = regex(r"chat[-_]?kit", re.IGNORECASE)
_MAX_HOPS = 6


def is_chatkit_element(document: Document, node: Node) -> bool:
    """Return whether an expression is surely the element: looked up or made by its tag, a ref of it, or typed as it."""
    current: Node | None = node
    for _ in range(_MAX_HOPS):
        if current is None:
            return False
        inner = _bare(document, current)
        if inner is None:
            return True
        binding = lookup(document, inner) if inner.type == "identifier" else None
        if binding is not None and _declares_element(document, binding):
            return True
        current = _where_from(document, inner, binding)
    return False


def is_named_for_chatkit(document: Document, node: Node) -> bool:
    """Return whether the words of an expression name ChatKit and it is no import from another package."""
    root = root_identifier(unwrapped(node))
    binding = lookup(document, root) if root is not None else None
    if binding is not None and binding.kind is ScopedKind.IMPORT and binding.imported is not None:
        specifier = binding.imported.specifier
        if not is_local(specifier) and not specifier.startswith("@openai/"):
            return False
    words = (each for each in walk(node) if each.type in {"identifier", "property_identifier", "string_fragment"})
    return any(_NAMED_FOR_IT.search(document.text(each)) for each in words)


def _bare(document: Document, node: Node) -> Node | None:
    """Return an expression without parentheses, assertions and `await`; None if what is seen makes it the element."""
    current = node
    while (inner := _unwrapped_once(current)) is not None:
        if current.type in {"as_expression", "type_assertion"} and _ELEMENT_TYPE.search(document.text(current)):
            return None
        current = inner
    return None if current.type == "call_expression" and _call_gives_element(document, current) else current


def _unwrapped_once(node: Node) -> Node | None:
    if node.type == "await_expression":
        return node.named_children[0] if node.named_children else None
    inner = node.named_children[-1:] if node.type == "type_assertion" else node.named_children[:1]
    is_wrapper = unwrapped(node) != node
    return inner[0] if is_wrapper and inner else None


def _declares_element(document: Document, binding: ScopedName) -> bool:
    """Return whether a declaration is typed as the element, or is what a `ref` of the element fills."""
    if binding.node.id in document.derive(_ref_names):
        return True
    annotation = field(binding.declaration, "type")
    return annotation is not None and bool(_ELEMENT_TYPE.search(document.text(annotation)))


def _ref_names(document: Document) -> frozenset[int]:
    """Return (by node id) the declared names that the `ref`s of the elements in a document fill."""
    found: list[ScopedName | None] = []
    for element in elements(document, TAG):
        for name in ("ref", "bind:this"):
            attribute = element.attributes.get(name)
            if attribute is not None and attribute.expression is not None:
                found.append(_filled_by(document, attribute.expression))
            elif attribute is not None and attribute.text:
                found.append(top_level(document, attribute.text.strip("{} ")))
    return frozenset(binding.node.id for binding in found if binding is not None)


def _filled_by(document: Document, expression: Node) -> ScopedName | None:
    """Return what `ref={name}` and `ref={(name) => …}` fill."""
    if expression.type == "identifier":
        return lookup(document, expression)
    body, single = field(expression, "body"), field(expression, "parameter")
    listed = field(expression, "parameters")
    parameter = single or (listed.named_children[0] if listed is not None and listed.named_children else None)
    name = root_identifier(field(parameter, "pattern") or parameter) if parameter is not None else None
    return lookup(document, body, document.text(name)) if body is not None and name is not None else None


def _call_gives_element(document: Document, call: Node) -> bool:
    function, arguments = field(call, "function"), field(call, "arguments")
    if function is None or arguments is None:
        return False
    types = field(call, "type_arguments")
    if types is not None and _ELEMENT_TYPE.search(document.text(types)):
        return True
    method = document.text(field(function, "property") or function)
    first = document.text(arguments.named_children[0])[1:-1] if arguments.named_children else ""
    match method:
        case "querySelector" | "createElement" | "closest":
            return bool(_TAG_IN_SELECTOR.search(first)) or (
                method == "querySelector" and first[:1] == "#" and _is_id(document, first[1:])
            )
        case "getElementById":
            return _is_id(document, first)
    return False


def _is_id(document: Document, wanted: str) -> bool:
    """Return whether the markup of the same file gives this id to the element."""
    return wanted in document.derive(_element_ids)


def _element_ids(document: Document) -> frozenset[str]:
    found = (each.text("id") for each in elements(document, TAG))
    return frozenset(each for each in found if each)


def _where_from(document: Document, node: Node, binding: ScopedName | None) -> Node | None:
    """Return the expression that a bare expression gets its value from: a ref's owner, a variable's initial value."""
    if node.type == "member_expression":
        owner, name = field(node, "object"), field(node, "property")
        is_ref = name is not None and document.text(name) in {"current", "value"}
        return owner if is_ref else None
    return field(binding.declaration, "value") if binding is not None else None
