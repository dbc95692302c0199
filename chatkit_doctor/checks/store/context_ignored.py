"""Find stores that never look at the context, or list threads by its user and open any thread for anybody."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.backend.instances import is_instantiated
from chatkit_doctor.backend.stores.concrete import stores_to_judge
from chatkit_doctor.backend.stores.context_use import (
    half_kept_apart,
    is_made_for_a_user,
    never_reads_context,
    user_of_endpoint,
)
from chatkit_doctor.contracts.sdk.sdk_names import DELETE_THREAD, LOAD_ITEMS, LOAD_THREAD
from chatkit_doctor.finding import Finding, SeenAs
from chatkit_doctor.project.app import App
from chatkit_doctor.words import joined

_DONE = {LOAD_THREAD: "open", LOAD_ITEMS: "read", DELETE_THREAD: "delete"}


def context_ignored(app: App) -> Iterator[Finding]:
    """Find stores that never look at the context, or list threads by its user and open any thread for anybody."""
    yield from _ignored(app)
    yield from _half_kept_apart(app)


def _ignored(app: App) -> Iterator[Finding]:
    ignoring = [
        each
        for each in stores_to_judge(app)
        if is_instantiated(app, each.view) and never_reads_context(each) and not is_made_for_a_user(app, each.view)
    ]
    user = user_of_endpoint(app) if ignoring else None
    for store in ignoring if user else ():
        view = store.view
        yield Finding(
            "CK211",
            view.own.module.name_location(view.own.node),
            f"{view.name} never reads the context, in which the endpoint passes {user}",
            label="every user's threads are kept as one",
            help=f"save each thread with the {user} of its context, and load and delete no others",
            seen_as=SeenAs("shared", {"class": view.name}),
        )


def _half_kept_apart(app: App) -> Iterator[Finding]:
    seen = set()
    for store in stores_to_judge(app):
        found = half_kept_apart(store) if is_instantiated(app, store.view) else ()
        if not found or found[0].function in seen:
            continue
        seen.add(found[0].function)
        names = joined([each.name for each in found])
        verb = "does" if len(found) == 1 else "do"
        yield Finding(
            "CK211",
            found[0].module.name_location(found[0].function),
            f"{store.view.name}.load_threads goes by the user of its context, and {names} {verb} not",
            label="for whoever knows the id",
            help="ask here as well whose thread it is, and raise NotFoundError for anybody else's",
            why="The server checks nobody's rights: a thread's id is all that it takes.",
            seen_as=SeenAs("open", {"do": joined([_DONE[each.name] for each in found])}),
        )
