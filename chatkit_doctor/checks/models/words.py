"""What findings say of a model that is built wrongly."""

from __future__ import annotations

import ast

from chatkit_doctor.backend.models.constructions import Construction
from chatkit_doctor.backend.models.values import Invalid, Missing, UnknownField
from chatkit_doctor.checks.absence import absence
from chatkit_doctor.checks.models.fixes import left_over, meant_by, member_of, replaced_by
from chatkit_doctor.contracts.mistakes import meant_value
from chatkit_doctor.contracts.sdk.lifetimes import field_history
from chatkit_doctor.contracts.sdk.literals import allowed_values
from chatkit_doctor.contracts.sdk.models import Type, UnionContract
from chatkit_doctor.finding import SeenAs
from chatkit_doctor.project.app import App
from chatkit_doctor.words import joined, last_part, nearest, nearest_few

_MOST_VALUES = 8
# Of a longer text pydantic shows the ends only.
_LONGEST_SHOWN = 40
# What pydantic calls a type in its error, and what it calls the error.
_REFUSALS = {
    "list": ("list", "list_type"),
    "str": ("string", "string_type"),
}
_KINDS = {
    "str": "a string",
    "int": "an integer",
    "float": "a number",
    "bool": "True or False",
    "bytes": "bytes",
    "datetime": "a datetime",
    "url": "a URL",
    "none": "None",
}


def missing_message(construction: Construction, missing: Missing) -> str:
    """Return which required fields are not given."""
    if isinstance(missing.owner, UnionContract):
        union = last_part(missing.owner.name) or "this field"
        return f"a dict for {union} lacks {missing.names[0]!r}, which tells its members apart"
    names = [repr(each) for each in missing.names]
    return f"{_built(construction, missing)} lacks the required field{'s' if names[1:] else ''} {joined(names)}"


def missing_help(missing: Missing) -> str:
    """Return what to give, or to call otherwise."""
    renamed = replaced_by(missing)
    parts = [f"write {name} for {given.name}" for name, given in renamed.items()]
    others = [name for name in missing.names if name not in renamed]
    if others:
        parts.append(f"give {joined(others)}")
    if extra := left_over(missing):
        parts.append(f"leave {joined(extra)} out")
    return ", and ".join(parts)


def _built(construction: Construction, missing: Missing) -> str:
    if isinstance(missing.fields.node, ast.Call):
        return construction.module.location(construction.class_).text
    return f"the dict for {last_part(missing.owner.name)}"


def unknown_message(app: App, construction: Construction, unknown: UnknownField) -> str:
    """Return that a field does not exist, here or in this release."""
    owner, name = last_part(unknown.owner.name), unknown.given.name
    known = field_history(unknown.owner.name, name)
    if known is not None:
        path = construction.module.source.path
        return absence(app, path, f"the field '{name}' of {owner}", known)
    return f"the value of '{name}' is dropped, since {owner} has no such field"


def unknown_help(unknown: UnknownField) -> str:
    """Return which field takes the value, or that none does."""
    meant = meant_by(unknown.owner, unknown.fields, unknown.given)
    if meant is not None and meant.field is not None:
        return f"give the value to {meant.field}"
    near = nearest_few(
        unknown.given.name, [each for each in unknown.owner.fields if each not in unknown.fields.by_name]
    )
    if meant is None and near:
        return f"leave it out, or use {joined(near, 'or')}, the nearest to it"
    return "leave it out, or keep it in metadata" if "metadata" in unknown.owner.fields else "leave it out"


def invalid_message(construction: Construction, invalid: Invalid) -> str:
    """Return which value a field refuses."""
    shown = invalid.stands_for or invalid.value
    text = construction.module.location(shown).text if hasattr(shown, "lineno") else ""
    is_plain = isinstance(shown, ast.Constant | ast.UnaryOp) and "\n" not in text
    value = text if is_plain and text else _kind(construction, shown)
    return f"{invalid.field!r} of {last_part(invalid.owner.name)} does not take {value}"


def invalid_label(construction: Construction, invalid: Invalid) -> str:
    """Return what the field takes."""
    return f"takes {described(construction, invalid.type)}"


def invalid_help(construction: Construction, invalid: Invalid) -> str:
    """Return the value that was meant, or what to choose from."""
    allowed = list(dict.fromkeys(allowed_values(construction.contract, invalid.type)))
    written = invalid.value.value if isinstance(invalid.value, ast.Constant) else None
    meant = meant_value(written, allowed) or (nearest(written, allowed) if isinstance(written, str) else None)
    if meant:
        return f"write {meant!r}"
    if isinstance(written, str) and len(allowed) > _MOST_VALUES:
        near = [repr(each) for each in nearest_few(written, allowed)]
        instead = f"write {joined(near, 'or')}, the nearest to it, or another" if near else "write one"
        return f"{instead} of the values that `chatkit-doctor explain CK113 --values` lists"
    member = member_of(construction, invalid.type, written) if isinstance(written, str) else None
    return f"write {last_part(member.name)}()" if member else f"give {described(construction, invalid.type)}"


def invalid_seen_as(construction: Construction, invalid: Invalid) -> SeenAs | None:
    """Return pydantic's words for a value that a field refuses, where they can be told."""
    value = invalid.value.value if isinstance(invalid.value, ast.Constant) else None
    if not isinstance(value, str) or len(value) > _LONGEST_SHOWN:
        return None
    names = {"model": last_part(construction.model.name), "field": invalid.field, "value": repr(value)}
    if isinstance(invalid.owner, UnionContract):
        return SeenAs("tag", names)
    if allowed := list(dict.fromkeys(allowed_values(construction.contract, invalid.type))):
        few = joined([repr(each) for each in allowed], "or") if len(allowed) <= _MOST_VALUES else "…"
        return SeenAs("literal", {**names, "values": few})
    kind = _REFUSALS.get(next(iter(invalid.type)) if not isinstance(invalid.type, str) else invalid.type)
    return SeenAs("kind", {**names, "kind": kind[0], "name": kind[1]}) if kind else None


def described(construction: Construction, type_: Type) -> str:
    """Return what a type takes, for people."""
    parts = list(dict.fromkeys(_parts(construction, type_)))
    values = [each for each in parts if each.startswith("'")]
    if len(values) > _MOST_VALUES:
        parts = [f"one of {len(values)} values", *(each for each in parts if each not in values)]
    return joined([each for each in parts if each != "None"] or parts, "or")


def _parts(construction: Construction, type_: Type) -> list[str]:
    if isinstance(type_, str):
        named = construction.contract.type_(type_) if "." in type_ else None
        return _parts(construction, named) if named else [_KINDS.get(type_, _article(last_part(type_)))]
    if "alias" in type_:
        named = construction.contract.type_(type_["alias"])
        has_name = named is None or (not isinstance(named, str) and "discriminator" in named)
        return [_article(last_part(type_["alias"]))] if has_name or named is None else _parts(construction, named)
    if "union" in type_:
        return [part for each in type_["union"] for part in _parts(construction, each)]
    if "literal" in type_ or "enum" in type_:
        return [repr(each) for each in type_.get("literal") or type_["enum"].values()]
    if "pattern" in type_:
        return [f"{type_['pattern'].strip('^$')}…"]
    if "generic" in type_:
        return [_article(last_part(type_["generic"]))]
    return ["a list" if "list" in type_ else "a dict" if "dict" in type_ else "another value"]


def _kind(construction: Construction, value: ast.expr) -> str:
    if isinstance(value, ast.Dict):
        return "a dict"
    if isinstance(value, ast.List | ast.ListComp):
        return "a list"
    text = construction.module.location(value).text
    if isinstance(value, ast.Call) and construction.reader.called(value):
        return _article(last_part(construction.module.location(value.func).text.partition("[")[0]))
    return f"what {text} gives" if len(text) <= _LONGEST_SHOWN and "\n" not in text else "this value"


def _article(name: str) -> str:
    return f"{'an' if name[:1] in 'AEIOU' else 'a'} {name}"
