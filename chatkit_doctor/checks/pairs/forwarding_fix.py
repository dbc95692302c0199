"""The fix that has a dev server hand on one path more, as it hands on others."""

from __future__ import annotations

from chatkit_doctor.finding import Applicability, Edit, Fix
from chatkit_doctor.frontend.pairs.lost import Unforwarded
from chatkit_doctor.project.app import App
from chatkit_doctor.source import Location


def forwarding_fix(app: App, found: Unforwarded) -> Fix | None:
    """Return the fix: another rule that says the same of another path; None where none says a path plainly."""
    plain = [
        each for each in found.forwards if each.steps == () and each.target.base == "" and _key(each.at, each.prefix)
    ]
    if not plain or not app.owns(found.proxy.path):
        return None
    at, prefix = plain[0].at, plain[0].prefix
    key = _key(at, prefix)
    assert key is not None
    rule = at.text.replace(key, f"{key[0]}{found.address.path}{key[0]}", 1)
    edit = Edit(at.source.location(at.start, at.start), rule + _separator(at))
    return Fix(f"hand {found.address.path} on", Applicability.UNSAFE, lambda: [edit])


def _key(at: Location, prefix: str) -> str | None:
    """Return the key of a rule as it is written, None where it does not begin with one."""
    return next((key for mark in "'\"`" if at.text.startswith(key := f"{mark}{prefix}{mark}")), None)


def _separator(at: Location) -> str:
    """Return what stands between two rules: a line's end where each has lines of its own."""
    before = at.source.text[: at.start]
    indent = before[len(before.rstrip(" \t")) :]
    line = before.removesuffix(indent)
    return f",{line[-2:] if line.endswith(chr(13) + chr(10)) else chr(10)}{indent}" if line.endswith("\n") else ", "
