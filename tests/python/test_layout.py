"""Which file an import means."""

from __future__ import annotations

import pytest

from chatkit_doctor.python.layout import Layout
from tests.python.projects import ROOT


def layout(texts: dict[str, str]) -> Layout:
    files = {ROOT / path: text.encode() for path, text in texts.items()}
    return Layout(files, lambda path, pattern: pattern.search(files[path]) is not None)


def resolved(files: list[str], importer: str, dotted: str) -> str | None:
    found = layout(dict.fromkeys(files, "")).resolve(ROOT / importer, dotted)
    return found.relative_to(ROOT).as_posix() if found else None


@pytest.mark.parametrize(
    ("files", "importer", "dotted", "expected"),
    [
        (["main.py", "store.py"], "main.py", "store", "store.py"),
        (["main.py", "app/__init__.py", "app/store.py"], "main.py", "app.store", "app/store.py"),
        (["main.py", "app/__init__.py"], "main.py", "app", "app/__init__.py"),
        (["main.py", "app/store.py"], "main.py", "app.store", "app/store.py"),
        (["src/app/__init__.py", "src/app/a.py", "src/app/b.py"], "src/app/a.py", "app.b", "src/app/b.py"),
        (["src/app/b.py", "tests/test_b.py"], "tests/test_b.py", "app.b", "src/app/b.py"),
        (["one/store.py", "two/store.py", "two/main.py"], "two/main.py", "store", "two/store.py"),
        (["one/store.py", "two/store.py", "main.py"], "main.py", "store", None),
        (["main.py", "store.py"], "main.py", "other", None),
        (["main.py", "store.py"], "main.py", "store.Store", None),
        (["redis.py"], "redis.py", "redis", None),
    ],
)
def test_absolute_imports(files: list[str], importer: str, dotted: str, expected: str | None) -> None:
    assert resolved([*files], importer, dotted) == expected


@pytest.mark.parametrize(
    ("importer", "dotted", "expected"),
    [
        ("app/main.py", ".store", "app/store.py"),
        ("app/main.py", ".", "app/__init__.py"),
        ("app/__init__.py", ".store", "app/store.py"),
        ("app/api/routes.py", "..store", "app/store.py"),
        ("app/api/routes.py", "..", "app/__init__.py"),
        ("app/api/routes.py", "...app.store", "app/store.py"),
        ("app/main.py", ".api", "app/api/__init__.py"),
        ("app/main.py", ".missing", None),
    ],
)
def test_relative_imports(importer: str, dotted: str, expected: str | None) -> None:
    files = ["app/__init__.py", "app/main.py", "app/store.py", "app/api/__init__.py", "app/api/routes.py"]
    assert resolved(files, importer, dotted) == expected


@pytest.mark.parametrize(
    ("files", "importer", "is_own"),
    [
        (["chatkit/__init__.py", "main.py"], "main.py", True),
        (["chatkit.py", "main.py"], "main.py", True),
        (["chatkit/store.py", "main.py"], "main.py", True),
        (["src/chatkit/__init__.py", "tests/test_it.py"], "tests/test_it.py", True),
        (["src/chatkit/models.py", "tests/test_it.py"], "tests/test_it.py", True),
        # `app.chatkit` and `src.chatkit` are other names.
        (["app/__init__.py", "app/chatkit/__init__.py", "app/main.py"], "app/main.py", False),
        (["app/__init__.py", "app/chatkit/store.py", "app/main.py"], "app/main.py", False),
        (["src/__init__.py", "src/chatkit/__init__.py", "src/main.py"], "src/main.py", False),
        # A script in a folder `chatkit` is not a module of a package.
        (["chatkit/main.py", "chatkit/store.py"], "chatkit/main.py", False),
        # What one app of a repository calls its package does not hide the SDK from another.
        (["one/chatkit/__init__.py", "two/main.py"], "two/main.py", False),
        (["main.py", "store.py"], "main.py", False),
    ],
)
def test_packages_that_hide_the_installed_one(files: list[str], importer: str, is_own: bool) -> None:
    seen = layout(dict.fromkeys(files, ""))
    assert seen.has_package(ROOT / importer, "chatkit") is is_own
    assert seen.has_package(ROOT / importer, "chatkit") is is_own


@pytest.mark.parametrize(
    ("main", "is_own"),
    [
        ("from data.rows import rows\n", True),
        ("import os\nimport data.rows as rows\n", True),
        ("from app.data.rows import rows\n", False),
        ("from .data.rows import rows\n", False),
        ("from database import rows\n", False),
        # Both ways are provided for, and these names are those of the standard library and of the SDK.
        ("try:\n    from app.data import rows\nexcept ImportError:\n    from data import rows\n", False),
        ("import logging\nfrom chatkit.store import Store\n", False),
    ],
)
def test_a_package_from_whose_folder_programs_start_hides_the_installed_one(main: str, is_own: bool) -> None:
    others = ("__init__.py", "logging.py", "data/rows.py", "chatkit/__init__.py", "chatkit/routes.py")
    seen = layout({"app/main.py": main, **{f"app/{name}": "" for name in others}})

    assert seen.has_package(ROOT / "app/main.py", "chatkit") is is_own
    assert seen.has_package(ROOT / "app/data/rows.py", "chatkit") is is_own
    assert not seen.has_package(ROOT / "app/chatkit/routes.py", "chatkit")
