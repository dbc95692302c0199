"""The parameters of a handler that hands the chat on: those that read the body of a session's request go."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from chatkit_doctor.finding import Edit
from chatkit_doctor.migrate.routes.python_handlers import PythonFramework

if TYPE_CHECKING:
    from chatkit_doctor.python.module import FunctionNode, Module

# What a parameter says that comes with every request, or is asked for by itself.
_STAYS = re.compile(r"\b(?:Depends|Security|Request|Response|BackgroundTasks|Header|Cookie|HTTPConnection)\b")


def parameter_edits(
    module: Module, function: FunctionNode, framework: PythonFramework, used: set[str]
) -> list[Edit] | None:
    """Return the edits that take parameters out; None where one is used that the chat's requests do not have.

    used: the names that what stays uses.
    """
    if framework is not PythonFramework.STARLETTE or not function.decorator_list:
        return []
    path = " ".join(ast.unparse(each) for each in function.decorator_list)
    going = [each for each in _all(function) if not _stays(each, function, path, module)]
    if any(each.arg in used for each in going):
        return None
    return _without(module, function, going)


def _all(function: FunctionNode) -> list[ast.arg]:
    return [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]


def _stays(argument: ast.arg, function: FunctionNode, path: str, module: Module) -> bool:
    default = _defaults(function).get(argument.arg)
    text = " ".join(ast.unparse(each) for each in (argument.annotation, default) if each is not None)
    if _STAYS.search(text) or f"{{{argument.arg}" in path:
        return True
    # A dependency may have a name of its own: `User = Annotated[…, Depends(…)]`.
    name = argument.annotation.id if isinstance(argument.annotation, ast.Name) else None
    aliases = (
        each.value
        for each in module.nodes(ast.Assign)
        if any(isinstance(target, ast.Name) and target.id == name for target in each.targets)
    )
    return any("Depends" in ast.unparse(each) for each in aliases) or (name or "").endswith("Dep")


def _defaults(function: FunctionNode) -> dict[str, ast.expr]:
    arguments = [*function.args.posonlyargs, *function.args.args]
    given = function.args.defaults
    found = dict(zip([each.arg for each in arguments[len(arguments) - len(given) :]], given, strict=True))
    for each, default in zip(function.args.kwonlyargs, function.args.kw_defaults, strict=True):
        if default is not None:
            found[each.arg] = default
    return found


def _without(module: Module, function: FunctionNode, going: list[ast.arg]) -> list[Edit]:
    """Write the list of parameters anew without some, on lines of their own where they were."""
    if not going:
        return []
    every, defaults = _all(function), _defaults(function)
    kept = [each for each in every if each not in going]
    source = module.source
    start = module.location(every[0]).start
    last = defaults.get(every[-1].arg, every[-1])
    end = module.location(last).end
    star = source.text[:start].rfind("*,")
    opened = source.text.rfind("(", 0, start)
    texts = [
        source.text[module.location(each).start : module.location(defaults.get(each.arg, each)).end] for each in kept
    ]
    if star > opened:
        texts = ["*", *texts] if texts else []
        start = star
    rest = source.text[end:]
    trailing = len(rest) - len(rest.lstrip().removeprefix(","))
    if not texts:
        closed = source.text.index(")", end)
        return [Edit(source.location(opened + 1, closed), "")]
    line = source.text[opened + 1 : start]
    between = f",{line}" if "\n" in line else ", "
    has_comma = rest.lstrip().startswith(",")
    return [
        Edit(source.location(start, end + (trailing if has_comma and "\n" not in line else 0)), between.join(texts))
    ]
