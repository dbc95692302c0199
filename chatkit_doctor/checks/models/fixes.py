"""Mending what a model is built from: fields that go by another name, that are missing, or that hold another word."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping

from chatkit_doctor.backend.models.constructions import Construction
from chatkit_doctor.backend.models.field_edits import added, removed, renamed
from chatkit_doctor.backend.models.values import Fields, Given, Invalid, Judge, Missing, UnknownField
from chatkit_doctor.contracts.mistakes import MeantField, meant_field, meant_value
from chatkit_doctor.contracts.sdk.literals import allowed_values
from chatkit_doctor.contracts.sdk.models import ModelContract, Type, UnionContract
from chatkit_doctor.finding import Applicability, Edit, Fix
from chatkit_doctor.project.app import App
from chatkit_doctor.python.import_edits import import_edits
from chatkit_doctor.python.module import walk
from chatkit_doctor.records import dataclass, field
from chatkit_doctor.words import joined, nearest


@dataclass(frozen=True, slots=True)
class _Text:
    """A piece of source, and the names it needs from modules."""

    text: str
    imports: dict[str, set[str]] = field(default_factory=dict)


def meant_by(owner: ModelContract, fields: Fields, given: Given) -> MeantField | None:
    """Return the field that an unknown keyword stands for, unless the field is given, by itself or a better keyword."""
    meant = meant_field(owner.name, given.name)
    if meant is None or (meant.field is not None and meant.field not in owner.fields):
        return None
    if meant.field is not None and (meant.field in fields.by_name or _has_better(owner, fields, meant)):
        return MeantField(None, meant.rank)
    return meant


def _has_better(owner: ModelContract, fields: Fields, meant: MeantField) -> bool:
    others = (meant_field(owner.name, name) for name in fields.by_name)
    return any(each is not None and each.field == meant.field and each.rank < meant.rank for each in others)


def replaced_by(missing: Missing) -> dict[str, Given]:
    """Return the keywords that stand for missing fields, by the fields."""
    if not isinstance(missing.owner, ModelContract):
        return {}
    found = {}
    for given in missing.fields.by_name.values():
        if missing.owner.field_for(given.name) is None:
            meant = meant_by(missing.owner, missing.fields, given)
            name = meant.field if meant else _written_otherwise(missing.names, given.name)
            if name in missing.names:
                found[name] = given
    return found


def _written_otherwise(names: Iterable[str], written: str) -> str | None:
    """Return the one name that is written in another case, or by its last word alone: `item_id` as `itemId` or `id`."""
    found = [
        name
        for name in names
        if name.replace("_", "") == written.replace("_", "").lower() or name.endswith(f"_{written}")
    ]
    return found[0] if len(found) == 1 else None


def unexplained_fields(construction: Construction) -> Iterator[UnknownField]:
    """Yield the unknown fields that are dropped: of a model that lacks fields as well, nothing is, since none is made.

    What is to become of those is told with what is missing.
    """
    failing = [each.fields.node for each in construction.problems if isinstance(each, Missing)]
    yield from (
        each for each in construction.problems if isinstance(each, UnknownField) and each.fields.node not in failing
    )


def left_over(missing: Missing) -> list[str]:
    """Return the keywords given to a model that lacks fields which it has no field for, nor is one meant."""
    if not isinstance(missing.owner, ModelContract) or missing.owner.extra != "ignore":
        return []
    replaced = [each.name for each in replaced_by(missing).values()]
    return [each for each in missing.fields.by_name if not missing.owner.field_for(each) and each not in replaced]


def unknown_field_fix(app: App, construction: Construction, unknown: UnknownField) -> Fix | None:
    """Return the fix that gives the value to the field that was meant, or takes what stands for none away."""
    module, given = construction.module, unknown.given
    meant = meant_by(unknown.owner, unknown.fields, given)
    if meant is None:
        return None
    if meant.field is None:
        edit = removed(module, unknown.fields, given)
        safety = Applicability.UNSAFE if _may_act(given.value) else Applicability.SAFE
        return Fix(f"leave {given.name} out", safety, lambda: [edit]) if edit else None
    if meant.model is not None:
        return _wrapping(app, construction, given, meant)
    judge, taken = Judge(construction.contract), unknown.owner.fields[meant.field]
    if not unknown.fields.is_whole:
        return None  # what is unpacked beside it may hold the right field as well
    if judge.refuses(unknown.owner, taken, given.value):
        return None
    is_sure = not meant.often_no_text or judge.fits(taken.type, given.value)
    return Fix(
        f"write {meant.field} for {given.name}",
        Applicability.SAFE if is_sure else Applicability.UNSAFE,
        lambda: [renamed(module, given, meant.field or "")],
    )


def missing_field_fix(app: App, construction: Construction, missing: Missing) -> Fix | None:
    """Return the fix that fills in the missing fields, if there is something to fill in for each."""
    module = construction.module
    meant = replaced_by(missing)
    texts: dict[str, _Text] = {}
    for name in missing.names:
        if name not in meant:
            text = _filling(app, construction, missing, name)
            if text is None:
                return None
            texts[name] = text
    edits = [renamed(module, given, name) for name, given in meant.items()]
    if texts:
        new = added(module, missing.fields, {name: each.text for name, each in texts.items()})
        if not new:
            return None
        edits += new
    return Fix(
        f"give {joined(missing.names)}",
        Applicability.UNSAFE,
        lambda: [*edits, *import_edits(module, _joined(texts.values()))],
    )


def positional_fix(construction: Construction) -> Fix | None:
    """Return the fix that names the one field given by position, where only one can be meant."""
    model, given = construction.model, construction.fields.by_name
    open_ = [] if isinstance(model, UnionContract) else [each for each in model.required if each not in given]
    if len(construction.positional) != 1 or len(open_) != 1:
        return None
    at = construction.module.location(construction.positional[0])
    start = at.source.location(at.start, at.start)
    return Fix(f"name the field {open_[0]}", Applicability.UNSAFE, lambda: [Edit(start, f"{open_[0]}=")])


def invalid_value_fix(app: App, construction: Construction, invalid: Invalid) -> Fix | None:
    """Return the fix that writes the one value that was meant."""
    module, value = construction.module, invalid.value
    if not (isinstance(value, ast.Constant) and isinstance(value.value, str)):
        return None
    at = module.location(value)
    member = member_of(construction, invalid.type, value.value)
    if member is not None:
        path, _, name = member.name.rpartition(".")
        wanted = {path: {name}}
        if not _are_free(app, construction, wanted):
            return None
        return Fix(
            f"write {name}()", Applicability.SAFE, lambda: [Edit(at, f"{name}()"), *import_edits(module, wanted)]
        )
    allowed = list(dict.fromkeys(allowed_values(construction.contract, invalid.type)))
    sure = meant_value(value.value, allowed) or (allowed[0] if len(allowed) == 1 else None)
    meant = sure or nearest(value.value, allowed)
    if meant is None or at.text[:1] not in {"'", '"'} or at.text[:3] in {"'''", '"""'}:
        return None
    return Fix(
        f"write {meant!r}",
        Applicability.SAFE if sure else Applicability.UNSAFE,
        lambda: [Edit(at, f"{at.text[0]}{meant}{at.text[0]}")],
    )


def member_of(construction: Construction, type_: Type, tag: str) -> ModelContract | None:
    """Return the member of a union that a tag names, where the tag is all it needs."""
    contract = construction.contract
    union = contract.union(type_["alias"]) if not isinstance(type_, str) and "alias" in type_ else None
    if union is None or union.discriminator is None:
        return None
    for each in union.members:
        model = contract.model(each) if isinstance(each, str) else None
        told = model.field_for(union.discriminator) if model else None
        if model and told and not isinstance(told.type, str) and told.type.get("literal") == [tag]:
            return None if model.required else model
    return None


def _wrapping(app: App, construction: Construction, given: Given, meant: MeantField) -> Fix | None:
    """Return the fix that makes a value an argument of the model that the field takes."""
    module = construction.module
    path, _, name = (meant.model or "").rpartition(".")
    wanted = {path: {name}}
    if (
        not isinstance(given.node, ast.keyword)
        or not construction.fields.is_whole
        or not _are_free(app, construction, wanted)
    ):
        return None
    at = module.location(given.value)
    fixed = "".join(f', {key}="{value}"' for key, value in meant.fixed)
    text = f"{name}({meant.argument}={at.text}{fixed})"
    return Fix(
        f"write {meant.field}={name}(…) for {given.name}",
        Applicability.UNSAFE,
        lambda: [renamed(module, given, meant.field or ""), Edit(at, text), *import_edits(module, wanted)],
    )


def _filling(app: App, construction: Construction, missing: Missing, name: str) -> _Text | None:
    """Return what a missing field can be filled in with: a default model, the time, the id of the thread at hand."""
    if not isinstance(missing.owner, ModelContract):
        return None
    type_ = missing.owner.fields[name].type
    if type_ == "datetime":
        return _if_free(app, construction, _Text("datetime.now()", {"datetime": {"datetime"}}))
    if name == "thread_id":
        return _thread_id(app, construction)
    if isinstance(type_, str) and (model := construction.contract.model(type_)) and not model.required:
        path, _, class_ = model.name.rpartition(".")
        return _if_free(app, construction, _Text(f"{class_}()", {path: {class_}}))
    return None


def _if_free(app: App, construction: Construction, text: _Text) -> _Text | None:
    return text if _are_free(app, construction, text.imports) else None


def _are_free(app: App, construction: Construction, wanted: Mapping[str, Iterable[str]]) -> bool:
    """Return whether names mean, at a call, what they are to be imported as, or nothing yet."""
    names = app.names(construction.module)
    return all(
        each.dotted == f"{path}.{name}"
        for path, wanted_names in wanted.items()
        for name in wanted_names
        for each in names.lookup(name, construction.call)
    )


def _thread_id(app: App, construction: Construction) -> _Text | None:
    """Return the thread's id as the function around a call has it among its parameters."""
    function = construction.module.enclosing_function(construction.call)
    if function is None:
        return None
    parameters = {each.arg for each in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)}
    names = app.names(construction.module)
    for name, text in (("thread_id", "thread_id"), ("thread", "thread.id")):
        if name in parameters and len(names.lookup(name, construction.call)) == 1:
            return _Text(text)
    return None


def _joined(texts: Iterable[_Text]) -> dict[str, set[str]]:
    wanted: dict[str, set[str]] = {}
    for each in texts:
        for path, names in each.imports.items():
            wanted.setdefault(path, set()).update(names)
    return wanted


def _may_act(value: ast.expr) -> bool:
    """Return whether evaluating a value may do more than give it."""
    return any(isinstance(each, ast.Call | ast.Await | ast.NamedExpr | ast.Yield) for each in walk(value))
