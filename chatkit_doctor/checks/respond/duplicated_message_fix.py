"""Return the fixes that leave out the second of two."""

from __future__ import annotations

import ast

from chatkit_doctor.backend.history.sent_twice import SentTwice
from chatkit_doctor.backend.turns.repeats import Repeat
from chatkit_doctor.finding import Applicability, Edit, Fix
from chatkit_doctor.python.module import FunctionNode, Module, walk
from chatkit_doctor.python.removal import without_statement
from chatkit_doctor.remembered import remembered


def not_stored_fix(repeat: Repeat) -> Fix | None:
    """Return the fix that does not store the item.

    None where the call's result is used or is all that a block does, or the item is looked for afterwards by its id.
    """
    module = repeat.frame.module
    if _is_looked_for(module, repeat):
        return None
    awaited = module.parents[repeat.call]
    statement = module.parents[awaited] if isinstance(awaited, ast.Await) else awaited
    edit = without_statement(module, statement) if isinstance(statement, ast.Expr) else None
    return _fix("leave the storing to the server", edit)


def _is_looked_for(module: Module, repeat: Repeat) -> bool:
    """Return whether a name that an item is made of is compared, as to leave the item out of the history."""
    function = module.enclosing_function(repeat.call)
    if function is None or not isinstance(repeat.item, ast.Name):
        return False
    return not _made_of(module, function).get(repeat.item.id, set()).isdisjoint(_compared(module, function))


@remembered
def _made_of(_: Module, function: FunctionNode) -> dict[str, set[str]]:
    """Return the names in what a function sets each of its variables to."""
    found: dict[str, set[str]] = {}
    for each in walk(function):
        if isinstance(each, ast.Assign):
            names = {name.id for name in walk(each.value) if isinstance(name, ast.Name)}
            for target in each.targets:
                if isinstance(target, ast.Name):
                    found.setdefault(target.id, set()).update(names)
    return found


@remembered
def _compared(_: Module, function: FunctionNode) -> frozenset[str]:
    comparisons = (each for each in walk(function) if isinstance(each, ast.Compare))
    sides = (each for comparison in comparisons for each in (comparison.left, *comparison.comparators))
    return frozenset(each.id for each in sides if isinstance(each, ast.Name))


def not_sent_fix(sent: SentTwice) -> Fix | None:
    """Return the fix that gives the model the history alone; None where the message is one of several beside it."""
    return _fix("give the model the loaded history alone", _without(sent))


def _fix(title: str, edit: Edit | None) -> Fix | None:
    return Fix(title, Applicability.UNSAFE, lambda: (edit,)) if edit is not None else None


def _without(sent: SentTwice) -> Edit | None:
    module = sent.frame.module
    parent = module.parents[sent.expr]
    whole: ast.AST = sent.expr
    if isinstance(parent, ast.List):
        if len(parent.elts) == 2 and isinstance(sent.beside, ast.Starred) and sent.beside in parent.elts:
            return Edit(module.location(parent), module.location(sent.beside.value).text)
        if len(parent.elts) > 1:
            return None
        whole, parent = parent, module.parents[parent]
    match parent:
        case ast.BinOp():
            return Edit(module.location(parent), module.location(sent.beside).text)
        case ast.AugAssign():
            return without_statement(module, parent)
        case ast.Call(args=[*_, last]) if last is whole:
            return _without_call(module, parent)
    return None


def _without_call(module: Module, call: ast.Call) -> Edit | None:
    statement = module.parents[call]
    return without_statement(module, statement) if isinstance(statement, ast.Expr) else None
