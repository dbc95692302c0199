"""What speaks against an answer before anyone looks at what it says: status, redirect, kind of body."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatkit_doctor.verify.explained import ExplainedBy
from chatkit_doctor.verify.result import Verdict, failed
from chatkit_doctor.verify.wire.events import EVENT_STREAM, quoted

if TYPE_CHECKING:
    from chatkit_doctor.verify.wire.transport import Answer

LOOK_INTO_LOG = "look into the server's log for the cause"
_SIGN_IN = 'pass what your page sends, such as --header "Authorization: Bearer …"'
_WHOLE_ADDRESS = "give the whole address of the endpoint, as api.url has it"


def objection(answer: Answer) -> Verdict | None:
    """Return why an answer is no JSON answer of a ChatKit endpoint; None where nothing speaks against it."""
    if found := status_objection(answer):
        return found
    if is_page(answer):
        return failed("answers with an HTML page where JSON is wanted", ExplainedBy.ENDPOINT_MISMATCH, _WHOLE_ADDRESS)
    if answer.is_cut:
        return failed("answers with more than 5 MB")
    if answer.media_type == EVENT_STREAM:
        return failed("answers with a stream where JSON is wanted", ExplainedBy.HAND_WRITTEN_PROTOCOL)
    if answer.json is None:
        return failed(f"answers with what is no JSON: {quoted(answer.text)}", ExplainedBy.MISUSED_PROCESS_RESULT)
    if isinstance(answer.json, str) and answer.json.startswith("{"):
        return failed(
            f"answers with JSON inside a JSON string: {quoted(answer.text)}", ExplainedBy.MISUSED_PROCESS_RESULT
        )
    return None


def status_objection(answer: Answer) -> Verdict | None:
    """Return what a status other than 200 means; None for 200."""
    status, path = answer.status, answer.address.parts.path or "/"
    if status == 200:
        return None
    if 300 <= status < 400:
        to = answer.headers.get("location", "somewhere unsaid")
        return failed(f"redirects to {quoted(to, 200)} ({status})", help="give the address that it redirects to")
    match status:
        case 401 | 403:
            return failed(f"refuses the request ({status})", help=_SIGN_IN)
        case 404:
            return failed(f"has nothing at {path} (404)", ExplainedBy.ENDPOINT_MISMATCH, _WHOLE_ADDRESS)
        case 405:
            return failed(f"takes no POST at {path} (405)", ExplainedBy.ENDPOINT_MISMATCH, _WHOLE_ADDRESS)
        case 422 if name := _missing_header(answer.json):
            return failed(f"wants the header {name} ({status})", help=f'pass it: --header "{name}: …"')
        case 400 | 422:
            return failed(
                f"does not take ChatKit's request ({status}): {quoted(answer.text, 200)}",
                ExplainedBy.HAND_WRITTEN_PROTOCOL,
            )
    said = "" if is_page(answer) or not answer.body else f": {quoted(answer.text, 200)}"
    return failed(f"answers with status {status}{said}", help=LOOK_INTO_LOG if status >= 500 else "")


def _missing_header(body: Any) -> str:
    """Return the header that FastAPI misses in a request, or ""."""
    details = body.get("detail") if isinstance(body, dict) else None
    for detail in details if isinstance(details, list) else ():
        match detail:
            case {"type": "missing", "loc": ["header", str(name)]}:
                return name
    return ""


def is_page(answer: Answer) -> bool:
    """Return whether an answer is a web page."""
    return answer.media_type == "text/html" or answer.body[:200].lstrip().lower().startswith((b"<!doctype", b"<html"))
