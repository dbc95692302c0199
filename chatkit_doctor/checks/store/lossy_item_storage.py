"""Find stores that give back messages alone, made of columns, whatever was saved."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.backend.stores.lossy import lossy_storages
from chatkit_doctor.finding import Finding, SeenAs
from chatkit_doctor.project.app import App
from chatkit_doctor.words import joined


def lossy_item_storage(app: App) -> Iterator[Finding]:
    """Find stores that give back messages alone, made of columns, whatever was saved."""
    seen = set()
    for found in lossy_storages(app):
        method = found.method
        if method.function in seen:
            continue
        seen.add(method.function)
        yield Finding(
            "CK210",
            method.module.name_location(method.function),
            f"{method.title} gives back no items but {joined(found.kinds)}",
            label=f"{len(found.lost)} other kinds of items never come back",
            help="store each item whole, as model_dump_json gives it, and read it with TypeAdapter(ThreadItem)",
            seen_as=SeenAs("gone"),
        )
