"""The last look at a migration: files with nothing left in them go, and what is still hosted is said."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from chatkit_doctor.migrate import environment
from chatkit_doctor.migrate.environment import Framework
from chatkit_doctor.migrate.leftovers import note_leftovers

if TYPE_CHECKING:
    from chatkit_doctor.frontend.hosted.apps import HostedApp
    from chatkit_doctor.migrate.environment import PublicEnvironment
    from chatkit_doctor.migrate.plan import Plan

_INERT = frozenset({"import_statement", "comment", "hash_bang_line"})
_STATE = re.compile(r"state_variables|rate_limits|automatic_thread_titling")


def finish(plan: Plan, app: HostedApp, env: PublicEnvironment, touched: Iterable[Path]) -> None:
    """Delete what is empty, and note what no program can move."""
    mounts = {mount.document.path for mount in app.mounts}
    for path in sorted(set(touched) - mounts):
        document = plan.texts.document(path)
        if document is None or document.markup is not None:
            continue
        statements = [each for script in document.scripts for each in script.root.named_children]
        if all(each.type in _INERT for each in statements):
            plan.texts.remove(path)
            plan.move(path, "is deleted: it only served the session")
    note_leftovers(plan)
    _still_asked(plan)
    _what_stays_behind(plan, app)
    _what_serves_it(plan, env)


def _still_asked(plan: Plan) -> None:
    """Note who else calls a session route."""
    project = plan.texts.now
    for document in filter(None, map(project.document, project.web_paths)):
        if not plan.texts.exists(document.path):
            continue
        for node in document.find("string", "template_string"):
            called = document.text(node)[1:-1]
            call = node.parent.parent if node.parent is not None and node.parent.type == "arguments" else None
            if call is not None and called in plan.route_paths and document.text(call).startswith("fetch("):
                todo = "it makes no session any more: take the call out"
                plan.leave(document.path, f"{called} is asked for a session here too", todo, node.start_point.row + 1)


def _what_stays_behind(plan: Plan, app: HostedApp) -> None:
    at = app.mounts[0].location
    plan.leave_at(at, "threads that OpenAI keeps for the workflow stay there", "people start with an empty history")
    for route in app.routes:
        found = _STATE.search(route.source.text)
        if found is not None:
            line = route.source.position(found.start()).line
            plan.leave(route.path, f"sessions had {found[0]}", "carry over what of it the new server needs", line)


def _what_serves_it(plan: Plan, env: PublicEnvironment) -> None:
    """Note what is to be set where the page and the server are not on one's own machine."""
    prefix = "window." if env.framework is Framework.NONE else env.prefix
    wanted = (environment.URL, environment.KEY) if plan.direct else (environment.KEY,)
    names = " and ".join(f"{prefix}{name}" for name in wanted)
    plan.leave(
        plan.backend,
        "where it is not on your own machine it needs settings",
        f"set SECRET_KEY, ALLOWED_ORIGINS and PUBLIC_URL for it, and {names} for the page; OpenAI gives out the key",
    )
