"""What names are bound to, scope by scope."""

from __future__ import annotations

import ast

import pytest

from chatkit_doctor.python.module import Module, children
from chatkit_doctor.python.names import BindingKind, Names, _scopes_around
from tests.python.projects import module, names


def meaning(table: Names, name: str, *, last: bool = True) -> str | None:
    """Return what the last (or first) reading of a name means."""
    uses = [each for each in table.module.nodes(ast.Name) if each.id == name and isinstance(each.ctx, ast.Load)]
    return table.qualified(uses[-1 if last else 0])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("from chatkit.store import Store\nStore", "chatkit.store.Store"),
        ("from chatkit.store import Store as S\nS", "chatkit.store.Store"),
        ("from chatkit import store\nstore.Store", "chatkit.store.Store"),
        ("import chatkit.store\nchatkit.store.Store", "chatkit.store.Store"),
        ("import chatkit.store as s\ns.Store", "chatkit.store.Store"),
        ("import chatkit\nchatkit.store.Store", "chatkit.store.Store"),
        ("from .store import Store\nStore", ".store.Store"),
        ("from . import store\nstore.Store", ".store.Store"),
        ("from ..app import Store\nStore", "..app.Store"),
        ("import chatkit.store as s\nBase = s.Store\nBase", "chatkit.store.Store"),
        ("import importlib\ns = importlib.import_module('chatkit.store')\ns.Store", "chatkit.store.Store"),
        ("if (s := __import__('x')):\n    pass\ns.Store", None),
        ("Store", None),
        ("def Store(): ...\nStore", None),
        ("a = b\nb = a\na", None),
    ],
)
def test_last_expression_means(text: str, expected: str | None) -> None:
    table = names(text)
    statement = table.module.tree.body[-1]
    assert isinstance(statement, ast.Expr)
    assert table.qualified(statement.value) == expected


def test_both_branches_of_a_guarded_import_are_known_in_order() -> None:
    table = names("""
        try:
            from chatkit.stores import Store
        except ImportError:
            from chatkit.store import Store
        Store
    """)
    use = table.module.nodes(ast.Name)[-1]
    assert list(table.qualified_all(use)) == ["chatkit.stores.Store", "chatkit.store.Store"]


def test_a_function_sees_its_own_import_first() -> None:
    table = names("""
        from a import Store
        def f():
            from b import Store
            return Store
    """)
    assert meaning(table, "Store") == "b.Store"


def test_an_import_in_a_function_is_not_seen_outside() -> None:
    table = names("""
        def f():
            from b import Store
        Store
    """)
    assert meaning(table, "Store") is None


def test_methods_do_not_see_the_names_of_their_class() -> None:
    table = names("""
        from a import Store
        class A:
            from b import Store
            kind = Store
            def f(self):
                return Store
    """)
    assert meaning(table, "Store", last=False) == "b.Store"
    assert meaning(table, "Store") == "a.Store"


def test_annotations_decorators_and_defaults_are_read_outside_the_function() -> None:
    table = names("""
        from a import Store
        @Store
        def f(x: Store = Store) -> Store:
            from b import Store
            return 1
    """)
    uses = [each for each in table.module.nodes(ast.Name) if each.id == "Store"]
    assert [table.qualified(each) for each in uses] == ["a.Store"] * 4


def test_a_base_class_is_read_outside_the_class() -> None:
    table = names("""
        from a import Store
        class Mine(Store):
            from b import Store
    """)
    assert meaning(table, "Store") == "a.Store"


def test_a_parameter_hides_an_import() -> None:
    table = names("""
        import chatkit.store as store
        def f(store):
            return store.Store
        g = lambda store: store
    """)
    assert meaning(table, "store", last=False) is None
    assert meaning(table, "store") is None


def test_variables_of_comprehensions_stay_inside() -> None:
    table = names("""
        import chatkit.store as store
        rows = [store for store, _ in []]
        store.Store
    """)
    assert table.in_scope(table.module.tree, "store")[0].kind is BindingKind.IMPORT
    assert len(table.module_level("store")) == 1


def test_global_binds_in_the_module() -> None:
    table = names("""
        def f():
            global store
            from chatkit import store
        store
    """)
    assert meaning(table, "store") == "chatkit.store"
    assert table.module_level("store")


def test_nonlocal_binds_in_the_function_around() -> None:
    table = names("""
        def f():
            store = None
            def g():
                nonlocal store
                from chatkit import store
            return store
    """)
    assert not table.module_level("store")
    assert meaning(table, "store") == "chatkit.store"


@pytest.mark.parametrize(
    "text",
    [
        "for store in []: pass",
        "with open('f') as store: pass",
        "try: pass\nexcept E as store: pass",
        "match x:\n    case [store, *_]: pass",
        "match x:\n    case {'a': A() as store}: pass",
        "(store, other) = 1, 2",
        "store += 1",
        "(store := 1)",
    ],
)
def test_every_way_to_bind_is_seen(text: str) -> None:
    assert names(text).module_level("store")


def test_imports_of_every_scope_are_listed() -> None:
    table = names("""
        import a
        class A:
            import b
            def f(self):
                from c import d
    """)
    assert sorted(each.dotted for each in table.imports()) == ["a", "b", "c.d"]


def test_star_imports_bind_nothing() -> None:
    assert list(names("from chatkit.store import *").imports()) == []


def test_annotations_and_values_of_bindings_are_kept() -> None:
    table = names("store: Store = make()\ndef f(x: int): ...")
    (store,) = table.module_level("store")
    assert isinstance(store.value, ast.Call)
    assert isinstance(store.annotation, ast.Name)
    (parameter,) = table.in_scope(table.module.nodes(ast.FunctionDef)[0], "x")
    assert parameter.kind is BindingKind.PARAMETER
    assert isinstance(parameter.annotation, ast.Name)


def test_a_name_assigned_from_itself_many_times_ends() -> None:
    table = names("from acme import select\nquery = select\n" + "query = query.where\n" * 200 + "query\n")
    statement = table.module.tree.body[-1]
    assert isinstance(statement, ast.Expr)
    assert list(table.qualified_all(statement.value)) == ["acme.select"]


NESTED = """
import enum

@enum.unique
class Outer(enum.Enum, metaclass=lambda name: name):
    value = [each for each in range(3)]

    def method(self, given=lambda: value, *more: value) -> value:
        match given:
            case {"key": [first, *rest], **others} if first:
                try:
                    return lambda x, y=given: (x, y, lambda: rest)
                except ValueError as error:
                    raise error from None
                finally:
                    class Inner:
                        async def deep(self):
                            async with self as entered, given:
                                del entered
                            return f"{given!r:>{more}}"
        for one in more:
            global enum
        else:
            one: value = yield
"""


def scopes_by_climbing(module: Module, node: ast.AST) -> list[ast.AST]:
    """Return the scopes around a node, found by going up from it and keeping nothing."""
    found: list[ast.AST] = []
    below = node
    for parent in module.ancestors(node):
        if isinstance(parent, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            found += [parent] if below in parent.body else []
        elif isinstance(parent, ast.Lambda) and below is parent.body:
            found.append(parent)
        below = parent
    return found


def test_the_scopes_around_a_node_are_those_above_it() -> None:
    parsed = module(NESTED)
    # From the inside out and the other way round, for what is kept of one serves the next.
    nodes = [each for each in ast.walk(parsed.tree) if not isinstance(each, ast.expr_context)]

    for node in (*nodes, *reversed(nodes)):
        assert list(_scopes_around(parsed, node)) == scopes_by_climbing(parsed, node)


def test_the_nodes_below_one_are_those_of_ast_without_contexts() -> None:
    for node in ast.walk(ast.parse(NESTED)):
        wanted = [each for each in ast.iter_child_nodes(node) if not isinstance(each, ast.expr_context)]
        assert children(node) == wanted
