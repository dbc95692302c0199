"""Deprecated classes that a file builds, and calls of deprecated methods (CK103)."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.backend.contract import contract_for
from chatkit_doctor.backend.imports.deprecated import Deprecated, deprecated_uses
from chatkit_doctor.contracts.mistakes import drop_in
from chatkit_doctor.contracts.sdk.lifetimes import deprecated_since
from chatkit_doctor.finding import Applicability, Edit, Finding, Fix, SeenAs
from chatkit_doctor.project.app import App
from chatkit_doctor.words import joined, last_part


def deprecated_chatkit_name(app: App) -> Iterator[Finding]:
    """Find deprecated classes that a file builds, and calls of deprecated methods."""
    for found in deprecated_uses(app):
        yield Finding(
            "CK103",
            found.at,
            deprecation_message(found),
            label="warns when it is called",
            help=deprecation_help(app, found),
            seen_as=SeenAs("warning", {"warning": _warning(app, found)}),
            fix=deprecation_fix(found),
        )


def deprecation_fix(found: Deprecated) -> Fix | None:
    """Return the fix that calls what took a method's place."""
    instead = drop_in(f"{found.names[0]}.{found.method}") if found.method else None
    if instead is None:
        return None
    return Fix(f"call {instead}()", Applicability.SAFE, lambda: [Edit(found.at, instead)])


def deprecation_message(found: Deprecated) -> str:
    """Return what is deprecated, and since when."""
    if found.method:
        since = deprecated_since(found.names[0], found.method)
        return f"{last_part(found.names[0])}.{found.method}() is deprecated since openai-chatkit {since}"
    names = [last_part(each) for each in found.names]
    verb = "is" if len(names) == 1 else "are"
    return f"{joined(names)} {verb} deprecated since openai-chatkit {deprecated_since(found.names[0])}"


def deprecation_help(app: App, found: Deprecated) -> str:
    """Return what the SDK's own warning says to use instead."""
    advice = next((each for each in _warning(app, found).split(". ") if each.startswith("Use ")), "")
    return f"use {advice.removeprefix('Use ').rstrip('.').removesuffix(' instead')}"


def _warning(app: App, found: Deprecated) -> str:
    """Return what the SDK warns with."""
    class_ = contract_for(app, found.module.source.path).class_(found.names[0])
    assert class_ is not None
    return (class_.methods[found.method].deprecated if found.method else class_.deprecated) or ""
