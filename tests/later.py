"""Modules that are imported when something in them is first asked for, so that to collect tests no SDK is imported."""

from __future__ import annotations

from importlib import import_module
from typing import Any

# The one name of this kind that tests ask for. pytest asks everything that a test's module names for others: whether it
# is a mock (`_mock_name`), wraps a fixture (`__wrapped__`), or is a test (`__test__`).
_OF_A_MODULE = "__file__"


class Later:
    """A module by its name; what it has is got from it as from the module itself."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") and name != _OF_A_MODULE:
            raise AttributeError(name)
        return getattr(import_module(self._name), name)
