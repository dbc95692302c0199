"""What CPython refuses to compile, asked of the parts of a file that it compiles fast.

Left out is what it would take the square of, in time or in memory. It compares each function and class of a block with
those before it that are called the same, and each keyword of a call with those before it; it moves all that a pattern
has caught so far for each name more; it copies the names that are known in a function for each function, lambda and
comprehension in it, and looks for each of those that one of them reads among all of them.
"""

from __future__ import annotations

import ast
import re
import warnings
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator

from chatkit_doctor.patterns import regex
from chatkit_doctor.python.module import Module

# What CPython makes a code object of, and how many it is given at once.
_WITH_CODE: tuple[type[ast.AST], ...] = (
    *(ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda),
    *(ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp),
)
_MOST_WITH_CODE = 2_000
# Of statements at the top: what it makes of all of them at once takes up as much memory as their tree.
_MOST_STATEMENTS = 20_000
# Far beyond what people write: of one call, and of one case.
_MOST_KEYWORDS = 500
_MOST_CAUGHT = 30
# Of one statement at the top: lines, names that it sets where it has functions, and these times its code objects.
_MOST_LINES = 20_000
_MOST_NAMES = 3_000
_MOST_COPIES = 500_000
# The line that begins a cell, in a file of them that an editor or Databricks runs one by one.
_CELL = regex(r"^# ?(?:%%|COMMAND -)", re.MULTILINE)


def refusal(module: Module) -> tuple[int, str] | None:
    """Return the line and the words with which Python refuses to compile what it can parse, None where it does not.

    `await` and `async with` outside an async function, `return` outside any, a `break` without a loop. What is made
    of cells, as notebooks are, may await outside of functions.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT if _CELL.search(module.source.text) else 0
            for part in parts_of(module):
                compile(part, str(module.source.path), "exec", flags, dont_inherit=True)
    except SyntaxError as error:
        return error.lineno or 1, error.msg
    except (ValueError, RecursionError, MemoryError):
        return None
    return None


def parts_of(module: Module) -> Iterator[ast.Module]:
    """Yield a file's tree in parts that CPython compiles fast."""
    tree, codes = module.tree, _code_lines(module)
    left_out = {
        *_statements_with(module, [*_large_calls(module), *_large_cases(module)]),
        *_copied(module, codes),
        *(each for each in tree.body if (each.end_lineno or each.lineno) - each.lineno > _MOST_LINES),
    }
    if not left_out and len(codes) <= _MOST_WITH_CODE and len(tree.body) <= _MOST_STATEMENTS:
        yield tree
        return
    part: list[ast.stmt] = []
    held = 0
    for statement in tree.body:
        count = _within(codes, statement)
        if held + count > _MOST_WITH_CODE or len(part) >= _MOST_STATEMENTS:
            yield ast.Module(part, [])
            part, held = [], 0
        if count <= _MOST_WITH_CODE and statement not in left_out:
            part.append(statement)
            held += count
    yield ast.Module(part, [])


def has_fast_tables(module: Module) -> bool:
    """Return whether Python tells fast what each scope of a file says of its names."""
    return not _copied(module, _code_lines(module))


def _copied(module: Module, codes: list[int]) -> set[ast.stmt]:
    """Return the statements in which very many names are copied for very many functions. codes: lines of these."""
    if len(codes) < 2:
        return set()
    # Most files are done with here: not every name is set, and not all of them in one statement.
    kinds: tuple[type[ast.AST], ...] = (ast.Name, ast.arg, ast.alias)
    has_lists = bool(module.nodes(ast.Global) or module.nodes(ast.Nonlocal))
    most = sum(len(module.nodes(kind)) for kind in kinds)
    if not has_lists and most <= _MOST_NAMES and len(codes) * most <= _MOST_COPIES:
        return set()
    names = sorted(_lines_of_names(module))
    return {
        each
        for each in module.tree.body
        if (functions := _within(codes, each)) > 1
        and ((count := _within(names, each)) > _MOST_NAMES or functions * count > _MOST_COPIES)
    }


def _lines_of_names(module: Module) -> Iterator[int]:
    """Yield the line of each name that is set or declared, as often as that."""
    yield from (each.lineno for each in module.nodes(ast.Name) if not isinstance(each.ctx, ast.Load))
    yield from (each.lineno for each in module.nodes(ast.arg))
    yield from (each.lineno for each in module.nodes(ast.alias))
    declared: list[ast.Global | ast.Nonlocal] = [*module.nodes(ast.Global), *module.nodes(ast.Nonlocal)]
    yield from (each.lineno for each in declared for _ in each.names)


def _large_calls(module: Module) -> Iterator[ast.AST]:
    if len(module.nodes(ast.keyword)) > _MOST_KEYWORDS:
        calls: list[ast.Call | ast.ClassDef] = [*module.nodes(ast.Call), *module.nodes(ast.ClassDef)]
        yield from (each for each in calls if len(each.keywords) > _MOST_KEYWORDS)
    yield from (each for each in module.nodes(ast.MatchClass) if len(each.kwd_attrs) > _MOST_KEYWORDS)


def _large_cases(module: Module) -> Iterator[ast.AST]:
    catching = (ast.MatchAs, ast.MatchStar, ast.MatchMapping)
    if sum(len(module.nodes(kind)) for kind in catching) <= _MOST_CAUGHT:
        return
    for case in module.nodes(ast.match_case):
        if sum(isinstance(each, catching) for each in ast.walk(case.pattern)) > _MOST_CAUGHT:
            yield case.pattern


def _statements_with(module: Module, nodes: Iterable[ast.AST]) -> Iterator[ast.stmt]:
    """Yield the statements at the top that some nodes stand in."""
    for node in nodes:
        top = node
        while (around := module.parents.get(top)) is not None and around is not module.tree:
            top = around
        if isinstance(top, ast.stmt):
            yield top


def _code_lines(module: Module) -> list[int]:
    return sorted(each.lineno for kind in _WITH_CODE for each in module.nodes(kind))  # type: ignore[attr-defined]


def _within(lines: list[int], statement: ast.stmt) -> int:
    """Return how many of some lines, in order, are a statement's."""
    # Decorators stand above the line that a function or class begins at.
    first = min([statement.lineno, *(each.lineno for each in getattr(statement, "decorator_list", ()))])
    return bisect_right(lines, statement.end_lineno or statement.lineno) - bisect_left(lines, first)
