"""What one release of ChatKit's npm packages accepts, read from its type declarations with tree-sitter.

A type is written as JSON. An atom is a string: `string`, `number`, `boolean`, `null`, `undefined`, `unknown`.
Everything else is an object with one key: `literals` (a list of values), `union`, `array`, `record` (key and
value), `template` (`lucide:${string}`), `function` (its parameter names), `ref` (a named type) or `opaque` (the
source text of what options do not hold). An object type without a name is named after its place, as in
`HeaderOption.title`, so that every key of every object is one datum.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import tree_sitter_javascript
import tree_sitter_typescript
from tree_sitter import Language, Node, Parser

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

Type = str | dict[str, Any]
Facts = dict[str, dict[str, Any]]

TYPESCRIPT = Parser(Language(tree_sitter_typescript.language_typescript()))
JAVASCRIPT = Parser(Language(tree_sitter_javascript.language()))

ATOMS = frozenset({"string", "number", "boolean", "null", "undefined", "unknown", "any", "void", "true", "false"})
ELEMENT = "OpenAIChatKit"  # the interface of the web component: its methods
EVENTS = "ChatKitEvents"  # the type that maps event names to their details
EVENT_PREFIX = "chatkit."
DOM_METHODS = frozenset({"addEventListener", "removeEventListener"})
RESULT = "UseChatKitReturn"  # what the hook returns: the element's methods, and members of its own
CONTROL = "ChatKitControl"  # what the component is given
METHOD_NAMES = "CHATKIT_METHOD_NAMES"  # the tuple in the React types that names what the hook returns


def element_facts(package: Path) -> Facts:
    """Return the facts of one release of @openai/chatkit, unpacked in a folder."""
    reader = Declarations(TYPESCRIPT.parse((package / "types" / "index.d.ts").read_bytes()).root_node)
    for name, node in reader.declared.items():
        if name not in (ELEMENT, EVENTS):
            reader.declare(name, node)
    parameters = dict(method_parameters(reader, reader.declared[ELEMENT]))
    details = dict(detail_types(reader, reader.declared[EVENTS]))
    return {
        "objects": reader.objects,
        "types": reader.types,
        "exports": dict.fromkeys(reader.exported(), "type"),
        "events": dict(event_details(reader.declared[EVENTS])),
        "methods": dict(method_signatures(reader.declared[ELEMENT])),
        "parameters": parameters,
        "details": details,
    }


def react_facts(package: Path) -> Facts:
    """Return the facts of one release of @openai/chatkit-react, unpacked in a folder."""
    reader = Declarations(TYPESCRIPT.parse((package / "dist" / "index.d.ts").read_bytes()).root_node)
    script = JAVASCRIPT.parse((package / "dist" / "index.js").read_bytes()).root_node
    dependencies = json.loads((package / "package.json").read_bytes())["dependencies"]
    return {
        "react_dependencies": dependencies,
        "react_exports": {name: reader.kind(name) for name in reader.exported()},
        "react_methods": dict.fromkeys(tuple_members(reader.root, METHOD_NAMES), True),
        "react_result": dict.fromkeys(own_members(reader.declared[RESULT]), True),
        "react_control": dict.fromkeys(own_members(reader.declared[CONTROL]), True),
        "react_handlers": dict(handler_map(script)),
    }


@dataclass
class Declarations:
    """The type declarations of one file, and what has been read of them."""

    root: Node
    objects: dict[str, dict[str, Any]] = field(default_factory=dict)
    types: dict[str, Type] = field(default_factory=dict)

    def __post_init__(self) -> None:
        kinds = ("type_alias_declaration", "interface_declaration")
        self.declared = {text(child(node, "name")): node for node in self.root_declarations(kinds)}

    def root_declarations(self, kinds: tuple[str, ...]) -> Iterator[Node]:
        """Yield the top-level declarations of some kinds, exported or not."""
        for statement in self.root.named_children:
            for node in (statement, *statement.named_children):
                if node.type in kinds:
                    yield node

    def exported(self) -> Iterator[str]:
        """Yield the names the file itself exports."""
        for statement in self.root.named_children:
            if statement.type != "export_statement":
                continue
            if declaration := statement.child_by_field_name("declaration"):
                yield text(child(declaration, "name"))
            for clause in statement.named_children:
                if clause.type == "export_clause":
                    yield from (exported_name(specifier) for specifier in clause.named_children)

    def kind(self, name: str) -> str:
        """Return whether an exported name is a type only, or a value at run time as well."""
        return "type" if name in self.declared else "value"

    def declare(self, name: str, node: Node) -> None:
        """Read one named type: an object's keys go to `objects`, anything else to `types`."""
        if node.child_by_field_name("type_parameters"):
            return
        value = node.child_by_field_name("value") or child(node, "body")
        if value.type in ("object_type", "interface_body"):
            self.objects[name] = dict(self.keys(value, name))
        else:
            self.types[name] = self.read(value, name)

    def keys(self, body: Node, place: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield the keys of an object type: what each takes, and whether it must be there."""
        for member in body.named_children:
            if member.type not in ("property_signature", "method_signature"):
                continue
            key = text(child(member, "name")).strip("'\"")
            is_optional = any(token.type == "?" for token in member.children)
            fact: dict[str, Any] = {"type": self.member_type(member, f"{place}.{key}")}
            yield key, fact if is_optional else {**fact, "required": True}

    def member_type(self, member: Node, place: str) -> Type:
        """Return what one key takes."""
        if member.type == "method_signature":
            return {"function": parameter_names(child(member, "parameters"))}
        annotation = member.child_by_field_name("type")
        return self.read(annotation.named_children[0], place) if annotation else "unknown"

    def read(self, node: Node, place: str) -> Type:
        """Return a type as data. `place` names the object types inside it."""
        reader = READERS.get(node.type)
        return (reader(self, node, place) if reader else None) or {"opaque": " ".join(text(node).split())}

    def inner(self, node: Node, place: str) -> Type:
        """Return the type inside parentheses or after `readonly`."""
        return self.read(node.named_children[0], place)

    def array(self, node: Node, place: str) -> Type:
        """Return `T[]`."""
        return {"array": self.inner(node, place)}

    def object(self, node: Node, place: str) -> Type:
        """Return a reference to an object type without a name, which is read under its place."""
        self.objects[place] = dict(self.keys(node, place))
        return {"ref": place}

    def reference(self, node: Node, _: str) -> Type | None:
        """Return a reference to a type of this file; another file's is opaque."""
        return {"ref": text(node)} if text(node) in self.declared else None

    def record(self, node: Node, place: str) -> Type | None:
        """Return `Record<K, V>`; any other generic type is opaque."""
        if text(child(node, "name")) != "Record":
            return None
        arguments = child(node, "type_arguments").named_children
        return {"record": [self.read(argument, f"{place}[]") for argument in arguments]}

    def union_of(self, node: Node, place: str) -> Type:
        """Return `A | B | …`."""
        return self.union(list(union_members(node)), place)

    def union(self, members: list[Node], place: str) -> Type:
        """Return a union: its literals together first, then its other members in order."""
        several = sum(member.type == "object_type" for member in members) > 1
        read = [self.read(member, f"{place}#{n}" if several else place) for n, member in enumerate(members, start=1)]
        literals = [value for member in read if isinstance(member, dict) for value in member.get("literals", ())]
        others: list[Type] = [member for member in read if isinstance(member, str) or "literals" not in member]
        if not literals:
            return {"union": others}
        return {"union": [{"literals": literals}, *others]} if others else {"literals": literals}


def function(_: Declarations, node: Node, __: str) -> Type:
    """Return a function type by its parameter names."""
    return {"function": parameter_names(child(node, "parameters"))}


def template(_: Declarations, node: Node, __: str) -> Type:
    """Return a template literal type by its text."""
    return {"template": text(node).strip("`")}


def type_query(_: Declarations, node: Node, __: str) -> Type | None:
    """Return the browser's `fetch` as the function it is; other values' types are opaque."""
    return {"function": ["input", "init"]} if text(node) == "typeof fetch" else None


def atom(_: Declarations, node: Node, __: str) -> Type:
    """Return a predefined type or one literal value."""
    return atom_or_literal(node)


READERS: dict[str, Callable[[Declarations, Node, str], Type | None]] = {
    "union_type": Declarations.union_of,
    "literal_type": atom,
    "predefined_type": atom,
    "parenthesized_type": Declarations.inner,
    "readonly_type": Declarations.inner,
    "array_type": Declarations.array,
    "object_type": Declarations.object,
    "function_type": function,
    "template_literal_type": template,
    "type_identifier": Declarations.reference,
    "generic_type": Declarations.record,
    "type_query": type_query,
}


def union_members(node: Node) -> Iterator[Node]:
    """Yield the members of a union, which the grammar nests to the left."""
    for member in node.named_children:
        if member.type == "union_type":
            yield from union_members(member)
        elif member.type != "comment":
            yield member


def atom_or_literal(node: Node) -> Type:
    """Return a predefined type, `null`, or one literal value."""
    written = text(node)
    if written in ATOMS - {"true", "false"}:
        return "unknown" if written == "any" else written
    if written in ("true", "false"):
        return {"literals": [written == "true"]}
    if written[0] in "'\"":
        return {"literals": [written[1:-1]]}
    return {"literals": [float(written) if "." in written else int(written)]}


def parameter_names(parameters: Node) -> list[str]:
    """Return the names of a function type's parameters."""
    return [text(child(parameter, "pattern")) for parameter in parameters.named_children if parameter.type != "comment"]


def method_parameters(reader: Declarations, declaration: Node) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield each method of the element with the name and the type of its parameters, and whether they must be there."""
    for member in child(declaration, "body").named_children:
        if member.type != "method_signature" or text(child(member, "name")) in DOM_METHODS:
            continue
        method = text(child(member, "name"))
        parameters = [each for each in child(member, "parameters").named_children if each.type != "comment"]
        yield method, [parameter(reader, each, method) for each in parameters]


def parameter(reader: Declarations, node: Node, method: str) -> dict[str, Any]:
    """Return one parameter of a method as data."""
    name = text(child(node, "pattern"))
    fact = {"name": name, "type": reader.member_type(node, f"{ELEMENT}.{method}.{name}")}
    return fact if node.type == "optional_parameter" else {**fact, "required": True}


def detail_types(reader: Declarations, declaration: Node) -> Iterator[tuple[str, Type]]:
    """Yield each event with the type of its detail."""
    for member in child(declaration, "value").named_children:
        if member.type == "property_signature":
            event = text(child(member, "name")).strip("'\"")
            yield event, reader.read(event_detail(member), f"{EVENTS}.{event}")


def own_members(declaration: Node) -> Iterator[str]:
    """Yield the names that an object type, or an intersection with one, writes itself."""
    for node in walk(child(declaration, "value")):
        if node.type == "property_signature":
            yield text(child(node, "name"))


def event_details(declaration: Node) -> Iterator[tuple[str, str]]:
    """Yield each event and the text of its detail's type."""
    for member in child(declaration, "value").named_children:
        if member.type == "property_signature":
            yield text(child(member, "name")).strip("'\""), " ".join(text(event_detail(member)).split())


def event_detail(member: Node) -> Node:
    """Return the type of the detail that an event of the element has."""
    custom_event = child(member, "type").named_children[0]
    return child(custom_event, "type_arguments").named_children[0]


def method_signatures(declaration: Node) -> Iterator[tuple[str, list[str]]]:
    """Yield each method of the element and its parameter names, without the DOM's own methods."""
    for member in child(declaration, "body").named_children:
        if member.type == "method_signature" and text(child(member, "name")) not in DOM_METHODS:
            yield text(child(member, "name")), parameter_names(child(member, "parameters"))


def tuple_members(root: Node, constant: str) -> Iterator[str]:
    """Yield the strings of `declare const constant: readonly ["…", …]`."""
    for node in walk(root):
        if node.type == "variable_declarator" and text(child(node, "name")) == constant:
            yield from (text(inner) for inner in walk(node) if inner.type == "string_fragment")


def handler_map(root: Node) -> Iterator[tuple[str, str]]:
    """Yield handler and event from the script's object that maps event names to handlers.

    The types promise a handler for every event; which ones are called is what this object says.
    """
    for node in walk(root):
        if node.type == "pair":
            key, value = text(child(node, "key")).strip("'\""), child(node, "value")
            if key.startswith(EVENT_PREFIX) and value.type == "string":
                yield text(value).strip("'\""), key


def exported_name(specifier: Node) -> str:
    """Return the name an export specifier gives to the outside."""
    return text(specifier.child_by_field_name("alias") or child(specifier, "name"))


def walk(node: Node) -> Iterator[Node]:
    """Yield a node and everything below it, in source order."""
    yield node
    for inner in node.named_children:
        yield from walk(inner)


def child(node: Node, name: str) -> Node:
    """Return a field of a node that the grammar always fills."""
    found = node.child_by_field_name(name)
    if found is None:
        message = f"{node.type} without {name}: {text(node)[:80]}"
        raise ValueError(message)
    return found


def text(node: Node) -> str:
    """Return the source text of a node."""
    return (node.text or b"").decode()
