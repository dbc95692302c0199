"""Schemas of zod as pydantic models."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from chatkit_doctor.migrate.workflow.ts_expressions import Untranslatable
from chatkit_doctor.web.literals import key_text
from chatkit_doctor.web.tree import field, without_comments

if TYPE_CHECKING:
    from tree_sitter import Node

    from chatkit_doctor.web.document import Document

_TYPES = {
    "string": "str",
    "number": "float",
    "boolean": "bool",
    "any": "object",
    "unknown": "object",
    "date": "str",
    "int": "int",
}
# What narrows a type without changing it.
_NARROWING = frozenset({"describe", "min", "max", "email", "url", "default", "length", "regex", "nonempty", "strict"})


class Schemas:
    """Writes the models of one document; those that nest are written before what they stand in."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._pending: list[str] = []

    def models(self, name: str, value: Node) -> list[str]:
        """Return the lines of a model and of those in it. Raises Untranslatable."""
        self.keep(name, value)
        return self.pending()[:-2]

    def keep(self, name: str, value: Node) -> None:
        """Note a model that the next definition needs."""
        fields = list(self.fields(value, name))
        body = [f"    {key}: {kind}" for key, kind in fields] or ["    pass"]
        self._pending += [f"class {name}(BaseModel):", *body, "", ""]

    def pending(self) -> list[str]:
        """Return the lines of the models noted since, each with two blank lines behind it."""
        found, self._pending = self._pending, []
        return found

    def fields(self, value: Node, owner: str) -> Iterator[tuple[str, str]]:
        """Yield the names and types of a `z.object`. Raises Untranslatable."""
        method, arguments, _ = self._called(value)
        if method != "object" or not arguments:
            raise Untranslatable(value)
        for each in without_comments(arguments[0]):
            key, inner = field(each, "key"), field(each, "value")
            name = key_text(self._document, key) if key is not None else None
            if name is None or inner is None or not name.isidentifier():
                raise Untranslatable(each)
            yield name, self._type(inner, f"{owner}__{name[:1].upper()}{name[1:]}")

    def _type(self, value: Node, name: str) -> str:
        if value.type == "identifier":
            return self._document.text(value)
        method, arguments, before = self._called(value)
        if before is not None and method in _NARROWING:
            return self._type(before, name)
        if before is not None and method in {"nullable", "optional", "nullish"}:
            return f"{self._type(before, name)} | None"
        match method:
            case "object":
                self.keep(name, value)
                return name
            case "array" if arguments:
                return f"list[{self._type(arguments[0], f'{name}Item')}]"
            case "enum" | "literal" if arguments:
                given = without_comments(arguments[0]) if arguments[0].type == "array" else arguments
                return f"Literal[{', '.join(self._document.text(each) for each in given)}]"
            case kind if kind in _TYPES:
                return _TYPES[kind]
        raise Untranslatable(value)

    def _called(self, value: Node) -> tuple[str, list[Node], Node | None]:
        """Return the last method of a chain, its arguments, and what it is called on where that is a chain as well."""
        function, arguments = field(value, "function"), field(value, "arguments")
        owner, method = (field(function, name) if function is not None else None for name in ("object", "property"))
        if owner is None or method is None:
            raise Untranslatable(value)
        given = without_comments(arguments) if arguments is not None else []
        return self._document.text(method), given, owner if owner.type == "call_expression" else None
