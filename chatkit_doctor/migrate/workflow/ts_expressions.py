"""Expressions of a TypeScript export in Python, as far as what Agent Builder writes goes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from chatkit_doctor.records import dataclass, field
from chatkit_doctor.web.literals import key_text
from chatkit_doctor.web.tree import field as child
from chatkit_doctor.web.tree import without_comments

if TYPE_CHECKING:
    from tree_sitter import Node

    from chatkit_doctor.web.document import Document

_OPERATORS = {"===": "==", "!==": "!=", "&&": "and", "||": "or"}
_SAME_OPERATORS = frozenset({"==", "!=", "<", ">", "<=", ">=", "+", "-", "*", "/", "%"})
_PLAIN = {"true": "True", "false": "False", "null": "None", "undefined": "None"}
_METHODS = {
    "toLowerCase": "lower",
    "toUpperCase": "upper",
    "trim": "strip",
    "startsWith": "startswith",
    "endsWith": "endswith",
}
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "0": "\0", "\n": ""}
# The helpers of an export that ask what its guardrails have said, and where that stands in app/checks.py.
_OF_CHECKS = {
    "guardrailsHasTripwire": "has_tripwire",
    "getGuardrailSafeText": "safe_text",
    "buildGuardrailFailOutput": "fail_output",
}
_TRANSPARENT = frozenset({"parenthesized_expression", "as_expression", "non_null_expression", "satisfies_expression"})


class Untranslatable(Exception):  # noqa: N818 - what it is, not that it went wrong
    """A piece of TypeScript that is not carried over; `node` is it."""

    def __init__(self, node: Node) -> None:
        super().__init__(node.type)
        self.node = node


@dataclass(slots=True)
class Expressions:
    """Writes expressions of one document.

    results: the names of runs of agents, each with whether the answer has a schema. lost: names that no statement
    binds in Python, since theirs was not carried over.
    """

    document: Document
    results: dict[str, bool] = field(default_factory=dict)
    lost: set[str] = field(default_factory=set)

    def write(self, node: Node) -> str:
        """Return an expression in Python. Raises Untranslatable."""
        if node.type in _TRANSPARENT:
            return self.write(without_comments(node)[0])
        if node.type in _PLAIN:
            return _PLAIN[node.type]
        writer = self._writers.get(node.type)
        if writer is None:
            raise Untranslatable(node)
        return writer(node)

    def condition(self, node: Node) -> str:
        """Return an expression as it stands behind `if`, without brackets around all of it."""
        written = self.write(node)
        return written[1:-1] if written.startswith("(") and _is_one_bracket(written) else written

    @property
    def _writers(self) -> dict[str, Callable[[Node], str]]:
        return {
            "string": self.text,
            "template_string": self.text,
            "number": self.document.text,
            "identifier": self._name,
            "shorthand_property_identifier": self._name,
            "array": lambda node: f"[{', '.join(self._item(each) for each in without_comments(node))}]",
            "object": lambda node: f"{{{', '.join(self._entry(each) for each in without_comments(node))}}}",
            "member_expression": self._member,
            "subscript_expression": self._member,
            "binary_expression": self._binary,
            "unary_expression": self._unary,
            "ternary_expression": self._ternary,
            "call_expression": self._call,
        }

    def _name(self, node: Node) -> str:
        name = self.document.text(node)
        if name in self.lost:
            raise Untranslatable(node)
        return _PLAIN.get(name, snake(name))

    def _unary(self, node: Node) -> str:
        operator = self.document.text(node.children[0])
        argument = self.write(_child(node, "argument"))
        if operator not in {"!", "-"}:
            raise Untranslatable(node)
        return f"(not {argument})" if operator == "!" else f"-{argument}"

    def _ternary(self, node: Node) -> str:
        condition, yes, no = (self.write(_child(node, name)) for name in ("condition", "consequence", "alternative"))
        return f"({yes} if {condition} else {no})"

    def text(self, node: Node) -> str:
        """Return a string, or a template with what stands in it."""
        pieces: list[tuple[str, bool]] = []
        if node.type == "string":
            pieces.append((unescaped(self.document.text(node)[1:-1]), False))
        else:
            position = node.start_byte + 1
            raw = self.document.text(node).encode()
            for each in node.named_children:
                if each.type != "template_substitution":
                    continue
                pieces.append(
                    (unescaped(raw[position - node.start_byte : each.start_byte - node.start_byte].decode()), False)
                )
                pieces.append((self.write(each.named_children[0]), True))
                position = each.end_byte
            pieces.append((unescaped(raw[position - node.start_byte : -1].decode()), False))
        return _literal(pieces)

    def _item(self, node: Node) -> str:
        if node.type == "spread_element":
            return f"*{self.write(node.named_children[0])}"
        return self.write(node)

    def _entry(self, node: Node) -> str:
        if node.type == "spread_element":
            return f"**{self.write(node.named_children[0])}"
        if node.type == "shorthand_property_identifier":
            return f"{json.dumps(self.document.text(node))}: {self.write(node)}"
        key, value = child(node, "key"), child(node, "value")
        name = key_text(self.document, key) if key is not None else None
        if node.type != "pair" or name is None or value is None:
            raise Untranslatable(node)
        return f"{json.dumps(name, ensure_ascii=False)}: {self.write(value)}"

    def _member(self, node: Node) -> str:
        owner = _child(node, "object")
        if node.type == "subscript_expression":
            return f"{self.write(owner)}[{self.write(_child(node, 'index'))}]"
        name = self.document.text(_child(node, "property"))
        base = self.document.text(owner)
        if base in self.results and name == "finalOutput":
            return f"{snake(base)}.final_output" + (".model_dump()" if self.results[base] else "")
        if name == "length":
            return f"len({self.write(owner)})"
        return f"{self.write(owner)}[{json.dumps(name)}]"

    def _binary(self, node: Node) -> str:
        operator = self.document.text(_child(node, "operator"))
        left, right = self.write(_child(node, "left")), self.write(_child(node, "right"))
        if operator == "??":
            return left if right == '""' else f"({left} if {left} is not None else {right})"
        if operator not in _OPERATORS and operator not in _SAME_OPERATORS:
            raise Untranslatable(node)
        if right == "None" and operator in {"===", "==", "!==", "!="}:
            return f"({left} is {'not ' if operator.startswith('!') else ''}None)"
        return f"({left} {_OPERATORS.get(operator, operator)} {right})"

    def _call(self, node: Node) -> str:
        function, given = _child(node, "function"), without_comments(_child(node, "arguments"))
        name = self.document.text(function)
        if name == "JSON.stringify" and given:
            inner = self.write(given[0])
            is_model = inner.endswith(".final_output.model_dump()")
            return (
                inner.replace(".model_dump()", ".model_dump_json()")
                if is_model
                else f"json.dumps({inner}, ensure_ascii=False)"
            )
        if name in _OF_CHECKS and given:
            return f"{self.write(_without_default(given[0]))}.{_OF_CHECKS[name]}"
        if name == "String" and len(given) == 1:
            return f"str({self.write(given[0])})"
        owner, method = child(function, "object"), child(function, "property")
        if owner is not None and method is not None:
            called = self.document.text(method)
            if called == "includes" and len(given) == 1:
                return f"({self.write(given[0])} in {self.write(owner)})"
            if called in _METHODS:
                return f"{self.write(owner)}.{_METHODS[called]}({', '.join(map(self.write, given))})"
        raise Untranslatable(node)


def _without_default(node: Node) -> Node:
    """Return what is meant where a default stands behind it: `results ?? []`."""
    return _child(node, "left") if node.type == "binary_expression" else node


def _is_one_bracket(text: str) -> bool:
    """Return whether the bracket that opens a text is closed at its end and not before."""
    depth = 0
    for index, character in enumerate(text):
        depth += {"(": 1, ")": -1}.get(character, 0)
        if depth == 0:
            return index == len(text) - 1
    return False


def snake(name: str) -> str:
    """Return a name as Python writes it; what begins with a capital is a class and stays."""
    if name[:1].isupper():
        return name
    return re.sub(r"(?<=[a-z0-9])([A-Z])", lambda match: f"_{match[1].lower()}", name)


def unescaped(raw: str) -> str:
    """Return the text that a string or template literal stands for, from what stands between its quotes."""

    def plain(match: re.Match[str]) -> str:
        code = match[1]
        if code[0] in "xu" and len(code) > 1:
            return chr(int(code.strip("xu{}"), 16))
        return _ESCAPES.get(code, code)

    return re.sub(r"\\(u\{[0-9a-fA-F]+\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.|\n)", plain, raw, flags=re.DOTALL)


def _literal(pieces: list[tuple[str, bool]]) -> str:
    """Return texts and expressions as one Python literal, on several lines where the text has them."""
    if any(is_code and ('"' in text or "\\" in text) for text, is_code in pieces):
        # Before 3.12 an f-string takes neither its own quotes nor a backslash in its code.
        pieces = [
            (text.replace('"', "'") if is_code and "'" not in text else text, is_code) for text, is_code in pieces
        ]
    if any(is_code and ('"' in text or "\\" in text) for text, is_code in pieces):
        plain = _literal(
            [("\0" if is_code else text.replace("{", "{{").replace("}", "}}"), False) for text, is_code in pieces]
        )
        values = ", ".join(text for text, is_code in pieces if is_code)
        return f"{plain.replace(_escaped(chr(0)), '{}').replace(chr(0), '{}')}.format({values})"
    has_code = any(is_code for _, is_code in pieces)
    is_long = any("\n" in text for text, is_code in pieces if not is_code)
    escape: Callable[[str], str] = _escaped_long if is_long else _escaped
    body = "".join(
        f"{{{text}}}" if is_code else escape(text.replace("{", "{{").replace("}", "}}") if has_code else text)
        for text, is_code in pieces
    )
    quote = '"""' if is_long else '"'
    return f"{'f' if has_code else ''}{quote}{body}{quote}"


def _escaped(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]


def _escaped_long(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _child(node: Node, name: str) -> Node:
    found = child(node, name)
    if found is None:
        raise Untranslatable(node)
    return found
