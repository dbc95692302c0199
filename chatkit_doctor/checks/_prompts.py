"""What is wrong with one prompt of a start screen: its keys and its icon."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from chatkit_doctor.contracts import nearest
from chatkit_doctor.contracts.web import icons, is_icon, named_schema
from chatkit_doctor.contracts.schema import ObjectType
from chatkit_doctor.finding import Applicability, Edit, Finding, Fix
from chatkit_doctor.web.values import (
    ArrayValue,
    BooleanValue,
    Entry,
    FunctionValue,
    JsxValue,
    NumberValue,
    ObjectValue,
    StringValue,
    Value,
)

# What people write for `label` and for `prompt`, the likeliest first; other unknown keys are CK406's.
_LABEL_NAMES = ("name", "title", "text")
_PROMPT_NAMES = ("message", "content", "value", "query", "text")
_NO_ICONS = ArrayValue | BooleanValue | FunctionValue | JsxValue | NumberValue | ObjectValue


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
            f"a prompt has the key {name!r}, which ChatKit does not know; it knows {_listed(_keys())}",
            label="ChatKit refuses all options for this key",
            help=f"write {right} for {name}" if right else f"remove {name}; the label is there",
            fix=_key_fix(entry, right),
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
        f"the prompt {_shortened(label.value_location.text)} says what it is called and not what it sends",
        label="no prompt beside it",
        help="add prompt, the text that is sent when it is chosen",
        fix=_prompt_fix(prompt, label),
    )


def _stand_ins(prompt: ObjectValue) -> dict[str, str]:
    """Return the keys that are there for a key that is not, each with the one that is meant."""
    meant: dict[str, str] = {}
    for right, names in (("label", _LABEL_NAMES), ("prompt", _PROMPT_NAMES)):
        found = next((name for name in names if name in prompt.entries and name not in meant), None)
        if right not in prompt.entries and found is not None:
            meant[found] = right
    return meant


def bad_icon(prompt: ObjectValue) -> Iterator[Finding]:
    """Yield an icon that ChatKit does not have."""
    entry = prompt.entries.get("icon")
    if entry is None or entry.spread:
        return
    wrong = next((each for each in entry.value.alternatives if _is_no_icon(each)), None)
    if wrong is None:
        return
    near = nearest(wrong.text, icons()) if isinstance(wrong, StringValue) else None
    written = wrong.location.text if isinstance(wrong, StringValue) else entry.value_location.text
    yield Finding(
        "CK405",
        wrong.location,
        f"{_shortened(written)} is no icon of ChatKit's",
        label="ChatKit refuses all options for this value",
        help=f"write {near!r}, the icon nearest to it" if near else "remove the icon, or name one that ChatKit has",
        fix=_icon_fix(entry, wrong, near),
    )


def _is_no_icon(value: Value) -> bool:
    if isinstance(value, StringValue):
        return not is_icon(value.text)
    return isinstance(value, _NO_ICONS)


def _keys() -> tuple[str, ...]:
    schema = named_schema("StartScreenPrompt")
    return tuple(schema.keys) if isinstance(schema, ObjectType) else ()


def _listed(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}"


def _shortened(text: str, limit: int = 40) -> str:
    line = " ".join(text.split())
    return line if len(line) <= limit else f"{line[: limit - 1]}…"


def _key_fix(entry: Entry, right: str | None) -> Fix:
    def build() -> Sequence[Edit]:
        from chatkit_doctor.web.write import remove_member, rename_key

        return rename_key(entry, right) if right else remove_member(entry.document, entry.node)

    title = f"rename {entry.name} to {right}" if right else f"remove {entry.name}"
    return Fix(title, Applicability.SAFE, build)


def _prompt_fix(prompt: ObjectValue, label: Entry) -> Fix | None:
    if not prompt.is_literal or not isinstance(label.value, StringValue) or label.spread:
        return None
    text = label.value_location.text if label.value_node.type == "string" else None
    if text is None:
        return None

    def build() -> Sequence[Edit]:
        from chatkit_doctor.web.write import insert_property

        return insert_property(prompt.document, prompt.node, "prompt", text, after=label.node)

    return Fix("send the label's text", Applicability.SAFE, build)


def _icon_fix(entry: Entry, wrong: Value, near: str | None) -> Fix | None:
    if wrong is not entry.value:
        return None  # one branch of a condition; what the other one means to say cannot be told

    def build() -> Sequence[Edit]:
        from chatkit_doctor.web.write import quoted, remove_member, replace_value

        if near:
            return replace_value(entry, quoted(entry.document, near))
        return remove_member(entry.document, entry.node)

    title = f"use the icon {near!r}" if near else "remove the icon"
    return Fix(title, Applicability.SAFE, build)
