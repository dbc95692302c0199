"""What can be imported from each module of a release of openai-agents, read in its sources without importing them."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import contracts_history as history

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from contracts_history import Facts

PACKAGE = "agents"


def agents_facts(site: Path) -> Facts:
    """Return the names that each module of a release has, those left out that begin with an underscore."""
    return {module_name(site, path): sorted(names_of(path)) for path in sources(site)}


def sources(site: Path) -> list[Path]:
    """Return the Python files of the package."""
    return sorted((site / PACKAGE).rglob("*.py"))


def module_name(site: Path, path: Path) -> str:
    """Return the dotted name of the module that a file holds."""
    parts = path.relative_to(site).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def names_of(path: Path) -> set[str]:
    """Return the names that a file binds at its top, and those that it makes when they are asked for."""
    body = ast.parse(path.read_text(encoding="utf-8")).body
    found = {*bound(body), *made_when_asked(body)}
    return {name for name in found if name.isidentifier() and not name.startswith("_")}


def made_when_asked(body: list[ast.stmt]) -> Iterator[str]:
    """Yield the texts that a module's `__getattr__` and the table of its lazy names hold, where it has these."""
    makes_some = any(isinstance(each, ast.FunctionDef) and each.name == "__getattr__" for each in body)
    for statement in body if makes_some else ():
        is_table = isinstance(statement, ast.Assign | ast.AnnAssign) and isinstance(statement.value, ast.Dict)
        if is_table or (isinstance(statement, ast.FunctionDef) and statement.name == "__getattr__"):
            yield from (
                node.value
                for node in ast.walk(statement)
                if isinstance(node, ast.Constant) and isinstance(node.value, str)
            )


def bound(body: list[ast.stmt]) -> Iterator[str]:
    """Yield the names that statements bind when the module runs; what only type checkers see is left out."""
    for statement in body:
        match statement:
            case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
                yield from (each.asname or each.name.partition(".")[0] for each in aliases)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.If(test=ast.Name(id="TYPE_CHECKING"), orelse=other):
                yield from bound(other)
            case _:
                yield from (
                    node.id
                    for node in ast.walk(statement)
                    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
                )
                for field in ("body", "orelse", "finalbody"):
                    yield from bound(getattr(statement, field, []))
                for handler in getattr(statement, "handlers", []):
                    yield from bound(handler.body)


def folded(releases: Sequence[tuple[str, Facts]]) -> Facts:
    """Return one table for releases given oldest first: for each module `[first, last, names]`, for each stretch.

    The names of a stretch are those that came with its first release and went with its last, in one text: there are
    eight thousand of them.
    """
    names = history.fold([(release, _as_tree(facts)) for release, facts in releases], 2)
    table: Facts = {}
    for module, spans in names.items():
        stretches: dict[tuple[str, str | None], list[str]] = {}
        for name, found in spans.items():
            for first, last, _ in found:
                stretches.setdefault((first, last), []).append(name)
        table[module] = [[first, last, " ".join(sorted(each))] for (first, last), each in stretches.items()]
    return table


def _as_tree(facts: Facts) -> Facts:
    # A module is there without a name in it, too.
    return {module: dict.fromkeys([*names, ""], 1) for module, names in facts.items()}
