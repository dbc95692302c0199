"""Return the fix that loads a thread's newest items and turns them round."""

from __future__ import annotations

import ast

from chatkit_doctor.backend.history.loads import Load
from chatkit_doctor.finding import Applicability, Edit, Fix
from chatkit_doctor.project.app import App
from chatkit_doctor.python.flow import own_nodes
from chatkit_doctor.python.module import Module
from chatkit_doctor.python.names import BindingKind

_ITEMS = "data"
# What gives the same of items in any order.
_SAME_IN_ANY_ORDER = frozenset({"len", "bool", "any", "all", "sorted", "set"})


def newest_items_fix(app: App, load: Load) -> Fix | None:
    """Return the fix that loads the newest items and turns them round wherever they are used.

    None where the order is not written in the call, or where the page goes further than its items.
    """
    module, order = load.frame.module, load.order
    uses = _uses(app, module, load.call)
    if not isinstance(order, ast.Constant) or uses is None:
        return None

    def build() -> tuple[Edit, ...]:
        at = module.location(order)
        quote = at.text[0] if at.text[0] in "\"'" else '"'
        return (Edit(at, f"{quote}desc{quote}"), *(_turned(module, each) for each in uses))

    title = "load the newest items and put them in the order they were written"
    return Fix(title, Applicability.UNSAFE, build)


def _uses(app: App, module: Module, call: ast.Call) -> list[ast.Attribute] | None:
    """Return where the loaded items are taken out of their page, None where anything else is done with the page."""
    loaded = module.parents[call]
    if not isinstance(loaded, ast.Await):
        return None
    taken = module.parents[loaded]
    if isinstance(taken, ast.Attribute):
        return [taken] if taken.attr == _ITEMS and not _is_turned(module, taken) else None
    name = _only_name(app, module, taken)
    function = module.enclosing_function(call)
    if name is None or function is None:
        return None
    found: list[ast.Attribute] = []
    for node in own_nodes(function):
        if not isinstance(node, ast.Name) or node.id != name or isinstance(node.ctx, ast.Store):
            continue
        use = module.parents[node]
        if not isinstance(use, ast.Attribute) or use.attr != _ITEMS or not isinstance(use.ctx, ast.Load):
            return None
        if _is_turned(module, use):
            return None
        if not _gives_the_same(module, use):
            found.append(use)
    return found or None


def _only_name(app: App, module: Module, statement: ast.AST) -> str | None:
    """Return the name that a page is assigned to, where nothing else is."""
    match statement:
        case ast.Assign(targets=[ast.Name(id=name) as target]) | ast.AnnAssign(target=ast.Name(id=name) as target):
            bindings = app.names(module).lookup(name, target)
            return name if [each.kind for each in bindings[:2]] == [BindingKind.ASSIGNMENT] else None
    return None


def _is_turned(module: Module, use: ast.Attribute) -> bool:
    """Return whether somebody turns the items round, or asks for one by its place."""
    parent = module.parents[use]
    if isinstance(parent, ast.Call) and isinstance(parent.func, ast.Name) and parent.func.id == "reversed":
        return True
    return isinstance(parent, ast.Subscript | ast.Attribute)


def _gives_the_same(module: Module, use: ast.Attribute) -> bool:
    """Return whether the order of the items makes no difference here."""
    parent = module.parents[use]
    if isinstance(parent, ast.Call) and isinstance(parent.func, ast.Name) and use in parent.args:
        return parent.func.id in _SAME_IN_ANY_ORDER
    tested = isinstance(parent, ast.If | ast.IfExp | ast.While) and parent.test is use
    return tested or isinstance(parent, ast.UnaryOp) or (isinstance(parent, ast.BoolOp) and _is_tested(module, parent))


def _is_tested(module: Module, expr: ast.expr) -> bool:
    parent = module.parents[expr]
    if isinstance(parent, ast.BoolOp | ast.UnaryOp):
        return _is_tested(module, parent)
    return isinstance(parent, ast.If | ast.IfExp | ast.While) and parent.test is expr


def _turned(module: Module, use: ast.Attribute) -> Edit:
    """Return the edit that turns items round: by `reversed` where they are gone through, else by a slice."""
    at = module.location(use)
    parent = module.parents[use]
    gone_through = isinstance(parent, ast.For | ast.comprehension) and parent.iter is use
    if isinstance(parent, ast.Call) and isinstance(parent.func, ast.Name) and use in parent.args:
        gone_through = gone_through or parent.func.id in {"list", "tuple"}
    return Edit(at, f"reversed({at.text})" if gone_through or isinstance(parent, ast.Starred) else f"{at.text}[::-1]")
