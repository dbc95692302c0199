"""Find overrides that are sync where the SDK awaits them, or async where it does not."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chatkit_doctor.backend.method_colours import wrong_colours
from chatkit_doctor.backend.overrides import Override
from chatkit_doctor.checks.absence import severity_of_absence
from chatkit_doctor.checks.store.store_method_colour_fix import colour_fix
from chatkit_doctor.checks.store.words import colour_seen_as
from chatkit_doctor.contracts.published import CHATKIT
from chatkit_doctor.finding import Finding
from chatkit_doctor.project.app import App

_SYNC = "is sync, and ChatKit awaits what it returns"
_ASYNC = "is async, and ChatKit takes what it returns without awaiting it"
_AWAITABLE = "returns something to await, and ChatKit takes it without awaiting it"


def store_method_colour(app: App) -> Iterator[Finding]:
    """Find overrides that are sync where the SDK awaits them, or async where it does not."""
    for override in wrong_colours(app):
        module, function = override.module, override.function
        is_awaited = override.is_awaited
        yield Finding(
            "CK203",
            module.name_location(function),
            f"{override.view.name}.{function.name}() {_said(override)}",
            label="its result is awaited" if is_awaited else "a call gives a coroutine, never awaited",
            help="define it with async def" if is_awaited else _help_for_sync(function),
            seen_as=colour_seen_as(override),
            severity=severity_of_absence(app, module.source.path, CHATKIT),
            fix=colour_fix(app, override),
        )


def _said(override: Override) -> str:
    if override.is_awaited:
        return _SYNC
    return _ASYNC if isinstance(override.function, ast.AsyncFunctionDef) else _AWAITABLE


def _help_for_sync(function: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    return "define it with def" if isinstance(function, ast.AsyncFunctionDef) else "return the id itself"
