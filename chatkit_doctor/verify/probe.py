"""The checks that only read: whether there is a server, its health, its list of threads, and who may ask from where."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable
from pathlib import PurePosixPath
from typing import Any

from chatkit_doctor.records import dataclass
from chatkit_doctor.verify.explained import ExplainedBy
from chatkit_doctor.verify.objections import is_page, objection
from chatkit_doctor.verify.result import Verdict, failed, passed, skipped
from chatkit_doctor.verify.wire.address import Address
from chatkit_doctor.verify.wire.chat import Chat
from chatkit_doctor.verify.wire.transport import Answer, NoAnswerError, seconds_since

_DEVELOPMENT_ORIGINS = ("http://localhost:3000", "http://localhost:5173")


@dataclass(frozen=True, slots=True)
class Timed:
    """An answer, or in one line why there is none; and how long it took."""

    answer: Answer | None
    problem: str
    seconds: float


async def timed(asking: Awaitable[Answer]) -> Timed:
    """Wait for an answer."""
    start = time.monotonic()
    try:
        answer = await asking
    except NoAnswerError as error:
        return Timed(None, str(error), seconds_since(start))
    return Timed(answer, "", seconds_since(start))


async def first_answers(chat: Chat) -> tuple[Timed, Timed]:
    """Ask for the threads and for the health, at the same time: one may hang while the other answers."""
    listed, health = await asyncio.gather(timed(chat.ask("threads.list", limit=2, order="desc")), timed(_health(chat)))
    return listed, health


async def _health(chat: Chat) -> Answer:
    """Return the first answer with 200 among the usual places, else that of the first."""
    above = list(PurePosixPath(chat.endpoint.parts.path).parents)
    paths = dict.fromkeys(["/health", "/healthz", "/api/health", *(str(each / "health") for each in above)])
    answers = [await chat.http.get(chat.endpoint.at("/health"), chat.headers)]
    for path in list(paths)[1:]:
        if _is_healthy(answers[-1]):
            break
        answers.append(await chat.http.get(chat.endpoint.at(path), chat.headers))
    return answers[-1] if _is_healthy(answers[-1]) else answers[0]


def _is_healthy(answer: Answer) -> bool:
    return answer.status == 200 and not is_page(answer)


def reachable(listed: Timed, health: Timed) -> Verdict:
    """Judge whether the server answers anything at all."""
    return passed() if listed.answer or health.answer else failed(listed.problem)


def healthy(health: Timed) -> Verdict:
    """Judge the answer to the question for the server's health."""
    answer = health.answer
    if answer is None:
        return failed(health.problem)
    path = answer.address.parts.path
    if _is_healthy(answer):
        return passed("" if path == "/health" else f"at {path}")
    if is_page(answer) and answer.status == 200:
        return skipped("the answer is a web page, which tells nothing of the backend")
    return failed(
        f"{path} answers with status {answer.status}",
        ExplainedBy.MISSING_HEALTH_CHECK,
        "add a GET /health that returns 200",
    )


def lists_threads(listed: Timed) -> Verdict:
    """Judge the answer to threads.list."""
    if listed.answer is None:
        return failed(listed.problem)
    return objection(listed.answer) or _page_problem(listed.answer.json) or passed()


def _page_problem(page: Any) -> Verdict | None:
    if not isinstance(page, dict) or not isinstance(page.get("data"), list):
        return failed("threads.list answers without a list of `data`", ExplainedBy.HAND_WRITTEN_PROTOCOL)
    if not isinstance(page.get("has_more"), bool):
        return failed("threads.list answers without `has_more`", ExplainedBy.HAND_WRITTEN_PROTOCOL)
    if page["has_more"] and not page.get("after"):
        return failed("threads.list says there is more, and not after what", ExplainedBy.ENDLESS_PAGINATION)
    return None


def speaks_chatkit(listed: Timed) -> bool:
    """Return whether a turn is worth trying: the endpoint answered the list, or failed at it in its own code."""
    answer = listed.answer
    return answer is not None and (answer.status >= 500 or objection(answer) is None) and not is_page(answer)


async def may_be_asked_from(chat: Chat, page: Address | None) -> Verdict:
    """Judge whether a browser lets the page ask: the given page, or one of the usual development servers."""
    if page is not None:
        if page.origin == chat.endpoint.origin:
            return skipped("the page has the server's own origin")
        problem = await _cors_problem(chat, page.origin)
        return (
            passed(page.origin) if problem is None else failed(problem, ExplainedBy.MISSING_CORS, _advice(page.origin))
        )
    for origin in _DEVELOPMENT_ORIGINS:
        if await _cors_problem(chat, origin) is None:
            return passed(origin)
    return skipped(f"{' and '.join(_DEVELOPMENT_ORIGINS)} may not ask; --page URL checks the origin of your page")


def _advice(origin: str) -> str:
    return (
        f"allow the origin {origin} in the server's CORS settings; or, where the page asks through a proxy, check the "
        "proxy's address"
    )


async def _cors_problem(chat: Chat, origin: str) -> str | None:
    """Return why a browser would not let a page of an origin ask, or None."""
    names = ["content-type", *dict.fromkeys(name.lower() for name, _ in chat.headers)]
    asked = [
        ("Origin", origin),
        ("Access-Control-Request-Method", "POST"),
        ("Access-Control-Request-Headers", ",".join(names)),
    ]
    try:
        # A preflight carries no credentials: what a browser does not send must not open the door here either.
        preflight = await chat.http.options(chat.endpoint, asked)
        if not 200 <= preflight.status < 300:
            return f"the preflight for {origin} is answered with status {preflight.status}"
        if not _allows_origin(preflight, origin):
            return f"the preflight does not allow {origin}"
        if refused := [name for name in names if not _allows_header(preflight, name)]:
            return f"the preflight does not allow the header {refused[0]}"
        body = {"type": "threads.list", "params": {"limit": 1}}
        answer = await chat.http.post(chat.endpoint, body, [("Origin", origin), *chat.headers])
    except NoAnswerError as error:
        return str(error)
    # What a framework answers for a crashed app has none of the app's headers.
    if answer.status >= 500 or _allows_origin(answer, origin):
        return None
    return f"the preflight allows {origin}, the answer itself does not"


def _allows_origin(answer: Answer, origin: str) -> bool:
    return answer.headers.get("access-control-allow-origin", "").strip() in {"*", origin}


def _allows_header(answer: Answer, name: str) -> bool:
    allowed = {each.strip().lower() for each in answer.headers.get("access-control-allow-headers", "").split(",")}
    # The star means no credentials.
    return name in allowed or ("*" in allowed and name != "authorization")
