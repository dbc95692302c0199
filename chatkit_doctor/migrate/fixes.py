"""The safe fixes of the doctor for what a migration brings to light, or finds in the files that it changes anyway."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatkit_doctor.checks.loading import rules
from chatkit_doctor.finding import Applicability, Finding
from chatkit_doctor.project.files import FileKind, kind_of
from chatkit_doctor.scanning.checking import check_project
from chatkit_doctor.scanning.fixer import fix

if TYPE_CHECKING:
    from chatkit_doctor.migrate.plan import Plan
    from chatkit_doctor.project.project import Project


_KEPT_THREAD = "CK409"


def fix_what_shows(plan: Plan) -> None:
    """Make the safe fixes of what a scan finds now and not before, and of all it finds in changed web files."""
    changed = set(plan.texts.changed)
    before = {(each.code, each.message) for each in _findings(plan.texts.start, plan)}

    def is_new(finding: Finding) -> bool:
        is_safe = finding.fix is not None and finding.fix.applicability is Applicability.SAFE
        if finding.code == _KEPT_THREAD and plan.proxy is not None:
            # Users sign in, maybe several in one browser: the thread of one is none that the next may open.
            return False
        is_changed = finding.at.path in changed and kind_of(finding.at.path.name) is FileKind.WEB
        return is_safe and (is_changed or (finding.code, finding.message) not in before)

    # What the deleted files say of the app, such as that its session route sent a key, holds no longer.
    now = plan.texts.now.with_texts(dict.fromkeys(plan.texts.removed, ""))
    made = fix(now, lambda project: _findings(project, plan), is_new, lambda _: True)
    for path, text in made.texts.items():
        plan.texts.replace(path, text)
    for finding in made.fixed:
        if is_new(finding):
            plan.move(finding.at.path, f"{finding.code}: {finding.fix.title if finding.fix else ''}")


def _findings(project: Project, plan: Plan) -> list[Finding]:
    found = check_project(project, rules(), lambda _: None).findings
    return [finding for finding in found if finding.at.path not in plan.texts.removed]
