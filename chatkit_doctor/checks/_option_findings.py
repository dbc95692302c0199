"""The findings about keys and values of options: unknown (CK406), wrong (CK407) and missing ones (CK408)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from chatkit_doctor.checks._option_fixes import meant_literal, missing_keys_fix, unknown_key_fix, wrong_value_fix
from chatkit_doctor.checks._option_problems import checked_options, place_of, problems_of, site_place
from chatkit_doctor.checks._option_schema import ITEM, Problem, objects_of, problems, written_path
from chatkit_doctor.checks._option_words import REFUSED, described, joined, other_homes, written
from chatkit_doctor.checks._options import literal_options
from chatkit_doctor.checks._web_releases import severity_of_absence
from chatkit_doctor.contracts import nearest
from chatkit_doctor.contracts.schema import ObjectType
from chatkit_doctor.contracts.web import handlers, options_schema
from chatkit_doctor.finding import Finding, Severity
from chatkit_doctor.project import Project
from chatkit_doctor.source import Location
from chatkit_doctor.web.options import OptionsSite, SiteKind
from chatkit_doctor.web.values import ArrayValue, ObjectValue, StringValue, TemplateValue, Value

_LOCALE = ("locale",)
_THEME = "theme"
_VARIABLE = re.compile(r"\bvar\(\s*--")


def unknown_keys(project: Project) -> Iterator[Finding]:
    """Yield the keys that no release of ChatKit accepts where they stand."""
    for _, _, problem in problems_of(project, "CK406"):
        shapes = objects_of(problem.schema)
        known = [key for shape in shapes for key in shape.keys]
        free = [key for key in known if not isinstance(problem.value, ObjectValue) or key not in problem.value.entries]
        near = nearest(problem.name, free)
        yield Finding(
            "CK406",
            place_of(problem),
            f"{problem.place} is no option of ChatKit's, {REFUSED}",
            label=f"unknown key; {near} is near" if near else "unknown key",
            help=_unknown_help(problem, near, known),
            severity=severity_of_absence(project, problem.value.document.path),
            fix=unknown_key_fix(problem, near, _home(problem)),
        )


def wrong_values(project: Project) -> Iterator[Finding]:
    """Yield the values that are not of their option's type, and CSS variables, which the frame does not have."""
    for _, _, problem in problems_of(project, "CK407"):
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
            severity=Severity.INFO if is_language else severity_of_absence(project, problem.value.document.path),
            fix=wrong_value_fix(problem),
        )
    yield from _css_variables(project)


def missing_keys(project: Project) -> Iterator[Finding]:
    """Yield the objects that lack keys which ChatKit requires, each once with all that it lacks."""
    grouped: dict[ObjectValue, list[tuple[OptionsSite, Problem]]] = {}
    for site, options, problem in problems_of(project, "CK408"):
        if isinstance(problem.value, ObjectValue) and not _is_later_part(project, site, options, problem):
            grouped.setdefault(problem.value, []).append((site, problem))
    for found in grouped.values():
        lacking = [problem for _, problem in found]
        names = joined([each.name for each in lacking])
        yield Finding(
            "CK408",
            _missing_place(found[0][0], lacking[0]),
            f"{_owner(lacking[0])} has no {joined([each.name for each in lacking], 'and no')}, {REFUSED}",
            label=f"lacks {names}",
            help=_missing_help(lacking),
            fix=missing_keys_fix(lacking),
        )


def _unknown_help(problem: Problem, near: str | None, known: Sequence[str]) -> str:
    if near is not None:
        return f"write {near}, or remove {problem.name}"
    if len(problem.path) == 1 and (event := handlers().get(problem.name)) is not None:
        return f"remove it, and listen to {event!r} with addEventListener; only useChatKit takes handlers"
    if (home := _home(problem)) is not None:
        return f"move it to {home}"
    above = written_path(problem.path[:-1])
    return f"remove {problem.name}; {above} takes {joined(known)}" if above else f"remove {problem.name}"


def _home(problem: Problem) -> str | None:
    """Return the only place of the options that has a key of the name, None where there are none or several."""
    homes = list(other_homes(problem.name))
    return homes[0] if len(homes) == 1 and problem.name not in handlers() else None


def _wrong_help(problem: Problem, wanted: str) -> str:
    literal = meant_literal(problem.schema, problem.value)
    if literal is None:
        return f"write {wanted}"
    meant, is_sure = literal
    return f"write {meant!r}" if is_sure else f"write {meant!r}, the value nearest to it, or another that ChatKit has"


def _css_variables(project: Project) -> Iterator[Finding]:
    seen: set[tuple[Path, int]] = set()
    for _, options in checked_options(project):
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


def _is_later_part(project: Project, site: OptionsSite, options: ObjectValue, problem: Problem) -> bool:
    """Tell whether options without `api` are handed over after whole ones; that they replace those is CK415's."""
    if problem.value is not options or site.kind is not SiteKind.SET_OPTIONS:
        return False
    return any(problem.name in other.entries for _, other in literal_options(project))


def _missing_place(site: OptionsSite, problem: Problem) -> Location:
    return site_place(site) if len(problem.path) == 1 else place_of(problem)


def _owner(problem: Problem) -> str:
    above = problem.path[:-1]
    if not above:
        return "the set of options"
    return f"an item of {written_path(above[:-1])}" if above[-1] == ITEM else written_path(above)


def _missing_help(lacking: Sequence[Problem]) -> str:
    types = (
        f"{each.name}, {described(each.schema.keys[each.name].type)}"
        for each in lacking
        if isinstance(each.schema, ObjectType)
    )
    return f"add {' and '.join(types) or joined([each.name for each in lacking])}"
