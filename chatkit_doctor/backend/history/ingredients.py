"""Everything that a value is made of, followed back through names, loops, lists that grow and the project's functions.

Nothing is judged on the way: what only may have gone in is among the ingredients. What a condition asks is not.
"""

from __future__ import annotations

import ast
from collections import deque
from collections.abc import Callable, Container, Hashable, Iterable, Iterator
from typing import TypeVar

from chatkit_doctor.backend.history.origin import Analysis
from chatkit_doctor.backend.parameter_values import passed
from chatkit_doctor.backend.runs.frames import CallFrame, called
from chatkit_doctor.contracts.sdk.sdk_names import LOAD_ITEMS
from chatkit_doctor.project.app import App
from chatkit_doctor.python.flow import PlacedExpr, own_nodes, returned
from chatkit_doctor.python.module import FunctionNode, Module, names_set, walk
from chatkit_doctor.python.names import Binding, BindingKind
from chatkit_doctor.records import dataclass
from chatkit_doctor.remembered import remembered

T = TypeVar("T")
# The frame whose variable it is, and which of those: all that is seen of it is one list of bindings.
_Variable = tuple[CallFrame, int]

_MAX_STEPS = 3_000
# What gives nothing of its argument but a number or a yes.
_MEASURES = frozenset({"len", "isinstance", "bool", "any", "all", "hasattr", "type", "id"})


@dataclass(frozen=True, slots=True)
class Ingredient:
    """An expression and the frame that it is evaluated in."""

    frame: CallFrame
    expr: ast.expr


class Behind:
    """What some variables are made of. Many runs are given the same, and what is asked of them is answered once."""

    def __init__(self, ingredients: Ingredients, names: Iterable[Ingredient]) -> None:
        self._ingredients = ingredients
        self._names = tuple(names)
        self._answers: dict[tuple[Hashable, ...], object] = {}

    @property
    def parts(self) -> tuple[Ingredient, ...]:
        """Return what the variables are made of, without the names that stand for them."""
        return self._ingredients.behind(self, self._names)

    def told(self, tells: Callable[..., T], *args: Hashable) -> T:
        """Return what a function says of the parts."""
        question = (tells, *args)
        if question not in self._answers:
            self._answers[question] = tells(self.parts, *args)
        return self._answers[question]  # type: ignore[return-value]


def _has(parts: Iterable[Ingredient], asks: Callable[..., bool], *args: Hashable) -> bool:
    return any(asks(each, *args) for each in parts)


@dataclass(frozen=True, slots=True)
class Made:
    """What a value is made of.

    own: what is written for it, the expression itself first. behind: what the variables among that are made of.
    """

    own: tuple[Ingredient, ...]
    behind: Behind

    def has(self, asks: Callable[..., bool], *args: Hashable) -> bool:
        """Return whether a question is answered with yes for one of the ingredients."""
        return _has(self.own, asks, *args) or self.behind.told(_has, asks, *args)

    def new_parts(self, done: set[Behind]) -> tuple[Ingredient, ...]:
        """Return the ingredients, those behind variables only where these are not done; then they are."""
        if self.behind in done:
            return self.own
        done.add(self.behind)
        return (*self.own, *self.behind.parts)


class Ingredients:
    """What the values of one app are made of."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._analysis = Analysis(app)
        self._inner: dict[tuple[CallFrame, ast.Call], CallFrame | None] = {}
        self._frames: dict[tuple[Module, FunctionNode | None], CallFrame] = {}
        self._behind: dict[frozenset[_Variable], Behind] = {}
        # They are asked for one after the other, and all together would be very many.
        self._last: tuple[Behind, tuple[Ingredient, ...]] | None = None

    def of(self, frame: CallFrame, expr: ast.expr) -> Made:
        """Return what a value is made of."""
        shared: dict[_Variable, Ingredient] = {}
        own = self._walk((Ingredient(frame, expr),), shared, frozenset(frame.frames))
        variables = frozenset(shared)
        if variables not in self._behind:
            self._behind[variables] = Behind(self, shared.values())
        return Made(own, self._behind[variables])

    def behind(self, asked: Behind, names: tuple[Ingredient, ...]) -> tuple[Ingredient, ...]:
        """Return what the variables that some names stand for are made of."""
        if self._last is None or self._last[0] is not asked:
            self._last = asked, self._walk(names)[len(names) :]
        return self._last[1]

    def _walk(
        self,
        starts: tuple[Ingredient, ...],
        shared: dict[_Variable, Ingredient] | None = None,
        around: Container[CallFrame] = (),
    ) -> tuple[Ingredient, ...]:
        """Return some ingredients and what they are made of.

        shared: takes the variables of the frames around, one name for each, and they are not followed. Those of the
        functions that are called on the way are of this value alone.
        """
        found = {(each.frame, each.expr): each for each in starts}
        waiting = deque(starts)
        named: set[_Variable] = set()
        while waiting and len(found) < _MAX_STEPS:
            at = waiting.popleft()
            bindings = self._bindings(at)
            if bindings:
                # All uses of a variable have one list of bindings, and are made of the same.
                owner = self._owner(at.frame, bindings[0])
                variable = owner, id(bindings)
                if variable in named:
                    continue
                named.add(variable)
                if shared is not None and (owner in around or owner.call is None):
                    shared[variable] = at
                    continue
            for each in self._bound(at, bindings) if bindings else self._steps(at):
                if (each.frame, each.expr) not in found:
                    found[each.frame, each.expr] = each
                    waiting.append(each)
        return tuple(found.values())

    def _bindings(self, at: Ingredient) -> list[Binding]:
        """Return what binds the variable that an ingredient is; nothing for any other, or in the loop that sets it."""
        if not isinstance(at.expr, ast.Name) or loop_over(at.frame.module, at.expr) is not None:
            return []
        return self._app.names(at.frame.module).lookup(at.expr.id, at.expr)

    def _steps(self, at: Ingredient) -> Iterator[Ingredient]:
        """Yield what an ingredient that is no variable is made of."""
        frame, expr = at.frame, at.expr
        if isinstance(expr, ast.Name):
            loop = loop_over(frame.module, expr)
            yield from (Ingredient(frame, loop),) if loop is not None else ()
        elif isinstance(expr, ast.Call):
            yield from self._of_call(frame, expr)
        elif isinstance(expr, ast.Attribute) and isinstance(expr.value, ast.Name) and expr.value.id == "self":
            for value in self._app.flow.sources(frame.module, expr):
                if value.expr is not expr:
                    yield Ingredient(self._alone(value.module, value.module.enclosing_function(value.expr)), value.expr)
        else:
            yield from (Ingredient(frame, each) for each in _parts(expr))

    def _bound(self, variable: Ingredient, bindings: list[Binding]) -> Iterator[Ingredient]:
        frame, name = variable.frame, variable.expr
        assert isinstance(name, ast.Name)
        for binding in bindings:
            owner = self._owner(frame, binding)
            if binding.kind is BindingKind.PARAMETER:
                yield from self._passed(owner, name)
            elif binding.kind is BindingKind.IMPORT:
                for value in self._app.flow.sources(frame.module, name):
                    if value.expr is not name:
                        yield Ingredient(self._alone(value.module, None), value.expr)
            elif (value_of := bound_to(frame, binding)) is not None:
                yield Ingredient(owner, value_of)
        owner = self._owner(frame, bindings[0])
        if owner.function is not None:
            yield from (Ingredient(owner, each) for each in self._analysis.growth(owner.function).get(name.id, ()))

    def _owner(self, frame: CallFrame, binding: Binding) -> CallFrame:
        """Return the frame whose variable a binding is: this one, or one that it was reached through."""
        outer: CallFrame | None = frame
        while outer is not None and outer.function is not binding.scope:
            outer = outer.parent
        return outer or self._alone(frame.module, None)

    def _alone(self, module: Module, function: FunctionNode | None) -> CallFrame:
        """Return the frame of a function that is looked at without a call of it."""
        return self._frames.setdefault((module, function), CallFrame(module, function))

    def _passed(self, frame: CallFrame, name: ast.Name) -> Iterator[Ingredient]:
        """Yield what a parameter may be: what the call passes for it, or where none is known what any call does."""
        if frame.call is None:
            for value in passed(self._app, PlacedExpr(frame.module, name)):
                yield Ingredient(self._alone(value.module, value.module.enclosing_function(value.expr)), value.expr)
            return
        given = frame.argument(name.id)
        if given is not None and frame.parent is not None:
            yield Ingredient(frame.parent, given)
        elif (default := frame.default(name.id)) is not None:
            yield Ingredient(self._alone(frame.module, None), default)

    def _of_call(self, frame: CallFrame, call: ast.Call) -> Iterator[Ingredient]:
        func = call.func
        if isinstance(func, ast.Attribute) and func.attr == LOAD_ITEMS:
            return
        if isinstance(func, ast.Name) and func.id in _MEASURES:
            return
        if (frame, call) not in self._inner:
            self._inner[frame, call] = called(self._app, frame, call)
        inner = self._inner[frame, call]
        if inner is not None and inner.function is not None:
            yields = (node.value for node in own_nodes(inner.function) if isinstance(node, ast.Yield))
            yield from (Ingredient(inner, each) for each in (*returned(inner.function), *filter(None, yields)))
            return
        if isinstance(func, ast.Attribute):
            yield Ingredient(frame, func.value)
        yield from (Ingredient(frame, each) for each in (*call.args, *(each.value for each in call.keywords)))


@remembered
def loop_over(module: Module, name: ast.Name) -> ast.expr | None:
    """Return what the nearest loop around a name runs over, where it is the loop that binds the name."""
    below: ast.AST = name
    for parent in module.ancestors(name):
        if isinstance(parent, FunctionNode | ast.Lambda | ast.ClassDef):
            return None
        if isinstance(parent, ast.For | ast.AsyncFor) and below in parent.body and _binds(parent.target, name.id):
            return None if name.id in _set_in(module, parent) else parent.iter
        below = parent
    return None


@remembered
def _set_in(_: Module, loop: ast.For | ast.AsyncFor) -> frozenset[str]:
    """Return the names that get a value in the body of a loop."""
    return names_set(each for statement in loop.body for each in walk(statement))


def _binds(target: ast.expr, name: str) -> bool:
    return any(isinstance(each, ast.Name) and each.id == name for each in walk(target))


def bound_to(frame: CallFrame, binding: Binding) -> ast.expr | None:
    """Return what a name is bound to: the value assigned, what a loop runs over, what a `with` enters."""
    if binding.kind is BindingKind.ASSIGNMENT:
        return binding.value
    if binding.kind is not BindingKind.OTHER:
        return None
    for parent in frame.module.ancestors(binding.node):
        if isinstance(parent, ast.For | ast.AsyncFor | ast.comprehension):
            return parent.iter
        if isinstance(parent, ast.Assign | ast.AugAssign | ast.AnnAssign):
            return parent.value
        if isinstance(parent, ast.withitem):
            return parent.context_expr
        if isinstance(parent, ast.stmt | ast.excepthandler):
            break
    return None


def _parts(expr: ast.expr) -> Iterator[ast.expr]:
    match expr:
        case ast.IfExp(body=first, orelse=second) | ast.BinOp(left=first, right=second):
            yield from (first, second)
        case ast.BoolOp(values=several) | ast.JoinedStr(values=several) | ast.Dict(values=several):
            yield from several
        case ast.List(elts=several) | ast.Tuple(elts=several) | ast.Set(elts=several):
            yield from several
        case ast.ListComp() | ast.SetComp() | ast.GeneratorExp():
            yield from (expr.elt, *(each.iter for each in expr.generators))
        case ast.DictComp():
            yield from (expr.value, *(each.iter for each in expr.generators))
        case ast.Attribute(value=inner):
            yield inner
        case ast.Await() | ast.Starred() | ast.NamedExpr() | ast.FormattedValue() | ast.Subscript():
            yield expr.value
