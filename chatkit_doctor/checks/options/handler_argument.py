"""Find a handler or a listener that takes its one argument for something else than the object that it is."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.checks.options.handler_argument_fix import argument_fix, meant
from chatkit_doctor.finding import Finding, SeenAs
from chatkit_doctor.frontend.events.mistakes import Mistake, Mistaken, mistaken
from chatkit_doctor.frontend.events.sources import Receiver, receivers
from chatkit_doctor.project.app import App
from chatkit_doctor.web.taken import pattern_of
from chatkit_doctor.words import joined, shortened


def handler_argument(app: App) -> Iterator[Finding]:
    """Find a handler or a listener that takes its one argument for something else than the object that it is."""
    for receiver in receivers(app):
        document = receiver.function.document
        if app.is_test_or_story(document.path):
            continue
        found = mistaken(receiver)
        if found is not None:
            yield _finding(found)


def _finding(found: Mistaken) -> Finding:
    receiver, document = found.receiver, found.document
    text = shortened(document.text(found.at))
    match found.mistake:
        case Mistake.NOTHING:
            message, label = f"{text} is read, and {_giver(receiver)} hands nothing over", "nothing is handed over"
            help_text = "take nothing of the argument"
        case Mistake.ABSENT:
            message, label = f"{_absent(found)} is undefined: {_giver(receiver)} {_hands_over(receiver)}", "not there"
            help_text = f"take {_instead(found)}"
        case Mistake.VALUE:
            name = document.text(pattern_of(found.at)) if receiver.name else text
            message = f"{shortened(name)} is taken for the value, and {_giver(receiver)} {_hands_over(receiver)}"
            label, help_text = "an object, not the value in it", f"take {_instead(found)}"
    return Finding(
        "CK421",
        document.location(found.at),
        message,
        label=label,
        help=help_text,
        seen_as=SeenAs("text") if found.mistake is Mistake.VALUE else None,
        fix=argument_fix(found),
    )


def _absent(found: Mistaken) -> str:
    """Return the first part of what is read that is not there, as a message names it."""
    use = next(each for each in found.uses if each.node == found.at)
    detail = found.receiver.detail
    last = len(detail) + 1 if use.path[: len(detail)] == detail else 1
    steps = [str(each) for each in use.path[:last]]
    if use.is_pattern:
        return f"the {'.'.join(steps)} of its argument"
    return ".".join((found.document.text(use.base), *steps[use.start :]))


def _giver(receiver: Receiver) -> str:
    return receiver.name or receiver.event


def _hands_over(receiver: Receiver) -> str:
    keys = joined(receiver.keys)
    return f"hands over an object with {keys}" if receiver.name else f"has {keys} in its detail"


def _instead(found: Mistaken) -> str:
    """Return what to take in the place of what is not there, as it is written."""
    use = next((each for each in found.uses if each.node == found.at), None)
    path = meant(found.receiver, use.path) if use is not None else None
    if path is not None and use is not None and not use.is_pattern:
        return ".".join((found.document.text(use.base), *path[use.start :]))
    inside = ", ".join(found.receiver.keys)
    return f"{{ {inside} }} out of the object" if found.receiver.name else f"{{ {inside} }} out of its detail"
