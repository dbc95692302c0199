"""Where new code goes in a Python file, so that comments stay with what they are about."""

from __future__ import annotations

import ast

from chatkit_doctor.finding import Edit
from chatkit_doctor.patterns import regex
from chatkit_doctor.python.module import FunctionNode, Module

_INDENT = regex(r"(?m)^(?: {4})+")


def above_statement(module: Module, node: ast.AST, code: str) -> Edit:
    """Put a definition before the top-level statement that a node is part of, with its comments and decorators.

    code: ends with two blank lines.
    """
    around = [node, *module.ancestors(node)]
    top = around[-2]
    assert isinstance(top, ast.stmt)
    source = module.source
    line = first_line(module, top)
    above = 0
    while above < min(2, line - 1) and not source.line(line - 1 - above).strip():
        above += 1
    start = source.line_start(line)
    return Edit(
        source.location(start, start),
        ("\n" * (2 - above) + with_own_blanks(module, code)).replace("\n", source.newline),
    )


def below_imports(module: Module, code: str) -> Edit | None:
    """Put a statement below the last import at the top of a file; None where the file has none."""
    body = module.tree.body
    imports = [each for each in body if isinstance(each, ast.Import | ast.ImportFrom)]
    first_other = next((each for each in body if not _may_stand_above(each)), None)
    above = [each for each in imports if first_other is None or each.lineno < first_other.lineno]
    if not above:
        return None
    return behind_statement(module, above[-1], f"\n{code}")


def behind_statement(module: Module, statement: ast.stmt, code: str) -> Edit:
    """Put a line behind the lines of a statement."""
    source = module.source
    line = statement.end_lineno or statement.lineno
    end = source.line_start(line) + len(source.line(line))
    lines = f"\n{code}".replace("\r\n", "\n")
    return Edit(source.location(end, end), lines.replace("\n", source.newline))


def indent_of(module: Module, statement: ast.stmt) -> str:
    """Return the blanks that the line of a statement begins with, tabs as the file has them."""
    line = module.source.line(statement.lineno)
    return line[: len(line) - len(line.lstrip())]


def has_own_lines(module: Module, node: FunctionNode | ast.ClassDef) -> bool:
    """Return whether the body of a function or class begins on a line of its own, and not behind the colon."""
    first = node.body[0]
    return not module.source.line(first.lineno).encode()[: first.col_offset].strip()


def step_of(module: Module, inner: ast.stmt, outer: ast.stmt) -> str:
    """Return by which blanks a statement is deeper than another that it stands in."""
    return indent_of(module, inner).removeprefix(indent_of(module, outer))


def with_own_blanks(module: Module, code: str) -> str:
    """Return code with tabs at the beginning of its lines where the file has them there."""
    first = next((each for each in module.tree.body if isinstance(each, FunctionNode | ast.ClassDef)), None)
    if first is None or not indent_of(module, first.body[0]).startswith("\t"):
        return code
    return _INDENT.sub(lambda found: "\t" * (len(found[0]) // 4), code)


def _may_stand_above(statement: ast.stmt) -> bool:
    is_docstring = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    return is_docstring or isinstance(statement, ast.Import | ast.ImportFrom | ast.Try | ast.If)


def first_line(module: Module, statement: ast.stmt) -> int:
    """Return the first line (from 1) that belongs to a statement: of its decorators, and of comments right above."""
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    line = min([statement.lineno, *(each.lineno for each in decorators)])
    indent = statement.col_offset
    while line > 1:
        above = module.source.line(line - 1)
        is_comment = above.lstrip().startswith("#") and len(above) - len(above.lstrip()) == indent
        if not is_comment or _is_header(above, line - 1):
            break
        line -= 1
    return line


def _is_header(text: str, line: int) -> bool:
    """Return whether a comment speaks for the file: an interpreter, an encoding."""
    return line <= 2 and (text.startswith("#!") or "coding" in text)
