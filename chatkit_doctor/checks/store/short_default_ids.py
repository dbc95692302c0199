"""Find stores of databases that leave the ids of threads or items to ChatKit, whose are short."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.backend.instances import is_instantiated
from chatkit_doctor.backend.stores.concrete import stores_to_judge
from chatkit_doctor.backend.stores.saving import writes_to_database
from chatkit_doctor.checks.store.short_default_ids_fix import ids_fix
from chatkit_doctor.contracts.sdk.sdk_names import GENERATE_ITEM_ID, GENERATE_THREAD_ID
from chatkit_doctor.finding import Finding
from chatkit_doctor.project.app import App
from chatkit_doctor.words import joined

_METHODS = (GENERATE_THREAD_ID, GENERATE_ITEM_ID)


def short_default_ids(app: App) -> Iterator[Finding]:
    """Find stores of databases that leave the ids of threads or items to ChatKit, whose are short."""
    for store in stores_to_judge(app):
        inherited = [name for name in _METHODS if not store.view.defines(name)]
        if not inherited or not is_instantiated(app, store.view) or not writes_to_database(app, store):
            continue
        view = store.view
        yield Finding(
            "CK204",
            view.own.module.name_location(view.own.node),
            f"{view.name} leaves {joined(inherited)} to ChatKit, whose ids have 32 random bits",
            label="ids of eight hex digits",
            help=f"define {joined(inherited)} with the whole of a uuid4",
            fix=ids_fix(app, store, inherited),
        )
