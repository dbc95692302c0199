"""Session routes in PHP: a file that only makes sessions goes, a function that makes them ends with what is gone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chatkit_doctor.finding import Edit

if TYPE_CHECKING:
    from chatkit_doctor.migrate.plan import Plan
    from chatkit_doctor.source import Location, Source

_FUNCTION = re.compile(r"\bfunction\s+&?(\w+)\s*\(")
# Comments, and texts in either quotes: braces in them close nothing.
_NO_CODE = re.compile(r"/\*.*?\*/|//[^\n]*|#(?!\[)[^\n]*|'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"", re.DOTALL)
_OF_WORDPRESS = re.compile(r"register_rest_route|WP_REST_Request|\bwp_remote_post\b|add_action\s*\(")


def remove_route(plan: Plan, at: Location) -> bool:
    """Take the making of a session out; return whether it could be."""
    source = plan.texts.read(at.path)
    if source is None:
        return False
    body = body_around(source.text, at.start)
    if body is None:
        if _FUNCTION.search(source.text) or "class " in source.text:
            return False
        plan.texts.remove(at.path)
        plan.move(at.path, "the session route is deleted; the page speaks to the new server", at.first.line)
        return True
    opened, closed, name = body
    plan.texts.apply([Edit(source.location(opened + 1, closed), _gone(source, opened))])
    plan.move(
        at.path, f"{name} makes no session any more and answers 410; the page speaks to the new server", at.first.line
    )
    plan.leave(at.path, f"{name} is still registered", "take it out with its settings when you like", at.first.line)
    return True


def body_around(text: str, start: int) -> tuple[int, int, str] | None:
    """Return the braces of the function around an offset, and its name."""
    blank = without_texts(text)
    for match in reversed(list(_FUNCTION.finditer(blank, 0, start))):
        opened = blank.find("{", match.end())
        closed = _closing(blank, opened) if opened >= 0 else None
        if closed is not None and opened < start < closed:
            return opened, closed, match[1]
    return None


def without_texts(text: str) -> str:
    """Return a program with blanks for its comments and texts, of the same length."""
    return _NO_CODE.sub(lambda match: " " * len(match[0]), text)


def _closing(blank: str, opened: int) -> int | None:
    depth = 0
    for match in re.compile(r"[{}]").finditer(blank, opened):
        depth += 1 if match[0] == "{" else -1
        if depth == 0:
            return match.start()
    return None


def _gone(source: Source, opened: int) -> str:
    """Return the body of a function that says that there are no sessions any more."""
    line = source.line(source.position(opened).line)
    outer = line[: len(line) - len(line.lstrip())]
    unit = "\t" if outer.startswith("\t") else "    "
    words = "The chat runs on a server of its own now."
    if _OF_WORDPRESS.search(source.text):
        answer = [f"return new \\WP_Error( 'chatkit_moved', '{words}', array( 'status' => 410 ) );"]
    else:
        answer = ["http_response_code(410);", f"return array('error' => '{words}');"]
    lines = "".join(f"\n{outer}{unit}{each}" for each in answer)
    return f"{lines}\n{outer}"
