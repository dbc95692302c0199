"""A parsed file knows its nodes, their parents and where they stand."""

from __future__ import annotations

import ast

import pytest

from chatkit_doctor.source import UnreadableSourceError
from tests.python.projects import module


def test_nodes_come_in_the_order_of_the_text() -> None:
    found = module("import a\nif True:\n    import b\nimport c\n").nodes(ast.Import)
    assert [each.names[0].name for each in found] == ["a", "b", "c"]


def test_ancestors_go_from_the_nearest_to_the_module() -> None:
    tree = module("class A:\n    def f(self):\n        return 1\n")
    constant = tree.nodes(ast.Constant)[0]
    kinds = [type(each) for each in tree.ancestors(constant)]
    assert kinds == [ast.Return, ast.FunctionDef, ast.ClassDef, ast.Module]
    assert tree.enclosing_function(constant) is tree.nodes(ast.FunctionDef)[0]
    assert tree.enclosing_class(constant) is tree.nodes(ast.ClassDef)[0]


def test_locations_count_characters_where_ast_counts_bytes() -> None:
    tree = module('x = "äöü€", name\n')
    assert tree.location(tree.nodes(ast.Name)[1]).text == "name"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("class  Store (Base): pass", "Store"),
        ("@decorated(class_=1)\nclass Store: pass", "Store"),
        ("async  def respond(): pass", "respond"),
        ("class \\\n  Store: pass", "Store"),
        ("async \\\n def respond(): pass", "respond"),
    ],
)
def test_name_location_is_the_name_alone(text: str, name: str) -> None:
    tree = module(text)
    statement = tree.tree.body[0]
    assert isinstance(statement, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
    assert tree.name_location(statement).text == name


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("from chatkit.store import Store", "chatkit.store"),
        ("from  chatkit.store  import (\n    Store,\n)", "chatkit.store"),
        ("from \\\n    chatkit.store import Store", "chatkit.store"),
        ("from .chatkit import Store", ".chatkit"),
        ("from . import chatkit", "."),
        ("from chatkit . store import Store", "chatkit . store"),
    ],
)
def test_import_path_location_is_the_path_alone(text: str, path: str) -> None:
    tree = module(text)
    assert tree.import_path_location(tree.nodes(ast.ImportFrom)[0]).text == path


def test_keyword_location_is_the_name_of_the_keyword() -> None:
    tree = module("call(order='asc', **rest)")
    assert [tree.keyword_location(each).text for each in tree.nodes(ast.keyword)] == ["order", "**"]


@pytest.mark.parametrize("text", ["def f(:\n", "x = 'a\n", "(" * 10_000, "x = \0", "if True:\nx = 1\n"])
def test_what_is_no_python_is_refused_with_a_reason(text: str) -> None:
    with pytest.raises(UnreadableSourceError) as refused:
        module(text)
    assert refused.value.reason
    assert "\n" not in refused.value.reason
