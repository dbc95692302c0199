"""The prompts of a start screen: which of their keys stand where others should, and whether one has a text to send."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.contracts.schema import ObjectType
from chatkit_doctor.contracts.web import named_schema
from chatkit_doctor.contracts.web_names import LABEL, PROMPT, PROMPT_TYPE, PROMPTS
from chatkit_doctor.frontend.options.literals import items, literal_options, objects
from chatkit_doctor.project.app import App
from chatkit_doctor.web.evaluation.values import Entry, ObjectValue

# What people write for `label` and for `prompt`, the likeliest first; other unknown keys are no prompt's business.
_LABEL_NAMES = ("name", "title", "text")
_PROMPT_NAMES = ("message", "content", "value", "query", "text")


def prompts(app: App) -> tuple[ObjectValue, ...]:
    """Return the prompts of all start screens, each literal once."""
    return app.derive(_prompts)


def _prompts(app: App) -> tuple[ObjectValue, ...]:
    found: dict[tuple[object, int], ObjectValue] = {}
    for _, options in literal_options(app):
        for screen in objects(options.get(PROMPTS[0])):
            for item in items(screen.get(PROMPTS[1])):
                if isinstance(item, ObjectValue):
                    found.setdefault((item.document, item.node.start_byte), item)
    return tuple(found.values())


def prompt_keys() -> tuple[str, ...]:
    """Return the keys that ChatKit knows of a prompt."""
    schema = named_schema(PROMPT_TYPE)
    return tuple(schema.keys) if isinstance(schema, ObjectType) else ()


def stand_ins(prompt: ObjectValue) -> dict[str, str]:
    """Return the keys that are there for a key that is not, each with the one that is meant."""
    meant: dict[str, str] = {}
    for right, names in ((LABEL, _LABEL_NAMES), (PROMPT, _PROMPT_NAMES)):
        found = next((name for name in names if name in prompt.entries and name not in meant), None)
        if right not in prompt.entries and found is not None:
            meant[found] = right
    return meant


def misnamed_keys(prompt: ObjectValue) -> Iterator[tuple[Entry, str | None]]:
    """Yield the keys that stand where `label` or `prompt` should, each with that key; None beside a label."""
    meant = stand_ins(prompt)
    for name, entry in prompt.entries.items():
        if not entry.spread and (name in meant or name in _LABEL_NAMES):
            yield entry, meant.get(name)


def label_without_prompt(prompt: ObjectValue) -> Entry | None:
    """Return the label of a prompt that has no text to send; None where it has one, or may have."""
    meant = stand_ins(prompt)
    if not prompt.complete or PROMPT in prompt.entries or PROMPT in meant.values():
        return None
    return next((e for name, e in prompt.entries.items() if LABEL in {name, meant.get(name)}), None)
