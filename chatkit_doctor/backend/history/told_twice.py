"""Runs that are given the conversation and also what OpenAI keeps of it, so that the model is told each turn twice."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chatkit_doctor.backend.history.calls import loads_one
from chatkit_doctor.backend.history.ingredients import Ingredient, Ingredients
from chatkit_doctor.backend.history.loaded_items import holds_loaded_items
from chatkit_doctor.backend.history.loads import is_load
from chatkit_doctor.backend.history.origin import Analysis
from chatkit_doctor.backend.runs.apis import Api, api_of
from chatkit_doctor.backend.runs.frames import FramedRun, called, framed_runs
from chatkit_doctor.contracts.sdk.agents import kept_by_openai, last_response
from chatkit_doctor.contracts.sdk.sdk_names import RESPOND
from chatkit_doctor.project.app import App
from chatkit_doctor.python.module import FunctionNode, Module, is_none, walk
from chatkit_doctor.records import dataclass

# How people call what they take for the id of the last response.
_OF_A_RESPONSE = "response_id"


@dataclass(frozen=True, slots=True)
class ToldTwice:
    """A run with both. name, value: the parameter by which OpenAI knows the conversation, and what it is given."""

    run: FramedRun
    name: str
    value: ast.expr


def told_twice(app: App) -> Iterator[ToldTwice]:
    """Yield the runs of turns that are given several stored items beside what OpenAI keeps, whatever there is."""
    names = kept_by_openai()
    ingredients, analysis = Ingredients(app), Analysis(app)
    for framed in framed_runs(app):
        root = framed.frame.root.function
        given = [(name, value) for name, value in (framed.run.keywords or {}).items() if name in names]
        if root is None or root.name != RESPOND or len(given) != 1 or framed.run.input is None:
            continue
        name, value = given[0]
        if isinstance(value, ast.Constant) or is_none(value) or api_of(app, framed.run)[0] is Api.CHAT_COMPLETIONS:
            continue
        if _is_never_kept(app, framed.frame.module, value):
            continue
        made = ingredients.of(framed.frame, framed.run.input)
        words = frozenset({name, *(each.id for each in walk(value) if isinstance(each, ast.Name))})
        picks = made.has(_loads_one) or made.has(_chooses, app, analysis) or made.has(_asks, words)
        if not picks and made.has(_loads):
            yield ToldTwice(framed, name, value)


def _is_never_kept(app: App, module: Module, value: ast.expr) -> bool:
    """Return whether a value is read under a key that is filled with an attribute which no run's result has."""
    keys = {key for each in app.flow.sources(module, value) if (key := _key(each.expr)) is not None}
    if len(keys) != 1:
        return False
    (key,) = keys
    filled = [each for owner in app.modules() if key in owner.source.text for each in _filled(owner, key)]
    return bool(filled) and all(
        isinstance(each, ast.Attribute)
        # Of what a model gives, or of an event, that is another thing.
        and isinstance(each.value, ast.Name)
        and each.attr.endswith(_OF_A_RESPONSE)
        and each.attr != last_response()
        for each in filled
    )


def _key(expr: ast.expr) -> str | None:
    match expr:
        case ast.Call(func=ast.Attribute(attr="get"), args=[ast.Constant(value=str(key)), *_]):
            return key
        case ast.Subscript(slice=ast.Constant(value=str(key))):
            return key
    return None


def _filled(module: Module, key: str) -> Iterator[ast.expr]:
    """Yield what a module writes under a key."""
    for node in module.nodes(ast.Assign):
        if any(isinstance(each, ast.Subscript) and _key(each) == key for each in node.targets):
            yield node.value
    for made in module.nodes(ast.Dict):
        for name, value in zip(made.keys, made.values, strict=True):
            if isinstance(name, ast.Constant) and name.value == key:
                yield value


def _loads(part: Ingredient) -> bool:
    """Return whether an ingredient asks the store for items."""
    return is_load(part.expr)


def _loads_one(part: Ingredient) -> bool:
    return isinstance(part.expr, ast.Call) and is_load(part.expr) and loads_one(part.expr)


def _chooses(part: Ingredient, app: App, analysis: Analysis) -> bool:
    """Return whether something picks of the items: an index, a slice, an own function, a loop that is left."""
    expr, module = part.expr, part.frame.module
    if isinstance(expr, ast.Subscript):
        is_slice = isinstance(expr.slice, ast.Slice)
        return not is_slice or "1" in ast.unparse(expr.slice).replace("-", " ").replace(":", " ").split()
    if isinstance(expr, ast.Call) and called(app, part.frame, expr) is not None:
        return any(holds_loaded_items(analysis, module, each) for each in expr.args)
    if isinstance(expr, ast.ListComp | ast.GeneratorExp):
        return any(not _is_of_kind(each) for loop in expr.generators for each in loop.ifs)
    loop = next((each for each in module.ancestors(expr) if isinstance(each, ast.For | ast.AsyncFor)), None)
    return loop is not None and any(isinstance(each, ast.Break) for each in walk(loop))


def _is_of_kind(condition: ast.expr) -> bool:
    """Return whether a condition asks for nothing but the class of an item."""
    return (
        isinstance(condition, ast.Call) and isinstance(condition.func, ast.Name) and condition.func.id == "isinstance"
    )


def _asks(part: Ingredient, words: frozenset[str]) -> bool:
    """Return whether an expression hangs on a condition about what OpenAI keeps, by the words for that."""
    for parent in part.frame.module.ancestors(part.expr):
        if isinstance(parent, FunctionNode):
            return False
        if isinstance(parent, ast.If | ast.IfExp) and _mentions(parent.test, words):
            return True
    return False


def _mentions(test: ast.expr, words: frozenset[str]) -> bool:
    return any(
        (isinstance(each, ast.Name) and each.id in words) or (isinstance(each, ast.Attribute) and each.attr in words)
        for each in walk(test)
    )
