"""Yield the values that are not of their option's type, and CSS variables, which the frame does not have."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from chatkit_doctor.checks.options.invalid_option_value_fix import meant_literal, wrong_value_fix
from chatkit_doctor.checks.options.words import REFUSED, described, written
from chatkit_doctor.contracts.web import options_schema
from chatkit_doctor.finding import Finding, Severity
from chatkit_doctor.frontend.options.problems import checked_options, place_of, problems_of
from chatkit_doctor.frontend.options.schema import ITEM, Problem, problems, written_path
from chatkit_doctor.frontend.releases import severity_of_absence
from chatkit_doctor.project.app import App
from chatkit_doctor.web.evaluation.values import ArrayValue, ObjectValue, StringValue, TemplateValue, Value

_LOCALE = ("locale",)
_THEME = "theme"
_VARIABLE = re.compile(r"\bvar\(\s*--")


def invalid_option_value(app: App) -> Iterator[Finding]:
    """Find a value outside its option's type."""
    for _, _, problem in problems_of(app, "CK407"):
        wanted = described(problem.schema)
        is_language = problem.path == _LOCALE and isinstance(problem.value, StringValue)
        yield Finding(
            "CK407",
            place_of(problem),
            f"{problem.place} is {written(problem.value)}, which ChatKit has no texts for, so it speaks English"
            if is_language
            else f"{problem.place} is {written(problem.value)}, and ChatKit takes {wanted}, {REFUSED}",
            label="no language of ChatKit's" if is_language else f"not {wanted}",
            help=_wrong_help(problem, wanted),
            severity=Severity.INFO if is_language else severity_of_absence(app, problem.value.document.path),
            fix=wrong_value_fix(problem),
        )
    yield from _css_variables(app)


def _wrong_help(problem: Problem, wanted: str) -> str:
    literal = meant_literal(problem.schema, problem.value)
    if literal is None:
        return f"write {wanted}"
    meant, is_sure = literal
    return f"write {meant!r}" if is_sure else f"write {meant!r}, the value nearest to it, or another that ChatKit has"


def _css_variables(app: App) -> Iterator[Finding]:
    seen: set[tuple[Path, int]] = set()
    for _, options in checked_options(app):
        refused = {place_of(each) for each in problems(options, options_schema())}
        for path, value in _texts(options.get(_THEME), (_THEME,)):
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
            )


def _texts(value: Value | None, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Value]]:
    """Yield the texts in a value at any depth, with their paths."""
    for each in value.alternatives if value is not None else ():
        match each:
            case StringValue() | TemplateValue():
                yield path, each
            case ObjectValue():
                for name, entry in each.entries.items():
                    yield from _texts(entry.value, (*path, name))
            case ArrayValue():
                for item in each.items:
                    yield from _texts(item, (*path, ITEM))
