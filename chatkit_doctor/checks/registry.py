"""The register of checks: which function looks for which code, and what a file must mention for it to look.

A check is a generator from a project to findings. It registers itself by its rule's code; everything said
about the rule (name, severity, words) stands on its page in rules/.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chatkit_doctor.finding import Finding

if TYPE_CHECKING:
    from chatkit_doctor.project import Project

Check = Callable[["Project"], Iterator[Finding]]

# One module per hundred of codes; importing them fills the register.
MODULES = ("names", "store", "respond", "options", "page")

# How the word is written in package names, element names, imports, hooks and constants.
CHATKIT = (b"chatkit", b"ChatKit", b"Chatkit", b"CHATKIT", b"chat-kit", b"chatKit")


@dataclass(frozen=True, slots=True)
class Rule:
    """A check with its code and the bytes of which a file must hold one to be read for its sake.

    Files that the checked ones import, or that import them, are read as well; see project.
    """

    code: str
    check: Check
    python: tuple[bytes, ...]
    web: tuple[bytes, ...]


_RULES: dict[str, Rule] = {}


def rule(code: str, *, python: tuple[bytes, ...] = (), web: tuple[bytes, ...] = ()) -> Callable[[Check], Check]:
    """Register a check under its code. A code can be taken once."""

    def register(check: Check) -> Check:
        if code in _RULES:
            raise ValueError(f"{code} is registered twice")
        _RULES[code] = Rule(code, check, python, web)
        return check

    return register


def all_rules() -> tuple[Rule, ...]:
    """Return every registered rule in the order of the codes."""
    for name in MODULES:
        importlib.import_module(f"chatkit_doctor.checks.{name}")
    return tuple(_RULES[code] for code in sorted(_RULES))
