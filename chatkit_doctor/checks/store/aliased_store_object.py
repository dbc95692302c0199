"""Find stores in memory that share their threads or items with those who save and load them."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.backend.stores.aliasing import aliased_stores
from chatkit_doctor.checks.store.aliased_store_object_fix import copying_fix
from chatkit_doctor.contracts.sdk.sdk_names import THREAD
from chatkit_doctor.finding import Finding
from chatkit_doctor.project.app import App
from chatkit_doctor.words import joined


def aliased_store_object(app: App) -> Iterator[Finding]:
    """Find stores in memory that share their threads or items with those who save and load them."""
    for found in aliased_stores(app):
        view = found.store.view
        what = joined("threads" if part.what == THREAD else "items" for part in found.parts)
        yield Finding(
            "CK214",
            view.own.module.name_location(view.own.node),
            f"{view.name} shares the very {what} that it keeps with those who save or load them",
            label="one object inside the store and outside",
            help="keep a model_copy(deep=True) of what is saved, and give a copy of what is kept",
            fix=copying_fix(found),
        )
