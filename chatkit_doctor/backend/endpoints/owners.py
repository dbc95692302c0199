"""What routes belong to: apps and routers, and the prefixes that they are put behind, over files."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from chatkit_doctor.backend.endpoints.paths import RoutePath
from chatkit_doctor.backend.reached import reached_modules
from chatkit_doctor.backend.runs.arguments import argument
from chatkit_doctor.contracts.frameworks import Inclusion, RouteOwner, inclusion, route_owner
from chatkit_doctor.patterns import regex
from chatkit_doctor.project.app import App
from chatkit_doctor.python.flow import PlacedExpr
from chatkit_doctor.python.module import Module
from chatkit_doctor.records import dataclass

_FRAMEWORK = regex(rb"\b(?:fastapi|starlette|flask|quart|aiohttp|litestar|django|ninja)\b", re.IGNORECASE)
_MAX_DEPTH = 6
_WHOLE = RoutePath(())
_PART = RoutePath((), is_whole=False)


@dataclass(frozen=True, slots=True)
class RouteHolder:
    """One app or router: the call that makes it, and the class that it is of."""

    module: Module
    call: ast.Call
    kind: RouteOwner


def route_modules(app: App) -> tuple[Module, ...]:
    """Return the app's own files that may have routes, tests left out."""
    return app.derive(_route_modules)


def _route_modules(app: App) -> tuple[Module, ...]:
    found = dict.fromkeys(reached_modules(app))
    for path in app.files:
        if path.suffix == ".py" and app.mentions_pattern(path, _FRAMEWORK) and (other := app.module(path)):
            found[other] = None
    paths = (each for each in found if app.owns(each.source.path) and not app.is_test_file(each.source.path))
    return tuple(sorted(paths, key=lambda each: str(each.source.path)))


def text_of(app: App, module: Module, expr: ast.expr | None) -> str | None:
    """Return the text that an expression is, None where it may be several or cannot be told."""
    if expr is None:
        return None
    if isinstance(expr, ast.JoinedStr):
        parts = [text_of(app, module, each) for each in expr.values]
        return None if None in parts else "".join(each for each in parts if each is not None)
    if isinstance(expr, ast.FormattedValue):
        return text_of(app, module, expr.value)
    if isinstance(expr, ast.BinOp) and isinstance(expr.op, ast.Add):
        left, right = text_of(app, module, expr.left), text_of(app, module, expr.right)
        return None if left is None or right is None else left + right
    values = list(app.flow.sources(module, expr))
    texts = {each.expr.value for each in values if isinstance(each.expr, ast.Constant)}
    if len(values) == 1 and values[0].expr is not expr and not texts:
        return text_of(app, values[0].module, values[0].expr)
    text = texts.pop() if len(values) == 1 and texts else None
    return text if isinstance(text, str) else None


def owners(app: App) -> Owners:
    """Return the apps and routers of an app."""
    return app.derive(Owners)


class Owners:
    """The apps and routers of an app, and how they are put together."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._made: dict[ast.Call, RouteHolder] = {}
        self._inclusions: dict[ast.Call, list[tuple[Module, ast.Call, Inclusion]]] = {}
        self._prefixes: dict[ast.Call, RoutePath] = {}
        for module in route_modules(app):
            names = app.names(module)
            for call in module.nodes(ast.Call):
                kind = route_owner(names.qualified(call.func) or "")
                if kind is not None:
                    self._made[call] = RouteHolder(module, call, kind)
        for module in route_modules(app):
            for call in module.nodes(ast.Call):
                how = inclusion(call.func.attr) if isinstance(call.func, ast.Attribute) else None
                child = argument(call, *how.child) if how is not None else None
                if how is not None and child is not None:
                    for each in self._of(module, child):
                        self._inclusions.setdefault(each.call, []).append((module, call, how))

    def all(self) -> Iterator[RouteHolder]:
        """Yield every app and router that is made."""
        yield from self._made.values()

    def of(self, module: Module, expr: ast.expr) -> RouteHolder | None:
        """Return the app or router that an expression is, None where it may be several or cannot be told."""
        found = list(self._of(module, expr))
        return found[0] if len(found) == 1 else None

    def is_owner(self, module: Module, expr: ast.expr) -> bool:
        """Return whether an expression may be an app or router: it is one, or has the name of one."""
        if next(self._of(module, expr), None) is not None:
            return True
        name = expr.attr if isinstance(expr, ast.Attribute) else expr.id if isinstance(expr, ast.Name) else ""
        return any(word in name.lower() for word in ("app", "router", "api", "blueprint", "bp", "server"))

    def prefix(self, module: Module, expr: ast.expr) -> RoutePath:
        """Return what stands before the paths of an app or router."""
        owner = self.of(module, expr)
        return self._prefix(owner, 0) if owner is not None else _PART

    def list_prefix(self, module: Module, call: ast.Call, path: RoutePath) -> RoutePath:
        """Return a path of a list of routes, behind what the calls around the list put before it."""
        for parent in module.ancestors(call):
            if not isinstance(parent, ast.Call):
                continue
            dotted = self._app.names(module).qualified(parent.func) or ""
            if dotted.endswith(".Mount"):
                path = path.below(RoutePath.of(text_of(self._app, module, argument(parent, 0, "path"))))
            elif parent in self._made:
                return path.below(self._prefix(self._made[parent], 0))
        return RoutePath(path.segments, is_whole=False)

    def _of(self, module: Module, expr: ast.expr) -> Iterator[RouteHolder]:
        for value in self._app.flow.sources(module, expr):
            if isinstance(value.expr, ast.Call) and value.expr in self._made:
                yield self._made[value.expr]
            elif isinstance(value.expr, ast.Attribute):
                yield from self._imported(value)

    def _imported(self, value: PlacedExpr) -> Iterator[RouteHolder]:
        """Yield what `module.router` is."""
        for found in self._app.symbols.definitions(value.module, value.expr):
            made = found.binding.value if found.binding is not None else None
            if isinstance(made, ast.Call) and made in self._made:
                yield self._made[made]

    def _prefix(self, owner: RouteHolder, depth: int) -> RoutePath:
        if owner.call in self._prefixes:
            return self._prefixes[owner.call]
        if depth > _MAX_DEPTH:
            return _PART
        found = self._worked_out(owner, depth)
        self._prefixes[owner.call] = found
        return found

    def _worked_out(self, owner: RouteHolder, depth: int) -> RoutePath:
        own = _WHOLE
        given = argument(owner.call, 99, owner.kind.prefix) if owner.kind.prefix else None
        if given is not None:
            own = RoutePath.of(text_of(self._app, owner.module, given))
        places = self._inclusions.get(owner.call, [])
        if not places:
            return own if owner.kind.is_app and not _is_behind(owner.call) else RoutePath(own.segments, is_whole=False)
        outer = {self._below(module, call, how, own, depth) for module, call, how in places}
        return outer.pop() if len(outer) == 1 else RoutePath(own.segments, is_whole=False)

    def _below(self, module: Module, call: ast.Call, how: Inclusion, own: RoutePath, depth: int) -> RoutePath:
        assert isinstance(call.func, ast.Attribute)
        parent = self.of(module, call.func.value)
        before = self._prefix(parent, depth + 1) if parent is not None else _PART
        given = argument(call, *how.prefix) if how.prefix[1] else None
        if given is None:
            return own.below(before)
        put = RoutePath.of(text_of(self._app, module, given))
        return put.below(before) if how.replaces else own.below(put.below(before))


def _is_behind(call: ast.Call) -> bool:
    """Return whether an app is told that a proxy puts a path before its own."""
    return argument(call, 99, "root_path") is not None
