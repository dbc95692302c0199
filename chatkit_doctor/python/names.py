"""What a name in a Python file is bound to: imports, definitions, assignments, parameters, scope by scope.

The table is built in one pass over a module's nodes and is not flow-sensitive: a name with several bindings
in one scope (a try/except ImportError pair, say) has them all, in the order of the text.
"""

from __future__ import annotations

import ast
import builtins
from collections import defaultdict
from collections.abc import Iterator
from enum import Enum
from functools import cached_property

from chatkit_doctor.python.module import FunctionNode, Module
from chatkit_doctor.records import dataclass

ScopeNode = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
# No name that people write goes through as many others; one that a machine wrote is followed no further.
_MOST_STEPS = 60
# Of a dotted name that an import can have something to do with.
_MOST_PARTS = 20
_COMPREHENSIONS = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


class BindingKind(Enum):
    """How a name came to be bound."""

    IMPORT = "import"
    CLASS = "class"
    FUNCTION = "function"
    ASSIGNMENT = "assignment"
    PARAMETER = "parameter"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Binding:
    """One binding of a name in a scope.

    node: the alias, class, function, statement or argument that binds it.
    dotted: for an import, what the name stands for, such as `chatkit.store.Store`; a relative import
        keeps its leading dots.
    value: for a plain assignment to this one name, the expression assigned.
    annotation: for an annotated assignment or a parameter, the annotation.
    """

    name: str
    kind: BindingKind
    scope: ScopeNode
    node: ast.AST
    dotted: str = ""
    value: ast.expr | None = None
    annotation: ast.expr | None = None


class Names:
    """The names of one module; see `lookup` for the bindings of a name and `qualified` for what it means."""

    def __init__(self, module: Module) -> None:
        self.module = module
        self._scopes: dict[ScopeNode, dict[str, list[Binding]]] = defaultdict(lambda: defaultdict(list))
        for binding in _bindings(module):
            self._scopes[binding.scope][binding.name].append(binding)
        self._seen: dict[tuple[tuple[ScopeNode, ...], str], list[Binding]] = {}
        self._known_meanings: dict[int, tuple[str, ...]] = {}
        self._known_qualified: dict[ast.expr, str | None] = {}
        self._elsewhere: dict[str, bool] = {}
        for table in self._scopes.values():
            for found in table.values():
                if len(found) > 1:
                    found.sort(key=_place)

    def in_scope(self, scope: ScopeNode, name: str) -> list[Binding]:
        """Return the bindings of a name directly in one scope."""
        return self._scopes[scope].get(name, []) if scope in self._scopes else []

    def module_level(self, name: str) -> list[Binding]:
        """Return the bindings that other modules would import under this name."""
        return self.in_scope(self.module.tree, name)

    def bindings(self, name: str) -> list[Binding]:
        """Return the bindings of a name in any scope of the module."""
        return self._everywhere.get(name, [])

    @cached_property
    def _everywhere(self) -> dict[str, list[Binding]]:
        everywhere: dict[str, list[Binding]] = {}
        for table in self._scopes.values():
            for name, found in table.items():
                everywhere.setdefault(name, []).extend(found)
        return everywhere

    def may_be_defined_elsewhere(self, name: str) -> bool:
        """Return whether a name can stand for a class, or for anything that has another name or place, in any scope.

        False of what is only ever a parameter, the target of a loop or what a call gives: most names, by their uses.
        """
        if name not in self._elsewhere:
            bindings = self.bindings(name)
            is_left_open = not bindings and any(True for _ in self.star_imports()) and not hasattr(builtins, name)
            self._elsewhere[name] = is_left_open or any(map(self._leads_on, bindings))
        return self._elsewhere[name]

    def _leads_on(self, binding: Binding) -> bool:
        if binding.kind is BindingKind.ASSIGNMENT:
            return isinstance(binding.value, self._followed)
        return binding.kind in {BindingKind.IMPORT, BindingKind.CLASS}

    @cached_property
    def _followed(self) -> tuple[type[ast.expr], ...]:
        # A call may be one of `importlib.import_module`.
        calls = (ast.Call,) if "import_module" in self.module.source.text else ()
        return (ast.Name, ast.Attribute, ast.Subscript, *calls)

    def imports(self) -> Iterator[Binding]:
        """Yield the bindings made by imports, in every scope."""
        return iter(self._imports)

    @cached_property
    def _imports(self) -> list[Binding]:
        tables = (found for table in self._scopes.values() for found in table.values())
        return [each for found in tables for each in found if each.kind is BindingKind.IMPORT]

    def star_imports(self) -> Iterator[str]:
        """Yield the modules that all names are imported from, relative ones with their dots."""
        for each in self.module.nodes(ast.ImportFrom):
            if any(alias.name == "*" for alias in each.names):
                yield "." * each.level + (each.module or "")

    def lookup(self, name: str, at: ast.AST) -> list[Binding]:
        """Return the bindings of a name as seen from a node: those of the nearest scope that binds it."""
        key = (_scopes_around(self.module, at), name)
        found = self._seen.get(key)
        if found is None:
            found = self._seen[key] = self._look_up(*key)
        return found

    def _look_up(self, scopes: tuple[ScopeNode, ...], name: str) -> list[Binding]:
        inner = True
        for scope in scopes:
            # The names of a class body are seen in the body itself, not in its methods.
            if isinstance(scope, ast.ClassDef) and not inner:
                continue
            inner = inner and not isinstance(scope, FunctionNode | ast.Lambda)
            if found := self.in_scope(scope, name):
                return found
        return []

    def qualified(self, expr: ast.expr | None) -> str | None:
        """Return the dotted name that an expression means through imports and aliases, or None.

        `Store` gives `chatkit.store.Store` after `from chatkit.store import Store`; so do `store.Store` after
        `from chatkit import store`, and a module-level alias. Subscripts are the caller's to take off.
        """
        if expr is None:
            return None
        # Many models ask for the same expressions.
        if expr not in self._known_qualified:
            self._known_qualified[expr] = next(self.qualified_all(expr), None)
        return self._known_qualified[expr]

    def qualified_all(self, expr: ast.expr | None) -> Iterator[str]:
        """Yield every dotted name that an expression may mean: a try/except import pair has two."""
        parts: list[str] = []
        while isinstance(expr, ast.Attribute):
            parts.append(expr.attr)
            expr = expr.value
            if len(parts) > _MOST_PARTS:
                return
        suffix = "".join(f".{part}" for part in reversed(parts))
        found = self._meanings_of_name(expr) if isinstance(expr, ast.Name) else self._meanings(expr, set())
        yield from (f"{base}{suffix}" for base in found)

    def _meanings_of_name(self, expr: ast.Name) -> tuple[str, ...]:
        """Return what a name may mean, worked out once for all its uses: it may be bound as often as it is used."""
        bindings = self.lookup(expr.id, expr)
        if not bindings:
            return ()
        key = id(bindings)  # the list of a scope's table, which lives as long as this does
        if key not in self._known_meanings:
            seen: set[Binding] = set()
            found = (each for one in bindings for each in self._meanings_of(one, seen))
            # The same import, said over and over, has one meaning.
            self._known_meanings[key] = tuple(dict.fromkeys(found))
        return self._known_meanings[key]

    def _meanings(self, expr: ast.expr | None, seen: set[Binding]) -> Iterator[str]:
        if isinstance(expr, ast.Attribute):
            for base in self._meanings(expr.value, seen):
                yield f"{base}.{expr.attr}"
        elif isinstance(expr, ast.Name):
            for binding in self.lookup(expr.id, expr):
                if len(seen) > _MOST_STEPS:
                    break
                yield from self._meanings_of(binding, seen)
        elif isinstance(expr, ast.Call):
            yield from self._dynamic_import(expr)

    def _meanings_of(self, binding: Binding, seen: set[Binding]) -> Iterator[str]:
        # Each binding once: `row = row.next` a few times over would else branch without end.
        if binding in seen or len(seen) > _MOST_STEPS:
            return
        seen.add(binding)
        if binding.kind is BindingKind.IMPORT:
            yield binding.dotted
        elif binding.kind is BindingKind.ASSIGNMENT and isinstance(binding.value, ast.Name | ast.Attribute | ast.Call):
            yield from self._meanings(binding.value, seen)

    def _dynamic_import(self, call: ast.Call) -> Iterator[str]:
        if not self._is_import_module(call.func):
            return
        if call.args and isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str):
            yield call.args[0].value

    def _is_import_module(self, func: ast.expr) -> bool:
        """Return whether a call is one of `importlib.import_module`.

        By the imports alone: to follow what else may be called would branch at each `query = query.where(…)`.
        """
        match func:
            case ast.Name(id=name):
                meant = "importlib.import_module"
            case ast.Attribute(attr="import_module", value=ast.Name(id=name)):
                meant = "importlib"
            case _:
                return False
        return any(each.kind is BindingKind.IMPORT and each.dotted == meant for each in self.lookup(name, func))


def _scopes_around(module: Module, node: ast.AST) -> tuple[ScopeNode, ...]:
    """Return the scopes in which a node is evaluated, innermost first.

    Decorators, defaults, annotations and base classes are evaluated outside the thing they belong to.
    """
    known = module.derive(_scopes_of_statements)
    parents = module.parents
    lambdas: tuple[ScopeNode, ...] = ()
    below: ast.AST | None = node
    while below is not None:
        if (scopes := known.get(below)) is not None:
            return lambdas + scopes if lambdas else scopes
        parent = parents.get(below)
        if type(parent) is ast.Lambda and below is parent.body:
            lambdas = (*lambdas, parent)
        below = parent
    return lambdas


_DEFINITIONS = frozenset({ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef})
_PARTS = ("body", "orelse", "finalbody", "handlers", "cases")


def _scopes_of_statements(module: Module) -> dict[ast.AST, tuple[ScopeNode, ...]]:
    """Return the scopes around each statement, of which there are few beside the names in them."""
    found: dict[ast.AST, tuple[ScopeNode, ...]] = {}
    pending: list[tuple[list[ast.AST], tuple[ScopeNode, ...]]] = [(module.tree.body, (module.tree,))]  # type: ignore[list-item]
    while pending:
        block, scopes = pending.pop()
        for each in block:
            is_statement = isinstance(each, ast.stmt)
            if is_statement:
                found[each] = scopes
            if each.__class__ in _DEFINITIONS:
                pending.append((each.body, (each, *scopes)))  # type: ignore[attr-defined, arg-type]
            elif not is_statement or each.__class__ in _COMPOUND:
                pending += [(part, scopes) for name in _PARTS if (part := getattr(each, name, None))]
    return found


_COMPOUND = frozenset(
    {ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Try, ast.TryStar, ast.Match}
)


def _scope_of(module: Module, node: ast.AST, name: str = "") -> ScopeNode:
    """Return the scope that a binding at a node is made in; `global` and `nonlocal` move it outward."""
    scopes = _scopes_around(module, node)
    scope = scopes[0] if scopes else module.tree
    if not isinstance(scope, FunctionNode) or not name:
        return scope
    moved = module.derive(_moved_names).get((scope, name))
    if moved is ast.Global:
        return module.tree
    if moved is ast.Nonlocal:
        return next((each for each in scopes[1:] if isinstance(each, FunctionNode)), scope)
    return scope


def _moved_names(module: Module) -> dict[tuple[FunctionNode | None, str], type[ast.stmt]]:
    """Return the names that functions declare as those of a scope further out, with the kind of the statement."""
    statements: list[ast.Nonlocal | ast.Global] = [*module.nodes(ast.Nonlocal), *module.nodes(ast.Global)]
    return {(module.enclosing_function(each), name): type(each) for each in statements for name in each.names}


def _place(binding: Binding) -> tuple[int, int]:
    return getattr(binding.node, "lineno", 0), getattr(binding.node, "col_offset", 0)


def _bindings(module: Module) -> Iterator[Binding]:
    yield from _import_bindings(module)
    yield from _definition_bindings(module)
    yield from _assignment_bindings(module)
    yield from _capture_bindings(module)
    yield from _parameter_bindings(module)


def _import_bindings(module: Module) -> Iterator[Binding]:
    for statement in module.nodes(ast.Import):
        for alias in statement.names:
            name = alias.asname or alias.name.split(".")[0]
            dotted = alias.name if alias.asname else name
            yield Binding(name, BindingKind.IMPORT, _scope_of(module, statement, name), alias, dotted=dotted)
    for each in module.nodes(ast.ImportFrom):
        prefix = "." * each.level + (each.module or "")
        for alias in each.names:
            if alias.name != "*":
                dotted = prefix + alias.name if prefix.endswith(".") else f"{prefix}.{alias.name}"
                name = alias.asname or alias.name
                yield Binding(name, BindingKind.IMPORT, _scope_of(module, each, name), alias, dotted=dotted)


def _definition_bindings(module: Module) -> Iterator[Binding]:
    for class_ in module.nodes(ast.ClassDef):
        yield Binding(class_.name, BindingKind.CLASS, _scope_of(module, class_), class_)
    for function in module.functions():
        yield Binding(function.name, BindingKind.FUNCTION, _scope_of(module, function), function)


def _assignment_bindings(module: Module) -> Iterator[Binding]:
    for name in module.nodes(ast.Name):
        if not isinstance(name.ctx, ast.Store):
            continue
        parent = module.parents[name]
        if not isinstance(parent, ast.stmt) and _inside_comprehension_target(module, name):
            continue
        scope = _scope_of(module, name, name.id)
        if isinstance(parent, ast.Assign):
            yield Binding(name.id, BindingKind.ASSIGNMENT, scope, name, value=parent.value)
        elif isinstance(parent, ast.AnnAssign):
            value, annotation = parent.value, parent.annotation
            yield Binding(name.id, BindingKind.ASSIGNMENT, scope, name, value=value, annotation=annotation)
        elif isinstance(parent, ast.NamedExpr):
            yield Binding(name.id, BindingKind.ASSIGNMENT, scope, name, value=parent.value)
        else:
            yield Binding(name.id, BindingKind.OTHER, scope, name)


def _capture_bindings(module: Module) -> Iterator[Binding]:
    for handler in module.nodes(ast.ExceptHandler):
        if handler.name:
            yield Binding(handler.name, BindingKind.OTHER, _scope_of(module, handler), handler)
    captures: list[ast.MatchAs | ast.MatchStar] = [*module.nodes(ast.MatchAs), *module.nodes(ast.MatchStar)]
    for capture in captures:
        if capture.name:
            yield Binding(capture.name, BindingKind.OTHER, _scope_of(module, capture), capture)


def _inside_comprehension_target(module: Module, name: ast.Name) -> bool:
    for parent in module.ancestors(name):
        if isinstance(parent, ast.comprehension):
            return True
        if isinstance(parent, ast.stmt | _COMPREHENSIONS):
            return False
    return False


def _parameter_bindings(module: Module) -> Iterator[Binding]:
    scopes: list[FunctionNode | ast.Lambda] = [*module.functions(), *module.nodes(ast.Lambda)]
    for scope in scopes:
        arguments = scope.args
        plain = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        for each in [*plain, *filter(None, (arguments.vararg, arguments.kwarg))]:
            yield Binding(each.arg, BindingKind.PARAMETER, scope, each, annotation=each.annotation)
