"""Since and until when a field of a model exists, and since when a class or a method is deprecated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatkit_doctor.contracts.data_files import built, kept
from chatkit_doctor.contracts.published import CHATKIT, Availability, availability, holds, resolve_release

if TYPE_CHECKING:
    from collections.abc import Sequence


def field_history(model: str, field: str) -> Availability | None:
    """Return since and until when a model, by its own dotted name, has a field in any release."""
    return availability(built("python_models")["fields"].get(model, {}).get(field, ()))


def deprecated_since(owner: str, method: str | None = None) -> str | None:
    """Return the first release that warns of a class, by its own dotted name, or of a method of it."""
    table = built("python_classes")
    spans: Sequence[Sequence[Any]] = (
        table["classes"].get(owner, ()) if method is None else table["methods"].get(owner, {}).get(method, ())
    )
    return next((first for first, _, fact in spans if fact.get("deprecated")), None)


def saves_attachments_twice(version: str | None = None) -> bool:
    """Return whether the server saves an attachment when it is made, and again with the message it comes with."""
    release, _ = resolve_release(CHATKIT, version)
    return holds(CHATKIT, kept("mistakes")["attachments"]["saved_twice_since"], None, release)
