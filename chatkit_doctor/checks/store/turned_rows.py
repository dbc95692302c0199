"""What a paging method does in Python to turn rows round by the order that is asked for, and its removal."""

from __future__ import annotations

import ast

from chatkit_doctor.backend.stores.paging import PagingPlace
from chatkit_doctor.finding import Edit
from chatkit_doctor.python.module import Module, walk
from chatkit_doctor.python.removal import first_line_alone


def unturned(place: PagingPlace, order: str) -> list[Edit] | None:
    """Return the edits after which rows stay as they were found; None where `order` is read for anything else."""
    reads = {each for each in walk(place.function) if _reads(each, order)}
    edits: list[Edit] = []
    for node in walk(place.function):
        if isinstance(node, ast.If) and _is_turning(node):
            taken = _tests(node.test, order)
            edit = whole_lines(place.module, node) if taken else None
        elif isinstance(node, ast.IfExp) and (rows := _same_rows(node)) is not None:
            taken = _tests(node.test, order)
            edit = Edit(place.module.location(node), place.module.location(rows).text) if taken else None
        else:
            continue
        if edit is not None:
            edits.append(edit)
            reads -= taken
    return None if reads else edits


def whole_lines(module: Module, statement: ast.stmt) -> Edit | None:
    """Return the edit that takes a statement out with comments about it alone; None where it shares its lines."""
    source = module.source
    start = source.line_start(first_line_alone(module, statement))
    last = statement.end_lineno or statement.lineno
    end = source.line_start(last) + len(source.line(last))
    following = source.text[end:]
    if source.text[start:end].rstrip() != source.text[start:end].rstrip("\r\n") or not following:
        return None
    # The line break behind it goes too.
    end += 2 if following.startswith("\r\n") else 1
    return Edit(source.location(start, end), "")


def _reads(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load)


def _tests(test: ast.expr, order: str) -> set[ast.AST]:
    """Return where a test compares `order` with a text, and nothing else is tested."""
    match test:
        case ast.Compare(left=ast.Name() as name, ops=[ast.Eq() | ast.NotEq()], comparators=[ast.Constant()]) if _reads(
            name, order
        ):
            return {name}
    return set()


def _is_turning(node: ast.If) -> bool:
    """Return whether the branch does nothing but turn rows round: in place, or into the same name."""
    if node.orelse or len(node.body) != 1:
        return False
    match node.body[0]:
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(), attr="reverse"), args=[], keywords=[])):
            return True
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            turned = _turned(value)
            return isinstance(turned, ast.Name) and turned.id == name
    return False


def _same_rows(node: ast.IfExp) -> ast.expr | None:
    """Return the rows that one branch gives as they are and the other turned round."""
    for one, other in ((node.body, node.orelse), (node.orelse, node.body)):
        turned = _turned(one)
        if turned is not None and ast.dump(turned) == ast.dump(other):
            return other
    return None


def _turned(value: ast.expr) -> ast.expr | None:
    """Return what an expression gives in the opposite order."""
    match value:
        case ast.Call(func=ast.Name(id="list"), args=[inner], keywords=[]):
            return _turned(inner)
        case ast.Call(func=ast.Name(id="reversed"), args=[rows], keywords=[]):
            return rows
        case ast.Subscript(
            value=rows,
            slice=ast.Slice(lower=None, upper=None, step=ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=1))),
        ):
            return rows
    return None
