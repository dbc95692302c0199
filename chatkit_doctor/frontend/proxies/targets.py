"""What a configuration in JavaScript gives as the server to hand on to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatkit_doctor.frontend.proxies.model import UNKNOWN_UPSTREAM, Upstream
from chatkit_doctor.frontend.set_addresses import are_plain_origins
from chatkit_doctor.patterns import regex
from chatkit_doctor.web.evaluation.texts import is_query, texts
from chatkit_doctor.web.evaluation.values import NumberValue, ObjectValue, StringValue, TemplateValue, Value
from chatkit_doctor.web.literals import fragment_text

if TYPE_CHECKING:
    from chatkit_doctor.project.app import App

# Taken apart by hand: `urlsplit` reads the `:path*` and `(.*)` of patterns as it likes.
_WHOLE = regex(r"(?P<origin>https?://[\w.-]+(?::\d+)?)(?P<path>/[^?#]*)?(?:[?#].*)?")
_FEWEST_PARTS = 3
_END = regex(r"(?P<port>:\d+)?(?P<path>/[^?#]*)(?:[?#].*)?")


def target(app: App, value: Value | None) -> Upstream:
    """Return the server that a value names, as far as it is known.

    Of an environment variable with a fallback it is the fallback, which holds where nothing is set.
    """
    if isinstance(value, ObjectValue):
        return _parts(value) or UNKNOWN_UPSTREAM
    written = _text(app, value)
    return (Upstream.of(written) if written is not None else None) or UNKNOWN_UPSTREAM


def destination(app: App, value: Value | None) -> tuple[Upstream, str] | None:
    """Return the server and the path that a whole address names; None where too little of it is known.

    The server is "" for a path of the page's own. Of an address that begins with an environment variable, only the end
    is known, so that a path may stand before it.
    """
    written = _text(app, value)
    if written is not None:
        return written_destination(written)
    ends = {_ends(each) for each in _alternatives(value) if isinstance(each, TemplateValue)}
    if len(ends) != 1:
        return None
    prefix, suffix = next(iter(ends))
    found = _END.fullmatch(suffix)
    if found is None:
        return None
    # `http://${host}:8000/chatkit`, or `${base}/chatkit`.
    is_host = prefix in {"http://", "https://"}
    return (Upstream(None, "" if is_host else None), found["path"]) if is_host or not found["port"] else None


def _ends(template: TemplateValue) -> tuple[str, str]:
    """Return what a template begins and ends with, a query that it puts at its end left out."""
    document, parts = template.document, template.node.named_children
    if template.node.type != "template_string" or len(parts) < _FEWEST_PARTS or template.suffix:
        return template.prefix, template.suffix
    before, last = parts[-2], parts[-1].named_children
    is_queried = before.type != "template_substitution" and last and is_query(document, last[0])
    return template.prefix, fragment_text(document, before) if is_queried else ""


def written_destination(text: str) -> tuple[Upstream, str] | None:
    """Return the server and the path that a text names; None for what is neither a path nor an address."""
    if text.startswith("/") and not text.startswith("//"):
        return Upstream("", ""), text.partition("?")[0]
    found = _WHOLE.fullmatch(text.strip())
    return (Upstream(found["origin"], ""), found["path"] or "/") if found is not None else None


def _alternatives(value: Value | None) -> tuple[Value, ...]:
    return value.alternatives if value is not None else ()


def _text(app: App, value: Value | None) -> str | None:
    """Return the only text that is written for a value, None where a file sets a variable in it to a path."""
    found = texts(app.evaluator, value) if value is not None else ()
    written = {each.text for each in found if each.text}
    names = frozenset().union(*(each.variables for each in found))
    return next(iter(written)) if len(written) == 1 and are_plain_origins(app, names) else None


def _parts(value: ObjectValue) -> Upstream | None:
    host, port, scheme = value.get("host") or value.get("hostname"), value.get("port"), value.get("protocol")
    number = port.text if isinstance(port, StringValue) else None
    if isinstance(port, NumberValue):
        number = f"{port.number:.0f}"
    if not isinstance(host, StringValue) or number is None or not value.complete or "socketPath" in value.entries:
        return None
    name = scheme.text.rstrip(":") if isinstance(scheme, StringValue) else "http"
    return Upstream.of(f"{name}://{host.text}:{number}")
