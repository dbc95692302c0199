"""Names that a Python file reads while it is imported, above what binds them."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator

_Block = ast.stmt | ast.ExceptHandler | ast.match_case
_Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
_Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


def early_names(text: str) -> set[str]:
    """Return the names that are read above their only bindings. Raises SyntaxError, ValueError or RecursionError.

    What functions read when they are called is another matter, and so are names that nothing binds.
    """
    tree = ast.parse(text)
    reader = _Reader(tree)
    bound = set(dir(builtins))
    for statement in tree.body:
        reader.run(statement, bound)
    return reader.early & bound


class _Reader:
    """Reads statements in the order in which they run, each branch taken."""

    def __init__(self, tree: ast.Module) -> None:
        self.early: set[str] = set()
        self._annotates = not any(
            isinstance(each, ast.ImportFrom) and each.module == "__future__" for each in tree.body[:5]
        )

    def run(self, statement: _Block, bound: set[str]) -> None:
        """Note what a statement reads too early, and add what it binds."""
        blocks: list[_Block] = []
        bound |= set(_bound_within(statement))
        for each in ast.iter_child_nodes(statement):
            if isinstance(each, _Block):
                blocks.append(each)
            elif self._annotates or each not in (
                getattr(statement, "returns", None),
                getattr(statement, "annotation", None),
            ):
                self._read(each, bound)
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            bound.add(statement.name)
            return
        # What a class binds is its own.
        inner = set(bound) if isinstance(statement, ast.ClassDef) else bound
        inner |= set(_bindings(statement))
        for block in blocks:
            self.run(block, inner)
        if isinstance(statement, ast.ClassDef):
            bound.add(statement.name)

    def _read(self, node: ast.AST, bound: set[str]) -> None:
        pending = [node]
        while pending:
            each = pending.pop()
            if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load) and each.id not in bound:
                self.early.add(each.id)
            pending += self._read_now(each)

    def _read_now(self, node: ast.AST) -> Iterator[ast.AST]:
        """Yield what of a node is read with it: nothing of a comprehension but what it runs over first."""
        if isinstance(node, ast.Lambda):
            yield from (each for each in (*node.args.defaults, *node.args.kw_defaults) if each is not None)
        elif isinstance(node, _Comprehension):
            yield node.generators[0].iter
        elif isinstance(node, ast.arg):
            yield from [node.annotation] if node.annotation is not None and self._annotates else []
        else:
            yield from ast.iter_child_nodes(node)


def _bindings(statement: ast.AST) -> Iterator[str]:
    """Yield the names that a statement binds itself, its blocks aside, once its expressions have been read."""
    if isinstance(statement, ast.Import | ast.ImportFrom):
        yield from (each.asname or each.name.partition(".")[0] for each in statement.names)
    if isinstance(statement, ast.ExceptHandler) and statement.name:
        yield statement.name
    for each in _own_nodes(statement):
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store):
            yield each.id


def _bound_within(statement: ast.AST) -> Iterator[str]:
    """Yield the names that a statement binds while its expressions are read: by `:=` and by patterns."""
    for each in _own_nodes(statement):
        if isinstance(each, ast.NamedExpr):
            yield each.target.id
        elif isinstance(each, ast.MatchAs | ast.MatchStar) and each.name:
            yield each.name
        elif isinstance(each, ast.MatchMapping) and each.rest:
            yield each.rest


def _own_nodes(statement: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes of a statement that are in no block of it and in no function."""
    pending = [each for each in ast.iter_child_nodes(statement) if not isinstance(each, _Block)]
    while pending:
        each = pending.pop()
        yield each
        if not isinstance(each, _Function):
            pending += ast.iter_child_nodes(each)
