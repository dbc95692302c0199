"""Edits that let ChatKit's script change: without a hash, and from OpenAI's host."""

from __future__ import annotations

from collections.abc import Sequence

from chatkit_doctor.contracts.web import cdn_script_url
from chatkit_doctor.finding import Applicability, Edit, Fix
from chatkit_doctor.frontend.page.pinned import Pinned
from chatkit_doctor.web.writing.markup import remove_attribute


def unpinning_fix(pinned: Pinned) -> Fix | None:
    """Return the fix that takes the hash away, or writes the address of the script; None where code loads it."""
    element = pinned.element
    if element is None:
        return None
    if pinned.copy is None:
        edits: Sequence[Edit] = [edit for each in pinned.hashed for edit in remove_attribute(element, each)]
        return Fix("remove integrity", Applicability.SAFE, lambda: edits)
    at = pinned.script.address
    if at.text != pinned.script.url:
        return None
    return Fix("load ChatKit's script", Applicability.SAFE, lambda: [Edit(at, cdn_script_url())])
