"""How the package hangs together: imports point one way, and there is no circle anywhere."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from tests.commands import ROOT

PACKAGE = ROOT / "chatkit_doctor"

# From the top down: a part imports those below it, and those of its own line.
LAYERS = (
    {"__main__"},
    {"api", "commands", "lsp", "mcp", "migrate", "skill", "verify", "conformance"},
    {"scanning"},
    {"checks", "reports", "pages"},
    {"backend", "frontend"},
    {"project"},
    {"python", "web", "contracts"},
    {"finding"},
    {"source", "words"},
    {"budget", "forks", "git", "modules", "patterns", "records", "remarks", "remembered"},
)
# Reports know findings, the pages behind them, and what the error reference says; no project and no check.
REPORTS_KNOW = {"patterns", "records", "reports", "finding", "source", "pages", "contracts"}


def modules() -> dict[str, Path]:
    found = {}
    for path in PACKAGE.rglob("*.py"):
        parts = path.relative_to(ROOT).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imported(path: Path, known: dict[str, Path]) -> Iterator[str]:
    """Yield the package's modules that a file imports anywhere in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                name = f"{node.module}.{alias.name}"
                yield from (each for each in (name if name in known else node.module,) if each in known)


@cache
def graph() -> dict[str, set[str]]:
    """Return which modules of the package each imports; every file is parsed once for all tests."""
    known = modules()
    return {name: set(imported(path, known)) - {name} for name, path in known.items()}


def part(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def test_there_is_no_circle() -> None:
    # Raises CycleError, which names the circle.
    order = list(TopologicalSorter(graph()).static_order())

    assert len(order) == len(modules())


@pytest.mark.parametrize("module", sorted(set(map(part, modules())) - {""}))
def test_imports_point_down(module: str) -> None:
    level = {name: depth for depth, names in enumerate(LAYERS) for name in names}
    below = {part(each) for name, found in graph().items() if part(name) == module for each in found}

    assert {each for each in below - {module, ""} if level[each] < level[module]} == set()


def test_reports_know_findings_alone() -> None:
    assert {part(each) for name, found in graph().items() if part(name) == "reports" for each in found} <= REPORTS_KNOW


def test_a_public_name_of_a_class_stands_for_one_thing() -> None:
    homes: dict[str, list[str]] = {}
    for name, path in modules().items():
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            # A type's second name is written like a class.
            written = [ast.unparse(each) for each in node.targets] if isinstance(node, ast.Assign) else []
            named = node.name if isinstance(node, ast.ClassDef) else "".join(written)
            if named[:1].isupper() and not named.isupper():
                homes.setdefault(named, []).append(name)

    assert {named: found for named, found in homes.items() if len(found) > 1} == {}
