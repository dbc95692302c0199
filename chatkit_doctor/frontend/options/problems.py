"""The problems of a project's options, each with the rule that reports it, so that none is reported twice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from chatkit_doctor.contracts.published import CHATKIT_JS
from chatkit_doctor.contracts.web import options_schema
from chatkit_doctor.frontend.options.literals import is_never_handed_over, literal_options
from chatkit_doctor.frontend.options.schema import Fault, OptionProblem, problems
from chatkit_doctor.frontend.options.sites import OptionsSite, SiteKind
from chatkit_doctor.frontend.options.triage import Case, rule_for
from chatkit_doctor.project.app import App
from chatkit_doctor.source import Location
from chatkit_doctor.web.evaluation.values import ObjectValue
from chatkit_doctor.web.modules.origins import origin
from chatkit_doctor.web.tree import field

if TYPE_CHECKING:
    from tree_sitter import Node

    from chatkit_doctor.web.document import Document
    from chatkit_doctor.web.modules.resolve import Resolver

__all__ = ["OptionProblem", "checked_options", "is_inside", "place_of", "problems_of"]


def problems_of(app: App, code: str) -> Iterator[tuple[OptionsSite, ObjectValue, OptionProblem]]:
    """Yield the problems that a rule reports, with the options they are found in, each place once."""
    for case in app.derive(_by_rule).get(code, ()):
        app.last_looked_at = case.site.document.path
        yield case.site, case.options, case.problem


def checked_options(app: App) -> Iterator[tuple[OptionsSite, ObjectValue]]:
    """Yield the options that are held against the types: not those of other packages, nor mere casts."""
    for site, options in literal_options(app):
        is_cast = site.kind is SiteKind.SATISFIES and is_never_handed_over(site)
        if not is_cast and not _is_of_another_package(app.resolver, site):
            yield site, options


def _by_rule(app: App) -> dict[str | None, list[Case]]:
    """Return the problems by the rule that reports them; of several at one place the first."""
    found: dict[str | None, list[Case]] = {}
    seen: set[tuple[str | None, Document, int, int, Fault, str]] = set()
    for site, options in checked_options(app):
        for problem in problems(options, options_schema()):
            case = Case(site, options, problem)
            rule = rule_for(case)
            document, node = _written_at(problem)
            place = (rule, document, node.start_byte, node.end_byte, problem.fault, problem.name)
            if place not in seen:
                seen.add(place)
                found.setdefault(rule, []).append(case)
    return found


def place_of(problem: OptionProblem) -> Location:
    """Return the smallest place that shows a problem: a key, or a value where the options write it."""
    entry, written = problem.entry, problem.value.location
    if problem.fault is Fault.UNKNOWN and entry is not None:
        return entry.key_location
    is_here = entry is not None and is_inside(written, entry.value_location)
    if problem.fault is Fault.WRONG:
        return written if entry is None or is_here else entry.value_location
    if entry is not None and is_here:
        return entry.key_location
    entries = problem.value.entries.values() if isinstance(problem.value, ObjectValue) else ()
    own = next((each for each in entries if not each.spread), None)
    return own.location if own is not None else written


def is_inside(inner: Location, outer: Location) -> bool:
    """Return whether a place lies within another."""
    return inner.source is outer.source and outer.start <= inner.start and inner.end <= outer.end


def _written_at(problem: OptionProblem) -> tuple[Document, Node]:
    if problem.fault is Fault.UNKNOWN and problem.entry is not None:
        return problem.entry.document, problem.entry.key
    return problem.value.document, problem.value.node


def _is_of_another_package(resolver: Resolver, site: OptionsSite) -> bool:
    """Return whether all that takes the options is a hook that wraps ChatKit for another framework."""
    return all(use.kind is SiteKind.HOOK and _is_foreign_hook(resolver, use.document, use.node) for use in site.uses)


def _is_foreign_hook(resolver: Resolver, document: Document, argument: Node) -> bool:
    call = argument.parent.parent if argument.parent is not None else None
    function = field(call, "function") if call is not None else None
    found = origin(resolver, document, function) if function is not None else None
    return found is not None and not found.specifier.startswith(CHATKIT_JS)
