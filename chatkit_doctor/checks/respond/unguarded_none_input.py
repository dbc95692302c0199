"""Find a `respond` that reads its message without thinking of the turns that begin without one."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chatkit_doctor.backend.turns.without_message import MissedMessage, missed_messages
from chatkit_doctor.contracts.sdk.sdk_names import RESPOND
from chatkit_doctor.finding import Applicability, Edit, Finding, Fix, SeenAs
from chatkit_doctor.project.app import App
from chatkit_doctor.python.flow import own_nodes
from chatkit_doctor.python.insertion import has_own_lines


def unguarded_none_input(app: App) -> Iterator[Finding]:
    """Find a `respond` that reads its message without thinking of the turns that begin without one."""
    for found in missed_messages(app):
        use = found.use
        module = use.frame.module
        yield Finding(
            "CK310",
            module.location(use.expr),
            f"{_fact(found)}, and {use.name} is None {found.beginning.value}",
            label="may be None",
            help=f"return where {found.responder.message} is None, or answer from the thread's stored items alone",
            seen_as=_seen(use.expr, is_converted=use.conversion is not None),
            fix=_fix(found),
        )


def _fact(found: MissedMessage) -> str:
    use, module = found.use, found.use.frame.module
    function = use.frame.function
    name = function.name if function is not None else RESPOND
    if use.conversion is not None:
        return f"{name}() gives {use.name} to {module.location(use.conversion.func).text}()"
    return f"{name}() reads {module.location(use.expr).text}"


def _seen(expr: ast.expr, *, is_converted: bool) -> SeenAs:
    if is_converted or not isinstance(expr, ast.Attribute):
        return SeenAs("converted")
    return SeenAs("read", {"name": expr.attr})


def _fix(found: MissedMessage) -> Fix | None:
    """Return the fix that ends such a turn before the message is read; None where `respond` does not stream itself."""
    module, function = found.responder.module, found.responder.function
    if not any(isinstance(each, ast.Yield) for each in own_nodes(function)):
        return None
    frame, node = found.use.frame, found.use.expr
    while frame.parent is not None:
        frame, node = frame.parent, frame.call or node
    around = {node, *module.ancestors(node)}
    statement = next(each for each in function.body if each in around)
    source = module.source
    start = source.line_start(statement.lineno)
    indent, outer = (_indent(source.line(line)) for line in (statement.lineno, function.lineno))
    if not has_own_lines(module, function) or not indent.startswith(outer):
        return None
    code = f"{indent}if {found.responder.message} is None:\n{indent}{indent.removeprefix(outer)}return\n"
    edit = Edit(source.location(start, start), code.replace("\n", source.newline))
    return Fix(f"end the turn where {found.responder.message} is None", Applicability.UNSAFE, lambda: (edit,))


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]
