"""Finds the doctor's own modules with a third of what Python does for each, of which a scan loads five hundred.

Python's own finder and loader look at the folder and three times at the source, in code that is right for every way to
lay out a package. Here a folder is listed once, the source asked for its time and size, and its compiled form taken
where that was made of it. Whatever is not as plain (no compiled form, one of another source or of another kind, no
folder) is left to Python.
"""

from __future__ import annotations

import marshal
import os
import sys
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import MAGIC_NUMBER

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import CodeType, ModuleType

# The head of a compiled file: what made it, that it goes by its source's time and size, and these.
_START = MAGIC_NUMBER + bytes(4)
_HEAD = len(_START) + 8
_FIELD = 0xFFFFFFFF
# No module of ours comes near it.
_MOST_BYTES = 120_000


def find_own_modules() -> None:
    """Have the doctor's modules found so from now on; not where Python was told of another way to compile them."""
    is_plain = sys.pycache_prefix is None and not sys.flags.optimize and sys.implementation.cache_tag
    if is_plain and not any(isinstance(each, OwnModules) for each in sys.meta_path):
        sys.meta_path.insert(0, OwnModules(__name__.partition(".")[0]))


class OwnModules:
    """Finds the modules of one package, once it is among `sys.meta_path`."""

    def __init__(self, package: str) -> None:
        self._prefix = f"{package}."
        self._ending = f".{sys.implementation.cache_tag}.pyc"
        self._listed: dict[str, frozenset[str]] = {}

    def find_spec(self, name: str, path: Sequence[str] | None, _: ModuleType | None = None) -> ModuleSpec | None:
        """Return where a module is, None for whatever is left to Python."""
        if not path or not name.startswith(self._prefix):
            return None
        folder, last = path[0], name[name.rfind(".") + 1 :]
        names = self._listed.get(folder)
        if names is None:
            names = self._listed[folder] = _names(folder)
        inner = None
        if last in names:
            folder, last = folder + os.sep + last, "__init__"
            inner = [folder]
        elif f"{last}.py" not in names:
            return None
        source = f"{folder}{os.sep}{last}.py"
        compiled = f"{folder}{os.sep}__pycache__{os.sep}{last}{self._ending}"
        data = _compiled(compiled, source)
        if data is None:
            return None
        spec = ModuleSpec(name, _Loader(name, source, data), origin=source)
        spec.has_location = True
        spec.cached = compiled
        spec.submodule_search_locations = inner
        return spec


class _Loader(SourceFileLoader):
    """Loads a module from its compiled form."""

    def __init__(self, name: str, source: str, data: memoryview) -> None:
        super().__init__(name, source)
        self._data: memoryview | None = data

    def get_code(self, fullname: str) -> CodeType | None:
        """Return the module's code, which is asked for once."""
        data, self._data = self._data, None
        if data is None:
            return super().get_code(fullname)
        code: CodeType = marshal.loads(data)  # noqa: S302 - from where Python would load it
        return code


def _names(folder: str) -> frozenset[str]:
    try:
        with os.scandir(folder) as entries:
            return frozenset(each.name for each in entries)
    except OSError:
        return frozenset()


def _compiled(path: str, source: str) -> memoryview | None:
    """Return the code in a compiled file, None where it is not there or not made of the source as it is."""
    try:
        state = os.stat(source)  # noqa: PTH116 - a path object takes as long as all of this
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0))
        try:
            data = os.read(descriptor, _MOST_BYTES)
        finally:
            os.close(descriptor)
    except OSError:
        return None
    made_of = (state.st_size & _FIELD) << 32 | int(state.st_mtime) & _FIELD
    is_of_it = data.startswith(_START) and int.from_bytes(data[len(_START) : _HEAD], "little") == made_of
    return memoryview(data)[_HEAD:] if is_of_it and len(data) < _MOST_BYTES else None
