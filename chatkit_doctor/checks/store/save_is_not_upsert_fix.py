"""A `save_item` that looks for the item in the list to which the store's `add_thread_item` appends it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chatkit_doctor.backend.stores.saving import Saved, Saving
from chatkit_doctor.checks.store.method_body import is_text, parameters
from chatkit_doctor.contracts.sdk.sdk_names import ADD_ITEM, SAVE_ITEM
from chatkit_doctor.finding import Applicability, Edit, Fix
from chatkit_doctor.python.inserted_names import free_name
from chatkit_doctor.python.insertion import has_own_lines, indent_of, step_of
from chatkit_doctor.python.module import FunctionNode, Module, walk

_REPLACING = (Saving.DOUBLED, Saving.NOTHING)


def replacing_fix(saved: Saved) -> Fix | None:
    """Return the fix of a store that keeps the items of a thread in a list; None for any other."""
    method, added = saved.method, saved.store.method(ADD_ITEM)
    if method.name != SAVE_ITEM or saved.outcome not in _REPLACING or added is None:
        return None
    if added.module is not method.module or parameters(added.function) != parameters(method.function):
        return None
    if any(isinstance(each, ast.Return) for each in walk(method.function)):
        return None
    appended = next(_appends(added.function), None)
    if appended is None:
        return None
    edit = _edit(method.module, method.function, appended, is_empty=not method.statements)
    return Fix("replace the item of the same id", Applicability.UNSAFE, lambda: [edit]) if edit else None


def _appends(function: FunctionNode) -> Iterator[tuple[ast.Subscript, ast.expr]]:
    """Yield the entry of a dict to which a method appends its item: `self.items[thread_id].append(item)`."""
    names = parameters(function)
    if len(names) < 3:
        return
    for each in walk(function):
        match each:
            case ast.Call(
                func=ast.Attribute(
                    value=ast.Subscript(value=ast.Attribute(), slice=ast.Name(id=key)) as holder, attr="append"
                ),
                args=[value],
            ) if key == names[1] and any(isinstance(part, ast.Name) and part.id == names[2] for part in walk(value)):
                yield holder, value


def _edit(
    module: Module, function: FunctionNode, appended: tuple[ast.Subscript, ast.expr], *, is_empty: bool
) -> Edit | None:
    """Return the edit that looks for the item first; what the method did before is done where there is none."""
    holder, value = appended
    _, thread, item, *more = parameters(function)
    place, table = module.location(holder).text, module.location(holder.value).text
    statements = [each for each in function.body if not is_text(each)]
    # Behind what makes another item of the one that is given, such as a copy.
    first = next((each for each in statements if is_empty or not _rebinds(each, item)), None)
    if first is None or not has_own_lines(module, function):
        return None
    indent, step = indent_of(module, first), step_of(module, first, function)
    index, existing = (free_name(module, wanted, within=function) for wanted in ("index", "existing"))
    lines = [
        f"for {index}, {existing} in enumerate({table}.get({thread}, [])):",
        f"{step}if {existing}.id == {item}.id:",
        f"{step * 2}{place}[{index}] = {module.location(value).text}",
        f"{step * 2}return",
    ]
    newline = module.source.newline
    text = newline.join(f"{indent}{each}" for each in lines).removeprefix(indent)
    if is_empty:
        end = f"{newline}{indent}await self.{ADD_ITEM}({', '.join((thread, item, *more))})"
        return Edit(module.location(first), f"{text}{end}")
    at = module.location(first)
    return Edit(module.source.location(at.start, at.start), f"{text}{newline}{indent}")


def _rebinds(statement: ast.stmt, name: str) -> bool:
    """Return whether a statement gives a name something else that is made of what it has."""
    match statement:
        case ast.Assign(targets=[ast.Name(id=target)], value=value) if target == name:
            return any(isinstance(each, ast.Name) and each.id == name for each in walk(value))
    return False
