"""Classes and what they inherit, in Python's order."""

from __future__ import annotations

import abc
import ast

from tests.python.projects import Files


def ancestry(files: Files, name: str) -> list[str]:
    return [each if isinstance(each, str) else each.name for each in files.view(name).ancestry]


def test_classes_and_packages_are_listed_over_files() -> None:
    files = Files(
        {
            "base.py": "from chatkit.store import Store\nclass Base(Store[dict]): ...",
            "main.py": "import base\nclass Mine(base.Base): ...",
        }
    )
    assert ancestry(files, "Mine") == ["Mine", "Base", "chatkit.store.Store"]
    assert files.view("Mine").externals == ("chatkit.store.Store",)
    assert files.view("Mine").is_complete
    assert [each.name for each in files.hierarchy.subclasses(files.view("Base"))] == ["Mine"]
    assert files.hierarchy.view(files["main.py"].nodes(ast.ClassDef)[0]) is files.view("Mine")


def test_order_is_that_of_python() -> None:
    text = """
        import abc
        class A(abc.ABC): ...
        class B(A): ...
        class C(A): ...
        class D(B, C): ...
        class E(C): ...
        class F(D, E): ...
    """

    class A(abc.ABC): ...  # noqa: B024

    class B(A): ...

    class C(A): ...

    class D(B, C): ...

    class E(C): ...

    class F(D, E): ...

    expected = [each.__name__ for each in F.__mro__ if each not in {abc.ABC, object}]
    assert ancestry(Files({"main.py": text}), "F") == [*expected, "abc.ABC"]


def test_a_mixin_behind_a_package_s_class_comes_behind_it() -> None:
    files = Files(
        {
            "main.py": """
                from chatkit.store import Store
                class Mixin:
                    async def save_item(self): ...
                class Behind(Store, Mixin): ...
                class InFront(Mixin, Store): ...
            """
        }
    )
    assert ancestry(files, "Behind") == ["Behind", "chatkit.store.Store", "Mixin"]
    assert ancestry(files, "InFront") == ["InFront", "Mixin", "chatkit.store.Store"]


def test_impossible_orders_and_circles_end() -> None:
    files = Files(
        {
            "main.py": "class A: ...\nclass B(A): ...\nclass Impossible(A, B): ...",
            "one.py": "from two import Two\nclass One(Two): ...",
            "two.py": "from one import One\nclass Two(One): ...",
        }
    )
    assert set(ancestry(files, "Impossible")) == {"Impossible", "A", "B"}
    assert ancestry(files, "One") == ["One", "Two"]


def test_a_base_that_cannot_be_followed_leaves_the_view_incomplete() -> None:
    files = Files(
        {
            "main.py": """
                from chatkit.store import Store
                class A(Store, make_base()): ...
                class B(A): ...
                class C(Store, **options): ...
                class D(Store, undefined): ...
                class E(Store, object): ...
            """
        }
    )
    assert [files.view(name).is_complete for name in "ABCDE"] == [False, False, False, False, True]


def test_unknown_externals_leave_out_what_has_no_content() -> None:
    files = Files(
        {
            "main.py": """
                from abc import ABC
                from typing import Generic, TypeVar
                from acme import Mixin
                from chatkit.store import Store
                T = TypeVar("T")
                class A(Store[T], Mixin, ABC, Generic[T]): ...
            """
        }
    )
    assert files.view("A").unknown_externals({"chatkit.store.Store"}) == ["acme.Mixin"]


def test_a_method_is_the_last_definition_of_the_nearest_class() -> None:
    files = Files(
        {
            "main.py": """
                class Base:
                    def a(self): ...
                    def b(self): ...
                class Mine(Base):
                    def a(self): return 1
                    if True:
                        def a(self): return 2
                    c = len
                    d: int
                    e: int = 1
            """
        }
    )
    view = files.view("Mine")
    owner, function = view.method("a") or (None, None)
    assert owner is not None
    assert function is not None
    assert owner.name == "Mine"
    assert ast.unparse(function.body[0]) == "return 2"
    inherited = view.method("b")
    assert inherited is not None
    assert inherited[0].name == "Base"
    assert view.method("c") is None
    assert [view.defines(name) for name in "abcdef"] == [True, True, True, False, True, False]
