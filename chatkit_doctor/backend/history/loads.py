"""The calls that load what a run is given of a thread: which end of it, how much, and whether they go on to the end."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chatkit_doctor.backend.history.ingredients import Behind, Ingredient, Ingredients
from chatkit_doctor.backend.runs.arguments import argument
from chatkit_doctor.backend.runs.frames import CallFrame, framed_runs, own_calls, turns
from chatkit_doctor.contracts.sdk.model_calls import chain_methods, is_chain
from chatkit_doctor.contracts.sdk.sdk_names import LOAD_ITEMS
from chatkit_doctor.project.app import App
from chatkit_doctor.python.flow import PlacedExpr
from chatkit_doctor.python.module import Module, is_none
from chatkit_doctor.records import dataclass

# The places of the SDK's parameters in a call.
_AFTER, _LIMIT, _ORDER = (1, "after"), (2, "limit"), (3, "order")


@dataclass(frozen=True, slots=True)
class Load:
    """A call of `load_thread_items` whose result is part of what a model is given; the frame is of its function."""

    frame: CallFrame
    call: ast.Call

    @property
    def order(self) -> ast.expr | None:
        """Return what says from which end it loads."""
        return argument(self.call, *_ORDER)

    @property
    def limit(self) -> ast.expr | None:
        """Return what says how many items it loads."""
        return argument(self.call, *_LIMIT)

    @property
    def after(self) -> ast.expr | None:
        """Return what says behind which item it begins."""
        return argument(self.call, *_AFTER)


def history_loads(app: App) -> tuple[Load, ...]:
    """Return the loads of stored items that runs are given, each call once."""
    return app.derive(_history_loads)


def _history_loads(app: App) -> tuple[Load, ...]:
    if not any(LOAD_ITEMS in module.source.text for module in app.modules()):
        return ()
    ingredients = Ingredients(app)
    found: dict[ast.Call, Load] = {}
    done: set[Behind] = set()
    for given in model_inputs(app):
        for each in ingredients.of(given.frame, given.expr).new_parts(done):
            if isinstance(each.expr, ast.Call) and is_load(each.expr):
                found.setdefault(each.expr, Load(each.frame, each.expr))
    return tuple(found.values())


def model_inputs(app: App) -> Iterator[Ingredient]:
    """Yield what runs of agents, calls of models and LangChain's models are given, in the functions they stand in."""
    yield from (Ingredient(each.frame, each.run.input) for each in framed_runs(app) if each.run.input is not None)
    yield from _chain_inputs(app)


def _chain_inputs(app: App) -> Iterator[Ingredient]:
    """Yield what the turns give to models of LangChain's."""
    for frame in turns(app):
        for call in own_calls(frame):
            func = call.func if call.args and isinstance(call.func, ast.Attribute) else None
            if func is not None and func.attr in chain_methods() and _is_of_chain(app, frame.module, func.value):
                yield Ingredient(frame, call.args[0])


def _is_of_chain(app: App, module: Module, expr: ast.expr) -> bool:
    """Return whether a value is a model of LangChain's, or put together with one: `prompt | model`."""
    for each in app.flow.sources(module, expr):
        app.budget.spend()
        if isinstance(each.expr, ast.BinOp) and isinstance(each.expr.op, ast.BitOr):
            return any(_is_of_chain(app, each.module, part) for part in (each.expr.left, each.expr.right))
        if is_chain(_class_of(app, each)):
            return True
    return False


def _class_of(app: App, made: PlacedExpr) -> str:
    """Return the dotted name of the class that a call makes an object of, empty where it makes none."""
    func = made.expr.func if isinstance(made.expr, ast.Call) else None
    return app.names(made.module).qualified(func) or ""


def is_load(expr: ast.expr) -> bool:
    """Return whether an expression asks a store for items of a thread."""
    return isinstance(expr, ast.Call) and isinstance(expr.func, ast.Attribute) and expr.func.attr == LOAD_ITEMS


def constants(app: App, frame: CallFrame, expr: ast.expr | None) -> list[object] | None:
    """Return the constants that an expression may be, None where it may be anything else."""
    if expr is None:
        return None
    found: list[object] = []
    for each in _ends(app, frame, expr):
        if not isinstance(each.expr, ast.Constant):
            return None
        found.append(each.expr.value)
    return found


def begins_anywhere(app: App, load: Load) -> bool:
    """Return whether a load may begin behind an item, as one does that goes through all pages."""
    return load.after is not None and not all(is_none(each.expr) for each in _ends(app, load.frame, load.after))


def _ends(app: App, frame: CallFrame, expr: ast.expr) -> Iterator[Ingredient]:
    """Yield what an expression's value can be in the end, parameters followed to what is passed for them."""
    for value in app.flow.sources(frame.module, expr):
        given = frame.argument(value.expr.id) if isinstance(value.expr, ast.Name) else None
        default = frame.default(value.expr.id) if isinstance(value.expr, ast.Name) else None
        if given is not None and frame.parent is not None:
            yield from _ends(app, frame.parent, given)
        elif frame.call is not None and default is not None:
            yield Ingredient(CallFrame(frame.module, None), default)
        else:
            yield Ingredient(frame, value.expr)
