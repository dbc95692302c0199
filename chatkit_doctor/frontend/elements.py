"""Whether an expression is the `<openai-chatkit>` element, by how it was got, its type or its name."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from chatkit_doctor.contracts.web_names import TAG
from chatkit_doctor.patterns import regex
from chatkit_doctor.web.around import functions_around
from chatkit_doctor.web.evaluation.calls import call_arguments
from chatkit_doctor.web.evaluation.evaluate import unwrapped
from chatkit_doctor.web.markup import elements
from chatkit_doctor.web.modules.resolve import is_local
from chatkit_doctor.web.scopes import ScopedKind, lookup, parameters_of, root_identifier, top_level
from chatkit_doctor.web.tree import FUNCTIONS, field, walk

if TYPE_CHECKING:
    from tree_sitter import Node

    from chatkit_doctor.web.document import Document
    from chatkit_doctor.web.scopes import ScopedName

_TAG_IN_SELECTOR = regex(rf"(?<![\w.#-]){TAG}(?![\w-])")
_ELEMENT_TYPE = regex(rf"\b(?:OpenAIChatKit|ChatKitElement)\b|HTMLElementTagNameMap\[.{TAG}.\]")
_NAMED_FOR_IT = regex(r"chat[-_]?kit", re.IGNORECASE)
# What Angular's templates and classes call the element by.
_TEMPLATE_VARIABLE = regex(rf"<{TAG}\b[^<>]{{0,400}}?\s#(?P<name>\w+)")
_QUERY = regex(
    r"@ViewChild\(\s*['\"](?P<of>\w+)['\"][^()\n]*\)\s*(?:(?:private|public|protected|readonly)\s+)*(?P<field>\w+)"
)
_SIGNAL_QUERY = regex(
    r"(?<!\w)(?P<field>\w++)\s*+=\s*+viewChild(?:\.required)?\s*+(?:<[^(\n]{0,200}>)?\(\s*['\"](?P<of>\w+)['\"]"
)
_FILLERS = frozenset({"ref", "bind:this"})
_ACTION = "use:"
# Members of a box that hold what is in it.
_BOXES = frozenset({"current", "value"})
_NOTHING = frozenset({"null", "undefined"})
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
    if current.type == "call_expression" and _call_gives_element(document, current):
        return None
    if current.type == "subscript_expression" and _is_jquery(document, field(current, "object") or current):
        return None
    return None if current.type == "member_expression" and _is_named_ref(document, current) else current


def _is_named_ref(document: Document, member: Node) -> bool:
    """Return whether a member is a Vue component's `this.$refs.name`, or of an Angular field that a query fills."""
    owner, name = field(member, "object"), field(member, "property")
    if owner is None or name is None:
        return False
    if document.text(owner) in {"this.$refs", "$refs"}:
        return _is_ref(document, document.text(name))
    if document.text(name) != "nativeElement":
        return False
    queried = unwrapped(owner)
    queried = field(queried, "function") or queried  # a query that is a signal
    return document.text(field(queried, "property") or queried) in document.derive(_queried_names)


def _queried_names(document: Document) -> frozenset[str]:
    """Return the fields that Angular fills with the element: `@ViewChild("name") f`, `f = viewChild("name")`."""
    text = document.source.text
    names = {match["name"] for match in _TEMPLATE_VARIABLE.finditer(text)}
    found = (match for pattern in (_QUERY, _SIGNAL_QUERY) for match in pattern.finditer(text))
    return frozenset(each["field"] for each in found if each["of"] in names)


def _is_ref(document: Document, wanted: str) -> bool:
    """Return whether the template of the same file gives this name to the element."""
    return wanted in document.derive(_refs)


def _refs(document: Document) -> frozenset[str | None]:
    return frozenset(each.text("ref") for each in elements(document, TAG))


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
    """Return (by node id) the declared names that the `ref`s and actions of the elements in a document fill."""
    found: list[ScopedName | None] = []
    for element in elements(document, TAG):
        for name, attribute in element.attributes.items():
            if name in _FILLERS and attribute.expression is not None:
                found.append(_filled_by(document, attribute.expression))
            elif name in _FILLERS and attribute.text:
                found.append(top_level(document, attribute.text.strip("{} ")))
            elif name.startswith(_ACTION):
                found.append(top_level(document, document.text(attribute.node)[len(_ACTION) :].partition("=")[0]))
    found += [_first_parameter(document, each) for each in found]
    return frozenset(binding.node.id for binding in found if binding is not None)


def _first_parameter(document: Document, binding: ScopedName | None) -> ScopedName | None:
    """Return the first parameter of a function by the function's name, None where the name is none of a function."""
    if binding is None:
        return None
    value = field(binding.declaration, "value") if binding.kind is not ScopedKind.FUNCTION else binding.declaration
    function = unwrapped(value) if value is not None else None
    names = parameters_of(function) if function is not None and function.type in FUNCTIONS else []
    return lookup(document, names[0]) if names and names[0].type == "identifier" else None


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
            return _selects_element(document, first)
        case "getElementById":
            return _is_id(document, first)
        case "useTemplateRef":
            return _is_ref(document, first)
        case "get":
            return _is_jquery(document, field(function, "object") or function)
    return False


def _is_id(document: Document, wanted: str) -> bool:
    """Return whether the markup of the same file gives this id to the element."""
    return wanted in document.derive(_element_ids)


def _element_ids(document: Document) -> frozenset[str]:
    found = (each.text("id") for each in elements(document, TAG))
    return frozenset(each for each in found if each)


def _where_from(document: Document, node: Node, binding: ScopedName | None) -> Node | None:
    """Return the expression that a bare expression gets its value from: a ref's owner, a variable's initial value."""
    if node.type in {"member_expression", "subscript_expression"}:
        return _owner_of(document, node)
    if binding is None:
        return None
    if binding.kind is ScopedKind.PARAMETER:
        return _argument(document, binding)
    if (value := field(binding.declaration, "value")) is not None and value.type not in _NOTHING:
        return value
    sets = [each.values[0] for each in binding.writes if each.is_of_name and each.values]
    sets = [each for each in sets if each.type not in _NOTHING]
    return sets[0] if len(sets) == 1 else None


def _owner_of(document: Document, node: Node) -> Node | None:
    """Return what has a member that leads to the element: a ref, or `this` by what the member is set to."""
    owner, name = field(node, "object"), field(node, "property")
    if owner is None or name is None:
        return None
    if owner.type == "this":
        sets = document.derive(_set_members).get(document.text(name), [])
        return sets[0] if len(sets) == 1 else None
    return owner if document.text(name) in _BOXES else None


def _set_members(document: Document) -> dict[str, list[Node]]:
    """Return what a file sets the members of `this` to, by their names; what it sets to nothing is left out."""
    found: dict[str, list[Node]] = {}
    pairs = [(field(each, "left"), field(each, "right")) for each in document.find("assignment_expression")]
    for left, right in pairs:
        owner = field(left, "object") if left is not None else None
        name = field(left, "property") if left is not None else None
        if owner is not None and owner.type == "this" and name is not None and right is not None:
            found.setdefault(document.text(name), []).append(right)
    for member in document.find("public_field_definition", "field_definition"):
        key, value = field(member, "name") or field(member, "property"), field(member, "value")
        if key is not None and value is not None:
            found.setdefault(document.text(key), []).append(value)
    return {name: [each for each in values if each.type not in _NOTHING] for name, values in found.items()}


def _calls_by_name(document: Document) -> dict[str, list[tuple[Node, Node]]]:
    """Return the calls of functions by their plain names, each with the name."""
    found: dict[str, list[tuple[Node, Node]]] = {}
    for call in document.find("call_expression"):
        callee = field(call, "function")
        if callee is not None and callee.type == "identifier":
            found.setdefault(document.text(callee), []).append((call, callee))
    return found


def _argument(document: Document, binding: ScopedName) -> Node | None:
    """Return what the file's calls of a function give for a parameter, where it is called once."""
    function = next(iter(functions_around(document, binding.node)), None)
    named = parameters_of(function) if function is not None else []
    if function is None or binding.node not in named:
        return None
    holder = function if function.type.endswith("_declaration") else function.parent
    name = field(holder, "name") if holder is not None else None
    declared = lookup(document, name) if name is not None and name.type == "identifier" else None
    named_so = document.derive(_calls_by_name).get(declared.name, ()) if declared is not None else ()
    calls = list(islice((call for call, callee in named_so if lookup(document, callee) is declared), 2))
    arguments = call_arguments(calls[0]) if len(calls) == 1 else []
    index = named.index(binding.node)
    return arguments[index] if index < len(arguments) else None


def _is_jquery(document: Document, node: Node) -> bool:
    call = unwrapped(node)
    function = field(call, "function") if call.type == "call_expression" else None
    arguments = call_arguments(call) if function is not None else []
    if function is None or not arguments or document.text(function) not in {"$", "jQuery"}:
        return False
    return _selects_element(document, document.text(arguments[0])[1:-1])


def _selects_element(document: Document, selector: str) -> bool:
    return bool(_TAG_IN_SELECTOR.search(selector)) or (selector[:1] == "#" and _is_id(document, selector[1:]))
