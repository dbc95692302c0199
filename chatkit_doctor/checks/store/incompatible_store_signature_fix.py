"""Giving an override the parameters that the SDK's calls fill: renamed, added, or put in their order."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator
from itertools import zip_longest

from chatkit_doctor.backend.imports.modules import is_sdk
from chatkit_doctor.backend.overrides import Override
from chatkit_doctor.backend.signatures import Mismatch
from chatkit_doctor.checks.store.method_calls import method_calls
from chatkit_doctor.contracts.sdk.callables import Parameter
from chatkit_doctor.finding import Applicability, Edit, Fix
from chatkit_doctor.project.app import App
from chatkit_doctor.python.module import Module, walk


def signature_fix(app: App, override: Override, found: Mismatch) -> Fix | None:
    """Return the fix of a method's parameters; None where some parameter of its own has no counterpart."""
    arguments = override.function.args
    if arguments.posonlyargs or arguments.kwonlyargs or arguments.vararg or arguments.kwarg or override.is_static:
        return None
    if "#" in _header(override):
        return None
    own = arguments.args[1:]
    declared = list(override.declared.params[1:])
    names = [each.name for each in declared]
    meant = _meant_names(override, own, names)
    if len(set(meant)) < len(meant) or _is_guessed(own, meant, names):
        return None
    if found.swapped is not None:
        edits = _reordered(override, own, names)
    elif set(meant) - set(names):
        edits = _renamed(app, override, own, names)
    else:
        edits = _added(app, override, dict(zip(meant, own, strict=True)), declared)
    if not edits:
        return None
    return Fix(f"take {', '.join(names)}", Applicability.UNSAFE, lambda: edits)


def _meant_names(override: Override, own: list[ast.arg], names: list[str]) -> list[str]:
    """Return what each parameter is for: one that is only filled by position may have any name."""
    by_name = {each for call in override.calls for each in call.keywords}
    return [
        name if each.arg not in names and name is not None and name not in by_name else each.arg
        for each, name in zip_longest(own, names)
        if each is not None
    ]


def _is_guessed(own: list[ast.arg], meant: list[str], names: list[str]) -> bool:
    """Return whether a parameter under a name of its own may stand for an argument that none is left for."""
    has_strange = any(each.arg not in names for each in own)
    absent = [name for name in names if name not in meant]
    return has_strange and bool(absent) and names[-len(absent) :] != absent


def _header(override: Override) -> str:
    """Return the text of the parameters."""
    arguments = override.function.args
    first, last = arguments.args[0], arguments.args[-1]
    module = override.module
    return module.source.text[module.location(first).start : module.location(last).end]


def _reordered(override: Override, own: list[ast.arg], names: list[str]) -> list[Edit] | None:
    """Write the parameters in the SDK's order, where they are the same ones and none has a default."""
    if {each.arg for each in own} != set(names) or override.function.args.defaults:
        return None
    module = override.module
    texts = {each.arg: module.location(each).text for each in own}
    return [Edit(module.location(each), texts[name]) for each, name in zip(own, names, strict=True) if each.arg != name]


def _renamed(app: App, override: Override, own: list[ast.arg], names: list[str]) -> list[Edit] | None:
    """Give the parameters the SDK's names, place by place, and their uses with them.

    None where a new name means something in the method already, or a call of the project passes the old one by name.
    """
    if len(own) != len(names):
        return None
    by_name = {each for call in override.calls for each in call.keywords}
    edits: list[Edit] = []
    for each, name in zip(own, names, strict=True):
        if each.arg == name or name not in by_name:
            continue
        if each.arg in names or _is_used(override, name) or _is_passed_by_name(app, override, each.arg):
            return None
        edits += _name_edits(app, override, each, name)
    return edits


def _is_used(override: Override, name: str) -> bool:
    return any(
        (isinstance(each, ast.Name) and each.id == name) or (isinstance(each, ast.arg) and each.arg == name)
        for each in walk(override.function)
    )


def _is_passed_by_name(app: App, override: Override, name: str) -> bool:
    calls = method_calls(app, override.function.name)
    return any(keyword.arg == name for _, call in calls for keyword in call.keywords)


def _name_edits(app: App, override: Override, parameter: ast.arg, name: str) -> Iterator[Edit]:
    module = override.module
    yield Edit(module.parameter_location(parameter), name)
    names = app.names(module)
    for each in walk(override.function):
        if isinstance(each, ast.Name) and each.id == parameter.arg:
            bound = names.lookup(each.id, each)
            if any(binding.node is parameter for binding in bound):
                yield Edit(module.location(each), name)


def _added(app: App, override: Override, present: dict[str, ast.arg], declared: list[Parameter]) -> list[Edit] | None:
    """Put the parameters that are absent behind the ones that the SDK has in front of them."""
    if list(present) != [each.name for each in declared if each.name in present]:
        return None
    module, arguments = override.module, override.function.args
    texts: dict[int, str] = {}
    before = arguments.args[0]
    for each in declared:
        if each.name in present:
            before = present[each.name]
            continue
        end = _end(module, arguments, before)
        annotation = _annotation(app, override, each)
        default = (" = None" if annotation else "=None") if _has_default(arguments, before) else ""
        gap = _line_break(module, before, end) or " "
        texts[end] = f"{texts.get(end, '')},{gap}{each.name}{f': {annotation}' if annotation else ''}{default}"
    return [Edit(module.source.location(end, end), text) for end, text in texts.items()]


def _line_break(module: Module, parameter: ast.arg, end: int) -> str:
    """Return the line break and the indent of a parameter that has a line to itself, "" for any other."""
    first = module.location(parameter).first.line
    start, line = module.source.line_start(first), module.source.line(first)
    indent, rest = line[: module.location(parameter).start - start], line[end - start :]
    return (
        f"{module.source.newline}{indent}"
        if not indent.strip() and end <= start + len(line) and rest.strip() in {"", ","}
        else ""
    )


def _has_default(arguments: ast.arguments, parameter: ast.arg) -> bool:
    return arguments.args.index(parameter) >= len(arguments.args) - len(arguments.defaults)


def _end(module: Module, arguments: ast.arguments, parameter: ast.arg) -> int:
    """Return where a parameter ends, with its default."""
    index = arguments.args.index(parameter) - (len(arguments.args) - len(arguments.defaults))
    return module.location(arguments.defaults[index] if index >= 0 else parameter).end


def _annotation(app: App, override: Override, parameter: Parameter) -> str | None:
    """Return a type that needs no import: of names that the file has, or as another method of the class has it."""
    if not (override.function.returns or any(each.annotation for each in override.function.args.args)):
        return None
    class_ = override.module.enclosing_class(override.function)
    for function in class_.body if class_ else ():
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            for each in (*function.args.args, *function.args.kwonlyargs):
                if each.arg == parameter.name and each.annotation:
                    return override.module.location(each.annotation).text
    names = [each.id for each in walk(ast.parse(parameter.annotation or "_")) if isinstance(each, ast.Name)]
    return parameter.annotation if all(_is_at_hand(app, override.module, name) for name in names) else None


def _is_at_hand(app: App, module: Module, name: str) -> bool:
    """Return whether a name of the SDK's annotations means the same in a file: a built-in, or imported by its name."""
    bound = app.names(module).module_level(name)
    return hasattr(builtins, name) or any(
        is_sdk(app, module, each.dotted) and each.dotted.endswith(f".{name}") for each in bound
    )
