"""Find a later call of `setOptions` that has only a part of the options, and so takes the rest away."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.contracts.web_names import SET_OPTIONS
from chatkit_doctor.finding import Finding
from chatkit_doctor.frontend.options.parts import is_later_part
from chatkit_doctor.frontend.options.problems import problems_of
from chatkit_doctor.project.app import App
from chatkit_doctor.source import Location
from chatkit_doctor.web.evaluation.values import ObjectValue
from chatkit_doctor.words import joined


def partial_set_options(app: App) -> Iterator[Finding]:
    """Find options without what ChatKit cannot do without, where the app has whole ones that they replace."""
    seen: set[Location] = set()
    for site, options, problem in problems_of(app, "CK408"):
        at = site.place
        if at in seen or app.is_test_or_story(at.path) or not is_later_part(app, site, options, problem):
            continue
        seen.add(at)
        yield Finding(
            "CK415",
            at,
            f"{SET_OPTIONS} replaces all options, and {_given(options)} without {problem.name}",
            label=f"takes {problem.name} away",
            help=f"keep the options in one object, and call {SET_OPTIONS} with all of it: {{ ...options, … }}",
        )


def _given(options: ObjectValue) -> str:
    names = joined(options.entries)
    if not names:
        return "gets an empty object here,"
    return f"{names} {'are' if len(options.entries) > 1 else 'is'} all that it gets here,"
