"""Which function shows which property: each is named at the function, and its words stand in `properties.toml`."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Awaitable, Callable
from typing import Any

from chatkit_doctor.conformance.properties import properties

Shown = Callable[[Any], Awaitable[None]]

_SHOWN: dict[str, dict[str, Shown]] = {"store": {}, "server": {}}


def shows(subject: str, name: str) -> Callable[[Shown], Shown]:
    """Mark a function as what shows a property of a store or a server; it raises BrokenError or SkippedError."""

    def marked(function: Shown) -> Shown:
        _SHOWN[subject][name] = function
        return function

    return marked


def functions(subject: str) -> dict[str, Shown]:
    """Return the functions by property, in the order of the table."""
    package = importlib.import_module(f"chatkit_doctor.conformance.{subject}")
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{module.name}")
    return {name: _SHOWN[subject][name] for kind, name in properties() if kind == subject}
