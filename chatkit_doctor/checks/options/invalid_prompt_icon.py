"""What is wrong with the icon of one prompt of a start screen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from chatkit_doctor.checks.options.words import few, help_of, label_of, refused
from chatkit_doctor.contracts.web import icons
from chatkit_doctor.contracts.web_names import ICON
from chatkit_doctor.finding import Applicability, Edit, Finding, Fix, SeenAs
from chatkit_doctor.frontend.options.problems import is_inside, problems_of
from chatkit_doctor.frontend.options.prompts import prompts
from chatkit_doctor.frontend.options.readers import for_change
from chatkit_doctor.frontend.options.schema import OptionProblem
from chatkit_doctor.patterns import regex
from chatkit_doctor.project.app import App
from chatkit_doctor.source import Location
from chatkit_doctor.web.evaluation.values import Entry, StringValue, Value
from chatkit_doctor.web.modules.origins import origin
from chatkit_doctor.web.writing.literals import quoted, remove_member, replace_value
from chatkit_doctor.words import nearest, nearest_few, shortened

_CODE = "CK405"
# Packages whose capitalised exports are icon components.
_ICON_PACKAGE = regex(r"(?:^|[/@-])(?:lucide|[a-z-]{0,60}icons?)(?:[/-]|$)")


def invalid_prompt_icon(app: App) -> Iterator[Finding]:
    """Find a start-screen prompt whose icon ChatKit does not have."""
    for _, _, problem in problems_of(app, _CODE):
        if problem.entry is not None:
            yield _finding(app, problem.entry, problem.value, problem)
    for prompt in prompts(app):
        entry = prompt.entries.get(ICON)
        if entry is not None and not entry.spread and _is_component(app, entry):
            yield _finding(app, entry, entry.value, None)


def _finding(app: App, entry: Entry, wrong: Value, problem: OptionProblem | None) -> Finding:
    near = nearest(wrong.text, icons()) if isinstance(wrong, StringValue) else None
    written = wrong.location.text if isinstance(wrong, StringValue) else entry.value_location.text
    label = "no icon of this name" if isinstance(wrong, StringValue) else "not the name of an icon"
    return Finding(
        _CODE,
        problem.shared.at if problem is not None and problem.shared is not None else _place(entry, wrong),
        f"{shortened(written)} is no icon of ChatKit's, {refused(problem)}",
        label=label_of(problem, label),
        help=help_of(problem, _help(wrong, near)),
        row=11,
        seen_as=SeenAs(ICON) if isinstance(wrong, StringValue) else None,
        fix=for_change(app, entry.document, entry.node, _icon_fix(entry, wrong, near)),
    )


def _help(wrong: Value, near: str | None) -> str:
    if near:
        return f"write {near!r}, the icon nearest to it"
    close = nearest_few(wrong.text, icons()) if isinstance(wrong, StringValue) else []
    instead = f"write {few(close)}" if close else "write one that ChatKit has"
    return f"remove the icon, or {instead}; `chatkit-doctor explain CK405 --values` lists them all"


def _is_component(app: App, entry: Entry) -> bool:
    """Return whether an icon is a component that comes from a package of icons (`Rocket` of lucide-react)."""
    found = origin(app.resolver, entry.document, entry.value_node)
    return found is not None and found.name[:1].isupper() and _ICON_PACKAGE.search(found.specifier) is not None


def _place(entry: Entry, wrong: Value) -> Location:
    """Return the wrong value where the prompt writes it, else the expression that the prompt has for it."""
    return wrong.location if is_inside(wrong.location, entry.value_location) else entry.value_location


def _icon_fix(entry: Entry, wrong: Value, near: str | None) -> Fix | None:
    if wrong is not entry.value or entry.spread:
        return None  # one branch of a condition; what the other one means to say cannot be told

    def build() -> Sequence[Edit]:
        if near:
            return replace_value(entry, quoted(entry.document, near))
        return remove_member(entry.document, entry.node)

    title = f"use the icon {near!r}" if near else "remove the icon"
    return Fix(title, Applicability.SAFE, build)
