"""Rewriting from-imports: names that move to another module, get another name, or leave.

Statements are edited as text, so that parentheses, comments and the order of the names stay as they are. Each
statement is replaced as a whole: two edits inside one could each be right and break it together.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Collection, Iterator, Mapping

from chatkit_doctor.finding import Edit
from chatkit_doctor.patterns import regex
from chatkit_doctor.python.blocks import blocks, place
from chatkit_doctor.python.import_edits import name_order, render_import
from chatkit_doctor.python.module import Module
from chatkit_doctor.records import dataclass
from chatkit_doctor.source import Location

# Each name that joins a statement writes it anew; nobody imports as many.
_MOST_NAMES = 200
_PRAGMA = regex(r"#\s*(?:noqa|type:|pyright:|pylint:|mypy:|ty:)")


@dataclass(frozen=True, slots=True)
class Imported:
    """One name of a from-import: the module it comes from, and its text (`name` or `name as other`)."""

    path: str
    text: str


ImportPlan = Mapping[ast.alias, Imported | None]


def rearranged(
    module: Module, statement: ast.ImportFrom, plan: ImportPlan, leaving: Collection[str] = ()
) -> list[Edit]:
    """Return edits after which each name of a statement is imported as the plan says; None takes it out.

    Names join a statement that imports from their module next to this one; the others stay here, or in new
    statements behind this one. `leaving` names are on their way out, so no line is broken for them.
    """
    groups: dict[str, list[Imported]] = {}
    for alias in statement.names:
        if (imported := plan[alias]) is not None:
            groups.setdefault(imported.path, []).append(imported)
    edits, joined = [], set()
    for path, names in groups.items():
        sibling = _sibling(module, statement, path)
        if sibling is not None and _may_leave(module, statement, path):
            edits.append(_extended(module, sibling, names, leaving))
            joined.add(path)
    left = [path for path in groups if path not in joined]
    edits.append(_rewritten(module, statement, plan, left, groups) if left else _removed(module, statement))
    return edits


def _may_leave(module: Module, statement: ast.ImportFrom, path: str) -> bool:
    # A statement that goes on importing from its own module is not dissolved into its twin.
    return path != statement.module and "#" not in module.location(statement).text


def _sibling(module: Module, statement: ast.ImportFrom, path: str) -> ast.ImportFrom | None:
    """Return the statement that imports from a module in the unbroken run of imports around another."""
    return next((each for each in module.derive(_joinable)[statement].get(path, ()) if each is not statement), None)


def _joinable(module: Module) -> dict[ast.stmt, dict[str, list[ast.ImportFrom]]]:
    """Return for each import what names can join in the unbroken run of imports around it, by the module."""
    found: dict[ast.stmt, dict[str, list[ast.ImportFrom]]] = {}
    for block in blocks(module):
        run: dict[str, list[ast.ImportFrom]] = {}
        for each in block:
            if not isinstance(each, ast.Import | ast.ImportFrom):
                run = {}
                continue
            found[each] = run
            if isinstance(each, ast.ImportFrom) and _may_be_joined(module, each):
                run.setdefault(each.module or "", []).append(each)
    return found


def _may_be_joined(module: Module, statement: ast.ImportFrom) -> bool:
    return (
        statement.level == 0
        and statement.names[0].name != "*"
        and len(statement.names) <= _MOST_NAMES
        and "#" not in module.location(statement).text
    )


def _extended(module: Module, statement: ast.ImportFrom, names: list[Imported], leaving: Collection[str]) -> Edit:
    at = module.location(statement)
    old = [module.location(alias).text for alias in statement.names]
    keys = [name_order(text) for text in old]
    texts = [*old, *(each.text for each in names if each.text not in old)]
    if keys == sorted(keys):
        texts.sort(key=name_order)
    path, multiline = statement.module or "", "\n" in at.text
    if not multiline and "\n" not in render_import(path, [each for each in texts if each not in leaving]):
        return Edit(at, f"from {path} import {', '.join(texts)}")
    return Edit(at, render_import(path, texts, multiline=multiline))


def _rewritten(
    module: Module, statement: ast.ImportFrom, plan: ImportPlan, left: list[str], groups: dict[str, list[Imported]]
) -> Edit:
    """Keep in a statement the names of its own module, else the first group; write the others behind it."""
    own = statement.module if statement.module in left else left[0]
    at = module.location(statement)
    first_line = module.source.line(at.first.line)
    indent = first_line[: len(first_line) - len(first_line.lstrip())]
    alone = first_line[: at.first.column - 1].strip() == ""
    separator = f"\n{indent}" if alone else "; "
    others = [render_import(path, [each.text for each in groups[path]]) for path in left if path != own]
    if alone:
        others = [each.replace("\n", f"\n{indent}") for each in others]
    else:
        others = [f"from {path} import {', '.join(e.text for e in groups[path])}" for path in left if path != own]
    return Edit(at, separator.join([_kept(module, statement, plan, own or ""), *others]))


def _kept(module: Module, statement: ast.ImportFrom, plan: ImportPlan, path: str) -> str:
    """Return a statement's text with only the names that come from `path`, and with that path."""
    whole = module.location(statement)
    text = whole.text
    if "\\\n" in text or "\\\r" in text:
        # A name taken out of continued lines would leave a backslash that continues nothing.
        return render_import(path, [each.text for each in plan.values() if each is not None and each.path == path])
    for alias in reversed(statement.names):
        at = module.location(alias)
        start, end = at.start - whole.start, at.end - whole.start
        imported = plan[alias]
        if imported is None or imported.path != path:
            text = _without(text, start, end)
        elif imported.text != at.text:
            text = text[:start] + imported.text + text[end:]
    written = module.import_path_location(statement)
    start, end = written.start - whole.start, written.end - whole.start
    return text[:start] + path + text[end:]


def _without(text: str, start: int, end: int) -> str:
    """Take one name out of an import's text, with its comma and, where nothing else is on it, its line."""
    comma = re.compile(r"[ \t]*,[ \t]*").match(text, end)
    if comma:
        end = comma.end()
    line_start = text.rfind("\n", 0, start) + 1
    line_end = text.find("\n", end)
    if line_start and line_end >= 0 and not text[line_start:start].strip() and not text[end:line_end].strip():
        return text[:line_start] + text[line_end + 1 :]
    if comma:
        return text[:start] + text[end:]
    # The last name, without a comma of its own: the one before it goes.
    before = re.compile(r",[ \t]*\Z").search(text, 0, start)
    return text[: before.start() if before else start] + text[end:]


def _removed(module: Module, statement: ast.ImportFrom) -> Edit:
    source, at = module.source, module.location(statement)
    first, last = at.first.line, at.last.line
    before, after = source.line(first)[: at.first.column - 1], source.line(last)[at.last.column - 1 :]
    if len(place(module, statement)[0]) == 1 and not isinstance(module.parents[statement], ast.Module):
        return Edit(at, "pass")
    comments = [each for each in (*_comments(at), after.strip()) if each.startswith("#") and not _PRAGMA.match(each)]
    if before.strip() or (after.strip() and not after.lstrip().startswith("#")):
        return Edit(at, "pass")
    if comments:
        end = source.line_start(last) + len(source.line(last))
        return Edit(source.location(at.start, end), f"\n{before}".join(comments))
    while _is_blank(module, first - 1) and _is_blank(module, last + 1) and last + 1 < source.line_count:
        last += 1
    return Edit(source.location(source.line_start(first), source.line_start(last + 1)), "")


def _is_blank(module: Module, line: int) -> bool:
    return line == 0 or (line <= module.source.line_count and not module.source.line(line).strip())


def _comments(at: Location) -> Iterator[str]:
    for token in tokenize.generate_tokens(io.StringIO(at.text).readline):
        if token.type == tokenize.COMMENT:
            yield token.string
