"""Stores whose methods take what they please, called as the server calls them."""

from __future__ import annotations

import asyncio
import inspect
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from chatkit_doctor.contracts import python_contract
from chatkit_doctor.contracts.sdk.server_calls import ServerCall, server_calls

STORE = "chatkit.store.Store"
HEAD = "from collections.abc import Awaitable\nfrom typing import Any\nfrom chatkit.store import Store\n\n"
# What each body gives, and whether it can be awaited where the method is a plain def.
VALUES = (
    "return {}",
    "return self.rows",
    "return self.rows.get('x')",
    "return self.plain()",
    "return None if self.rows else []",
    "pass",
    "rows = sorted(self.rows)\n        return rows",
    "return next(iter([1]))",
    "if self.rows:\n            return 1\n        raise KeyError",
    "return self.db.value()",
)
AWAITABLES = (
    "return self.later()",
    "found = self.later()\n        return found",
    "return asyncio.sleep(0)",
    "return self.later() if self.rows else self.later()",
    "return self.db.later()",
)
HELPERS = (
    "    def __init__(self):\n        self.rows = {1: 1}\n        self.db = Db()\n",
    "    def plain(self):\n        return {}\n",
    "    async def later(self):\n        return {}\n",
)
ANNOTATIONS = ("", "", " -> Any", " -> dict", " -> Awaitable[dict]")


@dataclass(frozen=True)
class Program:
    """A class with one method of the SDK's, and its name."""

    text: str
    name: str
    method: str


class Db:
    """What a program calls without its code being in sight."""

    def value(self) -> dict[str, Any]:
        return {}

    async def later(self) -> dict[str, Any]:
        return {}


def programs(release: str, count: int, seed: int = 7) -> Iterator[Program]:
    """Yield classes that override one method each."""
    chance = random.Random(seed)
    class_ = python_contract(release).class_(STORE)
    assert class_ is not None
    methods = sorted(server_calls(STORE, release))
    for number in range(count):
        method = chance.choice(methods)
        declared = class_.methods[method]
        parameters = _parameters(chance, [each.name for each in declared.params[1:]])
        is_async = chance.random() < (0.5 if declared.is_async else 0.3)
        body, annotation = _body(chance, is_async=is_async)
        text = (
            f"class Store{number}(Store):\n"
            + "".join(HELPERS)
            + f"    {'async ' if is_async else ''}def {method}({parameters}){annotation}:\n        {body}\n"
        )
        try:
            compile(HEAD + text, "store.py", "exec")
        except SyntaxError:
            continue
        yield Program(text, f"Store{number}", method)


def _body(chance: random.Random, *, is_async: bool) -> tuple[str, str]:
    """Return a body, and what the method says that it returns: only what is true of it."""
    if is_async:
        return chance.choice(VALUES), ""
    if chance.random() < 0.5:
        return chance.choice(VALUES[:-1]), chance.choice(ANNOTATIONS[:4])
    return chance.choice(AWAITABLES), chance.choice(("", " -> Any", " -> Awaitable[dict]"))


def _parameters(chance: random.Random, names: list[str]) -> str:
    """Return the SDK's parameters, mostly with one thing changed."""
    changed = list(names)
    at = chance.randrange(len(names))
    kind = chance.choice(("none", "none", "rename", "default", "leave", "swap", "extra", "star", "slash", "only"))
    if kind == "rename":
        changed[at] = f"own_{names[at]}"
    elif kind == "default":
        changed = [*names[:at], *(f"{each}=None" for each in names[at:])]
    elif kind == "leave":
        del changed[at]
    elif kind == "swap":
        other = chance.randrange(len(names))
        changed[at], changed[other] = changed[other], changed[at]
    elif kind == "extra":
        changed.append(chance.choice(("extra", "extra=None", "*, extra", "*, extra=None")))
    elif kind == "star":
        changed = [*changed[:at], chance.choice(("*args", "**kwargs", "*args, **kwargs"))]
    elif kind == "slash":
        changed.insert(at + 1, "/")
    elif kind == "only":
        changed.insert(at, "*")
    return ", ".join(["self", *changed])


def fails(program: Program, release: str) -> bool:
    """Return whether one of the server's calls goes wrong: does not bind, mixes up, or cannot be awaited."""
    scope: dict[str, Any] = {"Db": Db, "asyncio": asyncio}
    exec(HEAD + program.text, scope)  # noqa: S102 - written above
    made = scope[program.name]
    made.__abstractmethods__ = frozenset()
    class_ = python_contract(release).class_(STORE)
    assert class_ is not None
    declared = class_.methods[program.method]
    names = [each.name for each in declared.params[1:]]
    return any(
        _call_fails(getattr(made(), program.method), names, call, is_awaited=declared.is_async)
        for call in server_calls(STORE, release)[program.method]
    )


def _call_fails(method: Callable[..., Any], names: list[str], call: ServerCall, *, is_awaited: bool) -> bool:
    positional, named = names[: call.positional], dict(zip(call.keywords, call.keywords, strict=True))
    try:
        bound = inspect.signature(method).bind(*positional, **named)
    except TypeError:
        return True
    if any(name in names and value in names and name != value for name, value in bound.arguments.items() if value):
        return True
    try:
        given = method(*positional, **named)
        if not is_awaited:
            is_wrong = inspect.isawaitable(given)
            if inspect.iscoroutine(given):
                given.close()
            return is_wrong
        if not inspect.isawaitable(given):
            return True
        asyncio.run(_awaited(given))
    except KeyError:
        return False
    return False


async def _awaited(given: Any) -> None:
    await given
