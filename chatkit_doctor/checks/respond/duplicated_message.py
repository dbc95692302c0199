"""Find messages that are there twice: in the store, or in what the model is given."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.backend.history.sent_twice import messages_sent_twice
from chatkit_doctor.backend.history.told_twice import told_twice
from chatkit_doctor.backend.turns.repeats import Repeat, Repeated, repeats
from chatkit_doctor.checks.respond.duplicated_message_fix import not_sent_fix, not_stored_fix
from chatkit_doctor.contracts.sdk.sdk_names import ADD_ITEM, DONE, SAVE_ITEM
from chatkit_doctor.finding import Finding, SeenAs
from chatkit_doctor.project.app import App
from chatkit_doctor.words import last_part


def duplicated_message(app: App) -> Iterator[Finding]:
    """Find messages that are there twice: in the store, or in what the model is given."""
    for repeat in repeats(app):
        yield _stored(repeat)
    for sent in messages_sent_twice(app):
        yield Finding(
            "CK305",
            sent.frame.module.location(sent.expr),
            "the model is given the new message twice: the loaded history holds it already",
            label="the newest of the loaded items once more",
            help="put it in the place of the newest of the loaded items"
            if sent.is_remade
            else "leave it out: the server stores the message before it calls respond()",
            seen_as=SeenAs("twice-heard"),
            why="A question that is asked twice is answered differently, and paid for twice.",
            fix=None if sent.is_remade else not_sent_fix(sent),
        )
    for told in told_twice(app):
        yield Finding(
            "CK305",
            told.run.run.module.location(told.value),
            f"the model is given the conversation twice: as loaded items, and by {told.name}",
            label="what OpenAI keeps holds these items as well",
            help=f"give the run the new message alone where there is a {told.name}, or leave {told.name} out",
            seen_as=SeenAs("told-twice"),
            why="What OpenAI keeps of a conversation goes in front of the input, so that each turn is told once more.",
        )


def _stored(repeat: Repeat) -> Finding:
    written = repeat.frame.module.location(repeat.call.func).text
    if repeat.kind is Repeated.STORED_ANSWER:
        message = f"the item that {written}() stores is stored again by {last_part(DONE)}"
        label, help_ = "stored here first", f"leave it out: the server stores the item of each {last_part(DONE)}"
        if repeat.is_needed:
            help_ = f"have {ADD_ITEM} write what {SAVE_ITEM} writes, and leave this out: the server calls {ADD_ITEM}"
    else:
        message = f"respond() stores the new message by {written}(), though the server has stored it already"
        label = "stored a second time"
        help_ = "leave it out: the server stores the message before it calls respond()"
    return Finding(
        "CK305",
        repeat.frame.module.location(repeat.item),
        message,
        label=label,
        help=help_,
        seen_as=SeenAs("twice-shown"),
        fix=None if repeat.is_needed else not_stored_fix(repeat),
    )
