"""Names followed over files to what defines them."""

from __future__ import annotations

import ast

import pytest

from tests.python.projects import Files


def definition(files: Files, path: str = "main.py") -> str | None:
    """Return where the last expression of a file leads: `external`, or `path:name` of the project's own."""
    module = files[path]
    statement = module.tree.body[-1]
    assert isinstance(statement, ast.Expr)
    found = files.symbols.definition(module, statement.value)
    if found is None:
        return None
    if found.external:
        return found.external
    assert found.module is not None
    assert found.binding is not None
    return f"{found.module.source.path.name}:{found.binding.name}"


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ({"main.py": "from chatkit.store import Store\nStore"}, "chatkit.store.Store"),
        ({"main.py": "from chatkit.store import Store\nStore[dict]"}, "chatkit.store.Store"),
        ({"main.py": "from chatkit.store import *\nStore"}, "chatkit.store.Store"),
        ({"main.py": "class Mine: ...\nMine"}, "main.py:Mine"),
        ({"main.py": "class Mine: ...\nAlias = Mine\nAlias"}, "main.py:Mine"),
        ({"main.py": "from base import Base\nBase", "base.py": "class Base: ..."}, "base.py:Base"),
        ({"main.py": "import base as b\nb.Base", "base.py": "class Base: ..."}, "base.py:Base"),
        ({"main.py": "from base import *\nBase", "base.py": "class Base: ..."}, "base.py:Base"),
        (
            {"main.py": "from base import B\nB", "base.py": "from chatkit.store import Store as B"},
            "chatkit.store.Store",
        ),
        (
            {"main.py": "from base import B\nB", "base.py": "import chatkit.store as s\nB = s.Store"},
            "chatkit.store.Store",
        ),
        (
            {
                "main.py": "from app import Store\nStore",
                "app/__init__.py": "from .stores import Store",
                "app/stores/__init__.py": "from .memory import Memory as Store",
                "app/stores/memory.py": "class Memory: ...",
            },
            "memory.py:Memory",
        ),
        (
            {
                "main.py": "from app import Memory\nMemory",
                "app/__init__.py": "from .memory import *",
                "app/memory.py": "class Memory: ...",
            },
            "memory.py:Memory",
        ),
        ({"main.py": "from app import memory\nmemory.M", "app/memory.py": "class M: ..."}, "memory.py:M"),
        ({"main.py": "import app.memory\napp.memory.M", "app/memory.py": "class M: ..."}, "memory.py:M"),
        ({"main.py": "from a import X\nX", "a.py": "from b import X", "b.py": "from a import X"}, None),
        ({"main.py": "from base import Missing\nMissing", "base.py": "class Base: ..."}, None),
        ({"main.py": "unknown"}, None),
        ({"main.py": "from chatkit.store import *\nprint"}, None),
    ],
)
def test_definition_of_the_last_expression(texts: dict[str, str], expected: str | None) -> None:
    assert definition(Files(texts)) == expected


def test_a_guarded_import_has_two_definitions() -> None:
    files = Files(
        {
            "main.py": """
                try:
                    from chatkit.store import Store
                except ImportError:
                    class Store: ...
                Store
            """
        }
    )
    module = files["main.py"]
    found = list(files.symbols.definitions(module, module.nodes(ast.Name)[-1]))
    assert [each.external for each in found] == ["chatkit.store.Store", ""]
    assert found[1].class_node is module.nodes(ast.ClassDef)[0]


def test_functions_are_found_as_functions() -> None:
    files = Files({"main.py": "from base import make\nmake", "base.py": "async def make(): ..."})
    found = files.symbols.definition(files["main.py"], files["main.py"].nodes(ast.Name)[-1])
    assert found is not None
    assert found.function_node is files["base.py"].nodes(ast.AsyncFunctionDef)[0]
    assert found.class_node is None


def test_a_name_assigned_from_itself_many_times_ends() -> None:
    files = Files({"main.py": "from acme import rows\n" + "rows = rows[0].next\nrows = rows\n" * 200 + "rows\n"})
    assert definition(files) == "acme.rows"
