"""Find loading methods that give None for what is not there instead of raising NotFoundError."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.backend.stores.loading import nothing_found
from chatkit_doctor.checks.store.load_returns_none_fix import raising_fix
from chatkit_doctor.contracts.sdk.sdk_names import LOAD_ATTACHMENT, LOAD_ITEM, LOAD_THREAD
from chatkit_doctor.finding import Finding, SeenAs
from chatkit_doctor.project.app import App

# What the server reads first of the result.
_READ_FIRST = {LOAD_THREAD: "model_dump", LOAD_ATTACHMENT: "model_copy"}
_LOADED = {LOAD_THREAD: "thread", LOAD_ITEM: "item", LOAD_ATTACHMENT: "attachment"}


def load_returns_none(app: App) -> Iterator[Finding]:
    """Find loading methods that give None for what is not there instead of raising NotFoundError."""
    seen = set()
    for method in nothing_found(app):
        if method.function in seen:
            continue
        seen.add(method.function)
        name = _READ_FIRST.get(method.name)
        yield Finding(
            "CK212",
            method.module.name_location(method.function),
            f"{method.title} can give None where there is no {_LOADED[method.name]} to give",
            label="can give None",
            help="raise NotFoundError of chatkit.store where nothing is found",
            seen_as=SeenAs("attribute", {"name": name}) if name else None,
            fix=raising_fix(app, method),
        )
