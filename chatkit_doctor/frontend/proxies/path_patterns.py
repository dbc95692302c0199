"""The ways in which rules write paths: a plain beginning, Express's and Next's patterns, regular expressions.

All of them become patterns of Python's; what is written in a way that is not known here becomes None.
"""

from __future__ import annotations

import re

from chatkit_doctor.patterns import regex

_LONGEST, _MOST_REPEATED = 200, 3
# One part of a path: `:name`, `:name*`, `:name(.*)`, `(.*)`, `*`.
_PARAMETER = regex(r":(?P<name>\w+)(?P<rule>\(\.[*+]\))?(?P<many>[*+]?)|(?P<rest>\(\.[*+]\)|\*)")
_PLAIN = regex(r"[\w.~%@!$&',;=-]*")
# What is the same in JavaScript's regular expressions and in Python's, and cannot match more than it says.
_REGULAR = regex(r"\^?(?:[\w/~%@=,-]|\\[/.$-]|\(\.[*+]\)|\(\[\^/\][*+]\)|\(\?:/\|\$\)|\\?/\?|\.[*+])*\$?")
_GROUP = regex(r"\$(\d)|\$\$|\\")


def beginning(prefix: str) -> re.Pattern[str]:
    """Return what matches a path that begins with a text, be it in the middle of a name."""
    return re.compile(f"^{re.escape(prefix)}")


def below(prefix: str) -> re.Pattern[str]:
    """Return what matches a path and all below it."""
    return re.compile(f"^{re.escape(prefix.rstrip('/'))}(?=/|$)")


def exactly(path: str) -> re.Pattern[str]:
    """Return what matches one path alone."""
    return re.compile(f"^{re.escape(path)}$")


def regular(written: str, flags: str = "") -> re.Pattern[str] | None:
    """Return a regular expression of JavaScript's as Python's, where the two surely mean the same."""
    if set(flags) - {"g", "i"} or not _is_short(written) or _REGULAR.fullmatch(written) is None:
        return None
    return re.compile(written.replace(r"\/", "/"), re.IGNORECASE if "i" in flags else 0)


def replacement(written: str) -> str | None:
    """Return what `replace` of JavaScript's puts for a match, as `re.sub` has it; None where it cannot be told."""
    if "$" in _GROUP.sub("", written):
        return None
    return _GROUP.sub(lambda found: rf"\g<{found[1]}>" if found[1] else "$" if found[0] == "$$" else r"\\", written)


def route(written: str) -> re.Pattern[str] | None:
    """Return what a pattern of path-to-regexp's matches, each part of it a name or a parameter.

    Its parameters are the groups; one without a name is called `_0`, `_1` and so on. A slash at the end does not
    matter, nor whether letters are capitals. `:name?` is not read: where it is not there, Next fails to fill it in.
    """
    if not written.startswith("/") or not _is_short(written):
        return None
    parts: list[str] = []
    unnamed = 0
    for segment in written.split("/")[1:]:
        found = _PARAMETER.fullmatch(segment)
        if found is None:
            if _PLAIN.fullmatch(segment) is None:
                return None
            parts.append("/" + re.escape(segment) if segment else "")
            continue
        name = found["name"]
        if name is None:
            name, unnamed = f"_{unnamed}", unnamed + 1
        one = "/(?P<%s>%s)"
        if found["rest"] or found["rule"]:
            parts.append(one % (name, ".*" if "+" not in segment else ".+"))
        elif found["many"] in {"*", "+"}:
            many = one % (name, "[^/]+(?:/[^/]+)*")
            parts.append(f"(?:{many})?" if found["many"] == "*" else many)
        else:
            parts.append(one % (name, "[^/]+"))
    try:
        return re.compile(f"^{''.join(parts)}/?$", re.IGNORECASE)
    except re.error:
        return None


def _is_short(written: str) -> bool:
    """Return whether a pattern is one that people write, which takes no time to search for."""
    return len(written) <= _LONGEST and sum(map(written.count, "*+")) <= _MOST_REPEATED


def filled(written: str, pattern: re.Pattern[str]) -> str | None:
    """Return the path that a destination stands for, as `re.sub` has it; None where it asks for what is not there."""
    known = pattern.groupindex

    def group(found: re.Match[str]) -> str:
        name = found["name"] or f"_{int(found['number']) - 1}"
        return rf"\g<{name}>" if name in known else "\0"

    made = _ASKED.sub(group, written.replace("\\", r"\\"))
    return None if "\0" in made or _LEFT_OVER.search(made) else made


_ASKED = regex(r"(?<=/):(?P<name>[A-Za-z_]\w*)[*+]?(?=/|$)|\$(?P<number>[1-9])(?!\d)")
_LEFT_OVER = regex(r"[:$()*{}?]")
