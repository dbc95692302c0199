"""Yield the objects that lack keys which ChatKit requires, each once with all that it lacks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from chatkit_doctor.checks.options.missing_option_fix import missing_keys_fix
from chatkit_doctor.checks.options.words import help_of, is_long, label_of, needed, refused
from chatkit_doctor.contracts.schema import ObjectType
from chatkit_doctor.finding import Finding, Fix, SeenAs
from chatkit_doctor.frontend.options.parts import is_later_part
from chatkit_doctor.frontend.options.problems import place_of, problems_of
from chatkit_doctor.frontend.options.readers import for_addition
from chatkit_doctor.frontend.options.schema import ITEM, OptionProblem, written_path
from chatkit_doctor.frontend.options.sites import OptionsSite
from chatkit_doctor.project.app import App
from chatkit_doctor.source import Location
from chatkit_doctor.web.evaluation.values import ObjectValue
from chatkit_doctor.words import joined


def missing_option(app: App) -> Iterator[Finding]:
    """Find an object without a key that ChatKit requires in it."""
    grouped: dict[ObjectValue, list[tuple[OptionsSite, OptionProblem]]] = {}
    for site, options, problem in problems_of(app, "CK408"):
        if isinstance(problem.value, ObjectValue) and not is_later_part(app, site, options, problem):
            grouped.setdefault(problem.value, []).append((site, problem))
    for found in grouped.values():
        lacking = [problem for _, problem in found]
        names = joined([each.name for each in lacking])
        yield Finding(
            "CK408",
            _missing_place(found[0][0], lacking[0]),
            f"{_owner(lacking[0])} has no {joined([each.name for each in lacking], 'and no')}, {refused(lacking[0])}",
            label=label_of(lacking[0], f"lacks {names}"),
            help=help_of(lacking[0], _missing_help(lacking)),
            seen_as=SeenAs("refused"),
            fix=_fix(app, lacking),
        )


def _fix(app: App, lacking: Sequence[OptionProblem]) -> Fix | None:
    # Data that others read has no need of ChatKit's keys.
    fix = missing_keys_fix(lacking) if lacking[0].shared is None else None
    return for_addition(app, lacking[0].value.document, lacking[0].value.node, fix)


def _missing_place(site: OptionsSite, problem: OptionProblem) -> Location:
    return site.place if len(problem.path) == 1 and problem.shared is None else place_of(problem)


def _owner(problem: OptionProblem) -> str:
    above = problem.path[:-1]
    if not above:
        return "the set of options"
    return f"an item of {written_path(above[:-1])}" if above[-1] == ITEM else written_path(above)


def _missing_help(lacking: Sequence[OptionProblem]) -> str:
    types = (
        f"{each.name}, {needed(each.schema.keys[each.name].type)}"
        for each in lacking
        if isinstance(each.schema, ObjectType)
    )
    is_cut = any(isinstance(each.schema, ObjectType) and is_long(each.schema.keys[each.name].type) for each in lacking)
    listed = "; `chatkit-doctor explain CK408 --values` lists the values" if is_cut else ""
    return f"add {' and '.join(types) or joined([each.name for each in lacking])}{listed}"
