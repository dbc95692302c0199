"""Run by itself: imports files as Python would, on the packages that are installed here, and says what came of each.

It is given a file of JSON, `[[root, path], …]`; standard output is JSON as well, `[[outcome, …], …]`: for each file one
for each folder above it that it can be imported from, "ok" or the error. Packages that are not here are stood in for by
things that can be called, inherited and used as decorators; ChatKit's own and those of the Agents SDK are not. Each
file is imported in a process of its own, which can start nothing, connect to nothing and write only below the root.
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.abc
import importlib.machinery
import json
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

_REAL = frozenset({"chatkit", "agents", "openai"})
_SECONDS = 30
_LEVELS = 3
_FORBIDDEN = ("subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.fork", "socket.connect", "socket.bind")
_CHANGING = frozenset({"os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.chmod", "os.truncate", "shutil.rmtree"})
_ADDED = "OPENAI_API_KEY"


class _Meta(type):
    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Meta(name, (Anything,), {})

    def __getitem__(cls, key: object) -> Any:
        return cls

    def __or__(cls, other: object) -> Any:
        return cls

    def __ror__(cls, other: object) -> Any:
        return cls

    def __iter__(cls) -> Any:
        return iter(())


class Anything(metaclass=_Meta):
    """What stands in for a class, a function, a decorator or a value of a package that is not here."""

    def __new__(cls, *args: object, **_: object) -> Any:
        # What a decorator gets is what it gives.
        is_decorator = len(args) == 1 and callable(args[0]) and not isinstance(args[0], _Meta) and cls.__module__ != ""
        return args[0] if is_decorator and cls.__qualname__.islower() else super().__new__(cls)

    def __init__(self, *_: object, **__: object) -> None: ...

    def __init_subclass__(cls, **_: object) -> None: ...

    def __call__(self, *args: object, **_: object) -> Any:
        return args[0] if len(args) == 1 and callable(args[0]) else Anything()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Anything()

    def __getitem__(self, key: object) -> Any:
        return Anything()

    def __iter__(self) -> Any:
        return iter(())


class _StandIn(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Makes a module for each name of a package that nobody else knows."""

    def __init__(self, own: frozenset[str]) -> None:
        self._own = own | _REAL

    def find_spec(self, name: str, path: object = None, target: object = None) -> Any:  # noqa: ARG002
        if name.partition(".")[0] in self._own:
            return None
        return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        module = ModuleType(spec.name)
        module.__getattr__ = lambda name: getattr(Anything, name)  # type: ignore[method-assign]
        return module

    def exec_module(self, module: ModuleType) -> None: ...


def main() -> None:
    """Read the files to import, import them and write what came of each."""
    asked: list[tuple[str, str]] = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    # What is beside this script is none of the project's.
    sys.path.remove(str(Path(__file__).parent))
    os.environ.setdefault(_ADDED, "none")
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
    for name in ("chatkit.server", "chatkit.agents", "chatkit.store", "chatkit.types", "fastapi"):
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    if any("litellm" in Path(path).read_text("utf-8", "ignore") for _, path in asked):
        importlib.import_module("agents.extensions.models.litellm_model")
    json.dump([_outcomes(Path(root), Path(path)) for root, path in asked], sys.stdout)


def _outcomes(root: Path, path: Path) -> list[str]:
    folders = [each for each in path.parents if each.is_relative_to(root)][: _LEVELS + 1]
    return [_apart(root, folder, path) for folder in folders]


def _apart(root: Path, folder: Path, path: Path) -> str:
    """Return what comes of an import in a process of its own, with a folder on Python's path."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        outcome = _guarded(root, folder, path)
        os.write(writing, outcome.encode("utf-8", "replace")[:4000])
        os._exit(0)
    os.close(writing)
    with open(reading, "rb") as pipe:  # noqa: PTH123 - a descriptor
        said = pipe.read().decode("utf-8", "replace")
    os.waitpid(child, 0)
    return said or "ended the process"


def _guarded(root: Path, folder: Path, path: Path) -> str:
    name = ".".join(path.relative_to(folder).with_suffix("").parts).removesuffix(".__init__")
    own = frozenset(each.stem for each in [*folder.glob("*.py"), *folder.iterdir()])
    sys.stdout = sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - to the process's end
    sys.path.insert(0, str(folder))
    sys.meta_path.append(_StandIn(own))
    os.chdir(root)
    sys.addaudithook(lambda event, args: _allow(str(root), event, args))
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(_SECONDS)
    try:
        importlib.import_module(name)
    except SystemExit as error:
        return f"SystemExit: {error}"
    except BaseException as error:  # noqa: BLE001 - whatever somebody's module raises
        return f"{type(error).__name__}: {error}".replace(str(root), "")
    return "ok"


def _allow(root: str, event: str, args: Sequence[object]) -> None:
    """Raise PermissionError for whatever an import has no need of."""
    is_write = event == "open" and isinstance(args[1], str) and bool(set(args[1]) & set("wax+"))
    if event.startswith(_FORBIDDEN) or (
        (is_write or event in _CHANGING)
        and isinstance(args[0], str | bytes)
        and not os.path.abspath(os.fsdecode(args[0])).startswith((root, os.devnull))  # noqa: PTH100
    ):
        raise PermissionError(f"{event} while it is imported")


if __name__ == "__main__":
    main()
