"""Making what a store's method returns into what the server reads."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from chatkit_doctor.backend.stores.concrete import StoreMethod
from chatkit_doctor.backend.stores.loading import WrongReturn
from chatkit_doctor.contracts.mistakes import meant_field
from chatkit_doctor.contracts.sdk.sdk_names import PAGE, THREAD, TYPES
from chatkit_doctor.finding import Applicability, Edit, Fix
from chatkit_doctor.project.app import App
from chatkit_doctor.python.flow import own_nodes
from chatkit_doctor.python.inserted_names import imported
from chatkit_doctor.python.insertion import has_own_lines, indent_of
from chatkit_doctor.python.module import Module
from chatkit_doctor.words import last_part

_OF_A_PAGE = ("data", "has_more", "after")
_ADAPTER = "TypeAdapter"


def return_fix(app: App, found: WrongReturn) -> Fix | None:
    """Return the fix of a method whose returns are dicts as they are written; None for any other."""
    module = found.method.module
    returns = [each.value for each in own_nodes(found.method.function) if isinstance(each, ast.Return) and each.value]
    if found.read == "Page":
        texts = [_page(module, each) for each in returns]
        wanted = {TYPES: ["Page"]}
    else:
        model = found.read
        texts = [_read(app, module, each, model) for each in returns]
        wanted = {TYPES: [model]} if model in THREAD else {"pydantic": [_ADAPTER], TYPES: [model]}
    known = [text for text in texts if text is not None]
    if not known or len(known) < len(texts):
        return None
    return Fix(
        f"return {found.article} {found.read}",
        Applicability.UNSAFE,
        lambda: _edits(app, module, returns, known, wanted),
    )


def metadata_fix(app: App, saving: StoreMethod) -> Fix | None:
    """Return the fix that leaves the items out of a thread before it is kept."""
    module, first = saving.module, next(iter(saving.statements), None)
    arguments = saving.function.args
    names = [each.arg for each in (*arguments.posonlyargs, *arguments.args)]
    if first is None or len(names) < 2 or not has_own_lines(module, saving.function):
        return None
    thread, model = names[1], last_part(THREAD)

    def edits() -> Sequence[Edit]:
        known = imported(app.names(module), {TYPES: [model]})
        at = module.location(first)
        code = f'{thread} = {known.local[model]}(**{thread}.model_dump(exclude={{"items"}}))'
        if _is_copy(first, thread):
            return [Edit(at, code), *known.edits]
        code += module.source.newline + indent_of(module, first)
        inserted = Edit(module.source.location(at.start, at.start), code)
        return [inserted, *known.edits]

    return Fix("keep a ThreadMetadata", Applicability.UNSAFE, edits)


def _is_copy(statement: ast.stmt, name: str) -> bool:
    """Return whether a statement copies what a name has, as what leaves the items out does anyway."""
    match statement:
        case ast.Assign(
            targets=[ast.Name(id=target)], value=ast.Call(func=ast.Attribute(value=owner, attr="model_copy"))
        ):
            return target == name and isinstance(owner, ast.Name) and owner.id == name
    return False


def _edits(
    app: App, module: Module, returns: list[ast.expr], texts: list[str], wanted: dict[str, list[str]]
) -> Sequence[Edit]:
    names = imported(app.names(module), wanted)
    if any(name != local for name, local in names.local.items()):
        return []
    return [
        *(Edit(module.location(each), text) for each, text in zip(returns, texts, strict=True)),
        *names.edits,
    ]


def _page(module: Module, value: ast.expr) -> str | None:
    """Return a dict with the fields of a page, by these or by names that stand for them, as a Page."""
    if not isinstance(value, ast.Dict) or "#" in module.location(value).text:
        return None
    given: dict[str, str] = {}
    for key, each in zip(value.keys, value.values, strict=True):
        name = key.value if isinstance(key, ast.Constant) and isinstance(key.value, str) else ""
        meant = name if name in _OF_A_PAGE else (known.field if (known := meant_field(PAGE, name)) else None)
        if meant not in _OF_A_PAGE or meant in given:
            return None
        given[meant] = module.location(each).text
    if "data" not in given:
        return None
    return f"Page({', '.join(f'{name}={given[name]}' for name in _OF_A_PAGE if name in given)})"


def _read(app: App, module: Module, value: ast.expr, model: str) -> str | None:
    """Return parsed JSON as an object of the SDK; what is None stays so."""
    if not isinstance(value, ast.Call) or app.names(module).qualified(value.func) != "json.loads":
        return None
    text = module.location(value).text
    if model in THREAD:
        return f"{model}.model_validate({text})"
    return f"{_ADAPTER}({model}).validate_python({text})"
