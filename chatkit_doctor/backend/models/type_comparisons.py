"""Comparisons of a model's `type` with literals that none of the models has which the value may be of."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chatkit_doctor.backend.contract import contract_for
from chatkit_doctor.backend.models.constructions import sdk_modules
from chatkit_doctor.backend.models.shapes import Shape, Shapes
from chatkit_doctor.project.app import App
from chatkit_doctor.python.flow import own_nodes
from chatkit_doctor.python.module import FunctionNode, Module
from chatkit_doctor.records import dataclass

_TYPE = "type"


@dataclass(frozen=True, slots=True)
class ImpossibleType:
    """A comparison, or a case of a `match`, that comes out the same whatever happens.

    literals: those that are compared with, none of which is possible. possible: the types that there are.
    """

    module: Module
    node: ast.Compare | ast.pattern
    literals: tuple[ast.Constant, ...]
    shape: Shape
    possible: tuple[str, ...]

    @property
    def is_never_true(self) -> bool:
        """Return whether it is always false, and not always true."""
        return not isinstance(self.node, ast.Compare) or isinstance(self.node.ops[0], ast.Eq | ast.In)


def impossible_types(app: App) -> Iterator[ImpossibleType]:
    """Yield the comparisons with types that are not possible, tests left out."""
    shapes = Shapes(app)
    told_apart: dict[FunctionNode | None, frozenset[str]] = {}
    for module in sdk_modules(app):
        if app.is_test_file(module.source.path):
            continue
        for node, compared, literals in _comparisons(module):
            owner = compared.value if isinstance(compared, ast.Attribute) and compared.attr == _TYPE else None
            if owner is None or not literals:
                continue
            function = module.enclosing_function(owner)
            if function not in told_apart:
                told_apart[function] = _told_apart(function)
            if ast.unparse(owner) in told_apart[function]:
                continue
            shape = shapes.of(module, owner)
            possible = _types(app, module, shape) if shape is not None else ()
            if shape is not None and possible and not any(each.value in possible for each in literals):
                yield ImpossibleType(module, node, literals, shape, possible)


def _comparisons(
    module: Module,
) -> Iterator[tuple[ast.Compare | ast.pattern, ast.expr, tuple[ast.Constant, ...]]]:
    """Yield each comparison and each case of a `match`, what it compares and the texts that it compares it with."""
    for node in module.nodes(ast.Compare):
        yield node, node.left, _literals(node)
    for match in module.nodes(ast.Match):
        for each in match.cases:
            yield each.pattern, match.subject, _of_pattern(each.pattern)


def _of_pattern(pattern: ast.pattern) -> tuple[ast.Constant, ...]:
    """Return the texts that one pattern stands for; none where it may be anything else."""
    alternatives = pattern.patterns if isinstance(pattern, ast.MatchOr) else [pattern]
    found = tuple(
        each.value
        for each in alternatives
        if isinstance(each, ast.MatchValue)
        and isinstance(each.value, ast.Constant)
        and isinstance(each.value.value, str)
    )
    return found if len(found) == len(alternatives) else ()


def _literals(node: ast.Compare) -> tuple[ast.Constant, ...]:
    """Return the texts that one comparison compares with; none where one of them is no text."""
    match node:
        case ast.Compare(ops=[ast.Eq() | ast.NotEq()], comparators=[ast.Constant(value=str()) as only]):
            return (only,)
        case ast.Compare(ops=[ast.In() | ast.NotIn()], comparators=[ast.Tuple() | ast.List() | ast.Set() as several]):
            found = [each for each in several.elts if isinstance(each, ast.Constant) and isinstance(each.value, str)]
            return tuple(found) if len(found) == len(several.elts) else ()
    return ()


def _types(app: App, module: Module, shape: Shape) -> tuple[str, ...]:
    """Return the types that the models of a shape have; none where one of them may have any."""
    contract = contract_for(app, module.source.path)
    found: set[str] = set()
    for name in shape.models:
        model = contract.model(name)
        field = model.fields.get(_TYPE) if model is not None else None
        literals = field.type.get("literal") if field is not None and not isinstance(field.type, str) else None
        if not literals:
            return ()
        found.update(map(str, literals))
    return tuple(sorted(found))


def _told_apart(function: FunctionNode | None) -> frozenset[str]:
    """Return of which values, as they are written, a function asks whether they are of a class of its own."""
    return frozenset(
        ast.unparse(each.args[0])
        for each in (own_nodes(function) if function else ())
        if isinstance(each, ast.Call)
        and isinstance(each.func, ast.Name)
        and each.func.id in {"isinstance", "type"}
        and each.args
        and not isinstance(each.args[-1], ast.Name | ast.Tuple)
    )
