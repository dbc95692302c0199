"""What is wrong with the keys of one prompt of a start screen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from chatkit_doctor.contracts.schema import ObjectType
from chatkit_doctor.contracts.web import named_schema
from chatkit_doctor.finding import Applicability, Edit, Finding, Fix
from chatkit_doctor.web.values import Entry, EntryKind, ObjectValue, StringValue
from chatkit_doctor.web.write import insert_property, remove_member, rename_key

# What people write for `label` and for `prompt`, the likeliest first; other unknown keys are CK406's.
_LABEL_NAMES = ("name", "title", "text")
_PROMPT_NAMES = ("message", "content", "value", "query", "text")
_TEXTS = frozenset({"string", "template_string"})


def bad_key(prompt: ObjectValue) -> Iterator[Finding]:
    """Yield the keys that stand where `label` or `prompt` should, and names of a label beside the label."""
    meant = _stand_ins(prompt)
    for name, entry in prompt.entries.items():
        if entry.spread or (name not in meant and name not in _LABEL_NAMES):
            continue
        right = meant.get(name)
        yield Finding(
            "CK404",
            entry.key_location,
            f"a prompt has the key {name!r}; ChatKit knows {_listed(_keys())}, refuses the options and draws nothing",
            label=f"{name} for {right}" if right else "not a key of a prompt",
            help=f"write {right} for {name}" if right else f"remove {name}",
            fix=_key_fix(prompt, entry, right),
        )


def prompt_missing(prompt: ObjectValue) -> Iterator[Finding]:
    """Yield a prompt that has a label and no text to send."""
    meant = _stand_ins(prompt)
    if not prompt.complete or "prompt" in prompt.entries or "prompt" in meant.values():
        return
    label = next((e for name, e in prompt.entries.items() if name == "label" or meant.get(name) == "label"), None)
    if label is None:
        return
    yield Finding(
        "CK404",
        label.location,
        f"the prompt {shortened(label.value_location.text)} has a label and no prompt, the text that is sent",
        label="no prompt beside it",
        help="add prompt, the text that is sent when the prompt is chosen",
        fix=_prompt_fix(prompt, label),
    )


def shortened(text: str, limit: int = 40) -> str:
    """Return code on one line, cut where it is long."""
    line = " ".join(text.split())
    return line if len(line) <= limit else f"{line[: limit - 1]}…"


def _stand_ins(prompt: ObjectValue) -> dict[str, str]:
    """Return the keys that are there for a key that is not, each with the one that is meant."""
    meant: dict[str, str] = {}
    for right, names in (("label", _LABEL_NAMES), ("prompt", _PROMPT_NAMES)):
        found = next((name for name in names if name in prompt.entries and name not in meant), None)
        if right not in prompt.entries and found is not None:
            meant[found] = right
    return meant


def _keys() -> tuple[str, ...]:
    schema = named_schema("StartScreenPrompt")
    return tuple(schema.keys) if isinstance(schema, ObjectType) else ()


def _listed(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}"


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
        return insert_property(prompt.document, prompt.node, "prompt", label.value_location.text, after=label.node)

    return Fix("send the label's text", Applicability.SAFE, build)
