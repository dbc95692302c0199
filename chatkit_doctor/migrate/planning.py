"""Works a migration out: finds the hosted chat, moves its page and its routes, adds the server beside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from chatkit_doctor.frontend.hosted.apps import HostedApp, hosted_apps
from chatkit_doctor.migrate.backend import (
    at_port,
    backend_files,
    behind_proxy,
    for_both,
    for_origins,
    for_visitors,
    put_backend,
    refuse_backend,
)
from chatkit_doctor.migrate.cleaning.cleaner import Cleaner
from chatkit_doctor.migrate.documents import move_documents
from chatkit_doctor.migrate.environment import environment_of
from chatkit_doctor.migrate.finishing import finish
from chatkit_doctor.migrate.fixes import fix_what_shows
from chatkit_doctor.migrate.page import declare_environment, drop_workflow_id, mounts_in, move_mount
from chatkit_doctor.migrate.plan import MigrateError, Note, Plan
from chatkit_doctor.migrate.ports import free_port
from chatkit_doctor.migrate.routes.moving import move_routes
from chatkit_doctor.migrate.sessions.asking import Asking, asking_of
from chatkit_doctor.migrate.texts import Texts
from chatkit_doctor.migrate.threads import forget_threads
from chatkit_doctor.migrate.workflow.reading import read_workflow
from chatkit_doctor.migrate.workflow.server import with_workflow
from chatkit_doctor.records import dataclass, replace
from chatkit_doctor.reports.counts import count
from chatkit_doctor.source import relative_path

if TYPE_CHECKING:
    from chatkit_doctor.frontend.hosted.mounts import HostedMount
    from chatkit_doctor.project.project import Project


@dataclass(frozen=True, slots=True)
class Request:
    """What a migration is asked for. workflow: a file that Agent Builder exported, None for one plain agent."""

    root: Path
    backend: str = "backend"
    workflow: Path | None = None


def plan_migration(project: Project, request: Request) -> Plan:
    """Return the plan for the one hosted chat of a project. Raises MigrateError."""
    app = _the_one(project)
    env = environment_of(project, app.mounts[0].document.path)
    plan = Plan(Texts(project), project.root / request.backend, free_port(project))
    cleaner = Cleaner(plan.texts, on_server=[route.path for route in app.routes])
    files = _server(plan, request.workflow, env.origins)
    refuse_backend(plan)
    asking = _asking(plan, app)
    proxy = move_routes(plan, app, asking, cleaner)
    choice = asking.choice if asking is not None else None
    both = proxy is not None and choice is not None and not (proxy.takes(choice.yes) and proxy.takes(choice.no))
    plan.direct = proxy is None or both
    if both:
        for_both(files)
    elif proxy is not None:
        behind_proxy(files)
    else:
        for_visitors(files)
    at_port(files, plan.port)
    put_backend(plan, files)
    declare_environment(plan, env, app.mounts[0].document)
    for mount in _mounts(plan, app):
        move_mount(plan, mount, env, cleaner, proxy)
    drop_workflow_id(plan, app.mounts, cleaner)
    cleaner.run()
    forget_threads(plan)
    fix_what_shows(plan)
    move_documents(plan, env)
    finish(plan, app, env, cleaner.touched)
    return plan


def _server(plan: Plan, workflow: Path | None, origins: Sequence[str]) -> dict[str, str]:
    """Return the files of the new server, with the exported workflow where there is one."""
    files = backend_files()
    for_origins(files, origins)
    if workflow is None:
        agent = plan.backend / "app" / "agent.py"
        plan.leave(agent, "one plain agent answers for now", "write what it is into INSTRUCTIONS, or give --workflow")
        return files
    found = read_workflow(workflow)
    shown = workflow.as_posix()
    streamed = f"{count(found.runs, 'run')} of agents streamed to the chat"
    plan.moved.append(Note(shown, f"is {plan.backend.name}/app/workflow.py now, with {streamed}"))
    places = ((f"{shown}:{each.line}" if each.line else shown, each) for each in found.left)
    plan.left += [Note(place, each.what, each.todo) for place, each in places]
    return with_workflow(files, found.text, found.packages)


def _the_one(project: Project) -> HostedApp:
    apps = hosted_apps(project)
    if not apps:
        raise MigrateError("nothing here runs on a hosted workflow: there is no getClientSecret and no session of one")
    with_page = [each for each in apps if each.mounts]
    if len(with_page) > 1:
        named = ", ".join(relative_path(each.folder, project.root) for each in with_page)
        raise MigrateError(f"{len(with_page)} hosted chats are here, in {named}; name the folder of one")
    if not with_page:
        at = apps[0].routes[0]
        place = f"{relative_path(at.path, project.root)}:{at.first.line}"
        raise MigrateError(f"{place} has sessions made, and no page here hands ChatKit a getClientSecret")
    others = [route for each in apps if each is not with_page[0] for route in each.routes]
    routes = sorted(
        {each.order: each for each in (*with_page[0].routes, *others)}.values(), key=lambda each: each.order
    )
    return replace(with_page[0], routes=routes)


def _asking(plan: Plan, app: HostedApp) -> Asking | None:
    mount = app.mounts[0]
    return asking_of(plan.texts, mount.document, mount.api, mount.entry)


def _mounts(plan: Plan, app: HostedApp) -> Iterator[HostedMount]:
    """Yield the mounts one by one as they stand when it is their turn."""
    for _ in app.mounts:
        left = [each for each in mounts_in(plan.texts.now) if plan.texts.exists(each.document.path)]
        if not left:
            return
        yield left[0]
