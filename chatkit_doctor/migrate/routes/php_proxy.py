"""A session route in PHP with a sign-in becomes the way to the new server: it says who asks, and hands all on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chatkit_doctor.finding import Edit
from chatkit_doctor.migrate.routes.handing_on import put_php
from chatkit_doctor.migrate.routes.php import body_around, without_texts
from chatkit_doctor.records import dataclass

if TYPE_CHECKING:
    from chatkit_doctor.migrate.plan import Plan
    from chatkit_doctor.source import Location, Source

_USER = re.compile(r"""['"]user['"]\s*=>\s*""")
_NAME = re.compile(r"\$\w+")
_SIGNED_IN = re.compile(
    r"get_current_user_id|wp_get_current_user|current_user_can|is_user_logged_in|auth\(\)->|Auth::|\$_SESSION|\$request->user\(\)"
    r"|getUser\(\)"
)
_TURNED_AWAY = re.compile(r"\b401\b|unauthori[sz]ed|is_user_logged_in", re.IGNORECASE)
_MADE_UP = re.compile(r"uniqid|random|cookie|wp_generate|session_id\(|REMOTE_ADDR|guest|uuid", re.IGNORECASE)
# What asks whether a session can be made at all.
_OF_SESSIONS = re.compile(r"openai|workflow|api_?key|chatkit", re.IGNORECASE)
# What is said to somebody who may not chat, and where a request says who sends it.
_REFUSES = re.compile(r"\b40[13]\b|unauthori[sz]ed|forbidden|login|sign.?in|header|cookie|!=|csrf|nonce", re.IGNORECASE)
_READS_BODY = re.compile(r"php://input|get_json_params|\$_POST|get_param\(|json_decode\(")
_ASSIGNS = re.compile(r"^(\$\w+)\s*=[^=]")


@dataclass(frozen=True, slots=True)
class _Statement:
    """One statement of a body, by its offsets in the file."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Route:
    """What makes a session for somebody who has signed in.

    name: of the function, or of the file. closed: where its body ends. index: of the statement that makes the session.
    """

    source: Source
    name: str
    user: str
    closed: int
    statements: list[_Statement]
    index: int


def make_php_proxy(plan: Plan, at: Location) -> bool:
    """Turn what makes a session into a proxy; return whether it could be, nothing is changed where not."""
    route = _route(plan, at)
    if route is None:
        return False
    text, first = route.source.text, route.statements[route.index]
    if _tells_more(text[first.start : at.start], route.user):
        return False
    above = route.statements[: route.index]
    gone = _gone(text, above, text[first.start : route.closed], route.user)
    if any(_READS_BODY.search(text[each.start : each.end]) for each in above if each not in gone):
        return False
    indent = _indent(text, first.start)
    call = f"require_once __DIR__ . '/chatkit-proxy.php';\n{indent}\\chatkit_hand_on( {route.user} );"
    edits = [Edit(route.source.location(first.start, route.statements[-1].end), call)]
    edits += [Edit(route.source.location(*_lines(text, each)), "") for each in gone]
    plan.texts.apply(edits)
    put_php(plan, at.path)
    plan.move(at.path, f"{route.name} hands the chat on to the new server, for {route.user}", at.first.line)
    return True


def signed_in_user(plan: Plan, at: Location) -> str:
    """Return the expression of the user that has signed in, for whom a session is made; "" where nobody does."""
    route = _route(plan, at)
    return route.user if route is not None else ""


def _route(plan: Plan, at: Location) -> _Route | None:
    source = plan.texts.read(at.path)
    if source is None:
        return None
    text, blank = source.text, without_texts(source.text)
    body = body_around(text, at.start)
    if body is None and re.search(r"\b(?:function|class)\s+\w+", blank):
        return None
    opened, closed, name = _opening(text), len(text.rstrip().removesuffix("?>")), at.path.name
    if body is not None:
        opened, closed, name = body[0] + 1, body[1], body[2]
    statements = list(_statements(blank, opened, closed))
    index = next((number for number, each in enumerate(statements) if each.start <= at.start < each.end), None)
    user = _user(text, blank, opened, closed)
    if index is None or user is None or not _is_signed_in(text[opened:closed], statements, text, user):
        return None
    return _Route(source, name, user, closed, statements, index)


def _opening(text: str) -> int:
    found = re.search(r"<\?php\b", text)
    return found.end() if found is not None else 0


def _statements(blank: str, start: int, end: int) -> list[_Statement]:
    """Return the statements of a body: what ends with a semicolon, or with a block that nothing goes on from."""
    found, depth, begin = [], 0, None
    for offset in range(start, end):
        character = blank[offset]
        if begin is None:
            if character.isspace():
                continue
            begin = offset
        if character in "({[":
            depth += 1
        elif character in ")}]":
            depth -= 1
        is_block = (
            character == "}"
            and depth == 0
            and not re.match(r"\s*(?:else|catch|finally|[;,)\]=-])", blank[offset + 1 : end])
        )
        if depth == 0 and (character == ";" or is_block):
            found.append(_Statement(begin, offset + 1))
            begin = None
    return found


def _user(text: str, blank: str, opened: int, closed: int) -> str | None:
    """Return the expression of the user in the body of a session."""
    for match in _USER.finditer(text, opened, closed):
        depth, end = 0, match.end()
        while end < closed and not (depth == 0 and blank[end] in ",)]"):
            depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(blank[end], 0)
            end += 1
        user = text[match.end() : end].strip()
        cast = re.fullmatch(r"(?:\(string\)\s*|strval\s*\()(.*?)\)?", user)
        return cast[1].strip() if cast is not None and user.count("(") - 1 <= cast[1].count("(") + 1 else user
    return None


def _is_signed_in(body: str, statements: list[_Statement], text: str, user: str) -> bool:
    if re.fullmatch(r"""['"].*['"]""", user):
        return False
    meaning = user
    for each in statements:
        statement = text[each.start : each.end]
        assigned = _ASSIGNS.match(statement)
        if assigned is not None and assigned[1] in _NAME.findall(meaning):
            meaning += f" = {statement}"
    if _MADE_UP.search(meaning):
        return False
    return bool(_SIGNED_IN.search(meaning) or _TURNED_AWAY.search(body))


def _tells_more(inside: str, user: str) -> bool:
    """Return whether what goes with the session, in one block with it, says who the user is or turns people away."""
    assigned = {match[1] for match in re.finditer(r"(\$\w+)\s*=[^=]", inside)}
    return bool(_REFUSES.search(inside) or assigned & set(_NAME.findall(user)))


def _gone(text: str, above: list[_Statement], behind: str, user: str) -> list[_Statement]:
    """Return the statements that served only the session."""
    gone: list[_Statement] = []
    needed = set(_NAME.findall(user))
    for each in reversed(above):
        assigned = _ASSIGNS.match(text[each.start : each.end])
        if assigned is not None and assigned[1] in needed:
            needed |= set(_NAME.findall(text[each.start : each.end]))
    suspects = set(_NAME.findall(behind)) - needed
    while True:
        left = [each for each in above if each not in gone]
        found = next((each for each in reversed(left) if _is_dead(text, each, left, suspects, needed)), None)
        if found is None:
            return gone
        gone.append(found)
        suspects |= set(_NAME.findall(text[found.start : found.end])) - needed


def _is_dead(text: str, statement: _Statement, left: list[_Statement], suspects: set[str], needed: set[str]) -> bool:
    own = text[statement.start : statement.end]
    elsewhere = {name for each in left if each is not statement for name in _NAME.findall(text[each.start : each.end])}
    assigned = _ASSIGNS.match(own)
    if assigned is not None:
        name = assigned[1]
        return name not in elsewhere and name not in needed and (name in suspects or bool(_READS_BODY.search(own)))
    condition = re.match(r"if\s*\((.*?)\)\s*\{", own, re.DOTALL)
    if condition is not None and "else" not in own:
        names = set(_NAME.findall(condition[1]))
        made_here = {found[1] for each in left if (found := _ASSIGNS.match(text[each.start : each.end])) is not None}
        is_asked = bool(_OF_SESSIONS.search(condition[1])) or (bool(names) and names <= suspects & made_here)
        ends = bool(re.search(r"\b(?:return|exit|die|throw)\b", own))
        return is_asked and ends and not names & needed and not _REFUSES.search(own)
    return bool(re.match(r"error_log\s*\(|curl_setopt", own))


def _indent(text: str, start: int) -> str:
    line = text[text.rfind("\n", 0, start) + 1 : start]
    return line[: len(line) - len(line.lstrip())]


def _lines(text: str, statement: _Statement) -> tuple[int, int]:
    """Return the lines of a statement, with the comments right above it and one blank line behind it."""
    start = text.rfind("\n", 0, statement.start) + 1
    while (above := text.rfind("\n", 0, start - 1) + 1) < start and text[above:start].lstrip().startswith(("//", "#")):
        start = above
    end = text.find("\n", statement.end)
    end = end + 1 if end >= 0 else len(text)
    following = text.find("\n", end)
    if (
        following >= 0
        and not text[end:following].strip()
        and not text[text.rfind("\n", 0, start - 1) + 1 : start].strip()
    ):
        end = following + 1
    return start, end
