"""Names that a Python file reads while it is imported, above what binds them."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable, Iterator

from chatkit_doctor.python.module import children

_Block = ast.stmt | ast.ExceptHandler | ast.match_case
_Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
_Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


def early_names(tree: ast.Module) -> set[str]:
    """Return the names that are read above their only bindings. Raises RecursionError.

    What functions read when they are called is another matter, and so are names that nothing binds.
    """
    reader = _Reader(tree)
    bound = _Bound(dir(builtins))
    for statement in tree.body:
        reader.run(statement, bound)
    return reader.early & bound.names


class _Bound:
    """The names that are bound so far, in a block or around it. What a class binds is its own."""

    def __init__(self, names: Iterable[str] = (), outer: _Bound | None = None) -> None:
        self.names = set(names)
        self._outer = outer

    def __contains__(self, name: str) -> bool:
        bound: _Bound | None = self
        while bound is not None:
            if name in bound.names:
                return True
            bound = bound._outer
        return False


class _Reader:
    """Reads statements in the order in which they run, each branch taken."""

    def __init__(self, tree: ast.Module) -> None:
        self.early: set[str] = set()
        self._annotates = not any(
            isinstance(each, ast.ImportFrom) and each.module == "__future__" for each in tree.body[:5]
        )

    def run(self, statement: ast.AST, bound: _Bound) -> None:
        """Note what a statement reads too early, and add what it binds."""
        if isinstance(statement, ast.Import | ast.ImportFrom):
            bound.names.update(each.asname or each.name.partition(".")[0] for each in statement.names)
            return
        below = children(statement)
        own = list(_own_nodes(each for each in below if not isinstance(each, _Block)))
        bound.names.update(_bound_within(own))
        put_off = (
            () if self._annotates else (getattr(statement, "returns", None), getattr(statement, "annotation", None))
        )
        for each in below:
            if not isinstance(each, _Block) and each not in put_off:
                self._read(each, bound)
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            bound.names.add(statement.name)
            return
        inner = _Bound(outer=bound) if isinstance(statement, ast.ClassDef) else bound
        inner.names.update(_bindings(statement, own))
        for each in below:
            if isinstance(each, _Block):
                self.run(each, inner)
        if isinstance(statement, ast.ClassDef):
            bound.names.add(statement.name)

    def _read(self, node: ast.AST, bound: _Bound) -> None:
        pending = [node]
        while pending:
            each = pending.pop()
            if isinstance(each, ast.Name):
                if isinstance(each.ctx, ast.Load) and each.id not in bound:
                    self.early.add(each.id)
            else:
                pending += self._read_now(each)

    def _read_now(self, node: ast.AST) -> Iterable[ast.AST]:
        """Return what of a node is read with it: nothing of a comprehension but what it runs over first."""
        if isinstance(node, ast.Lambda):
            return [each for each in (*node.args.defaults, *node.args.kw_defaults) if each is not None]
        if isinstance(node, _Comprehension):
            return [node.generators[0].iter]
        if isinstance(node, ast.arg):
            return [node.annotation] if node.annotation is not None and self._annotates else []
        return children(node)


def _bindings(statement: ast.AST, own: Iterable[ast.AST]) -> Iterator[str]:
    """Yield the names that a statement binds itself, its blocks aside, once its expressions have been read."""
    if isinstance(statement, ast.ExceptHandler) and statement.name:
        yield statement.name
    for each in own:
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store):
            yield each.id


def _bound_within(own: Iterable[ast.AST]) -> Iterator[str]:
    """Yield the names that a statement binds while its expressions are read: by `:=` and by patterns."""
    for each in own:
        if isinstance(each, ast.NamedExpr):
            yield each.target.id
        elif isinstance(each, ast.MatchAs | ast.MatchStar) and each.name:
            yield each.name
        elif isinstance(each, ast.MatchMapping) and each.rest:
            yield each.rest


def _own_nodes(below: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """Yield the nodes of a statement that are in no block of it and in no function. below: what is right below it."""
    pending = list(below)
    while pending:
        each = pending.pop()
        yield each
        if not isinstance(each, _Function):
            pending += children(each)
