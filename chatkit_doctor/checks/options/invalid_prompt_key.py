"""The start-screen prompt with another key for its label, or without its prompt (CK404)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from chatkit_doctor.checks.options.words import help_of, label_of
from chatkit_doctor.contracts.web_names import LABEL, PROMPT
from chatkit_doctor.finding import Applicability, Edit, Finding, Fix, SeenAs
from chatkit_doctor.frontend.options.problems import problems_of
from chatkit_doctor.frontend.options.prompts import label_without_prompt, misnamed_keys, prompt_keys
from chatkit_doctor.frontend.options.readers import for_addition, for_change
from chatkit_doctor.frontend.options.schema import Fault, OptionProblem
from chatkit_doctor.project.app import App
from chatkit_doctor.web.evaluation.values import Entry, EntryKind, ObjectValue, StringValue
from chatkit_doctor.web.writing.literals import insert_property, remove_member, rename_key
from chatkit_doctor.words import joined, shortened

_CODE = "CK404"
# The row of the error reference about `name`, for which it says to write `label`.
_ROW = 10
_TEXTS = frozenset({"string", "template_string"})


def invalid_prompt_key(app: App) -> Iterator[Finding]:
    """Find a start-screen prompt with another key for its label, or without its prompt."""
    grouped: dict[ObjectValue, list[OptionProblem]] = {}
    for _, _, problem in problems_of(app, _CODE):
        if isinstance(problem.value, ObjectValue):
            grouped.setdefault(problem.value, []).append(problem)
    for prompt, found in grouped.items():
        misnamed = [each for each in found if each.fault is Fault.UNKNOWN]
        meant = {entry.name: right for entry, right in misnamed_keys(prompt)}
        for problem in misnamed:
            yield from _misnamed(app, prompt, problem, meant.get(problem.name), is_only=len(misnamed) == 1)
        lacking = next((each for each in found if each.fault is Fault.MISSING), None)
        if lacking is not None:
            yield from _without_prompt(app, prompt, lacking)


def _misnamed(
    app: App, prompt: ObjectValue, problem: OptionProblem, right: str | None, *, is_only: bool
) -> Iterator[Finding]:
    """Yield a key that stands where `label` or `prompt` should, or a name of a label beside the label."""
    entry, name = problem.entry, problem.name
    if entry is None:
        return
    yield Finding(
        _CODE,
        entry.key_location if problem.shared is None else problem.shared.at,
        f"a prompt has the key {name!r}; ChatKit knows {joined(prompt_keys())}, refuses the options and draws nothing",
        label=label_of(problem, f"{name} for {right}" if right else "not a key of a prompt"),
        help=help_of(problem, f"write {right} for {name}" if right else f"remove {name}"),
        row=_ROW if (name, right) == ("name", LABEL) else None,
        seen_as=SeenAs("key", {"key": name}) if is_only else SeenAs("refused"),
        fix=for_change(app, entry.document, entry.node, _key_fix(prompt, entry, right)),
    )


def _without_prompt(app: App, prompt: ObjectValue, problem: OptionProblem) -> Iterator[Finding]:
    """Yield a prompt that has a label and no text to send."""
    label = label_without_prompt(prompt)
    if label is None:
        return
    yield Finding(
        _CODE,
        label.location if problem.shared is None else problem.shared.at,
        f"the prompt {shortened(label.value_location.text)} has a label and no prompt, the text that is sent",
        label=label_of(problem, "no prompt beside it"),
        help=help_of(problem, "add prompt, the text that is sent when the prompt is chosen"),
        seen_as=SeenAs("refused"),
        why="ChatKit refuses options in which a required key is absent, and then draws nothing.",
        fix=for_addition(app, prompt.document, prompt.node, _prompt_fix(prompt, label)),
    )


def _key_fix(prompt: ObjectValue, entry: Entry, right: str | None) -> Fix | None:
    if right is not None and not prompt.complete:
        return None  # what is spread into the prompt may bring the right key as well

    def build() -> Sequence[Edit]:
        return rename_key(entry, right) if right else remove_member(entry.document, entry.node)

    title = f"rename {entry.name} to {right}" if right else f"remove {entry.name}"
    return Fix(title, Applicability.SAFE, build)


def _prompt_fix(prompt: ObjectValue, label: Entry) -> Fix | None:
    if not prompt.is_literal or label.spread or label.kind not in {EntryKind.PAIR, EntryKind.SHORTHAND}:
        return None
    if not isinstance(label.value, StringValue) and label.value_node.type not in _TEXTS:
        return None

    def build() -> Sequence[Edit]:
        return insert_property(prompt.document, prompt.node, PROMPT, label.value_location.text, after=label.node)

    return Fix("send the label's text", Applicability.SAFE, build)
