"""`chatkit-doctor migrate`: shows what a migration comes to, and writes it where that is asked for."""

from __future__ import annotations

import sys
from pathlib import Path

from chatkit_doctor.checks.loading import rules
from chatkit_doctor.commands.diffs import print_diff
from chatkit_doctor.migrate.applying import apply_plan
from chatkit_doctor.migrate.git import refuse_dirty
from chatkit_doctor.migrate.plan import MigrateError, Note, Plan
from chatkit_doctor.migrate.planning import Request, plan_migration
from chatkit_doctor.project.project import Project
from chatkit_doctor.reports.counts import count
from chatkit_doctor.reports.edge import printed_lines
from chatkit_doctor.scanning.checking import needles_of
from chatkit_doctor.scanning.selection import ScanError, select_files
from chatkit_doctor.source import relative_path


def migrate(request: Request, *, write: bool, allow_dirty: bool) -> None:
    """Show a migration, or make it. Raises MigrateError."""
    try:
        selection = select_files([request.root])
    except ScanError as error:
        raise MigrateError(str(error)) from None
    if not request.root.is_dir():
        raise MigrateError(f"{request.root} is no folder")
    project = Project(selection.listing, needles_of(rules()))
    plan = plan_migration(project, request)
    if write:
        if not allow_dirty:
            refuse_dirty(project.root)
        apply_plan(plan)
    else:
        print_diff(_diff(plan))
    sys.stdout.write(printed_lines(_summary(plan, written=write)))


def _diff(plan: Plan) -> str:
    from chatkit_doctor.scanning.writing import unified_diff

    gone = dict.fromkeys(plan.texts.removed, "")
    return unified_diff(plan.texts.start, {**plan.texts.changed, **gone})


def _summary(plan: Plan, *, written: bool) -> list[str]:
    backend = relative_path(plan.backend, Path.cwd())
    told = {note.place for note in plan.moved}
    new = [path for path in plan.texts.new if not path.is_relative_to(plan.backend)]
    new = [path for path in new if relative_path(path, plan.texts.root) not in told]
    lines = ["Moved:" if written else "Would move:", *_notes(plan.moved)]
    lines += [f"  {relative_path(path, plan.texts.root)}: new" for path in new]
    lines += ["", "Left to you:", *_notes(plan.left)]
    changed = len(plan.texts.changed) + len(plan.texts.removed) + len(plan.texts.new)
    lines.append("")
    if written:
        lines.append(f"Wrote {count(changed, 'file')}. Start the server:")
        lines += [
            "",
            f"  cd {backend}",
            "  python3 -m venv .venv",
            "  .venv/bin/pip install -r requirements.txt",
            f"  {'cp .env.example .env':<42} # and put the key of your model into it",
        ]
        lines += ["  .venv/bin/python -m app.dev", ""]
        lines.append(_how_to_verify(plan))
    else:
        lines.append(f"Nothing is written yet: {count(changed, 'file')} would change. Go ahead with --write.")
    return lines


def _how_to_verify(plan: Plan) -> str:
    server = f"http://localhost:{plan.port}"
    command = f"Then `chatkit-doctor verify {server} --header"
    if plan.backend / "app" / "visitors.py" in plan.texts.new:
        asking = f"curl -X POST {server}/visitors"
        return f'{command} "X-Visitor: …"`, with a token that `{asking}` prints.'
    return f'{command} "X-User-Id: me"`.'


def _notes(notes: list[Note]) -> list[str]:
    found = []
    for note in notes:
        todo = f": {note.todo}" if note.todo else ""
        found.append(f"  {note.place}: {note.what}{todo}")
    return found
