"""Modules that are imported when something in them is first asked for, so that to collect tests no SDK is imported."""

from __future__ import annotations

from importlib import import_module
from typing import Any

# What pytest asks of everything that a test's module names: whether it is a mock, and whether it wraps a fixture.
_ASKED_BY_PYTEST = frozenset({"_mock_name", "__wrapped__"})


class Later:
    """A module by its name; what it has is got from it as from the module itself."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> Any:
        if name in _ASKED_BY_PYTEST:
            raise AttributeError(name)
        return getattr(import_module(self._name), name)
