"""Hierarchies of stores that leave methods out or get them in strange ways, really instantiated."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

METHODS = ("load_item", "save_item", "delete_thread")
HEAD = """
import abc
from abc import ABC, abstractmethod
from functools import total_ordering
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar
from chatkit.store import AttachmentStore, Store

T = TypeVar("T")


def fresh():
    async def made(self, *args, **kwargs): ...
    return made


def given(cls):
    for name in ("load_item", "save_item", "delete_thread"):
        setattr(cls, name, fresh())
    return abc.update_abstractmethods(cls)


class Whole(Store):
    {rest}


"""
# How a class comes by a method, or does not: the words for it in its body. Each method is a new function, since what
# makes one abstract marks the function.
WAYS = {
    "def": "async def {0}(self, *args, **kwargs): ...",
    "sync": "def {0}(self): ...",
    "value": "{0} = fresh()",
    "annotated": "{0}: object = fresh()",
    "bare annotation": "{0}: object",
    "abstract": "@abstractmethod\n    async def {0}(self): ...",
    "abstract value": "{0} = abstractmethod(fresh())",
    "checkers": "if TYPE_CHECKING:\n        async def {0}(self): ...",
    "not checkers": "if not TYPE_CHECKING:\n        async def {0}(self): ...",
    "either": "if len('x'):\n        async def {0}(self): ...\n    else:\n        {0} = None",
    "taken away": "async def {0}(self): ...\n    del {0}",
    "given back": "async def {0}(self): ...\n    del {0}\n    {0} = fresh()",
    "the SDK's own": "{0} = Store.{0}",
    "namespace": "locals()['{0}'] = fresh()",
    "property": "@property\n    def {0}(self): ...",
    "import": "from json import loads as {0}",
    "loop": "for {0} in (fresh(),): pass",
    "nested": "class {0}: ...",
}
BEHIND = (
    "{0}.{1} = fresh()",
    "setattr({0}, '{1}', fresh())",
    "{0}.__abstractmethods__ = frozenset()",
    "{0}.{1} = fresh()\nabc.update_abstractmethods({0})",
)


@dataclass(frozen=True)
class Program:
    """Classes that inherit from each other, and the name of the one that is made into an object behind them."""

    text: str
    name: str


def head(methods: tuple[str, ...]) -> str:
    """Return what stands above the programs: a store that has all but the methods in question."""
    rest = "\n    ".join(f"async def {name}(self, *args, **kwargs): ..." for name in methods if name not in METHODS)
    return HEAD.replace("{rest}", rest)


def programs(count: int, seed: int = 3) -> Iterator[Program]:
    """Yield hierarchies of up to four classes."""
    chance = random.Random(seed)
    for number in range(count):
        names: list[str] = []
        lines: list[str] = []
        for level in range(chance.randint(1, 4)):
            name = f"C{number}_{level}"
            lines += _class(chance, name, names)
            names.append(name)
            if chance.random() < 0.12:
                lines += chance.choice(BEHIND).format(chance.choice(names), chance.choice(METHODS)).splitlines()
        lines.append(f"object_{number} = {names[-1]}()")
        yield Program("\n".join(lines) + "\n", names[-1])


def _class(chance: random.Random, name: str, names: list[str]) -> list[str]:
    bases = chance.sample([*names, *names, "Whole"], k=min(1 + (chance.random() < 0.3), len(names) * 2 + 1))
    bases = list(dict.fromkeys(bases))
    if chance.random() < 0.15:
        bases = []
    if bases and chance.random() < 0.1:
        bases.append(chance.choice(("ABC", "Generic[T]")))
    body = [
        WAYS[chance.choice((*WAYS, "def", "def", "def", "value"))].format(method)
        for method in METHODS
        if chance.random() < 0.55
    ]
    if chance.random() < 0.08:
        body.append("def __init_subclass__(cls):\n        cls.save_item = fresh()")
    decorators = [chance.choice(("@total_ordering", "@given"))] if chance.random() < 0.08 else []
    if decorators == ["@total_ordering"]:
        body.append("def __lt__(self, other): ...")
    head_line = f"class {name}{'(' + ', '.join(bases) + ')' if bases else ''}:"
    return [*decorators, head_line, *("    " + each for each in body or ["pass"])]


def fails(program: Program, text: str) -> bool | None:
    """Return whether Python refuses to make the object; None where it refuses the classes themselves."""
    scope: dict[str, Any] = {}
    classes, _, made = program.text.rstrip().rpartition("\n")
    exec(text, scope)  # noqa: S102 - written above
    try:
        exec(classes, scope)  # noqa: S102 - written above
    except (TypeError, ValueError, NameError):
        return None
    try:
        exec(made, scope)  # noqa: S102 - written above
    except TypeError as error:
        return "abstract" in str(error) or None
    return False
