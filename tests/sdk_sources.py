"""What stands in the packages that are installed, read without importing them, which takes seconds."""

from __future__ import annotations

import ast
from functools import cache
from importlib.util import find_spec
from pathlib import Path


@cache
def tree_of(module: str) -> ast.Module:
    """Return the tree of a module. The package that it is in is imported, which for ChatKit's is next to nothing."""
    spec = find_spec(module)
    assert spec is not None
    assert spec.origin is not None
    return ast.parse(Path(spec.origin).read_text(encoding="utf-8"))
