"""What a run's input is made of: only the new message, or something that may hold the conversation.

`Origins.of` follows an expression back to the parameters of a `respond` method. Anything it does not know
counts as OTHER, which keeps the check that asks quiet.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable, Iterator

from chatkit_doctor.backend.history.calls import call_origins
from chatkit_doctor.backend.history.ingredients import loop_over
from chatkit_doctor.backend.history.origin import FIXED, MEMORY_WORD, OTHER, Analysis, Origin, ParameterOrigins
from chatkit_doctor.python.module import FunctionNode, Module, children, walk
from chatkit_doctor.python.names import Binding, BindingKind

_MAX_DEPTH = 24
_BUILTINS = frozenset(dir(builtins))
# What tells of the thread that the new message stands in.
_THREAD_KEYS = frozenset({"id", "thread_id"})


class Origins:
    """The origins of the expressions in one function, or at the top of a module, given those of its parameters."""

    def __init__(
        self, analysis: Analysis, module: Module, function: FunctionNode | None, parameters: ParameterOrigins
    ) -> None:
        self.analysis = analysis
        self.module = module
        self._app = analysis.app
        self._function = function
        self._scope = function or module.tree
        self._parameters = parameters
        self._names = self._app.names(module)
        self._visiting: set[str] = set()

    def of(self, expr: ast.expr | None, depth: int = 0) -> frozenset[Origin]:
        """Return every origin of an expression's value."""
        if expr is None or isinstance(expr, ast.Constant):
            return FIXED
        if depth > _MAX_DEPTH or not self.analysis.step():
            return OTHER
        if isinstance(expr, ast.Name):
            return self._of_name(expr, depth)
        if isinstance(expr, ast.Attribute | ast.Subscript):
            return self._of_part(expr, depth)
        if isinstance(expr, ast.Call):
            return call_origins(self, expr, depth)
        if isinstance(expr, ast.IfExp):
            return self.union((expr.body, expr.orelse), depth)
        if isinstance(expr, ast.Lambda | ast.Yield | ast.YieldFrom):
            return OTHER
        return self.union(_parts(expr), depth)

    def union(self, exprs: Iterable[ast.expr], depth: int) -> frozenset[Origin]:
        """Return every origin of what several expressions give together."""
        return frozenset().union(FIXED, *(self.of(each, depth + 1) for each in exprs))

    def inside(self, module: Module, function: FunctionNode, parameters: ParameterOrigins) -> Origins:
        """Return the origins in another function that is called from here."""
        return Origins(self.analysis, module, function, parameters)

    def of_key(self, owner: frozenset[Origin], key: str | None) -> frozenset[Origin]:
        """Return the origins of an attribute or entry of something; of one that is not told without a key."""
        if Origin.CONTEXT in owner and (key is None or key == "metadata" or MEMORY_WORD.search(key)):
            return OTHER
        if Origin.ITEM in owner and key is not None and key != "data" and not key.isdigit():
            told = Origin.CONTEXT if key in _THREAD_KEYS else Origin.MESSAGE
            return (owner - {Origin.ITEM}) | {told}
        return owner

    def _of_name(self, name: ast.Name, depth: int) -> frozenset[Origin]:
        bindings = self._names.lookup(name.id, name)
        if not bindings:
            return FIXED if name.id in _BUILTINS or self._is_comprehension_variable(name) else OTHER
        if name.id in self._visiting:
            return frozenset()  # `text = text.strip()` adds nothing to what text is made of
        # In the loop that binds it, a name is none of what it is bound to elsewhere.
        loop = loop_over(self.module, name) if len(bindings) > 1 else None
        if loop is not None:
            return self.of(loop, depth + 1)
        self._visiting.add(name.id)
        found = frozenset[Origin]().union(*(self._of_binding(binding, depth) for binding in bindings))
        if self._function is not None and bindings[0].scope is self._function:
            found |= self.union(self.analysis.growth(self._function).get(name.id, ()), depth)
        self._visiting.discard(name.id)
        return found

    def _is_comprehension_variable(self, name: ast.Name) -> bool:
        """Return whether a comprehension around a name binds it; what it runs over is counted there."""
        return any(
            isinstance(target, ast.Name) and target.id == name.id
            for parent in self.module.ancestors(name)
            if isinstance(parent, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp)
            for generator in parent.generators
            for target in walk(generator.target)
        )

    def _of_binding(self, binding: Binding, depth: int) -> frozenset[Origin]:
        if binding.kind is BindingKind.PARAMETER:
            return self._parameters.get(binding.name, OTHER) if binding.scope is self._scope else FIXED
        if binding.kind is BindingKind.ASSIGNMENT and binding.value is not None:
            if binding.scope is self._scope:
                return self.of(binding.value, depth + 1)
            return self._of_global(self.module, binding, depth)
        if binding.kind is BindingKind.IMPORT:
            return self._of_import(binding, depth)
        if binding.kind is BindingKind.OTHER:
            return self._of_target(binding.node, depth)
        return FIXED

    def _of_global(self, module: Module, binding: Binding, depth: int) -> frozenset[Origin]:
        """Return the origins of what stands at the top of a module: a table there may be where the history is kept."""
        if is_text(binding.value):
            return FIXED
        if binding.scope is not module.tree or MEMORY_WORD.search(binding.name):
            return OTHER
        if self.analysis.is_changed(binding.name):
            return OTHER
        return Origins(self.analysis, module, None, {}).of(binding.value, depth + 1)

    def _of_import(self, binding: Binding, depth: int) -> frozenset[Origin]:
        found = self._app.symbols.dotted(self.module, binding.dotted)
        if found is None or found.module is None or found.binding is None:
            return OTHER if MEMORY_WORD.search(binding.name) else FIXED
        if found.binding.kind is not BindingKind.ASSIGNMENT or found.binding.value is None:
            return FIXED
        return self._of_global(found.module, found.binding, depth)

    def _of_target(self, node: ast.AST, depth: int) -> frozenset[Origin]:
        """Return the origins of a name bound by a loop, a `with`, an unpacking or `+=`."""
        for parent in self.module.ancestors(node):
            if isinstance(parent, ast.For | ast.AsyncFor | ast.comprehension):
                return self.of(parent.iter, depth + 1)
            if isinstance(parent, ast.Assign | ast.AugAssign | ast.AnnAssign):
                return self.of(parent.value, depth + 1)
            if isinstance(parent, ast.stmt | ast.excepthandler):
                break
        return OTHER

    def _of_part(self, expr: ast.Attribute | ast.Subscript, depth: int) -> frozenset[Origin]:
        if isinstance(expr, ast.Attribute) and isinstance(expr.value, ast.Name) and expr.value.id == "self":
            sources = self._app.flow.sources(self.module, expr)
            return FIXED if all(is_text(source.expr) for source in sources) else OTHER
        inner = self.of(expr.value, depth + 1)
        if isinstance(expr, ast.Subscript) and isinstance(expr.slice, ast.Slice):
            return inner
        key = expr.attr if isinstance(expr, ast.Attribute) else _constant_key(expr.slice)
        return self.of_key(inner, key)


def is_text(expr: ast.expr | None) -> bool:
    """Return whether an expression is a text, or another constant, that the program is written with."""
    if isinstance(expr, ast.Call) and isinstance(expr.func, ast.Attribute):
        return is_text(expr.func.value) and all(map(is_text, expr.args))
    return isinstance(expr, ast.Constant | ast.JoinedStr)


def _parts(expr: ast.expr) -> Iterator[ast.expr]:
    """Yield the expressions that a container, an operation, an f-string or a comprehension is made of."""
    for child in children(expr):
        if isinstance(child, ast.comprehension):
            yield child.iter
        elif isinstance(child, ast.expr):
            yield child


def _constant_key(expr: ast.expr) -> str | None:
    if isinstance(expr, ast.UnaryOp):
        expr = expr.operand
    return str(expr.value) if isinstance(expr, ast.Constant) else None
