"""Where a project uses a method: on which objects, and whether what a call gives is awaited there or later."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chatkit_doctor.backend.overrides import overrides
from chatkit_doctor.project.app import App
from chatkit_doctor.python.hierarchy import ClassId, ClassView
from chatkit_doctor.python.module import FunctionNode, Module, walk
from chatkit_doctor.records import dataclass

_THIS = frozenset({"self", "cls"})
# What takes something to await and awaits it, by its last name: of asyncio, anyio and event loops.
_AWAITS_ITS_ARGUMENTS = frozenset(
    {
        *("gather", "create_task", "ensure_future", "wait_for", "run", "shield", "wait", "as_completed", "Task"),
        *("run_until_complete", "run_coroutine_threadsafe", "run_async", "async_to_sync", "add_task", "start_soon"),
    }
)
_HOLDS = (ast.Starred, ast.List, ast.Tuple, ast.Set, ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.keyword)


_NAMES = ("store", "converter", "server")
# Of objects that nobody knows. Where there are more, nobody can say what a change of the method means.
_MOST_UNKNOWN = 200


@dataclass(frozen=True, slots=True, eq=False)
class MethodUse:
    """A method taken from an object, other than to read something of the method itself.

    function: the method that it surely is. of: the project's class that the object is of, or of one below it.
    """

    module: Module
    taken: ast.Attribute
    function: FunctionNode | None
    of: ast.ClassDef | None

    def may_be_of(self, owner: ast.ClassDef | None) -> bool:
        """Return whether the object may be one of a class: not where the class itself keeps it for its own use."""
        receiver = self.taken.value
        is_kept = isinstance(receiver, ast.Attribute) and getattr(receiver.value, "id", "") in _THIS
        return not (is_kept and self.of is None and self.module.enclosing_class(self.taken) is owner)

    @property
    def is_named_for_it(self) -> bool:
        """Return whether the object is called what people call those that ChatKit is given."""
        name = _last_name(self.taken.value).lower()
        return any(word in name for word in _NAMES)

    @property
    def call(self) -> ast.Call | None:
        """Return the call of the method, None where it is handed on."""
        parent = self.module.parents[self.taken]
        return parent if isinstance(parent, ast.Call) and parent.func is self.taken else None

    @property
    def awaiting(self) -> ast.Await | None:
        """Return what awaits in place what a call gives."""
        parent = self.module.parents[self.call] if self.call is not None else None
        return parent if isinstance(parent, ast.Await) else None


def method_uses(app: App, function: FunctionNode, owner: ast.ClassDef | None) -> list[MethodUse] | None:
    """Return the uses of a method in all modules, those on objects that may have it included.

    None where there are too many of these, or where a file that speaks of it does not parse.
    """
    uses = app.derive(_uses)
    if uses is None:
        return None
    view = app.hierarchy.view(owner) if owner is not None else None
    above = [each.node for each in view.classes] if view is not None else []
    unknown = uses.get((function.name, None), [])
    if len(unknown) > _MOST_UNKNOWN:
        return None
    own = uses.get((function.name, function), [])
    of_bases = [each for node in above for each in uses.get((function.name, node), ()) if each.function is not function]
    return [*own, *unknown, *of_bases]


def _uses(app: App) -> dict[tuple[str, ast.AST | None], list[MethodUse]] | None:
    """Return the uses of all methods that the SDK calls: by name, and the method, the object's class, or neither."""
    names = {each.function.name for each in overrides(app)}
    found: dict[tuple[str, ast.AST | None], list[MethodUse]] = {}
    speaking = app.derive(_speaking)
    if speaking is None:
        return None
    for module in speaking:
        for taken in module.nodes(ast.Attribute):
            is_read = taken.attr in names and isinstance(taken.ctx, ast.Load)
            # What is read of the method itself (`store.load.called`, of a double) is no use of it.
            if is_read and not isinstance(module.parents[taken], ast.Attribute):
                use = _use(app, module, taken)
                for key in {use.function, use.of} - {None} or {None}:
                    found.setdefault((taken.attr, key), []).append(use)
    return found


def _speaking(app: App) -> tuple[Module, ...] | None:
    """Return the Python files of an app that speak of a method which the SDK calls; None where one does not parse.

    They need not say anything of ChatKit, nor import what does: a store is handed to a function like anything else.
    """
    names = tuple({each.function.name.encode() for each in overrides(app)})
    found: list[Module] = []
    for path in app.files:
        if path.suffix != ".py" or not app.mentions(path, names):
            continue
        # Whether a file that is none of the rule's business parses is not to be reported.
        source = app.read(path)
        module = app.module(path) if source is not None and _parses(source.text) else None
        if module is None:
            return None
        found.append(module)
    return tuple(found)


def _parses(text: str) -> bool:
    try:
        ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return False
    return True


def others_of_the_name(app: App, name: str, functions: set[FunctionNode]) -> Iterator[FunctionNode]:
    """Yield the methods of a name that are none of these."""
    yield from (each for each in app.derive(_methods).get(name, ()) if each not in functions)


def _methods(app: App) -> dict[str, list[FunctionNode]]:
    found: dict[str, list[FunctionNode]] = {}
    for module in app.derive(_speaking) or ():
        for each in module.functions():
            if isinstance(module.parents[each], ast.ClassDef):
                found.setdefault(each.name, []).append(each)
    return found


def _use(app: App, module: Module, taken: ast.Attribute) -> MethodUse:
    around = module.enclosing_class(taken)
    view = ClassView(app.symbols, ClassId(module, around)) if around is not None else None
    if _is_super(taken.value):
        above = view.classes[1:] if view is not None else ()
        methods = (method for each in above if (method := _method(each.node, taken.attr)) is not None)
        return MethodUse(module, taken, next(methods, None), None)
    if not (isinstance(taken.value, ast.Name) and taken.value.id in _THIS):
        view = app.flow.class_of(module, taken.value)
    reached = view.method(taken.attr) if view is not None else None
    return MethodUse(
        module, taken, reached[1] if reached is not None else None, view.own.node if view is not None else None
    )


def _method(node: ast.ClassDef, name: str) -> FunctionNode | None:
    for each in node.body:
        if isinstance(each, FunctionNode) and each.name == name:
            return each
    return None


def _is_super(expr: ast.expr) -> bool:
    return isinstance(expr, ast.Call) and isinstance(expr.func, ast.Name) and expr.func.id == "super"


def is_awaited_elsewhere(module: Module, call: ast.Call) -> bool:
    """Return whether what a call gives is handed to what awaits it, or has a name that is awaited later."""
    return _is_handed_to_what_awaits(module, call) or any(
        isinstance(module.parents[each], ast.Await) or _is_handed_to_what_awaits(module, each)
        for each in _named_uses(module, call)
    )


def is_taken_as_it_is(module: Module, call: ast.Call) -> bool:
    """Return whether nothing awaits what a call gives: it is dropped, put into a text or a model, or only read."""
    parent = module.parents[call]
    if isinstance(parent, ast.Expr | ast.FormattedValue):
        return True
    around = module.parents[parent] if isinstance(parent, ast.keyword) else parent
    if isinstance(around, ast.Call) and around.func is not call:
        return _last_name(around.func)[:1].isupper() and not _is_handed_to_what_awaits(module, call)
    uses = list(_named_uses(module, call))
    return bool(uses) and all(
        isinstance(module.parents[each], ast.Attribute | ast.Subscript | ast.FormattedValue | ast.Compare)
        or (isinstance(each_call := module.parents[each], ast.Call) and is_taken_as_it_is_in(each_call))
        for each in uses
    )


def is_taken_as_it_is_in(call: ast.Call) -> bool:
    """Return whether a call awaits none of its arguments: it makes an object of a class."""
    name = _last_name(call.func)
    return name[:1].isupper() and name not in _AWAITS_ITS_ARGUMENTS


def _named_uses(module: Module, call: ast.Call) -> Iterator[ast.Name]:
    """Yield where a name is read that a call's result is assigned to, in the function around it."""
    parent = module.parents[call]
    targets = (
        parent.targets
        if isinstance(parent, ast.Assign)
        else [parent.target]
        if isinstance(parent, ast.AnnAssign)
        else []
    )
    names = {each.id for each in targets if isinstance(each, ast.Name)}
    if not names:
        return
    around = next((each for each in module.ancestors(call) if isinstance(each, FunctionNode)), module.tree)
    for each in walk(around):
        if isinstance(each, ast.Name) and each.id in names and isinstance(each.ctx, ast.Load):
            yield each


def _is_handed_to_what_awaits(module: Module, node: ast.expr) -> bool:
    below: ast.AST = node
    for each in module.ancestors(node):
        if isinstance(each, ast.Call):
            return each.func is not below and _last_name(each.func) in _AWAITS_ITS_ARGUMENTS
        if not isinstance(each, _HOLDS):
            return False
        below = each
    return False


def _last_name(func: ast.expr) -> str:
    return func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")
