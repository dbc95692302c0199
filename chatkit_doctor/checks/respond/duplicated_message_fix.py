"""Return the fixes that leave out the second of two."""

from __future__ import annotations

import ast

from chatkit_doctor.backend.history.sent_twice import SentTwice
from chatkit_doctor.backend.turns.repeats import Repeat
from chatkit_doctor.finding import Applicability, Edit, Fix
from chatkit_doctor.python.module import Module
from chatkit_doctor.python.removal import without_statement


def not_stored_fix(repeat: Repeat) -> Fix | None:
    """Return the fix that does not store the item; None where the call's result is used or is all that a block does."""
    module = repeat.frame.module
    awaited = module.parents[repeat.call]
    statement = module.parents[awaited] if isinstance(awaited, ast.Await) else awaited
    edit = without_statement(module, statement) if isinstance(statement, ast.Expr) else None
    return _fix("leave the storing to the server", edit)


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
