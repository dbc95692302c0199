"""Nothing stands in the package that nothing in the package asks for."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator

from tests.test_architecture import PACKAGE

# Called by name: by the rules' loader, by typer, by libcst, by pydantic, by the standard library's own readers.
DECORATED = re.compile(r"command|callback|validator|property\.setter|overload|shows|pytest\.fixture")
VISITOR = re.compile(r"(?:visit|leave)_[A-Z]\w+|handle_\w+|__\w+__|_missing_|pytest_\w+")
# The doors of the package, and what the standard library's servers and loggers call, and pygls.
KNOWN = {"main", "do_POST", "log_message", "emit", "report_server_error"}


def definitions(tree: ast.Module) -> Iterator[str]:
    """Yield the names of functions, methods and classes that something has to ask for."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            decorators = " ".join(ast.unparse(each) for each in node.decorator_list)
            if not DECORATED.search(decorators) and not VISITOR.fullmatch(node.name):
                yield node.name


def mentions(tree: ast.Module) -> Iterator[str]:
    """Yield every name that code mentions; what a module only imports or lists in `__all__` is not asked for yet."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.alias) and node.asname is not None:
            yield node.name
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isidentifier():
            # A name in quotes: an annotation, the key of a table of methods.
            yield node.value


def unused() -> set[str]:
    defined: Counter[str] = Counter()
    mentioned: set[str] = set()
    for path in sorted(PACKAGE.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        is_rule = path.parent.parent.name == "checks"
        defined.update(name for name in definitions(tree) if not (is_rule and name == path.stem))
        listed = {id(each) for node in tree.body if _is_all(node) for each in ast.walk(node)}
        mentioned |= {name for node in tree.body if id(node) not in listed for name in mentions(ast.Module([node], []))}
    return set(defined) - mentioned - KNOWN


def _is_all(node: ast.stmt) -> bool:
    return isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"


def test_everything_in_the_package_is_asked_for_in_the_package() -> None:
    assert unused() == set()
