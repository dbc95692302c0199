"""The doctor's own modules are found as Python finds them, and whatever is not plain is left to Python."""

from __future__ import annotations

import importlib
import inspect
import os
import py_compile
import sys
from collections.abc import Callable, Iterator
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path

import pytest

from chatkit_doctor.modules import OwnModules
from tests.projects import write_files

PACKAGE = "sample_of_modules"
FILES = {
    "__init__.py": "",
    "one.py": "def told():\n    return 1\n",
    "inner/__init__.py": "from . import two\n",
    "inner/two.py": "WORD = 'two'\n",
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Yield the folder of a package that can be imported, every module compiled."""
    home = tmp_path / PACKAGE
    write_files(home, FILES)
    for path in home.rglob("*.py"):
        py_compile.compile(str(path), doraise=True, invalidation_mode=py_compile.PycInvalidationMode.TIMESTAMP)
    monkeypatch.syspath_prepend(tmp_path)
    yield home
    for name in [each for each in sys.modules if each.partition(".")[0] == PACKAGE]:
        del sys.modules[name]


def found(name: str, folder: Path) -> ModuleSpec | None:
    return OwnModules(PACKAGE).find_spec(f"{PACKAGE}.{name}", [str(folder)])


@pytest.mark.parametrize("name", ["one", "inner"])
def test_a_module_is_where_python_says(name: str, folder: Path) -> None:
    spec, wanted = found(name, folder), PathFinder.find_spec(f"{PACKAGE}.{name}", [str(folder)])

    assert spec is not None
    assert wanted is not None
    for attribute in ("name", "origin", "cached", "has_location", "parent"):
        assert getattr(spec, attribute) == getattr(wanted, attribute)
    assert spec.submodule_search_locations == wanted.submodule_search_locations


def test_what_is_imported_is_whole(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    importlib.import_module(PACKAGE)
    monkeypatch.setattr(sys, "meta_path", [OwnModules(PACKAGE)])

    one = importlib.import_module(f"{PACKAGE}.one")
    inner = importlib.import_module(f"{PACKAGE}.inner")

    assert one.told() == 1
    assert inner.two.WORD == "two"
    assert inspect.getsource(one.told) == FILES["one.py"]
    assert importlib.reload(one).told() == 1


def _edit(path: Path) -> None:
    path.write_text("def told():\n    return 22\n")


def _touch(path: Path) -> None:
    os.utime(path, (1_000_000_000, 1_000_000_000))


def _by_hash(path: Path) -> None:
    py_compile.compile(str(path), invalidation_mode=py_compile.PycInvalidationMode.CHECKED_HASH)


def _of_another_python(path: Path) -> None:
    compiled = next((path.parent / "__pycache__").glob("one.*"))
    compiled.write_bytes(b"\0\0\r\n" + compiled.read_bytes()[4:])


def _cut(path: Path) -> None:
    next((path.parent / "__pycache__").glob("one.*")).write_bytes(b"\0")


def _uncompiled(path: Path) -> None:
    next((path.parent / "__pycache__").glob("one.*")).unlink()


@pytest.mark.parametrize("change", [_edit, _touch, _by_hash, _of_another_python, _cut, _uncompiled, Path.unlink])
def test_what_is_not_plain_is_left_to_python(change: Callable[[Path], None], folder: Path) -> None:
    change(folder / "one.py")

    assert found("one", folder) is None


def test_what_is_no_module_of_the_package_is_left_to_python(folder: Path) -> None:
    (folder / "data").mkdir()

    assert found("data", folder) is None
    assert found("missing", folder) is None
    assert found("one", folder / "nowhere") is None
    assert OwnModules(PACKAGE).find_spec("json.decoder", [str(folder)]) is None
    assert OwnModules(PACKAGE).find_spec(f"{PACKAGE}.one", None) is None
