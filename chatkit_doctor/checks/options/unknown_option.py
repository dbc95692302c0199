"""Yield the keys that no release of ChatKit accepts where they stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from chatkit_doctor.checks.options.unknown_option_fix import holds_options, unknown_key_fix
from chatkit_doctor.checks.options.words import REFUSED, other_homes, unknown_key_seen_as
from chatkit_doctor.contracts.web import handlers
from chatkit_doctor.finding import Finding
from chatkit_doctor.frontend.options.problems import place_of, problems_of
from chatkit_doctor.frontend.options.readers import for_change
from chatkit_doctor.frontend.options.schema import OptionProblem, objects_of, written_path
from chatkit_doctor.frontend.releases import severity_of_absence
from chatkit_doctor.project.app import App
from chatkit_doctor.web.evaluation.values import ObjectValue
from chatkit_doctor.words import joined, nearest, nearest_few


def unknown_option(app: App) -> Iterator[Finding]:
    """Find a key that no release of ChatKit accepts at its place."""
    for _, _, problem in problems_of(app, "CK406"):
        shapes = objects_of(problem.schema)
        known = [key for shape in shapes for key in shape.keys]
        free = [key for key in known if not isinstance(problem.value, ObjectValue) or key not in problem.value.entries]
        near = nearest(problem.name, free)
        entry = problem.entry
        fix = unknown_key_fix(problem, near, _home(problem))
        yield Finding(
            "CK406",
            place_of(problem),
            f"{problem.place} is no option of ChatKit's, {REFUSED}",
            label=f"unknown key; {near} is near" if near and not holds_options(problem) else "unknown key",
            help=_unknown_help(problem, near, known, free),
            seen_as=unknown_key_seen_as(problem),
            severity=severity_of_absence(app, problem.value.document.path),
            fix=for_change(app, entry.document, entry.node, fix) if entry is not None else None,
        )


def _unknown_help(problem: OptionProblem, near: str | None, known: Sequence[str], free: Sequence[str]) -> str:
    if holds_options(problem):
        return f"write what {problem.name} holds beside the other options; there is no {problem.name} around them"
    if near is not None:
        return f"write {near}, or remove {problem.name}"
    if len(problem.path) == 1 and (event := handlers().get(problem.name)) is not None:
        return f"remove it, and listen to {event!r} with addEventListener; only useChatKit takes handlers"
    if (home := _home(problem)) is not None:
        return f"move it to {home}"
    if above := written_path(problem.path[:-1]):
        return f"remove {problem.name}; {above} takes {joined(known)}"
    close = nearest_few(problem.name, free)
    nearest_to_it = f", of which {joined(close)} {'are' if close[1:] else 'is'} nearest to it" if close else ""
    return f"remove {problem.name}; `chatkit-doctor explain CK406 --values` lists the options{nearest_to_it}"


def _home(problem: OptionProblem) -> str | None:
    """Return the only place of the options that has a key of the name, None where there are none or several."""
    homes = list(other_homes(problem.name))
    return homes[0] if len(homes) == 1 and problem.name not in handlers() else None
