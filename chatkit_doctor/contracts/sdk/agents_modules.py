"""What can be imported from the modules of openai-agents, release by release."""

from __future__ import annotations

from functools import cache

from chatkit_doctor.contracts.data_files import built
from chatkit_doctor.contracts.published import Availability, holds

_PACKAGE = "openai-agents"


def has_module(dotted: str, release: str) -> bool:
    """Return whether a release has a module."""
    return dotted in built("agents_modules")["modules"] and "" in _names(dotted, release)


def has_name(module: str, name: str, release: str) -> bool:
    """Return whether a name can be imported from a module of a release: one of its own, or a module in it."""
    return name in _names(module, release) or has_module(f"{module}.{name}", release)


def names(module: str, release: str) -> frozenset[str]:
    """Return the names of a module of a release."""
    return _names(module, release) - {""}


def known(module: str, name: str = "") -> Availability | None:
    """Return the first and the last release that has a name of a module, or the module itself; None where none has."""
    spans = [
        (first, last)
        for first, last, text in built("agents_modules")["modules"].get(module, ())
        if name in text.split(" ")
    ]
    return Availability(spans[0][0], spans[-1][1]) if spans else None


@cache
def _names(module: str, release: str) -> frozenset[str]:
    return frozenset(
        name
        for first, last, text in built("agents_modules")["modules"].get(module, ())
        if holds(_PACKAGE, first, last, release)
        for name in text.split(" ")
    )
