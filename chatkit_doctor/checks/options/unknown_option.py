"""Yield the keys that no release of ChatKit accepts where they stand."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.checks.options.unknown_option_fix import holds_options, unknown_key_fix
from chatkit_doctor.checks.options.words import help_of, label_of, other_homes, refused, severity, unknown_key_seen_as
from chatkit_doctor.contracts.web import handlers
from chatkit_doctor.finding import Finding
from chatkit_doctor.frontend.options.api import held_option
from chatkit_doctor.frontend.options.problems import OptionProblem, place_of, problems_of
from chatkit_doctor.project.app import App
from chatkit_doctor.web.evaluation.values import ObjectValue
from chatkit_doctor.words import joined, nearest, nearest_few


def unknown_option(app: App) -> Iterator[Finding]:
    """Find a key that no release of ChatKit accepts at its place."""
    for _, _, problem in problems_of(app, "CK406"):
        near = nearest(problem.name, problem.free_keys)
        held = _held(problem) if near is None and not holds_options(problem) else None
        yield Finding(
            "CK406",
            place_of(problem),
            f"{problem.place} is no option of ChatKit's, {refused(problem)}",
            label=label_of(problem, _label(problem, near, held)),
            help=help_of(problem, _unknown_help(problem, near or held)),
            seen_as=unknown_key_seen_as(problem),
            severity=severity(app, problem.value.document.path),
            fix=unknown_key_fix(app, problem, near or held, _home(problem)),
        )


def _held(problem: OptionProblem) -> str | None:
    """Return the option that takes what an unknown key among the options holds."""
    options, entry = problem.value, problem.entry
    if len(problem.path) > 1 or entry is None or not isinstance(options, ObjectValue):
        return None
    return held_option(options, entry.value)


def _label(problem: OptionProblem, near: str | None, held: str | None) -> str:
    if held is not None:
        return f"unknown key, with what {held} takes in it"
    return f"unknown key; {near} is near" if near and not holds_options(problem) else "unknown key"


def _unknown_help(problem: OptionProblem, meant: str | None) -> str:
    if holds_options(problem):
        return f"write what {problem.name} holds beside the other options; there is no {problem.name} around them"
    if meant is not None:
        return f"write {meant}, or remove {problem.name}"
    if len(problem.path) == 1 and (event := handlers().get(problem.name)) is not None:
        return f"remove it, and listen to {event!r} with addEventListener; only useChatKit takes handlers"
    if (home := _home(problem)) is not None:
        return f"move it to {home}"
    if above := problem.above:
        return f"remove {problem.name}; {above} takes {joined(problem.known_keys)}"
    close = nearest_few(problem.name, problem.free_keys)
    nearest_to_it = f", of which {joined(close)} {'are' if close[1:] else 'is'} nearest to it" if close else ""
    return f"remove {problem.name}; `chatkit-doctor explain CK406 --values` lists the options{nearest_to_it}"


def _home(problem: OptionProblem) -> str | None:
    """Return the only place of the options that has a key of the name, None where there are none or several."""
    homes = list(other_homes(problem.name))
    return homes[0] if len(homes) == 1 and problem.name not in handlers() else None
