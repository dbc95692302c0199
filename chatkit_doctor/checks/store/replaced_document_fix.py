"""The fix of a saving method that inserts by a client: what has the same id is replaced."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence

from chatkit_doctor.backend.rehearsal.inserts import is_of_the_first
from chatkit_doctor.backend.stores.concrete import StoreMethod
from chatkit_doctor.backend.stores.saving import Saved, Saving
from chatkit_doctor.checks.store.method_body import is_of, parameters, written_here
from chatkit_doctor.finding import Applicability, Edit, Fix
from chatkit_doctor.python.flow import own_nodes
from chatkit_doctor.python.module import FunctionNode, Module

_INSERTING = (Saving.INSERTED, Saving.NOTHING)
_KEYS = ("_id", "id", "pk")
_NAMES = frozenset({"insert_one", "insert", "create", "acreate"})


def document_fix(saved: Saved) -> Fix | None:
    """Return the fix of the one insertion of MongoDB, Supabase or Django; None where the id is not among what it gives.

    None as well where something that says when the thing was first there would be made anew.
    """
    if saved.outcome not in _INSERTING:
        return None
    edits = written_here(saved, _edits)
    return Fix("replace what has the same id", Applicability.UNSAFE, lambda: edits) if edits else None


def _edits(method: StoreMethod) -> Sequence[Edit]:
    calls = [each for each in own_nodes(method.function) if isinstance(each, ast.Call) and _name(each) in _NAMES]
    if len(calls) != 1:
        return []
    (call,) = calls
    module, function = method.module, method.function
    if _name(call) == "insert":
        return _upserted(module, function, call)
    # What replaces gives something else than what inserts.
    if not _is_statement(module, call):
        return []
    return _replaced(module, function, call) if _name(call) == "insert_one" else _created(module, function, call)


def _is_statement(module: Module, call: ast.Call) -> bool:
    parent = module.parents[call]
    return isinstance(module.parents[parent] if isinstance(parent, ast.Await) else parent, ast.Expr)


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else ""


def _replaced(module: Module, function: FunctionNode, call: ast.Call) -> Sequence[Edit]:
    """`insert_one({"_id": …})` of MongoDB's drivers."""
    given = _document(function, call)
    key = _key(function, given)
    if key is None:
        return []
    at, document = module.location(call.args[0]), module.location(given[key])
    return [
        _renamed(module, call, "replace_one"),
        Edit(module.source.location(at.start, at.start), f'{{"{key}": {document.text}}}, '),
        Edit(module.source.location(at.end, at.end), ", upsert=True"),
    ]


def _upserted(module: Module, function: FunctionNode, call: ast.Call) -> Sequence[Edit]:
    """`table("…").insert({"id": …})` of Supabase's client, which upserts by the primary key."""
    assert isinstance(call.func, ast.Attribute)
    table = call.func.value
    is_table = isinstance(table, ast.Call) and _name(table) in {"table", "from_"}
    return [_renamed(module, call, "upsert")] if is_table and _key(function, _document(function, call)) else []


def _created(module: Module, function: FunctionNode, call: ast.Call) -> Sequence[Edit]:
    """`Model.objects.create(id=…)` of Django."""
    assert isinstance(call.func, ast.Attribute)
    manager = call.func.value
    given = {each.arg: each.value for each in call.keywords if each.arg is not None}
    key = _key(function, given)
    is_manager = isinstance(manager, ast.Attribute) and manager.attr == "objects"
    if key is None or not is_manager or call.args or len(given) < len(call.keywords):
        return []
    rest = ", ".join(f'"{name}": {module.location(value).text}' for name, value in given.items() if name != key)
    start, end = module.location(call.keywords[0]).start, module.location(call.keywords[-1]).end
    if "#" in module.source.text[start:end]:
        # What people have written beside an argument has no place on one line.
        return []
    text = f"{key}={module.location(given[key]).text}, defaults={{{rest}}}"
    new = "aupdate_or_create" if call.func.attr == "acreate" else "update_or_create"
    return [_renamed(module, call, new), Edit(module.source.location(start, end), text)]


def _renamed(module: Module, call: ast.Call, name: str) -> Edit:
    end = module.location(call.func).end
    return Edit(module.source.location(end - len(_name(call)), end), name)


def _document(function: FunctionNode, call: ast.Call) -> Mapping[str, ast.expr]:
    """Return the entries of the dict that a call is given, empty where it is not written here alone."""
    given: ast.expr | None = call.args[0] if len(call.args) == 1 and not call.keywords else None
    if isinstance(given, ast.Name):
        name = given.id
        uses = [each for each in own_nodes(function) if isinstance(each, ast.Name) and each.id == name]
        made = [each.value for each in own_nodes(function) if isinstance(each, ast.Assign) and uses[0] in each.targets]
        given = made[0] if len(uses) == 2 and len(made) == 1 else None
    if not isinstance(given, ast.Dict):
        return {}
    names = [each.value if isinstance(each, ast.Constant) else None for each in given.keys]
    return dict(zip(map(str, names), given.values, strict=True)) if None not in names else {}


def _key(function: FunctionNode, given: Mapping[str, ast.expr]) -> str | None:
    """Return the name of the id among what is given; None where that is another one, or something is made anew."""
    what = parameters(function)[-2]
    key = next((each for each in _KEYS if each in given), None)
    if key is None or not is_of(function, given[key], what):
        return None
    return key if all(is_of(function, value, what) for name, value in given.items() if is_of_the_first(name)) else None
