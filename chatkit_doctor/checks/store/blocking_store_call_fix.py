"""The fix that awaits Django's ORM where it is called in an async function."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chatkit_doctor.backend.stores.blocking import AskingWay, BlockingCall
from chatkit_doctor.contracts.orm import twin
from chatkit_doctor.finding import Applicability, Edit, Fix

# What takes a list as well as it takes rows.
_TAKE_LISTS = frozenset({"tuple", "set", "sorted"})
_EACH = "each"


def awaiting_fix(found: BlockingCall) -> Fix | None:
    """Return the fix that awaits what is asked; None in a function that cannot, or where there is nothing to await."""
    if not isinstance(found.function, ast.AsyncFunctionDef):
        return None
    edits = tuple(_edits(found))
    return Fix("await the database", Applicability.UNSAFE, lambda: edits) if edits else None


def _edits(found: BlockingCall) -> Iterator[Edit]:
    module, source = found.module, found.module.source
    node = found.node
    if found.manner is AskingWay.METHOD and isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        at, func = module.location(node), module.location(node.func)
        opening, closing = ("(await ", ")") if _is_part(found, node) else ("await ", "")
        yield Edit(source.location(at.start, at.start), opening)
        yield Edit(source.location(func.end - len(node.func.attr), func.end), twin(node.func.attr))
        if closing:
            yield Edit(source.location(at.end, at.end), closing)
    elif found.manner is AskingWay.TEST:
        at = module.location(found.rows)
        yield Edit(source.location(at.start, at.start), "await ")
        yield Edit(source.location(at.end, at.end), f".{twin('exists')}()")
    elif isinstance(node, ast.For):
        start = module.location(node).start
        yield Edit(source.location(start, start), "async ")
    elif isinstance(node, ast.comprehension):
        start = source.text.rfind("for", 0, module.location(node.target).start)
        yield Edit(source.location(start, start), "async ")
    elif found.manner is AskingWay.FUNCTION and isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        rows = module.location(found.rows)
        gathered = f"[{_EACH} async for {_EACH} in {rows.text}]"
        if node.func.id == "list" and len(node.args) == 1 and not node.keywords:
            yield Edit(module.location(node), gathered)
        elif node.func.id in _TAKE_LISTS:
            yield Edit(rows, gathered)


def _is_part(found: BlockingCall, node: ast.Call) -> bool:
    """Return whether something is asked of what a call gives, so that the await needs parentheses."""
    parent = found.module.parents[node]
    is_owner = isinstance(parent, ast.Attribute | ast.Subscript) and parent.value is node
    return is_owner or (isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Pow))
