"""Find a page on another origin whose backend answers for none, and origins that no browser ever names."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import partial

from chatkit_doctor.backend.endpoints.origins import (
    AllowedHeaders,
    IdleOrigin,
    allowed_headers,
    deals_with_origins,
    idle_origins,
)
from chatkit_doctor.backend.endpoints.owners import RouteHolder, owners
from chatkit_doctor.backend.endpoints.process import endpoints
from chatkit_doctor.contracts.frameworks import cors_middleware
from chatkit_doctor.finding import Applicability, Edit, Finding, Fix, SeenAs
from chatkit_doctor.frontend.pairs.partners import Partner, fitting_partners
from chatkit_doctor.frontend.pairs.sent_headers import sent_headers
from chatkit_doctor.frontend.pairs.ways import dev_origins
from chatkit_doctor.project.app import App
from chatkit_doctor.python.inserted_names import imported
from chatkit_doctor.python.insertion import behind_statement, with_own_blanks
from chatkit_doctor.python.module import Module
from chatkit_doctor.source import relative_path
from chatkit_doctor.words import joined

_FASTAPI = "fastapi"


def missing_cors(app: App) -> Iterator[Finding]:
    """Find a page on another origin whose backend answers for none, and origins that no browser ever names."""
    if not endpoints(app):
        return
    yield from map(_idle, idle_origins(app))
    partner = next(_from_elsewhere(app), None)
    if partner is not None and not deals_with_origins(app):
        yield _missing(app, partner)
    elif partner is not None:
        yield from _refused_headers(app, partner)


def _from_elsewhere(app: App) -> Iterator[Partner]:
    """Yield the pages, of an app of their own, that ask this backend by a whole address."""
    for pair in app.fronts():
        if pair.frontend is app:
            continue
        for partner in fitting_partners(pair.frontend):
            known = [each for each in partner.addresses if each.is_whole]
            if partner.backend is app and known and all(each.is_local for each in known):
                yield partner


def _refused_headers(app: App, partner: Partner) -> Iterator[Finding]:
    """Yield the headers of the page's own fetch that the middleware does not let through, in one finding."""
    allowed = allowed_headers(app)
    if allowed is None:
        return
    sent = {each.name.lower(): each for each in sent_headers(partner.options) if each.name.lower() not in allowed.names}
    if not sent:
        return
    names = joined([each.name for each in sent.values()])
    known = cors_middleware()
    page = relative_path(next(iter(sent.values())).document.path, app.base)
    yield Finding(
        "CK705",
        allowed.module.location(allowed.at),
        f"{page} sends {names}, which {known.headers} does not let through",
        label=f"without {names}",
        help=f"add {names} to {known.headers}",
        why="The browser asks first whether these headers may be sent, gets a no, and sends nothing.",
        seen_as=SeenAs("headers"),
        fix=_headers_fix(allowed, [each.name for each in sent.values()]),
    )


def _headers_fix(allowed: AllowedHeaders, names: list[str]) -> Fix | None:
    """Return the fix that adds headers to a list that is written out; None where none is."""
    if not isinstance(allowed.at, ast.List) or not allowed.at.elts:
        return None
    last = allowed.module.location(allowed.at.elts[-1])
    mark = last.text[:1] if last.text[:1] in {"'", '"'} else '"'
    text = "".join(f", {mark}{name}{mark}" for name in names)
    edit = Edit(last.source.location(last.end, last.end), text)
    return Fix(f"let {joined(names)} through", Applicability.UNSAFE, lambda: [edit])


def _missing(app: App, partner: Partner) -> Finding:
    route = partner.endpoints[0].route
    owner = owners(app).of(route.module, route.owner) if route.owner is not None else None
    address = next(each for each in partner.addresses if each.is_whole)
    asked = address.text
    page = relative_path(partner.site.document.path, app.base)
    is_app = owner is not None and owner.kind.is_app
    at = owner.module.location(owner.call.func) if owner is not None and is_app else route.at
    return Finding(
        "CK705",
        at,
        f"{page} asks for {asked} from another origin, and nothing here lets another origin ask",
        label="answers its own origin alone",
        help=f"add {cors_middleware().name} with the origin of the page",
        seen_as=SeenAs("blocked", {"url": asked}),
        fix=_fix(app, owner, partner),
    )


def _fix(app: App, owner: RouteHolder | None, partner: Partner) -> Fix | None:
    """Return the fix: the middleware behind the line that makes FastAPI's app, for the page as it is developed."""
    origins = dev_origins(app, partner.site.document.path)
    if owner is None or not origins or owner.kind.framework != _FASTAPI or not owner.kind.is_app:
        return None
    statement = owner.module.parents[owner.call]
    if not isinstance(statement, ast.Assign) or statement not in owner.module.tree.body:
        return None
    name = statement.targets[0]
    if not isinstance(name, ast.Name):
        return None
    origin = origins[0]
    return Fix(
        f"let {origin} ask", Applicability.UNSAFE, partial(_added, app, owner.module, statement, name.id, origin)
    )


def _added(app: App, module: Module, statement: ast.Assign, name: str, origin: str) -> list[Edit]:
    known = cors_middleware()
    wanted = imported(app.names(module), {known.module: [known.name]})
    code = _CODE.format(app=name, middleware=wanted.local[known.name], origins=known.origins, origin=origin)
    return [*wanted.edits, behind_statement(module, statement, with_own_blanks(module, code))]


_CODE = """\
{app}.add_middleware(
    {middleware},
    {origins}=["{origin}"],
    allow_methods=["GET", "POST"],
    allow_headers=["*"],
)"""


def _idle(found: IdleOrigin) -> Finding:
    at = found.module.location(found.node)
    written = f"'{found.origin}'"
    fix = None
    if found.meant is not None:
        fix = Fix(f"write {found.meant}", Applicability.SAFE, partial(_rewritten, found, found.meant))
    return Finding(
        "CK705",
        at,
        f"the origin {written} {found.fault}, so it is that of no page",
        label="no browser names this",
        help=f"write {found.meant}" if found.meant else "write the scheme, the host and the port of the page",
        why="A browser names the scheme, the host and the port of a page, and that is compared as it stands.",
        fix=fix,
    )


def _rewritten(found: IdleOrigin, meant: str) -> list[Edit]:
    at = found.module.location(found.node)
    start = at.text.find(found.origin)
    if start < 0:
        return []
    inside = at.source.location(at.start + start, at.start + start + len(found.origin))
    return [Edit(inside, meant)]
