"""Edits that bring names into a Python file: into an import that is there, or as a new one in its place.

The result is what isort's default profile would leave: sorted names, one per line where the line gets too
long, the standard library before other packages.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Collection, Iterable, Mapping

from chatkit_doctor.finding import Edit
from chatkit_doctor.python.insertion import first_line, with_own_blanks
from chatkit_doctor.python.module import Module

_LINE_LENGTH = 88
_LONGEST_LINE = 120


def import_edits(module: Module, wanted: Mapping[str, Iterable[str]], unused: Collection[str] = ()) -> list[Edit]:
    """Return edits after which `from module import name` holds at the top level for each module and its names.

    Names that are imported already, under their own name, are left alone; `unused` names leave the statements
    that are extended.
    """
    edits: list[Edit] = []
    new: dict[tuple[int, int], list[tuple[int, Edit]]] = {}
    for path, names in sorted(wanted.items()):
        missing = sorted(set(names) - _imported(module, path), key=name_order)
        if not missing:
            continue
        statement = _statement(module, path)
        if statement is not None:
            edits.append(_extended(module, statement, missing, unused))
            continue
        edit = _new_import(module, path, missing)
        new.setdefault((edit.at.start, edit.at.end), []).append((_section(path), edit))
    return [*edits, *(_joined(sorted(each, key=lambda pair: pair[0])) for each in new.values())]


def top_level_imports(module: Module) -> list[ast.Import | ast.ImportFrom]:
    """Return the imports that stand directly in the module, in the order of the text."""
    return module.derive(_at_top_level)


def _at_top_level(module: Module) -> list[ast.Import | ast.ImportFrom]:
    return [each for each in module.tree.body if isinstance(each, ast.Import | ast.ImportFrom)]


def early_imports(module: Module) -> list[ast.Import | ast.ImportFrom]:
    """Return the imports above the first class; one below it comes too late for the annotations in it."""
    return module.derive(_above_classes)


def _above_classes(module: Module) -> list[ast.Import | ast.ImportFrom]:
    imports = top_level_imports(module)
    first = next((each.lineno for each in module.tree.body if isinstance(each, ast.ClassDef)), None)
    return [each for each in imports if first is None or each.lineno < first] or imports


def _imported(module: Module, path: str) -> set[str]:
    """Return the names that the file has already, from this module or another of the package that hands them on."""
    package = path.partition(".")[0]
    statements = [each for each in early_imports(module) if isinstance(each, ast.ImportFrom)]
    return {
        alias.name
        for each in statements
        if _path(each) == path or (package and _path(each).partition(".")[0] == package)
        for alias in each.names
        if alias.asname in {None, alias.name}
    }


def _statement(module: Module, path: str) -> ast.ImportFrom | None:
    for each in early_imports(module):
        if isinstance(each, ast.ImportFrom) and _path(each) == path and each.names[0].name != "*":
            return each
    return None


def _path(statement: ast.ImportFrom) -> str:
    return "." * statement.level + (statement.module or "")


def _extended(module: Module, statement: ast.ImportFrom, names: list[str], unused: Collection[str]) -> Edit:
    at = module.location(statement)
    if "#" in at.text or _is_packed(statement):
        return _after_last_name(module, statement, names)
    written = [(alias.name, module.location(alias).text) for alias in statement.names]
    keys = [name_order(name) for name, _ in written]
    everything = [*(each for each in written if each[0] not in unused), *((name, name) for name in names)]
    if keys == sorted(keys):
        everything.sort(key=lambda each: name_order(each[0]))
    texts = [text for _, text in everything]
    text = render_import(_path(statement), texts, multiline="\n" in at.text, limit=module.derive(_line_length))
    return Edit(at, with_own_blanks(module, text))


def _is_packed(statement: ast.ImportFrom) -> bool:
    """Return whether an import over several lines has several names on one of them."""
    lines = [alias.lineno for alias in statement.names]
    return statement.end_lineno != statement.lineno and len(set(lines)) < len(lines)


def _line_length(module: Module) -> int:
    """Return how long the file lets its imports be: as long as its longest, within bounds."""
    lines = [module.location(each).text for each in top_level_imports(module)]
    longest = max((len(line) for line in lines if "\n" not in line), default=0)
    return min(max(longest, _LINE_LENGTH), _LONGEST_LINE)


def _after_last_name(module: Module, statement: ast.ImportFrom, names: list[str]) -> Edit:
    """Add to a statement with comments in it, behind its last name, which moves no comment."""
    last = module.location(statement.names[-1])
    source = module.source
    indent = source.text[source.line_start(last.first.line) : last.start]
    separator = f",\n{indent}" if indent.strip() == "" and indent else ", "
    return Edit(source.location(last.end, last.end), separator + separator.join(names))


def render_import(path: str, names: Iterable[str], *, multiline: bool = False, limit: int = _LINE_LENGTH) -> str:
    """Return the text of a from-import, in parentheses and one name to a line where it is long or asked for."""
    parts = list(names)
    line = f"from {path} import {', '.join(parts)}"
    if len(line) <= limit and not multiline:
        return line
    return f"from {path} import (\n" + "".join(f"    {each},\n" for each in parts) + ")"


def _new_import(module: Module, path: str, names: list[str]) -> Edit:
    text = with_own_blanks(module, render_import(path, names))
    imports = [each for each in early_imports(module) if not _is_future(each)]
    section = _section(path)
    same = [each for each in imports if _section(_first_path(each)) == section]
    before = [each for each in same if _first_path(each) < path]
    if before:
        return _insert_behind(module, before[-1], f"\n{text}")
    if same:
        return _insert_before(module, same[0], f"{text}\n")
    earlier = [each for each in imports if _section(_first_path(each)) < section]
    if earlier:
        return _insert_behind(module, earlier[-1], f"\n\n{text}")
    if imports:
        return _insert_before(module, imports[0], f"{text}\n\n")
    return _at_top(module, text)


def _at_top(module: Module, text: str) -> Edit:
    body = module.tree.body
    headers = [each for index, each in enumerate(body) if _is_future(each) or (index == 0 and _is_docstring(each))]
    if headers:
        return _insert_behind(module, headers[-1], f"\n\n{text}")
    if body:
        # Comments stay with what they are about.
        start = module.source.line_start(first_line(module, body[0]))
        return Edit(module.source.location(start, start), f"{text}\n\n")
    return Edit(module.source.location(0, 0), f"{text}\n")


def _insert_behind(module: Module, statement: ast.stmt, text: str) -> Edit:
    source = module.source
    line = source.line_start(statement.end_lineno or statement.lineno)
    end = line + len(source.line(statement.end_lineno or statement.lineno))
    return Edit(source.location(end, end), text)


def _insert_before(module: Module, statement: ast.stmt, text: str) -> Edit:
    decorators = getattr(statement, "decorator_list", [])
    start = module.source.line_start(min([statement.lineno, *(each.lineno for each in decorators)]))
    return Edit(module.source.location(start, start), text)


def _joined(edits: list[tuple[int, Edit]]) -> Edit:
    """Join insertions at one place into one edit, a blank line between those of two sections."""
    section, first = edits[0]
    text = first.text
    for other, edit in edits[1:]:
        gap = "\n" if other == section else "\n\n"
        leading = text[: len(text) - len(text.lstrip("\n"))]
        trailing = edit.text[len(edit.text.rstrip("\n")) :]
        text = leading + text.strip("\n") + gap + edit.text.strip("\n") + trailing
        section = other
    return Edit(first.at, text)


def _first_path(statement: ast.Import | ast.ImportFrom) -> str:
    return _path(statement) if isinstance(statement, ast.ImportFrom) else statement.names[0].name


def _section(path: str) -> int:
    if path.startswith("."):
        return 2
    return 0 if path.split(".", maxsplit=1)[0] in sys.stdlib_module_names else 1


def _is_future(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.ImportFrom) and statement.module == "__future__"


def _is_docstring(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def name_order(name: str) -> tuple[int, str]:
    """Return the key by which isort's default profile orders names: constants, classes, the rest."""
    if name.isupper() and len(name) > 1:
        return 0, name
    return (1 if name[:1].isupper() else 2), name
