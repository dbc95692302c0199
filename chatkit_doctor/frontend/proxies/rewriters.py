"""Functions and tables of a configuration in JavaScript that say what becomes of a path."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chatkit_doctor.frontend.proxies.model import Step
from chatkit_doctor.frontend.proxies.path_patterns import beginning, regular, replacement
from chatkit_doctor.patterns import regex
from chatkit_doctor.web.evaluation.calls import call_arguments
from chatkit_doctor.web.evaluation.functions import parameter_nodes
from chatkit_doctor.web.evaluation.values import FunctionValue, ObjectValue, StringValue, Value
from chatkit_doctor.web.literals import fragment_text, string_text
from chatkit_doctor.web.tree import field, returned_nodes

if TYPE_CHECKING:
    from tree_sitter import Node

    from chatkit_doctor.web.document import Document

_REPLACERS = frozenset({"replace", "replaceAll"})
_ALL = regex("^.*$")


def steps_of_function(function: Value | None) -> tuple[Step, ...] | None:
    """Return what `path => path.replace(…)`, a template around the path, or a text in its place makes of a path."""
    if not isinstance(function, FunctionValue):
        return None
    document, parameters = function.document, parameter_nodes(function.node)
    returned = returned_nodes(function.node)
    if len(returned) != 1:
        return None
    pattern = (field(parameters[0], "pattern") or parameters[0]) if parameters else None
    name = document.text(pattern) if pattern is not None and pattern.type == "identifier" else None
    body = field(function.node, "body")
    if body is not None and body.type == "statement_block" and len(body.named_children) != 1:
        return None
    return _steps(document, returned[0], name)


def _steps(document: Document, node: Node, name: str | None) -> tuple[Step, ...] | None:
    if node.type == "parenthesized_expression":
        return _steps(document, node.named_children[0], name)
    if node.type == "identifier":
        return () if document.text(node) == name else None
    if node.type == "call_expression":
        return _replaced(document, node, name)
    text = string_text(document, node)
    if text is not None:
        return ((_ALL, text.replace("\\", r"\\")),)
    return _around(document, node, name) if node.type == "template_string" else None


def _replaced(document: Document, call: Node, name: str | None) -> tuple[Step, ...] | None:
    function, given = field(call, "function"), call_arguments(call)
    owner, method = (field(function, "object"), field(function, "property")) if function is not None else (None, None)
    if owner is None or method is None or document.text(method) not in _REPLACERS or len(given) != 2:
        return None
    before, pattern = _steps(document, owner, name), _pattern(document, given[0])
    text = string_text(document, given[1])
    put = replacement(text) if text is not None else None
    return (*before, (pattern, put)) if before is not None and pattern is not None and put is not None else None


def _pattern(document: Document, node: Node) -> re.Pattern[str] | None:
    """Return what a pattern or a text that is replaced finds; where it is found more than once matters to nobody."""
    if node.type == "regex":
        written, flags = field(node, "pattern"), field(node, "flags")
        found = regular(document.text(written), document.text(flags) if flags is not None else "") if written else None
        # One that may be found anywhere may be found twice.
        return found if found is not None and found.pattern.startswith("^") else None
    text = string_text(document, node)
    # A beginning is where paths have what is taken off them, once.
    return beginning(text) if text is not None and text.startswith("/") else None


def _around(document: Document, node: Node, name: str | None) -> tuple[Step, ...] | None:
    """Return what a template puts before the path that ends it."""
    *head, last = node.named_children
    is_path = last.type == "template_substitution" and _steps(document, last.named_children[0], name) == ()
    if not is_path or any(each.type == "template_substitution" for each in head):
        return None
    text = "".join(fragment_text(document, each) for each in head)
    return ((re.compile("^"), text.replace("\\", r"\\")),)


def steps_of_table(table: Value | None) -> tuple[Step, ...] | None:
    """Return what a table of patterns and replacements, such as `{ '^/api': '' }`, makes of a path.

    Checked against http-proxy-middleware 2.0 and 3.0: the first pattern that is found is replaced, and no other. A
    table of several is known only where no path can match two of them, which is not looked into: it is known for one.
    """
    if not isinstance(table, ObjectValue) or not table.complete or len(table.entries) > 1:
        return None
    found: list[Step] = []
    for written, entry in table.entries.items():
        pattern = regular(written)
        put = replacement(entry.value.text) if isinstance(entry.value, StringValue) else None
        if pattern is None or put is None or entry.optional:
            return None
        found.append((pattern, put))
    return tuple(found)
