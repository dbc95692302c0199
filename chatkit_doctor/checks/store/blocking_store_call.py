"""Find calls of Django's ORM in async methods of stores and servers, which Django refuses."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chatkit_doctor.backend.stores.blocking import AskingWay, BlockingCall, blocking_calls
from chatkit_doctor.checks.store.blocking_store_call_fix import awaiting_fix
from chatkit_doctor.contracts.orm import twin
from chatkit_doctor.finding import Finding, SeenAs
from chatkit_doctor.project.app import App
from chatkit_doctor.words import shortened


def blocking_store_call(app: App) -> Iterator[Finding]:
    """Find calls of Django's ORM in async methods of stores and servers, which Django refuses."""
    for found in blocking_calls(app):
        asked = found.node.func if isinstance(found.node, ast.Call) else found.rows
        at = found.module.location(found.rows if found.manner is not AskingWay.METHOD else asked)
        yield Finding(
            "CK218",
            at,
            f"{found.module.qualified_name(found.function)}() waits for the database in the event loop",
            label="Django's ORM, called synchronously",
            help=_help(found, shortened(at.text)),
            seen_as=SeenAs("refused"),
            fix=awaiting_fix(found),
        )


def _help(found: BlockingCall, written: str) -> str:
    if not isinstance(found.function, ast.AsyncFunctionDef):
        return f"call {found.function.name} through sync_to_async"
    if found.manner is AskingWay.METHOD and isinstance(found.node, ast.Call):
        func = found.node.func
        name = func.attr if isinstance(func, ast.Attribute) else written
        return f"await {twin(name)}(…) in its place, or hand it to sync_to_async"
    if found.manner is AskingWay.TEST:
        return "ask `await ….aexists()`, or hand it to sync_to_async"
    return "go through it with `async for`, or hand it to sync_to_async"
