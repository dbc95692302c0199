"""Options that are handed over after whole ones, and are only a part of them."""

from __future__ import annotations

from chatkit_doctor.frontend.options.literals import literal_options
from chatkit_doctor.frontend.options.schema import OptionProblem
from chatkit_doctor.frontend.options.sites import OptionsSite, SiteKind
from chatkit_doctor.project.app import App
from chatkit_doctor.web.evaluation.values import ObjectValue


def is_later_part(app: App, site: OptionsSite, options: ObjectValue, problem: OptionProblem) -> bool:
    """Return whether options that lack a key are handed over beside whole ones, which they replace."""
    if problem.value is not options or site.kind is not SiteKind.SET_OPTIONS:
        return False
    return problem.name in app.derive(_handed_over)


def _handed_over(app: App) -> frozenset[str]:
    """Return the names of all options that are handed over anywhere."""
    return frozenset(name for _, options in literal_options(app) for name in options.entries)
