"""What findings of several families say alike."""

from __future__ import annotations


def leave_out(near: str | None, kind: str) -> str:
    """Return the help for a name that ChatKit does not have; `near` is the one that is most like it."""
    return f"leave it out, or use {near}, the {kind} nearest to it" if near else "leave it out"
