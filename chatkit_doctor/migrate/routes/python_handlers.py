"""The Python function that answers where a session is made: its framework, and who the user is in its words."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from enum import StrEnum
from typing import TYPE_CHECKING

from chatkit_doctor.migrate.routes.python_registrations import what_names
from chatkit_doctor.migrate.routes.users import is_signed_in
from chatkit_doctor.project.files import FileKind
from chatkit_doctor.python.module import FunctionNode
from chatkit_doctor.records import dataclass

if TYPE_CHECKING:
    from pathlib import Path

    from chatkit_doctor.migrate.plan import Plan
    from chatkit_doctor.python.module import Module
    from chatkit_doctor.source import Location

_MOST_HOPS = 3
# Methods that register a handler, as decorators.
_REGISTERS = frozenset({"post", "get", "route", "api_route", "put"})
_PACKAGES = {"fastapi": "starlette", "starlette": "starlette", "flask": "flask", "quart": "quart"}
_DJANGO_PACKAGES = ("django", "rest_framework")


class PythonFramework(StrEnum):
    """What calls a handler, as far as handing a request on goes."""

    STARLETTE = "starlette"
    FLASK = "flask"
    DJANGO = "django"
    QUART = "quart"
    AIOHTTP = "aiohttp"


@dataclass(frozen=True, slots=True, eq=False)
class PythonHandler:
    """A function that answers with a session.

    call: what of it makes the session, maybe through a helper. user: the expression of the user in the handler.
    around: the text of what may say whether users sign in. helpers: the functions on the way to the session, each with
    its module.
    """

    module: Module
    function: FunctionNode
    call: ast.AST
    framework: PythonFramework
    user: ast.expr | None
    around: str
    helpers: tuple[tuple[Module, FunctionNode], ...]

    @property
    def path(self) -> str:
        """Return the path that its decorator names; nothing where it has none."""
        for call in _registrations(self.function):
            if call.args and isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str):
                return call.args[0].value
        return ""

    @property
    def is_signed_in(self) -> bool:
        """Return whether the user is somebody who has signed in."""
        if self.user is None:
            return False
        return is_signed_in(_with_meaning(self.function, self.user), self.around)


def handler_of(plan: Plan, at: Location) -> PythonHandler | None:
    """Return the handler that makes the session at a place; None where it is not known which one that is."""
    module = plan.texts.module(at.path)
    node = _node_at(module, at) if module is not None else None
    if module is None or node is None:
        return None
    user, call, helpers = None, node, list[tuple["Module", FunctionNode]]()
    for _ in range(_MOST_HOPS + 1):
        function = _outermost(module, call)
        if function is None:
            return None
        if not helpers:
            user = _user_in(function)
        framework = _framework(plan, module, function)
        if framework is not None:
            around = "\n".join(ast.unparse(each) for each in (function, *(each for _, each in helpers)))
            around += "".join(f"\n{ast.unparse(each)}" for each in _class_heads(module, function))
            return PythonHandler(module, function, call, framework, user, around, tuple(helpers))
        caller = next(_calls_of(plan, module, function), None)
        if caller is None:
            return None
        user = _given(function, caller[1], user)
        helpers.append((module, function))
        module, call = caller
    return None


def _node_at(module: Module, at: Location) -> ast.expr | None:
    for kind in (ast.Attribute, ast.JoinedStr, ast.Constant):
        for node in module.nodes(kind):
            where = module.location(node)
            if (where.start, where.end) == (at.start, at.end):
                return node
    return None


def _outermost(module: Module, node: ast.AST) -> FunctionNode | None:
    return next((each for each in reversed(list(module.ancestors(node))) if isinstance(each, FunctionNode)), None)


def _framework(plan: Plan, module: Module, function: FunctionNode) -> PythonFramework | None:
    """Return what calls a function with requests; None for a helper."""
    imported = set(_imported_packages(module))
    parameters = [each.arg for each in function.args.args]
    is_method = isinstance(module.parents.get(function), ast.ClassDef)
    if imported & set(_DJANGO_PACKAGES):
        is_view = parameters[:1] == ["request"] or (is_method and parameters[:2] == ["self", "request"])
        return PythonFramework.DJANGO if is_view else None
    if is_method:
        return None
    if next(_registrations(function), None) is None:
        return _by_name(plan, module, function)
    for package, framework in _PACKAGES.items():
        if package in imported:
            return PythonFramework(framework)
    if _serves_with_aiohttp(module):
        return PythonFramework.AIOHTTP
    return _by_owner(plan, module, function)


def _by_owner(plan: Plan, module: Module, function: FunctionNode) -> PythonFramework | None:
    """Return what calls a function whose app, or router, comes from another module of the project."""
    owners = {ast.unparse(each.func).partition(".")[0] for each in _registrations(function)}
    for name in owners & set(_names_imported(module)):
        for other in _modules(plan, f"{name} ="):
            for package in ("fastapi", "flask", "quart"):
                if package in _imported_packages(other):
                    return PythonFramework(_PACKAGES[package])
    return None


def _by_name(plan: Plan, module: Module, function: FunctionNode) -> PythonFramework | None:
    """Return what calls a function that is registered by its name: `Route("/session", session)`, `add_post(…)`."""
    if [each.arg for each in function.args.args] != ["request"] or not isinstance(function, ast.AsyncFunctionDef):
        return None
    named = what_names(plan, module, function)
    registered = [ast.unparse(node) for _, node in named.registrations] if named is not None else []
    if not any(re.search(r"post", each, re.IGNORECASE) for each in registered):
        return None
    if _serves_with_aiohttp(module):
        return PythonFramework.AIOHTTP
    return PythonFramework.STARLETTE if "starlette" in set(_imported_packages(module)) else None


def _serves_with_aiohttp(module: Module) -> bool:
    """Return whether a module is of a server on aiohttp, which is a client as well."""
    for imported in module.nodes(ast.ImportFrom):
        if imported.module == "aiohttp.web" or (
            imported.module == "aiohttp" and any(each.name == "web" for each in imported.names)
        ):
            return True
    return any(each.name == "aiohttp.web" for statement in module.nodes(ast.Import) for each in statement.names)


def _registrations(function: FunctionNode) -> Iterator[ast.Call]:
    for each in function.decorator_list:
        if isinstance(each, ast.Call) and isinstance(each.func, ast.Attribute) and each.func.attr in _REGISTERS:
            yield each


def _imported_packages(module: Module) -> Iterator[str]:
    for node in module.nodes(ast.Import):
        yield from (each.name.partition(".")[0] for each in node.names)
    for imported in module.nodes(ast.ImportFrom):
        if imported.level == 0:
            yield (imported.module or "").partition(".")[0]


def _names_imported(module: Module) -> Iterator[str]:
    for node in module.nodes(ast.ImportFrom):
        yield from (each.asname or each.name for each in node.names)


def _user_in(function: FunctionNode) -> ast.expr | None:
    """Return the `user` of the session that a function makes."""
    for node in ast.walk(function):
        if isinstance(node, ast.keyword) and node.arg == "user":
            return node.value
        if isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant) and key.value == "user":
                    return value
    return None


def _calls_of(plan: Plan, module: Module, function: FunctionNode) -> Iterator[tuple[Module, ast.Call]]:
    """Yield the calls of a function in its module, then those in modules that speak of it."""
    others = [each for each in _modules(plan, f"{function.name}(") if each.source.path != module.source.path]
    for each in (module, *others):
        for call in each.nodes(ast.Call):
            name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
            if name == function.name and _outermost(each, call) not in {None, function}:
                yield each, call


def _modules(plan: Plan, word: str) -> Iterator[Module]:
    listing = plan.texts.start.listing
    for path in _python_files(plan):
        if listing.kind(path) is FileKind.PYTHON and plan.texts.mentions(path, word):
            module = plan.texts.module(path)
            if module is not None:
                yield module


def _python_files(plan: Plan) -> list[Path]:
    return [each for each in plan.texts.start.listing.files if each.suffix == ".py" and each not in plan.texts.removed]


def _given(function: FunctionNode, call: ast.Call, user: ast.expr | None) -> ast.expr | None:
    """Return what a call gives for the user that a function takes; None where the function knows it by itself."""
    names = {each.id for each in ast.walk(user) if isinstance(each, ast.Name)} if user is not None else set()
    parameters = [each.arg for each in (*function.args.posonlyargs, *function.args.args)]
    if parameters[:1] == ["self"]:
        del parameters[0]
    keywords = {each.arg: each.value for each in call.keywords}
    for name in (*parameters, *(each.arg for each in function.args.kwonlyargs)):
        if name not in names:
            continue
        if name in keywords:
            return keywords[name]
        if name in parameters and parameters.index(name) < len(call.args):
            return call.args[parameters.index(name)]
    return None


def _with_meaning(function: FunctionNode, user: ast.expr) -> str:
    """Return the text of a user, with what its names are given in the function."""
    text = ast.unparse(user)
    names = {each.id for each in ast.walk(user) if isinstance(each, ast.Name)}
    for node in ast.walk(function):
        if isinstance(node, ast.Assign):
            bound = {each.id for target in node.targets for each in ast.walk(target) if isinstance(each, ast.Name)}
            if bound & names:
                text += f" = {ast.unparse(node.value)}"
    defaults = function.args.defaults
    arguments = function.args.args[len(function.args.args) - len(defaults) :]
    given = [(each, default) for each, default in zip(arguments, defaults, strict=True) if each.arg in names]
    text += "".join(f" = {ast.unparse(default)}" for _, default in given)
    annotated = [each.annotation for each in function.args.args if each.arg in names and each.annotation is not None]
    return text + "".join(f" = {ast.unparse(each)}" for each in annotated if "Depends" in ast.unparse(each))


def _class_heads(module: Module, function: FunctionNode) -> Iterator[ast.expr]:
    """Yield what a view's class is made of, where that says who may ask."""
    owner = module.parents.get(function)
    if isinstance(owner, ast.ClassDef):
        yield from owner.bases
        yield from owner.decorator_list
        yield from (each.value for each in owner.body if isinstance(each, ast.Assign))
