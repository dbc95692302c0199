"""A Python session route with a sign-in becomes the way to the new server: it says who asks, and hands all on."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from chatkit_doctor.finding import Edit
from chatkit_doctor.migrate.routes.handing_on import HAND_ON, import_of, put_helper
from chatkit_doctor.migrate.routes.python import cut, names_of, remove_unused
from chatkit_doctor.migrate.routes.python_handlers import PythonFramework, PythonHandler
from chatkit_doctor.migrate.routes.python_parameters import parameter_edits
from chatkit_doctor.migrate.routes.python_steps import steps_of
from chatkit_doctor.python.import_edits import import_edits
from chatkit_doctor.python.module import FunctionNode

if TYPE_CHECKING:
    from pathlib import Path

    from chatkit_doctor.migrate.plan import Plan
    from chatkit_doctor.python.module import Module

_DOCSTRING = '"""Hand the chat on to its server, for the user who has signed in."""'
_OF_SESSIONS = re.compile(r"session|secret|token|workflow", re.IGNORECASE)


def make_python_proxy(plan: Plan, handler: PythonHandler) -> bool:
    """Turn a handler into a proxy; return whether it could be, nothing is changed where not."""
    module, function = handler.module, handler.function
    steps = steps_of(function, handler.call, handler.user) if handler.user is not None else None
    if handler.user is None or steps is None:
        return False
    signature = parameter_edits(module, function, handler.framework, _used(handler, steps.gone, steps.first))
    posts = list(_posting(module, handler))
    if signature is None or (not posts and not _takes_post(handler)):
        return False
    path, line = module.source.path, handler.module.location(handler.function).first.line
    user = _plain(handler.user)
    name, call = _handing_on(handler, user)
    start, end = module.location(steps.first).start, module.location(steps.last).end
    suspects = names_of(function)
    edits = [Edit(module.source.location(start, end), f"return {call}"), *signature, *posts]
    edits += [edit for each in steps.gone if (edit := cut(module, each)) is not None]
    edits += [*_docstring(module, function), *_without_model(module, function)]
    edits += import_edits(module, {import_of(module): [name]})
    plan.texts.apply(edits)
    remove_unused(plan, path, suspects)
    for other, helper in handler.helpers:
        _remove_helper(plan, other, helper)
    put_helper(plan, path, handler.framework)
    plan.move(path, f"{function.name} hands the chat on to the new server, for {user}", line)
    return True


def _handing_on(handler: PythonHandler, user: str) -> tuple[str, str]:
    """Return the function that a handler calls for its answer, and that call."""
    is_async = isinstance(handler.function, ast.AsyncFunctionDef)
    match handler.framework:
        case PythonFramework.DJANGO if is_async:
            return f"{HAND_ON}_async", f"await {HAND_ON}_async(request, {user})"
        case PythonFramework.DJANGO:
            return HAND_ON, f"{HAND_ON}(request, {user})"
        case PythonFramework.AIOHTTP:
            request = handler.function.args.args[0].arg
            return HAND_ON, f"await {HAND_ON}({request}, {user})"
        case PythonFramework.QUART:
            return HAND_ON, f"await {HAND_ON}({user})"
    return HAND_ON, f"{HAND_ON}({user})"


def _used(handler: PythonHandler, gone: Iterable[ast.stmt], first: ast.stmt) -> set[str]:
    """Return the names that what stays of a handler uses."""
    left_out = {id(node) for each in gone for node in ast.walk(each)}
    found = names_of(handler.user) if handler.user is not None else set()
    for statement in handler.function.body:
        for node in ast.walk(statement):
            is_before = getattr(node, "lineno", 0) < first.lineno
            if isinstance(node, ast.Name) and is_before and id(node) not in left_out:
                found.add(node.id)
    return found


def _plain(user: ast.expr) -> str:
    """Return the text of a user without what only made a text, or an object, of it."""
    match user:
        case ast.Call(func=ast.Name(id="str"), args=[inner], keywords=[]):
            return _plain(inner)
        case ast.Dict(keys=[ast.Constant(value="id")], values=[inner]):
            return _plain(inner)
        case ast.JoinedStr(values=[ast.FormattedValue(value=inner, format_spec=None)]):
            return _plain(inner)
    return ast.unparse(user)


def _takes_post(handler: PythonHandler) -> bool:
    """Return whether a handler is asked with POST already."""
    for each in handler.function.decorator_list:
        text = ast.unparse(each)
        if "require_GET" in text or ("GET" in text and "POST" not in text):
            return False
        if re.search(r"\.get\(|\.put\(", text):
            return False
    is_method = handler.function.args.args[:1] and handler.function.args.args[0].arg == "self"
    return not is_method or handler.function.name == "post"


def _posting(module: Module, handler: PythonHandler) -> Iterator[Edit]:
    """Yield the edits after which a handler that was asked with GET is asked with POST, as ChatKit does."""
    for each in handler.function.decorator_list:
        if not isinstance(each, ast.Call) or not isinstance(each.func, ast.Attribute):
            continue
        at = module.location(each.func)
        if each.func.attr in {"get", "put"}:
            yield Edit(module.source.location(at.end - len(each.func.attr), at.end), "post")
        elif each.func.attr == "route":
            methods = next((keyword.value for keyword in each.keywords if keyword.arg == "methods"), None)
            if methods is None and each.args:
                end = module.location(each.args[-1]).end
                yield Edit(module.source.location(end, end), ', methods=["POST"]')
            elif methods is not None and "POST" not in ast.unparse(methods):
                yield Edit(module.location(methods), '["POST"]')


def _docstring(module: Module, function: FunctionNode) -> Iterator[Edit]:
    text = ast.get_docstring(function)
    if text is not None and _OF_SESSIONS.search(text):
        yield Edit(module.location(function.body[0]), _DOCSTRING)


def _without_model(module: Module, function: FunctionNode) -> Iterator[Edit]:
    """Yield the edits that take out what was said of the answer: a model of the session's."""
    for each in function.decorator_list:
        for keyword in each.keywords if isinstance(each, ast.Call) else ():
            if keyword.arg in {"response_model", "status_code"}:
                at = module.location(keyword)
                text = module.source.text
                start = text.rindex(",", 0, at.start)
                yield Edit(module.source.location(start, at.end), "")
    if function.returns is not None:
        at = module.location(function.returns)
        arrow = module.source.text.rindex("->", 0, at.start)
        start = len(module.source.text[:arrow].rstrip())
        yield Edit(module.source.location(start, at.end), "")


def _remove_helper(plan: Plan, module: Module, helper: FunctionNode) -> None:
    """Take out a function that made sessions for the handler, and what only it used."""
    path = module.source.path
    now = plan.texts.module(path)
    found = next((each for each in now.functions() if each.name == helper.name), None) if now is not None else None
    if now is None or found is None:
        return
    owner = now.parents.get(found)
    is_all = isinstance(owner, ast.ClassDef) and all(each is found or isinstance(each, ast.Expr) for each in owner.body)
    target = owner if is_all and isinstance(owner, ast.ClassDef) else found
    edit = cut(now, target)
    if edit is not None:
        plan.texts.apply([edit])
        remove_unused(plan, path, names_of(helper) | {getattr(owner, "name", "")})
        plan.move(path, f"{helper.name}, which made sessions, is gone", module.location(helper).first.line)
        _remove_if_empty(plan, path)


def _remove_if_empty(plan: Plan, path: Path) -> None:
    """Delete a file that has nothing left in it and that nothing imports."""
    module = plan.texts.module(path)
    inert = (ast.Import, ast.ImportFrom, ast.Expr)
    if module is None or path.name == "__init__.py" or not all(isinstance(each, inert) for each in module.tree.body):
        return
    files = (each for each in plan.texts.start.listing.files if each.suffix == ".py" and each != path)
    if not any(_may_import(plan, each, path.stem) for each in files):
        plan.texts.remove(path)


def _may_import(plan: Plan, path: Path, name: str) -> bool:
    """Return whether a file imports a module of this name, or something of one; of one that is not parsed, maybe."""
    source = plan.texts.read(path)
    if source is None or name not in source.text:
        return False
    module = plan.texts.module(path)
    if module is None:
        return True
    found = [each.module or "" for each in module.nodes(ast.ImportFrom)]
    found += [each.name for each in module.nodes(ast.alias)]
    return any(name in each.split(".") for each in found)
