"""What Python says when the SDK calls a method that cannot be called so, or awaits what cannot be awaited."""

from __future__ import annotations

import ast

from chatkit_doctor.backend.overrides import Override
from chatkit_doctor.backend.signatures import Mismatch, parameters
from chatkit_doctor.finding import SeenAs
from chatkit_doctor.python.flow import own_nodes

# What the server makes first with an id.
_MADE_WITH = {"generate_thread_id": "Thread", "generate_item_id": "UserMessageItem"}


def mismatch_seen_as(override: Override, found: Mismatch) -> SeenAs | None:
    """Return Python's words for a call that does not reach a method; None where it does, with the wrong values."""
    if any(each.arg in found.call.keywords for each in override.function.args.posonlyargs):
        return None  # Python's words depend on what else the method takes
    names = {"method": override.module.qualified_name(override.function)}
    for each in found.call.keywords:
        if each in found.unknown:
            return SeenAs("keyword", {**names, "name": each})
        if each in found.twice:
            return SeenAs("twice", {**names, "name": each})
    if found.surplus:
        return _surplus(override, found, names)
    missing = _missing(override, found)
    if len(missing) != 1:
        return None
    kind = "keyword-only" if missing[0] in override.function.args.kwonlyargs else "positional"
    return SeenAs("missing", {**names, "kind": kind, "name": missing[0].arg})


def colour_seen_as(override: Override) -> SeenAs | None:
    """Return what is said of a method of the wrong colour: of a value by Python, of an id by pydantic."""
    if not override.is_awaited:
        model = _MADE_WITH.get(override.function.name)
        return SeenAs("coroutine", {"model": model}) if model else None
    kind = "…" if _may_return_a_value(override.function) else "NoneType"
    return SeenAs("not-awaitable", {"type": kind})


def _surplus(override: Override, found: Mismatch, names: dict[str, str]) -> SeenAs | None:
    """Return the words for too many arguments; with defaults, or some given by name, Python words it otherwise."""
    arguments = override.function.args
    if arguments.defaults or arguments.kwonlyargs:
        return None
    taken = len(arguments.posonlyargs) + len(arguments.args)
    passed = found.call.positional + (0 if override.is_static else 1)
    plural = "" if taken == 1 else "s"
    verb = "was" if passed == 1 else "were"
    return SeenAs("surplus", {**names, "taken": f"{taken}", "s": plural, "passed": f"{passed}", "verb": verb})


def _missing(override: Override, found: Mismatch) -> list[ast.arg]:
    """Return the required parameters that a call leaves unfilled, those by position alone where there are any."""
    taken = parameters(override)
    given = {*(each.arg for each in taken.positional[: found.call.positional]), *found.call.keywords}
    unfilled = [each for each in taken.positional if each.arg in taken.required and each.arg not in given]
    by_name = override.function.args.kwonlyargs
    return unfilled or [each for each in by_name if each.arg in taken.required and each.arg not in given]


def _may_return_a_value(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any(
        isinstance(each, ast.Yield | ast.YieldFrom)
        or (
            isinstance(each, ast.Return)
            and each.value is not None
            and not (isinstance(each.value, ast.Constant) and each.value.value is None)
        )
        for each in own_nodes(function)
    )
