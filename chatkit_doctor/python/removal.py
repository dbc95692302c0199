"""Statements that are taken out of a Python file, with the lines they stand on."""

from __future__ import annotations

import ast

from chatkit_doctor.finding import Edit
from chatkit_doctor.patterns import regex
from chatkit_doctor.python.blocks import place
from chatkit_doctor.python.insertion import first_line
from chatkit_doctor.python.module import Module
from chatkit_doctor.remarks import count_going
from chatkit_doctor.source import Source

_BLANK_LINES = regex(r"(?:[ \t]*\r?\n)*+")
_INDENT = regex(r"([ \t]*)\S")


def without_statement(module: Module, statement: ast.stmt) -> Edit | None:
    """Return the edit that takes out a statement, with comments about it alone, and an `if` that holds nothing else.

    None where it shares its lines with others, or where a block would be left empty.
    """
    block, _ = place(module, statement)
    parent = module.parents[statement]
    if len(block) == 1:
        if isinstance(parent, ast.If) and not parent.orelse and not _is_elif(module, parent):
            return without_statement(module, parent)
        return None
    source = module.source
    start = source.line_start(first_line_alone(module, statement))
    last = statement.end_lineno or statement.lineno
    end = source.line_start(last) + len(source.line(last))
    own = module.location(statement)
    before = source.text[source.line_start(statement.lineno) : own.start]
    behind = source.text[own.end : end].strip()
    if before.strip() or (behind and not behind.startswith("#")):
        return None
    newline = len(source.newline) if source.text.startswith(source.newline, end) else 0
    return without_gap(source, start, end + newline)


def without_gap(source: Source, start: int, end: int) -> Edit:
    """Return the edit that takes out whole lines, with the blank ones behind them where others stand before them.

    Of the end of a block those before it go, for those behind it stand before what comes then.
    """
    before = start - len(source.text[:start].rstrip(" \t\r\n"))
    above = source.text[start - before : start]
    rest = _BLANK_LINES.match(source.text, end)
    behind = rest.end() if rest is not None else end
    if above.count("\n") < 2 or (behind == end and behind < len(source.text)):
        return Edit(source.location(start, end), "")
    if _indent(source.text, behind) >= _indent(source.text, start):
        return Edit(source.location(start, behind), "")
    return Edit(source.location(start - before + above.index("\n") + 1, end), "")


def _indent(text: str, at: int) -> int:
    """Return how far in the first line with something in it begins, from an offset on; -1 behind the last one."""
    line = _INDENT.match(text, at)
    return len(line[1]) if line is not None else -1


def first_line_alone(module: Module, statement: ast.stmt) -> int:
    """Return the first line (from 1) that goes where a statement goes: of its decorators, or of comments above it.

    A comment above statements that follow without a blank line may be about all of them, and stays where it is, unless
    it names what the first alone has. So does code that is commented out, and what speaks about a section or the file.
    """
    block, index = place(module, statement)
    following = block[index + 1] if index + 1 < len(block) else None
    below = (statement.end_lineno or statement.lineno) + 1
    line = first_line(module, statement)
    comments: list[str] = []
    while _is_comment(module, line):
        comments.append(module.source.line(line))
        line += 1
    is_alone = following is None or first_line(module, following) != below or _is_comment(module, below)
    left = None if is_alone or following is None else module.location(following).text
    return line - count_going(comments, module.location(statement).text, left)


def _is_comment(module: Module, line: int) -> bool:
    return module.source.line(line).lstrip().startswith("#")


def _is_elif(module: Module, branch: ast.If) -> bool:
    """Return whether a branch is written as `elif`."""
    parent = module.parents[branch]
    return isinstance(parent, ast.If) and parent.orelse == [branch] and module.location(branch).text.startswith("elif")
