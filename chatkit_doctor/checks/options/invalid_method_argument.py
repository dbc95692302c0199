"""Find calls of ChatKit's methods with arguments that they do not take."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from chatkit_doctor.checks.options.invalid_method_argument_fix import argument_fix, key_fix, meant_key, nothing_fix
from chatkit_doctor.checks.options.words import described, severity, written
from chatkit_doctor.contracts.element import MethodParameter, parameters
from chatkit_doctor.contracts.web_names import SET_OPTIONS
from chatkit_doctor.finding import Finding, Fix
from chatkit_doctor.frontend.asked import AskedMember, Manner, Owner, asked
from chatkit_doctor.frontend.options.problems import place_of
from chatkit_doctor.frontend.options.schema import Fault, OptionProblem, problems, written_path
from chatkit_doctor.frontend.releases import carries_packages
from chatkit_doctor.project.app import App
from chatkit_doctor.web.evaluation.calls import call_arguments
from chatkit_doctor.words import joined, nearest_few

if TYPE_CHECKING:
    from tree_sitter import Node


def invalid_method_argument(app: App) -> Iterator[Finding]:
    """Find an argument outside the type of its parameter, and one that is lacking."""
    if carries_packages(app):
        return
    for use in asked(app):
        # What setOptions is given is looked at as options.
        if use.manner is not Manner.CALLED or use.owner is Owner.CONTROL or use.name == SET_OPTIONS:
            continue
        taken = parameters().get(use.name, ())
        given = call_arguments(use.call) if use.call is not None else []
        if any(each.type == "spread_element" for each in given):
            continue
        for number, parameter in enumerate(taken):
            if number < len(given):
                yield from _wrong(app, use, parameter, given[number])
            elif parameter.required:
                yield _missing(app, use, parameter)


def _missing(app: App, use: AskedMember, parameter: MethodParameter) -> Finding:
    return Finding(
        "CK419",
        use.document.location(use.node),
        f"{use.name} is called without {parameter.name}",
        label=f"lacks {parameter.name}",
        help=f"give it {described(parameter.type)}",
        severity=severity(app, use.document.path),
        fix=nothing_fix(use, parameter),
    )


def _wrong(app: App, use: AskedMember, parameter: MethodParameter, given: Node) -> Iterator[Finding]:
    value = app.evaluator.evaluate(use.document, given)
    found = list(problems(value, parameter.type, (parameter.name,)))
    replaced = {meant_key(each) for each in found}
    for problem in found:
        if problem.fault is Fault.MISSING and problem.name in replaced:
            continue
        text, label, help_text = _words(use, problem)
        yield Finding(
            "CK419",
            use.document.location(given) if problem.path == (parameter.name,) else place_of(problem),
            text,
            label=label,
            help=help_text,
            severity=severity(app, use.document.path),
            fix=_fix(use, parameter, problem, given),
        )


def _fix(use: AskedMember, parameter: MethodParameter, problem: OptionProblem, given: Node) -> Fix | None:
    return argument_fix(use, problem, given) if problem.path == (parameter.name,) else key_fix(problem)


def _words(use: AskedMember, problem: OptionProblem) -> tuple[str, str, str]:
    """Return message, label and help."""
    meant, inside = meant_key(problem), written_path(problem.path[1:])
    match problem.fault:
        case Fault.UNKNOWN:
            close = [meant] if meant is not None else nearest_few(problem.name, problem.free_keys)
            help_text = (
                f"write {joined(close, 'or')}" if close else f"remove it, or use {joined(problem.free_keys, 'or')}"
            )
            return f"{use.name} takes no {inside}", "unknown key", help_text
        case Fault.MISSING:
            return f"{use.name} is called without {inside}", f"lacks {problem.name}", f"write {problem.name} as well"
    wanted = described(problem.schema)
    given = f"{inside} of {use.name} is {written(problem.value)}" if inside else _given(use, problem)
    help_text = f"write {meant}" if meant is not None else f"give it {wanted}"
    return f"{given}, and ChatKit takes {wanted}", f"not {wanted}", help_text


def _given(use: AskedMember, problem: OptionProblem) -> str:
    return f"{use.name} is given {written(problem.value)}"
