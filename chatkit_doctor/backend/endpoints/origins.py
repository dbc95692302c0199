"""Which origins a backend lets ask, as it is told: middleware for other origins, and what it is given."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from urllib.parse import urlsplit

from chatkit_doctor.backend.endpoints.owners import route_modules
from chatkit_doctor.backend.runs.arguments import argument
from chatkit_doctor.contracts.frameworks import cors_middleware, cors_words, page_words
from chatkit_doctor.project.app import App
from chatkit_doctor.python.module import Module
from chatkit_doctor.records import dataclass

_ANY = "*"
_HEADER = b"Access-Control-Allow"


@dataclass(frozen=True, slots=True)
class IdleOrigin:
    """An origin in a list of those that may ask, which no browser ever names so.

    fault: what is wrong with it, a clause whose subject it is. meant: what a browser would name; None for unknown.
    """

    module: Module
    node: ast.Constant
    origin: str
    fault: str
    meant: str | None


def deals_with_origins(app: App) -> bool:
    """Return whether anything of an app may answer for other origins, or hand out pages of its own."""
    words = (*cors_words(), *page_words())
    code = (path for path in app.files if path.suffix == ".py")
    hosts = (path for path in app.files if path.suffix in {".json", ".toml", ".conf", ".yaml", ".yml"})
    return any(app.mentions(path, words) for path in code) or any(app.mentions(path, (_HEADER,)) for path in hosts)


@dataclass(frozen=True, slots=True, eq=False)
class AllowedHeaders:
    """The headers that an app's one middleware lets through, in lower case. at: where that is written, or the call."""

    module: Module
    call: ast.Call
    at: ast.expr
    names: frozenset[str]


def allowed_headers(app: App) -> AllowedHeaders | None:
    """Return what an app's one middleware for other origins lets through; None for all, for several, or not known."""
    known = cors_middleware()
    found = [(module, call) for module in route_modules(app) for call in _middleware_calls(app, module)]
    if len(found) != 1:
        return None
    module, call = found[0]
    if any(each.arg is None for each in call.keywords):
        return None
    given = argument(call, 99, known.headers)
    if given is None:
        return AllowedHeaders(module, call, call.func, known.safe)
    if not isinstance(given, ast.List | ast.Tuple):
        return None
    texts = [each.value for each in given.elts if isinstance(each, ast.Constant) and isinstance(each.value, str)]
    if len(texts) < len(given.elts) or _ANY in texts:
        return None
    return AllowedHeaders(module, call, given, known.safe | {each.lower() for each in texts})


def _middleware_calls(app: App, module: Module) -> Iterator[ast.Call]:
    names, name = app.names(module), cors_middleware().name
    for call in module.nodes(ast.Call):
        # The class itself, or what it is given to: `app.add_middleware(CORSMiddleware, …)`.
        classes = [call.func, *call.args[:1]]
        if any((names.qualified(each) or "").rpartition(".")[2] == name for each in classes):
            yield call


def idle_origins(app: App) -> Iterator[IdleOrigin]:
    """Yield the origins that middleware is given and that can match none."""
    known = cors_middleware()
    for module in route_modules(app):
        for call in _middleware_calls(app, module):
            given = argument(call, 99, known.origins)
            yield from _idle(app, module, given)


def _idle(app: App, module: Module, given: ast.expr | None) -> Iterator[IdleOrigin]:
    values = list(app.flow.sources(module, given)) if given is not None else []
    if len(values) != 1 or not isinstance(values[0].expr, ast.List | ast.Tuple | ast.Set):
        return
    elements = (each for each in values[0].expr.elts if isinstance(each, ast.Constant))
    written = [(each, each.value) for each in elements if isinstance(each.value, str)]
    right = {origin for _, origin in written if _fault(origin) is None}
    for each, origin in written:
        fault = _fault(origin)
        # With a slash beside the same without one, as people write both to be safe, it does no harm.
        if fault is not None and origin.removesuffix("/") not in right:
            yield IdleOrigin(values[0].module, each, origin, *fault)


def _fault(origin: str) -> tuple[str, str | None] | None:
    """Return what is wrong with an origin, and what is meant; None for one that a browser may name."""
    if origin in {_ANY, "null", ""}:
        return None
    if _ANY in origin:
        return "has a * in it, which stands for itself", None
    if "://" not in origin:
        return "has no scheme", None
    try:
        parts = urlsplit(origin)
    except ValueError:
        return None
    if parts.path or parts.query:
        what = "ends with a slash" if parts.path == "/" and not parts.query else "has a path"
        return what, f"{parts.scheme}://{parts.netloc}"
    return None
