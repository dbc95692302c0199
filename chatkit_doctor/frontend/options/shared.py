"""Problems in data that several parts of a program read: told once, where ChatKit's options take the data in.

Another page may map the same data into the right shape, or draw it by itself. So it is the use that is wrong.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatkit_doctor.frontend.options.literals import is_inside
from chatkit_doctor.frontend.options.readers import has_other_readers
from chatkit_doctor.frontend.options.schema import Shared
from chatkit_doctor.records import replace
from chatkit_doctor.web.evaluation.values import ObjectValue
from chatkit_doctor.web.tree import is_within

if TYPE_CHECKING:
    from chatkit_doctor.frontend.options.triage import Case
    from chatkit_doctor.project.app import App
    from chatkit_doctor.source import Location
    from chatkit_doctor.web.evaluation.values import Value


def counted(case: Case, at: Location, earlier: Case | None) -> Case:
    """Return the case of a problem in shared data that is told at a place: the first there, with their number."""
    kept = earlier or case
    known = earlier.problem.shared if earlier is not None else None
    shared = Shared(at, at.text, known.count + 1 if known is not None else 1)
    return replace(kept, problem=replace(kept.problem, shared=shared))


def taken_in(app: App, case: Case) -> Location | None:
    """Return where the options take in the data that a problem is written in; None where only they read that."""
    problem, site = case.problem, case.site
    document, node = problem.written_at
    is_in_place = document is site.document and is_within(node, site.node)
    if is_in_place or not has_other_readers(app, document, node):
        return None
    holder: Value = case.options
    for entry in problem.trail:
        if entry.spread:
            return _spread_in(holder) or site.place
        if not any(is_inside(each.location, entry.value_location) for each in entry.value.alternatives):
            return entry.value_location
        holder = entry.value
    return site.document.location(site.node)


def _spread_in(holder: Value) -> Location | None:
    """Return the spread by which an object takes in what it does not write, where it has one only."""
    members = holder.node.named_children if isinstance(holder, ObjectValue) and holder.is_literal else []
    spreads = [each for each in members if each.type == "spread_element"]
    return holder.document.location(spreads[0]) if len(spreads) == 1 else None
