"""Find stores that never look at the context although the endpoint puts a user into it."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.backend.instances import is_instantiated
from chatkit_doctor.backend.stores.concrete import stores
from chatkit_doctor.backend.stores.context_use import is_made_for_a_user, never_reads_context, user_of_endpoint
from chatkit_doctor.finding import Finding, SeenAs
from chatkit_doctor.project.app import App


def context_ignored(app: App) -> Iterator[Finding]:
    """Find stores that never look at the context although the endpoint puts a user into it."""
    ignoring = [
        each
        for each in stores(app)
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
