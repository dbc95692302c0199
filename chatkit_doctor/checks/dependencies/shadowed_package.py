"""Find an own top-level package that hides an installed one from an import of it, once for each."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.backend.imports.moments import Moment, moment_of
from chatkit_doctor.backend.imports.shadows import Missed, missed_imports
from chatkit_doctor.contracts.sdk.agents import AGENTS_MODULE
from chatkit_doctor.finding import Finding, SeenAs
from chatkit_doctor.project.app import App
from chatkit_doctor.source import relative_path


def shadowed_package(app: App) -> Iterator[Finding]:
    """Find an own top-level package that hides an installed one from an import of it, once for each."""
    for missed in missed_imports(app):
        moment = moment_of(missed.importer, missed.node)
        place = relative_path(missed.own.place, app.base) + ("/" if missed.own.is_package else "")
        what = f"'{missed.name}'" if missed.name else f"the module '{missed.module}'"
        needed = f" that {missed.through} imports" if missed.through else ""
        yield Finding(
            "CK605",
            missed.at,
            f"{place} hides the installed '{missed.own.name}', and lacks {what}{needed}",
            label=f"imports the app's own {missed.own.name}" if missed.through else "this import finds the app's own",
            help=f"give {place} another name, or move it into a package and import it by its full name",
            seen_as=_seen_as(missed) if moment in {Moment.LOAD, Moment.CALL} else None,
        )


def _seen_as(missed: Missed) -> SeenAs | None:
    """Return Python's own words, where the page has them: for ChatKit's modules, and for `agents` and what is in it."""
    is_agents = missed.own.name == AGENTS_MODULE
    if missed.name is not None and missed.is_circular:
        return SeenAs("agents-circular" if is_agents else "circular", {"name": missed.name, "module": missed.module})
    if missed.name is not None:
        return SeenAs("name", {"name": missed.name}) if is_agents else None
    if not missed.own.is_package:
        names = {"module": missed.module, "owner": missed.own.name}
        return SeenAs("no-package", names) if not is_agents else None
    if is_agents:
        return SeenAs("agents-module", {"part": missed.module.removeprefix(f"{AGENTS_MODULE}.")})
    return SeenAs("module", {"module": missed.module})
