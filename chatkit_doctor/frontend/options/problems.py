"""The problems of a project's options, each with the rule that reports it, so that none is reported twice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from chatkit_doctor.contracts.published import CHATKIT_JS
from chatkit_doctor.contracts.schema import Function, Literals, Primitive, Union
from chatkit_doctor.contracts.web import handlers, options_schema
from chatkit_doctor.frontend.options.branches import HandedOver
from chatkit_doctor.frontend.options.literals import is_inside, is_only_cast, literal_options
from chatkit_doctor.frontend.options.schema import Fault, OptionProblem, faulty, key_problems, problems
from chatkit_doctor.frontend.options.shared import counted, taken_in
from chatkit_doctor.frontend.options.sites import OptionsSite, SiteKind, Use
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

# The hook asks of a handler only whether it is a function, so that what is empty does no harm.
_HANDLER = Union((Function(()), Primitive("null"), Primitive("undefined"), Literals((False, 0, ""))))

__all__ = ["OptionProblem", "checked_options", "is_inside", "place_of", "problems_of"]


def problems_of(app: App, code: str) -> Iterator[tuple[OptionsSite, ObjectValue, OptionProblem]]:
    """Yield the problems that a rule reports, with the options they are found in, each place once."""
    for case in app.derive(_by_rule).get(code, ()):
        app.last_looked_at = case.site.document.path
        yield case.site, case.options, case.problem


def checked_options(app: App) -> Iterator[tuple[OptionsSite, ObjectValue]]:
    """Yield the options that are held against the types: not those of other packages, nor mere casts."""
    for site, options in literal_options(app):
        if _is_checked(app, site):
            yield site, options


def _is_checked(app: App, site: OptionsSite) -> bool:
    return not is_only_cast(site) and not _is_of_another_package(app.resolver, site)


def _by_rule(app: App) -> dict[str | None, list[Case]]:
    """Return the problems by the rule that reports them; of several at one place the first."""
    found: dict[object, tuple[str | None, Case]] = {}
    counted_before: set[object] = set()
    for site, options in literal_options(app):
        uses = [use.places for use in site.uses if _counts(options, use)]
        is_checked = _is_checked(app, site)
        for problem in _problems(site, options, uses) if uses else ():
            case = Case(site, options, problem, is_checked)
            rule = rule_for(case)
            document, node = problem.written_at
            key: object = (rule, document, node.start_byte, node.end_byte, problem.fault, problem.name)
            written = key
            at = taken_in(app, case) if rule is not None else None
            if at is not None:
                key = (rule, at, problem.path, problem.fault)
                if (key, written) in counted_before:
                    continue
                counted_before.add((key, written))
                case = counted(case, at, found[key][1] if key in found else None)
            elif key in found:
                continue
            found[key] = (rule, case)
    by_rule: dict[str | None, list[Case]] = {}
    for rule, case in found.values():
        by_rule.setdefault(rule, []).append(case)
    return by_rule


def _problems(site: OptionsSite, options: ObjectValue, uses: list[HandedOver]) -> Iterator[OptionProblem]:
    """Yield what is wrong with options, and with the handlers among them that the hook takes."""
    yield from problems(options, options_schema(), uses=uses)
    for name in handlers() if site.hook else ():
        if name in options.entries:
            yield from key_problems(options, name, _HANDLER, uses)


def _counts(options: ObjectValue, use: Use) -> bool:
    """Return whether options are handed over at a use whatever guards stand before, where others may be as well."""
    alternatives = use.whole.alternatives
    return len(alternatives) == 1 or options in faulty(use.whole, options_schema(), [use.places])


def place_of(problem: OptionProblem) -> Location:
    """Return the smallest place that shows a problem: a key, or a value where the options write it.

    Where it stands in data that others read too, that is the place where the options take the data in.
    """
    if problem.shared is not None:
        return problem.shared.at
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


def _is_of_another_package(resolver: Resolver, site: OptionsSite) -> bool:
    """Return whether all that takes the options is a hook that wraps ChatKit for another framework."""
    return all(use.kind is SiteKind.HOOK and _is_foreign_hook(resolver, use.document, use.node) for use in site.uses)


def _is_foreign_hook(resolver: Resolver, document: Document, argument: Node) -> bool:
    call = argument.parent.parent if argument.parent is not None else None
    function = field(call, "function") if call is not None else None
    found = origin(resolver, document, function) if function is not None else None
    return found is not None and not found.specifier.startswith(CHATKIT_JS)
