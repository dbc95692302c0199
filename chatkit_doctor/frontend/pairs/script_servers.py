"""What a server in JavaScript, of the page's own app, answers by itself."""

from __future__ import annotations

from chatkit_doctor.patterns import regex
from chatkit_doctor.project.app import App
from chatkit_doctor.web.evaluation.calls import call_arguments
from chatkit_doctor.web.literals import fragment_text
from chatkit_doctor.web.tree import field

_LIBRARIES = regex(rb"['\"](?:express|fastify|hono|koa-router|@koa/router|polka|restify|@hapi/hapi)['\"]")
_METHODS = frozenset({"post", "all"})


def answered_by_scripts(app: App) -> frozenset[str]:
    """Return the paths for which an app has a route of such a server that takes a POST."""
    return app.derive(_answered)


def _answered(app: App) -> frozenset[str]:
    found: set[str] = set()
    for path in app.web_paths():
        document = app.document(path) if app.mentions_pattern(path, _LIBRARIES) else None
        if document is None:
            continue
        for call in document.find("call_expression"):
            function = field(call, "function")
            method = field(function, "property") if function is not None else None
            given = call_arguments(call)
            is_route = method is not None and document.text(method) in _METHODS
            if is_route and given and given[0].type == "string" and given[0].named_children:
                found.add(fragment_text(document, given[0].named_children[0]).rstrip("/"))
    return frozenset(found)
