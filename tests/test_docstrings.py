"""One way to say a thing in docstrings, so that a reader does not look for a difference that is none."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.commands import ROOT

DOCUMENTED = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def docstrings() -> Iterator[tuple[str, str]]:
    """Yield where each docstring of the package is, and its text."""
    for path in sorted((ROOT / "chatkit_doctor").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, DOCUMENTED) and (text := ast.get_docstring(node)):
                yield f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 1)}", text


def test_what_answers_yes_or_no_returns_whether() -> None:
    others = tuple(f"{verb} whether" for verb in ("Tell", "Say", "Check", "Decide", "Test", "Determine"))

    assert [where for where, text in docstrings() if text.startswith(others)] == []
