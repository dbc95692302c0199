"""What the values of a construction stand for in the source: a name for the literal it is bound to, a call for a model.

Only what is sure is followed, and only in the same file: a name that is bound once, a list that nothing but `append`
fills, the values of a literal table.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence

from chatkit_doctor.backend.models.names import sdk_name
from chatkit_doctor.contracts.sdk.literals import NOT_CONSTANT, constant
from chatkit_doctor.project.app import App
from chatkit_doctor.python.module import Module, walk
from chatkit_doctor.python.names import Binding, BindingKind

_MAX_DEPTH = 6


class Written:
    """The literals behind the names of one file; see `values.Judge`, which asks."""

    def __init__(self, app: App, module: Module) -> None:
        self._app = app
        self._module = module

    def choices(self, expr: ast.expr, depth: int = 0) -> Sequence[ast.expr]:
        """Return everything that an expression can stand for; itself alone where that is not sure."""
        if depth < _MAX_DEPTH:
            if isinstance(expr, ast.Name):
                value = self._of_name(expr)
                return self.choices(value, depth + 1) if value is not None else (expr,)
            if isinstance(expr, ast.IfExp):
                return [each for part in (expr.body, expr.orelse) for each in self.choices(part, depth + 1)]
            if (table := self._looked_up(expr)) is not None:
                return [each for part in table for each in self.choices(part, depth + 1)]
        return (expr,)

    def called(self, call: ast.Call) -> str | None:
        """Return the dotted name of the SDK's class that a call makes an object of, as the SDK defines it."""
        return sdk_name(self._app, self._module, call.func)

    def _of_name(self, name: ast.Name) -> ast.expr | None:
        binding = self._only_binding(name)
        value = binding.value if binding is not None else None
        if binding is None or value is None:
            return None
        if isinstance(value, ast.Constant | ast.Tuple) or constant(value) is not NOT_CONSTANT:
            return value
        if isinstance(value, ast.Call) and self.called(value):
            return value
        filled = self._filled(binding, name) if isinstance(value, ast.List | ast.Dict) else None
        if filled is None or not isinstance(value, ast.List):
            return value if filled == [] else None
        return ast.copy_location(ast.List(elts=[*value.elts, *filled], ctx=ast.Load()), name) if filled else value

    def _only_binding(self, name: ast.Name) -> Binding | None:
        found = self._app.names(self._module).lookup(name.id, name)
        return found[0] if [each.kind for each in found[:2]] == [BindingKind.ASSIGNMENT] else None

    def _filled(self, binding: Binding, use: ast.Name) -> list[ast.expr] | None:
        """Return what is put into a list behind its name; None where a use of the name may do anything to it."""
        found: list[ast.expr] = []
        for node in self._uses(binding):
            if node is use or node is binding.node:
                continue
            added = self._added(node)
            if added is None and not self._only_reads(node):
                return None
            found += added or ()
        return found if not found or isinstance(binding.value, ast.List) else None

    def _uses(self, binding: Binding) -> Iterable[ast.Name]:
        nodes = walk(binding.scope) if not isinstance(binding.scope, ast.Lambda) else ()
        return (each for each in nodes if isinstance(each, ast.Name) and each.id == binding.name)

    def _added(self, name: ast.Name) -> list[ast.expr] | None:
        """Return what `name.append(…)` adds."""
        attribute = self._module.parents[name]
        call = self._module.parents.get(attribute)
        if (
            isinstance(attribute, ast.Attribute)
            and attribute.attr == "append"
            and isinstance(call, ast.Call)
            and call.func is attribute
        ):
            return list(call.args)
        return None

    def _only_reads(self, name: ast.Name) -> bool:
        parent = self._module.parents[name]
        if isinstance(parent, ast.Subscript):
            return parent.value is name and isinstance(parent.ctx, ast.Load)
        if isinstance(parent, ast.Attribute):
            return parent.attr in {"get", "keys", "values", "items", "copy", "index", "count"}
        if isinstance(parent, ast.keyword):
            # Given to a model of the SDK, which makes no change to it.
            call = self._module.parents[parent]
            return isinstance(call, ast.Call) and self.called(call) is not None
        return isinstance(
            parent, ast.Compare | ast.For | ast.AsyncFor | ast.comprehension | ast.If | ast.FormattedValue
        )

    def _looked_up(self, expr: ast.expr) -> list[ast.expr] | None:
        """Return the values of a literal table that `table[key]` or `table.get(key, default)` is looked up in."""
        default: list[ast.expr] = []
        match expr:
            case ast.Subscript(value=ast.Name() as name):
                pass
            case ast.Call(func=ast.Attribute(value=ast.Name() as name, attr="get"), args=[_, *rest], keywords=[]):
                default = rest or [ast.copy_location(ast.Constant(None), expr)]
            case _:
                return None
        binding = self._only_binding(name)
        table = binding.value if binding is not None else None
        if binding is None or not isinstance(table, ast.Dict) or not table.values or None in table.keys:
            return None
        return [*table.values, *default] if self._filled(binding, name) is not None else None
