"""Abstract evaluation: what an expression can be, followed through constants, scopes, modules and known wrappers.

Where the answer depends on anything that runs, it is an UnknownValue or an object that is not `complete`.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from chatkit_doctor.web.evaluation import calls, composites
from chatkit_doctor.web.evaluation.changes import written
from chatkit_doctor.web.evaluation.classes import class_member, this_member
from chatkit_doctor.web.evaluation.doubts import changed_by_functions
from chatkit_doctor.web.evaluation.functions import parameter_default
from chatkit_doctor.web.evaluation.truth import truthiness
from chatkit_doctor.web.evaluation.values import (
    ArrayValue,
    BooleanValue,
    Choice,
    EnvironmentValue,
    FalsyValue,
    FunctionValue,
    JsxValue,
    NamespaceValue,
    NullValue,
    NumberValue,
    ObjectValue,
    RefValue,
    StringValue,
    TemplateValue,
    UndefinedValue,
    UnknownValue,
    Value,
    choice,
    ternary,
)
from chatkit_doctor.web.literals import fragment_text, string_text
from chatkit_doctor.web.modules.exported import exported_value
from chatkit_doctor.web.scopes import ScopedKind, ScopedName, lookup, root_identifier
from chatkit_doctor.web.tree import FUNCTIONS, field, is_within, without_comments

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tree_sitter import Node

    from chatkit_doctor.budget import Budget
    from chatkit_doctor.web.document import Document
    from chatkit_doctor.web.modules.resolve import Resolver

# Each level costs a handful of Python frames; real options nest less than a dozen deep.
_MAX_DEPTH = 50
_TRANSPARENT = frozenset(
    {"parenthesized_expression", "as_expression", "satisfies_expression", "non_null_expression", "type_assertion"}
)
_PLAIN: dict[str, type[NullValue | UndefinedValue | JsxValue]] = {
    "null": NullValue,
    "undefined": UndefinedValue,
    "jsx_element": JsxValue,
    "jsx_self_closing_element": JsxValue,
    "jsx_fragment": JsxValue,
}
_VARIABLES = frozenset({ScopedKind.CONST, ScopedKind.LET, ScopedKind.VAR, ScopedKind.PARAMETER})
# Calls are followed with their arguments; a program that multiplies them is followed so far.
_MOST_CALLS = 4000
_WINDOWS = frozenset({"window", "globalThis", "self"})


class Evaluator:
    """Evaluates expressions of a project's documents; what was found out is kept, so use one for many."""

    def __init__(self, resolver: Resolver, budget: Budget) -> None:
        self.resolver = resolver
        self._budget = budget
        self.weakened = composites.Weakener()
        self._known: dict[tuple[Document, int], Value] = {}
        # What variables are before anything is assigned to them or their members.
        self._bound: dict[ScopedName, Value | None] = {}
        self._pending: set[tuple[Document, int]] = set()
        self._calls = [_MOST_CALLS]
        self._outer: Evaluator | None = None
        self._function: FunctionValue | None = None
        self._given: Mapping[int, Value] = {}

    def inside(self, function: FunctionValue, given: Mapping[int, Value]) -> Evaluator:
        """Return what evaluates the inside of a function whose parameters, by the ids of their nodes, are known."""
        outer = function.within if isinstance(function.within, Evaluator) else self
        if not given or self._calls[0] <= 0:
            return outer
        self._calls[0] -= 1
        made = Evaluator(self.resolver, self._budget)
        made.weakened, made._pending, made._calls = self.weakened, self._pending, self._calls
        made._outer, made._function, made._given = outer, function, given
        return made

    def evaluate(self, document: Document, node: Node) -> Value:
        """Return what an expression is."""
        node = unwrapped(node)
        if self._outer is not None and not self._is_inside(document, node):
            return self._outer.evaluate(document, node)
        key = (document, node.id)
        if key in self._known:
            return self._known[key]
        if key in self._pending:
            return UnknownValue(document, node, "cycle")
        self._budget.spend()
        if len(self._pending) >= _MAX_DEPTH:
            return UnknownValue(document, node, "too deep")
        self._pending.add(key)
        try:
            value = self._evaluate(document, node)
        finally:
            self._pending.discard(key)
        self._known[key] = value
        return value

    def _is_inside(self, document: Document, node: Node) -> bool:
        own = self._function
        return own is not None and document is own.document and is_within(node, own.node) and node != own.node

    def member(self, value: Value, step: str | int, document: Document, node: Node) -> Value:
        """Return a member of a value; `document` and `node` are where it is asked for."""
        if isinstance(value, Choice):
            return choice(document, node, tuple(self.member(each, step, document, node) for each in value.options))
        found: Value | None = None
        match value:
            case ObjectValue():
                found = composites.entry_value(value, str(step), document, node)
            case ArrayValue(complete=True) if isinstance(step, int) and 0 <= step < len(value.items):
                found = value.items[step]
            case NamespaceValue():
                found = exported_value(self, value.module, str(step))
            case RefValue() if step == value.step:
                found = value.inner
            case EnvironmentValue(name=""):
                found = EnvironmentValue(document, node, str(step))
        return found or UnknownValue(document, node, "member of something unknown")

    def binding(self, document: Document, binding: ScopedName, at: Node | None = None) -> Value:
        """Return what a name stands for at a node, after all changes where that is None."""
        if binding.kind is ScopedKind.IMPORT and binding.imported is not None:
            return self._imported(document, binding)
        if binding.kind is ScopedKind.FUNCTION and not binding.reassigned:
            return self._function_value(document, binding.declaration)
        if binding.kind is ScopedKind.ENUM:
            return composites.enum_value(self, document, binding.declaration)
        if binding.kind not in _VARIABLES or binding.path is None:
            return UnknownValue(document, binding.node, f"{binding.kind.value} that can be anything")
        if binding not in self._bound:
            first = self._first(document, binding)
            if first is not None:
                first = changed_by_functions(self, document, binding, first)
            self._bound[binding] = first
        first = self._bound[binding]
        if binding.writes:
            return written(self, document, binding, first, at)
        return first or UnknownValue(document, binding.node, "declared without a value")

    def _first(self, document: Document, binding: ScopedName) -> Value | None:
        """Return what a variable or a parameter is before anything is written to it; None for nothing."""
        if binding.kind is ScopedKind.PARAMETER:
            value = self._parameter(document, binding.declaration)
        else:
            initial = field(binding.declaration, "value")
            if initial is None:
                return None
            value = self.evaluate(document, initial)
        for step in binding.path or ():
            value = self.member(value, step, document, binding.node)
        if binding.rest is not None:
            return composites.rest_value(value, binding.rest, document, binding.node)
        return self._defaulted(value, document, binding.default)

    def _parameter(self, document: Document, parameter: Node) -> Value:
        value = self._given.get(parameter.id)
        if value is None and self._outer is not None:
            return self._outer._parameter(document, parameter)
        value = value or UnknownValue(document, parameter, "parameter that can be anything")
        return self._defaulted(value, document, parameter_default(parameter))

    def _defaulted(self, value: Value, document: Document, default: Node | None) -> Value:
        """Return a value with its default in the place of nothing, which what is not known may be."""
        if default is None:
            return value
        if not any(isinstance(each, UndefinedValue | UnknownValue) for each in value.alternatives):
            return value
        kept = tuple(each for each in value.alternatives if not isinstance(each, UndefinedValue))
        return choice(document, default, (*kept, self.evaluate(document, default)))

    def _function_value(self, document: Document, node: Node) -> FunctionValue:
        return FunctionValue(document, node, self if self._outer is not None else None)

    def _imported(self, document: Document, binding: ScopedName) -> Value:
        imported = binding.imported
        module = self.resolver.document(document.path, imported.specifier) if imported else None
        if imported is None or module is None:
            return UnknownValue(document, binding.node, "imported from a package")
        if imported.imported == "*":
            return NamespaceValue(document, binding.node, module)
        found = exported_value(self, module, imported.imported)
        return found or UnknownValue(document, binding.node, "no such export")

    def _evaluate(self, document: Document, node: Node) -> Value:
        if node.type in FUNCTIONS:
            return self._function_value(document, node)
        if (leaf := _leaf(document, node)) is not None:
            return leaf
        handler = _HANDLERS.get(node.type)
        return handler(self, document, node) if handler else UnknownValue(document, node, node.type)


def unwrapped(node: Node) -> Node:
    """Return the expression inside parentheses, type assertions, `satisfies`, `!`."""
    while node.type in _TRANSPARENT:
        inner = without_comments(node)
        if not inner:
            return node
        node = inner[-1] if node.type == "type_assertion" else inner[0]
    return node


def _leaf(document: Document, node: Node) -> Value | None:
    if node.type == "string":
        if document.is_filled_in(node):
            known = document.known_parts(node)
            return TemplateValue(document, node, known[0][1:], known[-1][:-1])
        return StringValue(document, node, string_text(document, node) or "")
    if node.type in {"true", "false"}:
        return BooleanValue(document, node, node.type == "true")
    if node.type == "number":
        return _number(document, node, document.text(node))
    plain = _PLAIN.get(node.type)
    return plain(document, node) if plain is not None else None


def _number(document: Document, node: Node, text: str) -> Value:
    digits = text.replace("_", "")
    try:
        number = int(digits, 0) if digits[:1] == "0" and digits.isalnum() else float(digits)
        is_finite = math.isfinite(number)
    except (ValueError, OverflowError):
        is_finite = False
    return NumberValue(document, node, number) if is_finite else UnknownValue(document, node, "number")


def _identifier(evaluator: Evaluator, document: Document, node: Node) -> Value:
    binding = lookup(document, node)
    if binding is None:
        if document.text(node) == "undefined":
            return UndefinedValue(document, node)
        return UnknownValue(document, node, "global")
    # An export is of what the module has made of it in the end.
    is_use = node != binding.node and not (node.parent is not None and node.parent.type == "export_specifier")
    return evaluator.binding(document, binding, node if is_use else None)


def _member_expression(evaluator: Evaluator, document: Document, node: Node) -> Value:
    owner, name = field(node, "object"), field(node, "property")
    if owner is None or name is None:
        return UnknownValue(document, node, "incomplete")
    owner = unwrapped(owner)
    if document.text(name) == "env" and document.text(owner) in {"process", "import.meta", "globalThis.process"}:
        return EnvironmentValue(document, node, "")
    if owner.type == "this":
        known = this_member(evaluator, document, owner, document.text(name))
        return known or UnknownValue(document, node, "member of this")
    if owner.type == "identifier" and (found := _member_of_name(evaluator, document, owner, name)) is not None:
        return found
    return evaluator.member(evaluator.evaluate(document, owner), document.text(name), document, node)


def _member_of_name(evaluator: Evaluator, document: Document, owner: Node, name: Node) -> Value | None:
    """Return a static member of a class, or a member of the window that the file sets once; None for others."""
    binding = lookup(document, owner)
    if binding is not None:
        body = field(binding.declaration, "body") if binding.kind is ScopedKind.CLASS else None
        return class_member(evaluator, document, body, document.text(name)) if body is not None else None
    if document.text(owner) not in _WINDOWS:
        return None
    wanted = {f"{each}.{document.text(name)}" for each in _WINDOWS}
    set_to = [
        right
        for each in document.find("assignment_expression")
        if (left := field(each, "left")) is not None
        and document.text(left) in wanted
        and (right := field(each, "right"))
    ]
    return evaluator.evaluate(document, set_to[0]) if len(set_to) == 1 else None


def _subscript(evaluator: Evaluator, document: Document, node: Node) -> Value:
    owner, index = field(node, "object"), field(node, "index")
    if owner is None or index is None:
        return UnknownValue(document, node, "incomplete")
    match evaluator.evaluate(document, index):
        case StringValue(text=step):
            return evaluator.member(evaluator.evaluate(document, owner), step, document, node)
        case NumberValue(number=number) if number == int(number):
            return evaluator.member(evaluator.evaluate(document, owner), int(number), document, node)
    return UnknownValue(document, node, "computed member")


def _template(evaluator: Evaluator, document: Document, node: Node) -> Value:
    known = [""]
    for part in node.named_children:
        if part.type != "template_substitution":
            first, *others = (
                document.known_parts(part) if document.is_filled_in(part) else [fragment_text(document, part)]
            )
            known[-1] += first
            known += others
            continue
        inner = without_comments(part)
        value = evaluator.evaluate(document, inner[0]) if inner else None
        if isinstance(value, StringValue):
            known[-1] += value.text
        else:
            known.append("")
    if len(known) == 1:
        return StringValue(document, node, known[0])
    return TemplateValue(document, node, known[0], known[-1])


def _ternary(evaluator: Evaluator, document: Document, node: Node) -> Value:
    condition = field(node, "condition")
    truth = _told_by_a_call(evaluator, document, condition) if condition is not None else None
    branches = [
        *([field(node, "consequence")] if truth is not False else []),
        *([field(node, "alternative")] if truth is not True else []),
    ]
    return ternary(document, node, tuple(evaluator.evaluate(document, each) for each in branches if each is not None))


def _told_by_a_call(evaluator: Evaluator, document: Document, condition: Node) -> bool | None:
    """Return whether a condition holds that asks for a parameter; None where no known call decides it.

    What a state or a ref holds at first says nothing of later.
    """
    node, sense = unwrapped(condition), True
    while node.type == "unary_expression" and node.children[0].type == "!":
        node, sense = unwrapped(field(node, "argument") or node), not sense
    root = root_identifier(node)
    binding = lookup(document, root) if root is not None else None
    if binding is None or binding.kind is not ScopedKind.PARAMETER:
        return None
    truths = {truthiness(each) for each in evaluator.evaluate(document, node).alternatives}
    truth = truths.pop() if len(truths) == 1 else None
    return None if truth is None else truth is sense


def _binary(evaluator: Evaluator, document: Document, node: Node) -> Value:
    left, operator, right = field(node, "left"), field(node, "operator"), field(node, "right")
    if left is None or operator is None or right is None or operator.type not in {"&&", "||", "??", "+"}:
        return UnknownValue(document, node, "operator")
    first = evaluator.evaluate(document, left)
    second = evaluator.evaluate(document, right)
    if operator.type == "+":
        return _sum(document, node, first, second)
    return choice(document, node, tuple(_outcomes(operator.type, first, second)))


def _outcomes(operator: str, first: Value, second: Value) -> list[Value]:
    """Return what `first && second`, `first || second` or `first ?? second` can be."""
    found: list[Value] = []
    for each in first.alternatives:
        truth = truthiness(each)
        if operator == "&&":
            found += [] if truth is True else [each if truth is False else FalsyValue(each.document, each.node)]
        elif operator == "||":
            found += [] if truth is False else [each]
        elif not isinstance(each, NullValue | UndefinedValue):
            found.append(each)
    stops = {"&&": _is_falsy, "||": _is_truthy, "??": _is_present}[operator]
    return found if all(stops(each) for each in first.alternatives) else [*found, second]


def _is_truthy(value: Value) -> bool:
    return truthiness(value) is True


def _is_falsy(value: Value) -> bool:
    return truthiness(value) is False


def _is_present(value: Value) -> bool:
    return truthiness(value) is True or isinstance(value, BooleanValue | NumberValue | StringValue | TemplateValue)


def _sum(document: Document, node: Node, first: Value, second: Value) -> Value:
    if isinstance(first, StringValue) and isinstance(second, StringValue):
        return StringValue(document, node, first.text + second.text)
    prefix = _text_at(first, "prefix")
    suffix = _text_at(second, "suffix")
    if isinstance(first, StringValue | TemplateValue) or isinstance(second, StringValue | TemplateValue):
        return TemplateValue(document, node, prefix, suffix)
    return UnknownValue(document, node, "sum")


def _text_at(value: Value, end: str) -> str:
    match value:
        case StringValue(text=text):
            return text
        case TemplateValue(prefix=prefix, suffix=suffix):
            return prefix if end == "prefix" else suffix
    return ""


def _unary(evaluator: Evaluator, document: Document, node: Node) -> Value:
    operator, argument = field(node, "operator"), field(node, "argument")
    if operator is None or argument is None:
        return UnknownValue(document, node, "incomplete")
    value = evaluator.evaluate(document, argument)
    match operator.type, value:
        case "-" | "+", NumberValue(number=number):
            return NumberValue(document, node, -number if operator.type == "-" else number)
        case "void", _:
            return UndefinedValue(document, node)
        case "!", _ if (truth := truthiness(value)) is not None:
            return BooleanValue(document, node, not truth)
    return UnknownValue(document, node, "operator")


def _await(evaluator: Evaluator, document: Document, node: Node) -> Value:
    inner = without_comments(node)
    value = evaluator.evaluate(document, inner[0]) if inner else None
    return value if isinstance(value, NamespaceValue) else UnknownValue(document, node, "awaited")


_HANDLERS: dict[str, Callable[[Evaluator, Document, Node], Value]] = {
    "identifier": _identifier,
    "shorthand_property_identifier": _identifier,
    "member_expression": _member_expression,
    "subscript_expression": _subscript,
    "template_string": _template,
    "ternary_expression": _ternary,
    "binary_expression": _binary,
    "unary_expression": _unary,
    "await_expression": _await,
    "object": composites.object_value,
    "array": composites.array_value,
    "enum_declaration": composites.enum_value,
    "call_expression": calls.call_value,
}
