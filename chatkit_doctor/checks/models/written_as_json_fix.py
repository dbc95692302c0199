"""The fix of a dump that JSON refuses: its times are dumped as texts."""

from __future__ import annotations

import ast
from collections import Counter

from chatkit_doctor.finding import Applicability, Edit, Fix
from chatkit_doctor.python.flow import own_nodes
from chatkit_doctor.python.module import FunctionNode, Module
from chatkit_doctor.remembered import remembered

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
    inside = arguments[1:-1].strip().rstrip(",")
    # The owner may stand in parentheses: `(await self.load_thread(…)).model_dump()`.
    text = f"{called.text.removesuffix(dump.func.attr)}{_DUMP}({', '.join(filter(None, (inside, _MODE)))})"
    return Fix(f"dump it with {_MODE}", Applicability.SAFE, lambda: [Edit(whole, text)])


def _is_only_written(module: Module, dump: ast.Call) -> bool:
    """Return whether what is dumped goes where it is written and nowhere else: to a call, or a name read once."""
    holder: ast.AST = dump
    for parent in module.ancestors(dump):
        if isinstance(parent, ast.Call) and not (isinstance(parent.func, ast.Name) and parent.func.id == "dict"):
            return holder is not parent.func
        if isinstance(parent, ast.stmt):
            function = module.enclosing_function(dump)
            target = parent.targets[0] if isinstance(parent, ast.Assign) else getattr(parent, "target", None)
            if isinstance(target, ast.Attribute):
                return True
            if not isinstance(target, ast.Name) or function is None:
                return False
            return _uses(module, function)[target.id] == len(_PAIR)
        holder = parent
    return False


@remembered
def _uses(_: Module, function: FunctionNode) -> Counter[str]:
    """Return how often a function has each name."""
    return Counter(each.id for each in own_nodes(function) if isinstance(each, ast.Name))
