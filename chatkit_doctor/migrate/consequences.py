"""What a page or a route did beside getting a secret, which goes with it and has to be said."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chatkit_doctor.migrate.sessions.asking import asking_functions

if TYPE_CHECKING:
    from chatkit_doctor.frontend.hosted.mounts import HostedMount
    from chatkit_doctor.migrate.plan import Plan
    from chatkit_doctor.source import Location

# An answer that a page looks for by its number.
_STATUS = re.compile(r"\bstatus(?:Code)?\s*={2,3}\s*(?P<code>[45]\d\d)\b|\bcase\s+(?P<case>[45]\d\d)\s*:")
# Where a page sends people to.
_LEAVES = re.compile(
    r"\b(?P<call>router\.(?:push|replace)|navigate(?:To)?|location\.(?:assign|replace)|sign_?[Oo]ut|log_?[Oo]ut)\("
    r"|\b(?P<set>location(?:\.href)?)\s*=[^=]"
)
# Refusals that have nothing to do with who somebody is.
_REFUSES = re.compile(r"\b(?P<code>402|429)\b")


def note_consequences(plan: Plan, mount: HostedMount) -> None:
    """Say what a page did with certain answers to its request for a session."""
    for document, function in asking_functions(plan.texts, mount.document, mount.entry):
        text, start = document.text(function), document.location(function).start
        for found in (*_STATUS.finditer(text), *_LEAVES.finditer(text)):
            groups = found.groupdict()
            code = groups.get("code") or groups.get("case")
            what = f"an answer of {code} was dealt with here"
            if code is None:
                what = f"{groups.get('call') or groups.get('set')} was used here, where the session was asked for"
            line = document.source.position(start + found.start()).line
            plan.leave(document.path, what, "see to it in api.fetch, which has the answers to the chat", line)


def note_refusals(plan: Plan, at: Location, around: str) -> None:
    """Say how a route that goes turned people away for what they did, and not for who they are."""
    for code in dict.fromkeys(found["code"] for found in _REFUSES.finditer(around)):
        what = f"sessions were refused with {code}"
        plan.leave_at(at, what, f"{plan.backend.name}/app/main.py is the place for it, if it is still needed")
