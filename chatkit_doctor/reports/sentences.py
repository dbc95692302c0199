"""A finding's words as sentences, for formats that show them as running text."""

from __future__ import annotations

from chatkit_doctor.finding import Finding


def sentence(text: str) -> str:
    """Return a clause as a sentence: with a capital letter and a full stop."""
    return f"{text[:1].upper()}{text[1:]}" + ("" if text.endswith(".") else ".")


def advice(finding: Finding) -> str:
    """Return what is wrong, as it is worded, and what to do about it as a sentence after it."""
    return f"{finding.message}. {sentence(finding.help)}" if finding.help else finding.message
