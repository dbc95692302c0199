"""Which of ChatKit's models the value of a name is, where that is sure."""

from __future__ import annotations

import ast

from chatkit_doctor.backend.contract import contract_for
from chatkit_doctor.backend.models.names import sdk_name
from chatkit_doctor.backend.overrides import overrides
from chatkit_doctor.contracts.sdk.models import Type
from chatkit_doctor.contracts.sdk.sdk_names import EVENT, PAGE, STORE, STREAM
from chatkit_doctor.project.app import App
from chatkit_doctor.python.flow import returned
from chatkit_doctor.python.module import FunctionNode, Module, is_none, walk
from chatkit_doctor.python.names import Binding, BindingKind
from chatkit_doctor.records import dataclass
from chatkit_doctor.words import last_part

_MAX_DEPTH = 12
_SDK = "chatkit."


@dataclass(frozen=True, slots=True)
class Shape:
    """What a value is: of one of these models (dotted names). name: the model, or the union that they are of.

    items: what a page holds, or a list. Without models it is a list.
    """

    models: frozenset[str]
    name: str
    items: Shape | None = None


class Shapes:
    """The shapes of one app's values."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._trusted = _store_keeps_to_models(app)
        self._known: dict[tuple[Module, int], Shape | None] = {}

    def of(self, module: Module, expr: ast.expr, depth: int = 0) -> Shape | None:
        """Return the shape of an expression's value, None where it may be anything."""
        if depth > _MAX_DEPTH:
            return None
        match expr:
            case ast.Await(value=inner):
                return self.of(module, inner, depth + 1)
            case ast.Name():
                return self._of_name(module, expr, depth)
            case ast.Attribute(value=owner, attr="data"):
                page = self.of(module, owner, depth + 1)
                return page.items if page is not None and page.name == PAGE else None
            case ast.Attribute(value=owner, attr=attribute):
                shape = self.of(module, owner, depth + 1)
                return self._of_field(module, shape, attribute) if shape is not None else None
            case ast.Call(func=ast.Name(id="list" | "reversed" | "sorted"), args=[inner, *_]):
                return self.of(module, inner, depth + 1)
            case ast.Subscript(value=inner, slice=ast.Slice()):
                return self.of(module, inner, depth + 1)
            case ast.Call():
                return self._of_call(module, expr)
        return None

    def _of_name(self, module: Module, name: ast.Name, depth: int) -> Shape | None:
        bindings = self._app.names(module).lookup(name.id, name)
        if not bindings and (gone_through := _comprehension_over(module, name)) is not None:
            held = self.of(module, gone_through, depth + 1)
            return held.items if held is not None and not held.models else None
        # The list of a scope's table, which lives as long as the module: a name may be bound as often as it is used.
        key = (module, id(bindings))
        if key not in self._known:
            self._known[key] = None
            found = [self._of_binding(module, each, depth) for each in bindings]
            same = bool(found) and all(each is not None and each == found[0] for each in found)
            self._known[key] = found[0] if same else None
        return self._known[key]

    def _of_binding(self, module: Module, binding: Binding, depth: int) -> Shape | None:
        if binding.kind in {BindingKind.PARAMETER, BindingKind.ASSIGNMENT} and binding.annotation is not None:
            said = self._of_annotation(module, binding.annotation)
            given = self.of(module, binding.value, depth + 1) if binding.value is not None else None
            return given if said is not None and given is not None and given.name == said.name else said
        if binding.kind is BindingKind.PARAMETER and binding.annotation is None:
            return self._given_by_sdk(module, binding)
        if binding.kind is BindingKind.ASSIGNMENT and binding.value is not None:
            return self.of(module, binding.value, depth + 1)
        if binding.kind is BindingKind.OTHER:
            loop = module.parents.get(binding.node)
            if isinstance(loop, ast.AsyncFor) and loop.target is binding.node and isinstance(loop.iter, ast.Call):
                is_stream = sdk_name(self._app, module, loop.iter.func) == STREAM
                return self._named(module, EVENT) if is_stream else None
            if isinstance(loop, ast.For) and loop.target is binding.node:
                gone_through = self.of(module, loop.iter, depth + 1)
                return gone_through.items if gone_through is not None and not gone_through.models else None
        return None

    def _given_by_sdk(self, module: Module, binding: Binding) -> Shape | None:
        """Return what the SDK passes for a parameter of a method that it calls, where the method does not say so."""
        written = self._app.derive(_types_of_parameters).get((binding.scope, binding.name))
        if written is None or not isinstance(binding.scope, FunctionNode):
            return None
        plain = written.removesuffix(" | None").partition("[")[0]
        shape = self._named(module, f"chatkit.types.{plain}") or self._named(module, f"chatkit.actions.{plain}")
        if shape is None or _asks_otherwise(binding.scope, binding.name, plain):
            return None
        # What the SDK passes may come from the project, which can add to its classes.
        widened = self._app.derive(_widened_models)
        return None if any(last_part(each) in widened for each in shape.models) else shape

    def _of_call(self, module: Module, call: ast.Call) -> Shape | None:
        target = self._app.flow.function(module, call)
        if target is not None:
            own, function = target
            keeps_to_it = not any(_is_plain(each) for each in returned(function))
            is_plain = not function.decorator_list and keeps_to_it
            return self._of_annotation(own, function.returns) if is_plain and function.returns is not None else None
        if isinstance(call.func, ast.Attribute) and _is_store(call.func.value):
            return self._of_store(module, call.func.attr)
        name = sdk_name(self._app, module, call.func)
        model = contract_for(self._app, module.source.path).model(name) if name else None
        return Shape(frozenset({name}), name) if name and model is not None else None

    def _of_store(self, module: Module, method: str) -> Shape | None:
        """Return what a method of the SDK's store gives, where the project's own stores give models."""
        contract = contract_for(self._app, module.source.path)
        store = contract.class_(STORE)
        declared = store.methods.get(method) if store and self._trusted else None
        if declared is None or declared.returns is None:
            return None
        outer, _, inner = declared.returns.partition("[")
        items = self._named(module, f"chatkit.types.{inner.rstrip(']')}") if inner else None
        shape = self._named(module, f"chatkit.types.{outer}")
        return _with_items(shape, items)

    def _of_annotation(self, module: Module, annotation: ast.expr) -> Shape | None:
        match annotation:
            case ast.BinOp(left=left, op=ast.BitOr(), right=right):
                inner = left if is_none(right) else right if is_none(left) else None
                return self._of_annotation(module, inner) if inner is not None else None
            case ast.Subscript(value=ast.Name(id="Optional"), slice=inner):
                return self._of_annotation(module, inner)
            case ast.Subscript(value=ast.Name(id="list" | "List" | "Sequence"), slice=inner):
                return _with_items(Shape(frozenset(), ""), self._of_annotation(module, inner))
            case ast.Subscript(value=outer, slice=inner):
                shape = self._of_annotation(module, outer)
                items = self._of_annotation(module, inner) if shape is not None and shape.name == PAGE else None
                return _with_items(shape, items)
            case ast.Name() | ast.Attribute():
                name = sdk_name(self._app, module, annotation)
                return self._named(module, name) if name else None
        return None

    def _of_field(self, module: Module, shape: Shape, attribute: str) -> Shape | None:
        """Return the shape of a field, where all models that have it say the same of it."""
        contract = contract_for(self._app, module.source.path)
        models = [model for each in shape.models if (model := contract.model(each)) is not None]
        found = [self._of_type(module, model.fields[attribute].type) for model in models if attribute in model.fields]
        return found[0] if found and all(each is not None and each == found[0] for each in found) else None

    def _of_type(self, module: Module, kind: Type) -> Shape | None:
        """Return the shape of what a field takes."""
        if isinstance(kind, str):
            return self._named(module, kind)
        if "list" in kind:
            return _with_items(Shape(frozenset(), ""), self._of_type(module, kind["list"]))
        return self._named(module, kind["alias"]) if "alias" in kind else None

    def _named(self, module: Module, name: str) -> Shape | None:
        contract = contract_for(self._app, module.source.path)
        union = contract.union(name)
        if union is not None:
            members = frozenset(each for each in union.members if isinstance(each, str))
            return Shape(members, name) if len(members) == len(union.members) else None
        return Shape(frozenset({name}), name) if contract.model(name) is not None else None


def _widened_models(app: App) -> frozenset[str]:
    """Return the names of the SDK's classes that a class of the project inherits from."""
    ancestors = (each for view in app.hierarchy.views for each in view.ancestry)
    return frozenset(last_part(each) for each in ancestors if isinstance(each, str) and each.startswith(_SDK))


def _types_of_parameters(app: App) -> dict[tuple[ast.AST, str], str]:
    """Return the types, as the SDK writes them, of what it passes to the project's methods, by function and name."""
    found: dict[tuple[ast.AST, str], str] = {}
    for each in overrides(app):
        arguments = [*each.function.args.posonlyargs, *each.function.args.args]
        own = [argument.arg for argument in arguments][0 if each.is_static else 1 :]
        declared = [parameter for parameter in each.declared.params if parameter.name != "self"]
        by_place = min((call.positional for call in each.calls), default=0)
        for place, parameter in enumerate(declared):
            name = own[place] if place < min(by_place, len(own)) else parameter.name
            if parameter.annotation is not None and name in own:
                found[each.function, name] = parameter.annotation
    return found


def _asks_otherwise(function: FunctionNode, name: str, wanted: str) -> bool:
    """Return whether a function asks if a parameter is of another class than the SDK passes, or sets it anew."""
    for each in walk(function):
        match each:
            case ast.Call(func=ast.Name(id="isinstance"), args=[ast.Name(id=asked), kind]) if asked == name:
                kinds = kind.elts if isinstance(kind, ast.Tuple) else [kind]
                if any(ast.unparse(one).rpartition(".")[2] != wanted for one in kinds):
                    return True
            case ast.Name(id=asked, ctx=ast.Store()) if asked == name:
                return True
    return False


def _comprehension_over(module: Module, name: ast.Name) -> ast.expr | None:
    """Return what the comprehension goes through whose variable a name is."""
    for parent in module.ancestors(name):
        if isinstance(parent, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
            for each in parent.generators:
                if isinstance(each.target, ast.Name) and each.target.id == name.id:
                    return each.iter
    return None


def _with_items(shape: Shape | None, items: Shape | None) -> Shape | None:
    if shape is None:
        return None
    held = Shape(frozenset(), "", items) if items is not None and shape.name == PAGE else items
    return Shape(shape.models, shape.name, held)


def _is_store(expr: ast.expr) -> bool:
    return isinstance(expr, ast.Attribute) and expr.attr == "store"


def _store_keeps_to_models(app: App) -> bool:
    """Return whether no store of the project gives a dict, a list or the like for a model."""
    methods = (each.function for each in overrides(app) if each.owner == STORE)
    return not any(_is_plain(each) for function in methods for each in returned(function))


def _is_plain(expr: ast.expr) -> bool:
    return isinstance(expr, ast.Dict | ast.List | ast.Tuple | ast.DictComp | ast.ListComp)
