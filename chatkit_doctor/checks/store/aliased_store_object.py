"""Find stores in memory that share their threads or items with those who save and load them."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.backend.stores.aliasing import Alias, aliased_stores
from chatkit_doctor.checks.store.aliased_store_object_fix import copying_fix
from chatkit_doctor.contracts.sdk.sdk_names import THREAD
from chatkit_doctor.finding import Finding
from chatkit_doctor.project.app import App

_FACTS = {
    Alias.KEPT: "keeps the very {} that it is given",
    Alias.HANDED_OUT: "hands out the very {} that it keeps",
    Alias.BOTH: "keeps the very {} that it is given, and hands it out",
}


def aliased_store_object(app: App) -> Iterator[Finding]:
    """Find stores in memory that share their threads or items with those who save and load them."""
    for found in aliased_stores(app):
        method = found.loading if found.alias is Alias.HANDED_OUT else found.saving
        what = "thread" if found.what == THREAD else "item"
        yield Finding(
            "CK214",
            method.module.name_location(method.function),
            f"{found.store.view.name} {_FACTS[found.alias].format(what)}",
            label="one object inside the store and outside",
            help=f"keep {what}.model_copy(deep=True), and give a copy of what is kept",
            fix=copying_fix(found),
        )
