"""The fix of a dump that JSON refuses: its times are dumped as texts."""

from __future__ import annotations

import ast

from chatkit_doctor.finding import Applicability, Edit, Fix
from chatkit_doctor.python.flow import own_nodes
from chatkit_doctor.python.module import Module

_DUMP, _MODE = "model_dump", 'mode="json"'
# A name is set once and read once.
_PAIR = ("set", "read")


def written_as_json_fix(module: Module, dump: ast.Call) -> Fix | None:
    """Return the fix of `item.model_dump()`, or of `item.dict()`.

    None where comments stand in the call, or something else may use the times that it gives.
    """
    assert isinstance(dump.func, ast.Attribute)
    called, whole = module.location(dump.func), module.location(dump)
    arguments = whole.text.removeprefix(called.text).strip()
    if not whole.text.startswith(called.text) or "#" in whole.text or not arguments.endswith(")"):
        return None
    if not _is_only_written(module, dump):
        return None
    owner = module.location(dump.func.value).text
    inside = arguments[1:-1].strip().rstrip(",")
    text = f"{owner}.{_DUMP}({', '.join(filter(None, (inside, _MODE)))})"
    return Fix(f"dump it with {_MODE}", Applicability.SAFE, lambda: [Edit(whole, text)])


def _is_only_written(module: Module, dump: ast.Call) -> bool:
    """Return whether what is dumped goes where it is written and nowhere else."""
    function = module.enclosing_function(dump)
    statement = next((each for each in module.ancestors(dump) if isinstance(each, ast.stmt)), None)
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)) if function is not None:
            return sum(isinstance(each, ast.Name) and each.id == name for each in own_nodes(function)) == len(_PAIR)
        case ast.Return():
            return _is_writing(statement.value)
    return not isinstance(statement, ast.Assign | ast.AnnAssign | ast.AugAssign)


def _is_writing(value: ast.expr | None) -> bool:
    """Return whether a function gives what a call made of the dump, and not the dump itself."""
    return isinstance(value, ast.Call) and isinstance(value.func, ast.Name | ast.Attribute) and bool(value.args)
