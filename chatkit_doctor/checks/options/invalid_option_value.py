"""Yield the values that are not of their option's type, and CSS variables, which the frame does not have."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from chatkit_doctor.checks.options.invalid_option_value_fix import meant_literal, only_key, wrong_value_fix
from chatkit_doctor.checks.options.words import (
    described,
    few,
    help_of,
    is_long,
    label_of,
    needed,
    refused,
    severity,
    texts_of,
    written,
)
from chatkit_doctor.checks.options.wrong_address import wrong_addresses
from chatkit_doctor.contracts.web import handlers, options_schema
from chatkit_doctor.contracts.web_names import HOOK, LOCALE, THEME
from chatkit_doctor.finding import Finding, SeenAs, Severity
from chatkit_doctor.frontend.options.problems import checked_options, place_of, problems_of
from chatkit_doctor.frontend.options.readers import for_change
from chatkit_doctor.frontend.options.schema import ITEM, OptionProblem, problems, written_path
from chatkit_doctor.patterns import regex
from chatkit_doctor.project.app import App
from chatkit_doctor.web.evaluation.values import ArrayValue, NullValue, ObjectValue, StringValue, TemplateValue, Value
from chatkit_doctor.words import nearest_few

_LONGEST_IN_A_LABEL = 40
_VARIABLE = regex(r"\bvar\(\s*--")


def invalid_option_value(app: App) -> Iterator[Finding]:
    """Find a value outside its option's type."""
    for _, _, problem in problems_of(app, "CK407"):
        if len(problem.path) == 1 and problem.name in handlers():
            yield _no_function(problem)
        elif problem.path == (LOCALE,) and isinstance(problem.value, StringValue):
            yield _no_language(app, problem)
        else:
            yield _refused(app, problem)
    yield from _css_variables(app)
    yield from wrong_addresses(app)


def _refused(app: App, problem: OptionProblem) -> Finding:
    wanted = described(problem.schema)
    return Finding(
        "CK407",
        place_of(problem),
        f"{problem.place} is {written(problem.value)}, and ChatKit takes {wanted}, {refused(problem)}",
        # The message names them, and so does the help.
        label=label_of(problem, f"not {wanted}" if len(wanted) <= _LONGEST_IN_A_LABEL else "no such value"),
        help=help_of(problem, _wrong_help(problem)),
        seen_as=SeenAs("refused"),
        severity=severity(app, problem.value.document.path),
        fix=for_change(app, problem.value.document, problem.value.node, wrong_value_fix(problem)),
    )


def _no_language(app: App, problem: OptionProblem) -> Finding:
    return Finding(
        "CK407",
        place_of(problem),
        f"{problem.place} is {written(problem.value)}, which ChatKit has no texts for, so it speaks English",
        label=label_of(problem, "no language of ChatKit's"),
        help=help_of(problem, _wrong_help(problem)),
        why="ChatKit speaks English where it does not know the language.",
        severity=Severity.INFO,
        fix=for_change(app, problem.value.document, problem.value.node, wrong_value_fix(problem)),
    )


def _no_function(problem: OptionProblem) -> Finding:
    return Finding(
        "CK407",
        place_of(problem),
        f"{problem.name} is {written(problem.value)}, no function, so nothing is called",
        label=label_of(problem, "not a function"),
        help=help_of(problem, f"write a function, or remove {problem.name}"),
        why=f"{HOOK} calls a handler only where it is a function, and says nothing of what is none.",
        severity=Severity.WARNING,
    )


def _wrong_help(problem: OptionProblem) -> str:
    literal = meant_literal(problem.schema, problem.value)
    if literal is not None:
        meant, is_sure = literal
        others = ", or another that `chatkit-doctor explain CK407 --values` lists" if is_long(problem.schema) else ""
        return f"write {meant!r}" if is_sure else f"write {meant!r}, the value nearest to it{others}"
    if (key := only_key(problem.schema, problem.value)) is not None:
        return f"write {{ {key}: {written(problem.value)} }}"
    if is_long(problem.schema):
        text = problem.value.text if isinstance(problem.value, StringValue) else ""
        close = nearest_few(text, texts_of(problem.schema))
        instead = f"write {few(close)}" if close else "write one that ChatKit has"
        return f"{instead}; `chatkit-doctor explain CK407 --values` lists them all"
    if isinstance(problem.value, NullValue) and not problem.required and problem.entry is not None:
        return f"remove {problem.entry.name}, or write {needed(problem.schema)}"
    return f"write {needed(problem.schema)}"


def _css_variables(app: App) -> Iterator[Finding]:
    seen: set[tuple[Path, int]] = set()
    for _, options in checked_options(app):
        refused = {place_of(each) for each in problems(options, options_schema())}
        for path, value in _texts(options.get(THEME), (THEME,), set()):
            at = value.location
            if at in refused or (at.path, at.start) in seen or not _VARIABLE.search(at.text):
                continue
            seen.add((at.path, at.start))
            yield Finding(
                "CK407",
                at,
                f"{written_path(path)} is a CSS variable of the page, which ChatKit's frame does not have",
                label="not known inside the frame",
                help="write the value itself, or read it with getComputedStyle",
                severity=Severity.WARNING,
                why="ChatKit draws the chat in a frame of its own, and a variable of the page has no value there.",
            )


def _texts(value: Value | None, path: tuple[str, ...], seen: set[Value]) -> Iterator[tuple[tuple[str, ...], Value]]:
    """Yield the texts in a value at any depth, with their paths; what several parts share, once."""
    for each in value.alternatives if value is not None else ():
        if each in seen:
            continue
        seen.add(each)
        match each:
            case StringValue() | TemplateValue():
                yield path, each
            case ObjectValue():
                for name, entry in each.entries.items():
                    yield from _texts(entry.value, (*path, name), seen)
            case ArrayValue():
                for item in each.items:
                    yield from _texts(item, (*path, ITEM), seen)
