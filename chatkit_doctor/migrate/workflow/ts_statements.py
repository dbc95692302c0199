"""The steps of a TypeScript export in Python: runs of agents, branches, loops and what they end with."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from chatkit_doctor.migrate.workflow.leftovers import Leftover
from chatkit_doctor.migrate.workflow.ts_expressions import Expressions, Untranslatable, snake
from chatkit_doctor.web.literals import key_text
from chatkit_doctor.web.tree import field, walk, without_comments

if TYPE_CHECKING:
    from tree_sitter import Node

    from chatkit_doctor.web.document import Document

_HISTORY = "conversationHistory"
_INDENT = "    "
# What runs guardrails in an export, and how many of its arguments `check_guardrails` of app/checks.py takes.
_GUARDRAILS = {"runAndApplyGuardrails": 4, "runGuardrails": 2}
_PARTS = frozenset({"results", "has_tripwire", "safe_text", "fail_output", "pass_output"})


class Statements:
    """Writes statements. Those that cannot be carried over are left to a person, and fail where they would have run.

    schema_of: the agents, each with whether its answer has a schema. runs: how many agents are run.
    """

    def __init__(self, document: Document, expressions: Expressions, schema_of: dict[str, bool]) -> None:
        self.left: list[Leftover] = []
        self.runs = 0
        self._checks = 0
        self._document = document
        self._expressions = expressions
        self._schema_of = schema_of

    def block(self, node: Node, indent: str) -> list[str]:
        """Return the statements of a block, or a single one, at an indentation."""
        statements = without_comments(node) if node.type == "statement_block" else [node]
        lines = [line for each in statements for line in self._guarded(each, indent)]
        return lines or [f"{indent}pass"]

    def _guarded(self, node: Node, indent: str) -> list[str]:
        try:
            return list(self._statement(node, indent))
        except Untranslatable:
            return self._lost(node, indent)

    def _lost(self, node: Node, indent: str) -> list[str]:
        line = node.start_point.row + 1
        text = " ".join(self._document.text(node).split())[:60]
        if node.type != "if_statement":
            self._expressions.lost |= set(self._bound(node))
        if "uardrail" in text:
            alternative = field(node, "alternative") if node.type == "if_statement" else None
            self.left.append(
                Leftover(line, "a guardrail of the workflow does not run", "add it with openai-guardrails")
            )
            return self.block(_without_else(alternative), indent) if alternative is not None else []
        self.left.append(Leftover(line, f"this step is not carried over ({text})", "write it in app/workflow.py"))
        return [f'{indent}raise NotImplementedError("line {line} of the export is still to be carried over")']

    def _bound(self, node: Node) -> Iterator[str]:
        for each in walk(node):
            if each.type == "variable_declarator" and (name := field(each, "name")) is not None:
                kinds = {"identifier", "shorthand_property_identifier_pattern"}
                yield from (self._document.text(part) for part in walk(name) if part.type in kinds)

    def _statement(self, node: Node, indent: str) -> Iterator[str]:
        match node.type:
            case "lexical_declaration" | "variable_declaration":
                for each in without_comments(node):
                    yield from self._declaration(each, indent)
            case "expression_statement":
                yield from self._expression(without_comments(node)[0], indent)
            case "return_statement":
                yield from self._return(without_comments(node), indent)
            case "if_statement":
                yield from self._if(node, indent, "if")
            case "while_statement":
                yield from self._while(node, indent)
            case "throw_statement":
                yield f"{indent}raise RuntimeError({self._message(node)})"
            case "break_statement" | "continue_statement":
                yield f"{indent}{node.type.removesuffix('_statement')}"
            case kind if kind != "empty_statement":
                raise Untranslatable(node)

    def _return(self, value: list[Node], indent: str) -> Iterator[str]:
        if value and "withTrace(" in self._document.text(value[0])[:40]:
            yield from self._traced(value[0], indent)
        else:
            yield f"{indent}return {self._expressions.write(value[0]) if value else 'None'}"

    def _while(self, node: Node, indent: str) -> Iterator[str]:
        condition, body = field(node, "condition"), field(node, "body")
        if condition is None or body is None:
            raise Untranslatable(node)
        yield f"{indent}while {self._expressions.condition(condition)}:"
        yield from self.block(body, indent + _INDENT)

    def _declaration(self, node: Node, indent: str) -> Iterator[str]:
        name, value = field(node, "name"), field(node, "value")
        checked = self._checked(value) if value is not None else None
        if name is not None and name.type == "object_pattern" and checked is not None:
            yield from self._parts(name, checked, indent)
            return
        if name is None or name.type != "identifier" or value is None:
            raise Untranslatable(node)
        text = self._document.text(name)
        if value.type == "new_expression" and "Runner" in self._document.text(value)[:12]:
            return
        if text == _HISTORY:
            yield f"{indent}conversation_history = {self._history(value)}"
        elif checked is not None:
            yield f"{indent}{snake(text)} = {checked}"
        elif value.type == "await_expression":
            yield f"{indent}{snake(text)} = {self._run(value, text)}"
        else:
            yield f"{indent}{snake(text)} = {self._expressions.write(value)}"

    def _checked(self, value: Node) -> str | None:
        """Return the run of guardrails that is waited for; None for anything else. Raises Untranslatable."""
        call = without_comments(value)[0] if value.type == "await_expression" else None
        function, arguments = (field(call, part) if call is not None else None for part in ("function", "arguments"))
        taken = _GUARDRAILS.get(self._document.text(function)) if function is not None else None
        if taken is None or arguments is None:
            return None
        given = [self._expressions.write(each) for each in without_comments(arguments)[:taken]]
        return f"await check_guardrails({', '.join(given)})"

    def _parts(self, pattern: Node, checked: str, indent: str) -> Iterator[str]:
        """Write what is taken out of what guardrails say."""
        self._checks += 1
        result = f"checked_{self._checks}" if self._checks > 1 else "checked"
        yield f"{indent}{result} = {checked}"
        for each in without_comments(pattern):
            key, local = field(each, "key") or each, field(each, "value") or each
            part = snake(self._document.text(key))
            if part not in _PARTS:
                raise Untranslatable(each)
            yield f"{indent}{snake(self._document.text(local))} = {result}.{part}"

    def _history(self, value: Node) -> str:
        items = without_comments(value)
        texts = {self._document.text(each) for each in walk(value) if each.type == "member_expression"}
        if len(items) == 1 and texts == {"workflow.input_as_text"} and "`" not in self._document.text(value):
            return "[*turn.conversation]"
        return f"[*turn.history, {', '.join(self._expressions.write(each) for each in items)}]"

    def _run(self, value: Node, name: str) -> str:
        """Return the run of an agent. Raises Untranslatable for anything else that is waited for."""
        call = without_comments(value)[0]
        function, arguments = field(call, "function"), field(call, "arguments")
        called = self._document.text(function) if function is not None else ""
        given = without_comments(arguments) if arguments is not None else []
        if called not in {"runner.run", "run"} or not given:
            raise Untranslatable(value)
        agent = self._document.text(given[0])
        self._expressions.results[name] = self._schema_of.get(agent, False)
        parts = [
            self._expressions.write(given[0]),
            f"input={self._expressions.write(given[1]) if len(given) > 1 else '[]'}",
        ]
        parts += [f"context={self._context(given[2])}"] if len(given) > 2 else []
        self.runs += 1
        return f"await turn.run({', '.join(parts)})"

    def _context(self, options: Node) -> str:
        for each in without_comments(options):
            key, value = field(each, "key"), field(each, "value")
            if (
                key is not None
                and value is not None
                and key_text(self._document, key) == "context"
                and value.type == "object"
            ):
                entries = []
                for pair in without_comments(value):
                    name, inner = field(pair, "key"), field(pair, "value")
                    if name is None or inner is None:
                        raise Untranslatable(pair)
                    entries.append(f"{snake(self._document.text(name))}={self._expressions.write(inner)}")
                return f"SimpleNamespace({', '.join(entries)})"
        raise Untranslatable(options)

    def _expression(self, node: Node, indent: str) -> Iterator[str]:
        text = self._document.text(node)
        if node.type == "call_expression" and text.startswith(f"{_HISTORY}.push(..."):
            result = text.removeprefix(f"{_HISTORY}.push(...").partition(".newItems")[0].strip()
            if result not in self._expressions.results:
                raise Untranslatable(node)
            yield f"{indent}conversation_history.extend([item.to_input_item() for item in {snake(result)}.new_items])"
        elif node.type == "assignment_expression":
            left, right = field(node, "left"), field(node, "right")
            if left is None or right is None:
                raise Untranslatable(node)
            yield f"{indent}{self._expressions.write(left)} = {self._expressions.write(right)}"
        elif node.type == "await_expression" and "withTrace(" in text[:40]:
            yield from self._traced(node, indent)
        else:
            raise Untranslatable(node)

    def _traced(self, node: Node, indent: str) -> Iterator[str]:
        """Write what runs inside of a trace."""
        for each in walk(node):
            if each.type == "call_expression" and self._document.text(each).startswith("withTrace("):
                arguments = field(each, "arguments")
                given = without_comments(arguments) if arguments is not None else []
                body = field(given[1], "body") if len(given) > 1 else None
                if body is not None:
                    yield f"{indent}with trace({self._expressions.write(given[0])}):"
                    yield from self.block(body, indent + _INDENT)
                    return
        raise Untranslatable(node)

    def _if(self, node: Node, indent: str, keyword: str) -> Iterator[str]:
        condition, consequence, alternative = (
            field(node, name) for name in ("condition", "consequence", "alternative")
        )
        if condition is None or consequence is None:
            raise Untranslatable(node)
        yield f"{indent}{keyword} {self._expressions.condition(condition)}:"
        yield from self.block(consequence, indent + _INDENT)
        if alternative is None:
            return
        inner = _without_else(alternative)
        if inner.type == "if_statement":
            yield from self._if(inner, indent, "elif")
        else:
            yield f"{indent}else:"
            yield from self.block(inner, indent + _INDENT)

    def _message(self, node: Node) -> str:
        for each in walk(node):
            if each.type in {"string", "template_string"}:
                return self._expressions.text(each)
        return '"the workflow stopped"'


def _without_else(alternative: Node) -> Node:
    inner = without_comments(alternative)
    return inner[0] if alternative.type == "else_clause" and inner else alternative
