"""Modules that are imported when something in them is first asked for, so that to collect tests no SDK is imported."""

from __future__ import annotations

from importlib import import_module
from typing import Any


class Later:
    """A module by its name; what it has is got from it as from the module itself."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> Any:
        return getattr(import_module(self._name), name)
