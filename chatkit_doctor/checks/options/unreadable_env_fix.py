"""The edit that reads a variable in the way and by the name by which the page gets it."""

from __future__ import annotations

from chatkit_doctor.finding import Applicability, Edit, Fix
from chatkit_doctor.frontend.environment import META, EnvRead, variables_set
from chatkit_doctor.project.app import App

_PREFIXES = ("NEXT_PUBLIC_", "REACT_APP_", "VITE_", "VUE_APP_", "EXPO_PUBLIC_", "PUBLIC_")


def right_read(read: EnvRead) -> str:
    """Return how the page can read what is meant: the same name with the right prefix, in the right way."""
    prefix = next(iter(read.bundler.prefixes), "")
    return f"{read.bundler.way}.{prefix}{bare_name(read)}"


def bare_name(read: EnvRead) -> str:
    """Return the name of a variable without the prefix that some tool asks for."""
    return next((read.name.removeprefix(each) for each in _PREFIXES if read.name.startswith(each)), read.name)


def env_fix(app: App, read: EnvRead) -> Fix | None:
    """Return the fix that reads the name that a file of the environment sets for the page; None where none does."""
    right = right_read(read)
    name = right.rpartition(".")[2]
    if not read.bundler.prefixes or read.guarded or read.is_private:
        return None
    is_set = name in variables_set(app, app.packages.of(read.document.path))
    if not is_set and not (read.way != read.bundler.way and name == read.name):
        return None
    at = read.document.location(read.node)
    applicability = Applicability.SAFE if read.bundler.way != META or _is_typed(app, read) else Applicability.UNSAFE
    return Fix(f"read {right}", applicability, lambda: [Edit(at, right)])


def _is_typed(app: App, read: EnvRead) -> bool:
    """Return whether the compiler knows import.meta.env, or does not look."""
    if read.document.is_javascript(read.node):
        return True
    package = app.packages.of(read.document.path)
    folders = (package.folder, package.folder / "src")
    if any(app.exists(folder / "vite-env.d.ts") for folder in folders):
        return True
    configs = [package.folder / name for name in ("tsconfig.json", "tsconfig.app.json")]
    return any(app.exists(path) and app.mentions(path, (b"vite/client",)) for path in configs)
