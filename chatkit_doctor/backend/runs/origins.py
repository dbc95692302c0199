"""What a run's input is made of: only the new message, or something that may hold the conversation.

`Origins.of` follows an expression back to the parameters of a `respond` method. Anything it does not know
counts as OTHER, which keeps the check that asks quiet.
"""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterable, Iterator, Mapping
from enum import Enum

from chatkit_doctor.project.app import App
from chatkit_doctor.python.flow import own_nodes, returned
from chatkit_doctor.python.module import FunctionNode, Module
from chatkit_doctor.python.names import Binding, Kind

_MAX_DEPTH = 24
_MAX_STEPS = 4_000
_BUILTINS = frozenset(dir(builtins))
# Converters give back what they are given, in another form.
_CONVERTERS = ("simple_to_agent_input", "to_agent_input", "user_message_to_input", "to_message_content")
# Modules whose functions only work on their arguments.
_PURE_MODULES = (
    *("re.", "json.", "textwrap.", "html.", "string.", "copy.", "datetime.", "time.", "uuid."),
    *("os.environ", "os.getenv"),
)
_GROWERS = frozenset({"append", "extend", "insert", "add", "update", "appendleft"})
# What these make of a text is no more than the text.
_TEXT_METHODS = frozenset(
    {"strip", "lstrip", "rstrip", "lower", "upper", "title", "capitalize", "split", "splitlines", "replace", "join"}
    | {"format", "removeprefix", "removesuffix", "startswith", "endswith", "isoformat", "strftime"}
)
_MEMORY_WORD = re.compile(r"histor|messages|memor|conversation|transcript|previous|session|items", re.IGNORECASE)
_MESSAGE_PACKAGES = ("chatkit.types.", "agents.", "openai.types.", "langchain_core.messages.", "litellm.")


class Origin(Enum):
    """Where a part of a value comes from."""

    MESSAGE = "the message parameter"
    CONTEXT = "the context or the thread's own fields"
    FIXED = "the program itself"
    OTHER = "anything else"


Scope = Mapping[str, frozenset[Origin]]
_FIXED = frozenset({Origin.FIXED})
_OTHER = frozenset({Origin.OTHER})


class Analysis:
    """What the origins of one run share: the project, a bound on their work, and what was found out on the way."""

    def __init__(self, app: App) -> None:
        self.app = app
        self._steps = _MAX_STEPS
        self._growth: dict[FunctionNode, dict[str, list[ast.expr]]] = {}

    def step(self) -> bool:
        """Count one step, and tell whether there may be more."""
        self._steps -= 1
        return self._steps > 0

    def growth(self, function: FunctionNode) -> dict[str, list[ast.expr]]:
        """Return what a function puts into lists and dicts after they were made, by the names of these."""
        if function not in self._growth:
            table: dict[str, list[ast.expr]] = {}
            for name, exprs in _growth(function):
                table.setdefault(name, []).extend(exprs)
            self._growth[function] = table
        return self._growth[function]


class Origins:
    """The origins of the expressions in one function, given those of its parameters."""

    def __init__(self, analysis: Analysis, module: Module, function: FunctionNode, parameters: Scope) -> None:
        self._analysis = analysis
        self._app = analysis.app
        self._module = module
        self._function = function
        self._parameters = parameters
        self._names = self._app.names(module)
        self._visiting: set[str] = set()

    def of(self, expr: ast.expr | None, depth: int = 0) -> frozenset[Origin]:
        """Return every origin of an expression's value."""
        if expr is None or isinstance(expr, ast.Constant):
            return _FIXED
        if depth > _MAX_DEPTH or not self._analysis.step():
            return _OTHER
        if isinstance(expr, ast.Name):
            return self._of_name(expr, depth)
        if isinstance(expr, ast.Attribute | ast.Subscript):
            return self._of_part(expr, depth)
        if isinstance(expr, ast.Call):
            return self._of_call(expr, depth)
        if isinstance(expr, ast.Lambda | ast.Yield | ast.YieldFrom):
            return _OTHER
        return self._union(_parts(expr), depth)

    def _union(self, exprs: Iterable[ast.expr], depth: int) -> frozenset[Origin]:
        return frozenset().union(_FIXED, *(self.of(each, depth + 1) for each in exprs))

    def _of_name(self, name: ast.Name, depth: int) -> frozenset[Origin]:
        bindings = self._names.lookup(name.id, name)
        if not bindings:
            return _FIXED if name.id in _BUILTINS or self._is_comprehension_variable(name) else _OTHER
        if name.id in self._visiting:
            return frozenset()  # `text = text.strip()` adds nothing to what text is made of
        self._visiting.add(name.id)
        found = frozenset[Origin]().union(*(self._of_binding(binding, depth) for binding in bindings))
        if bindings[0].scope is self._function:
            found |= self._of_growth(name.id, depth)
        self._visiting.discard(name.id)
        return found

    def _is_comprehension_variable(self, name: ast.Name) -> bool:
        """Tell whether a comprehension around a name binds it; what it runs over is counted there."""
        return any(
            isinstance(target, ast.Name) and target.id == name.id
            for parent in self._module.ancestors(name)
            if isinstance(parent, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp)
            for generator in parent.generators
            for target in ast.walk(generator.target)
        )

    def _of_binding(self, binding: Binding, depth: int) -> frozenset[Origin]:
        if binding.kind is Kind.PARAMETER:
            return self._parameters.get(binding.name, _OTHER) if binding.scope is self._function else _FIXED
        if binding.kind is Kind.ASSIGNMENT and binding.value is not None:
            if binding.scope is not self._function and not _is_text(binding.value):
                return _OTHER  # a table at module level may be where the program keeps its history
            return self.of(binding.value, depth + 1)
        if binding.kind is Kind.OTHER:
            return self._of_target(binding.node, depth)
        return _FIXED

    def _of_target(self, node: ast.AST, depth: int) -> frozenset[Origin]:
        """Return the origins of a name bound by a loop, a `with`, an unpacking or `+=`."""
        for parent in self._module.ancestors(node):
            if isinstance(parent, ast.For | ast.AsyncFor | ast.comprehension):
                return self.of(parent.iter, depth + 1)
            if isinstance(parent, ast.Assign | ast.AugAssign | ast.AnnAssign):
                return self.of(parent.value, depth + 1)
            if isinstance(parent, ast.stmt | ast.excepthandler):
                break
        return _OTHER

    def _of_growth(self, name: str, depth: int) -> frozenset[Origin]:
        return self._union(self._analysis.growth(self._function).get(name, ()), depth)

    def _of_part(self, expr: ast.Attribute | ast.Subscript, depth: int) -> frozenset[Origin]:
        if isinstance(expr, ast.Attribute) and isinstance(expr.value, ast.Name) and expr.value.id == "self":
            sources = self._app.flow.sources(self._module, expr)
            return _FIXED if all(_is_text(source.expr) for source in sources) else _OTHER
        inner = self.of(expr.value, depth + 1)
        if isinstance(expr, ast.Subscript) and isinstance(expr.slice, ast.Slice):
            return inner
        key = expr.attr if isinstance(expr, ast.Attribute) else _constant_key(expr.slice)
        if Origin.CONTEXT in inner and (key is None or key == "metadata" or _MEMORY_WORD.search(key)):
            return _OTHER
        return inner

    def _of_call(self, call: ast.Call, depth: int) -> frozenset[Origin]:
        arguments = [*call.args, *(keyword.value for keyword in call.keywords)]
        target = self._app.flow.function(self._module, call)
        if target is not None:
            return self._of_own_function(target[0], target[1], call, depth)
        func = call.func
        if isinstance(func, ast.Attribute) and func.attr in _CONVERTERS:
            return self._union(arguments, depth)
        dotted = self._names.qualified(func) or (func.id if isinstance(func, ast.Name) else "")
        if dotted.rpartition(".")[2] in _CONVERTERS or dotted in _BUILTINS:
            return self._union(arguments, depth)
        if dotted.startswith((*_PURE_MODULES, *_MESSAGE_PACKAGES)):
            return self._union(arguments, depth)
        if isinstance(func, ast.Attribute) and not dotted:
            return self._of_method(func, arguments, depth)
        return _OTHER

    def _of_method(self, func: ast.Attribute, arguments: list[ast.expr], depth: int) -> frozenset[Origin]:
        receiver = self.of(func.value, depth + 1)
        if Origin.CONTEXT in receiver and func.attr not in _TEXT_METHODS:
            key = _constant_key(arguments[0]) if func.attr == "get" and arguments else None
            if key is None or key == "metadata" or _MEMORY_WORD.search(key):
                return _OTHER
        return receiver | self._union(arguments, depth)

    def _of_own_function(self, module: Module, function: FunctionNode, call: ast.Call, depth: int) -> frozenset[Origin]:
        if depth > _MAX_DEPTH // 2:
            return _OTHER
        scope = bind_arguments(function, call, self, depth)
        inner = Origins(self._analysis, module, function, scope)
        yields = (node.value for node in own_nodes(function) if isinstance(node, ast.Yield))
        results = [*returned(function), *filter(None, yields)]
        return frozenset().union(_FIXED, *(inner.of(each, depth + 2) for each in results))


def bind_arguments(function: FunctionNode, call: ast.Call, origins: Origins, depth: int = 0) -> Scope:
    """Return the origins of a function's parameters as a call binds them."""
    names = [each.arg for each in (*function.args.posonlyargs, *function.args.args)]
    if names and names[0] in {"self", "cls"}:
        names = names[1:]
    scope = {each.arg: _FIXED for each in (*function.args.args, *function.args.kwonlyargs)}
    if any(isinstance(each, ast.Starred) for each in call.args) or any(each.arg is None for each in call.keywords):
        return dict.fromkeys(scope, _OTHER)
    scope.update({name: origins.of(each, depth + 1) for name, each in zip(names, call.args, strict=False)})
    scope.update({each.arg: origins.of(each.value, depth + 1) for each in call.keywords if each.arg})
    return scope


def _growth(function: FunctionNode) -> Iterator[tuple[str, list[ast.expr]]]:
    for node in own_nodes(function):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value
            if isinstance(owner, ast.Name) and node.func.attr in _GROWERS:
                yield owner.id, [*node.args, *(keyword.value for keyword in node.keywords)]
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Subscript | ast.Attribute) and isinstance(target.value, ast.Name):
                    yield target.value.id, [node.value]


def _parts(expr: ast.expr) -> Iterator[ast.expr]:
    """Yield the expressions that a container, an operation, an f-string or a comprehension is made of."""
    for child in ast.iter_child_nodes(expr):
        if isinstance(child, ast.comprehension):
            yield child.iter
        elif isinstance(child, ast.expr):
            yield child


def _is_text(expr: ast.expr) -> bool:
    return isinstance(expr, ast.Constant | ast.JoinedStr)


def _constant_key(expr: ast.expr) -> str | None:
    if isinstance(expr, ast.Constant):
        return str(expr.value)
    return None
