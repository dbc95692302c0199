"""Copies of what a store is given and of what it gives."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from chatkit_doctor.backend.stores.aliasing import Alias, AliasedStore, SharedPart
from chatkit_doctor.backend.stores.concrete import ConcreteStore, StoreMethod
from chatkit_doctor.contracts.sdk.sdk_names import ADD_ITEM, SAVE_ITEM, SAVE_THREAD, THREAD
from chatkit_doctor.finding import Applicability, Edit, Fix
from chatkit_doctor.python.flow import own_nodes
from chatkit_doctor.python.insertion import has_own_lines, indent_of
from chatkit_doctor.python.module import is_none

_COPY = ".model_copy(deep=True)"


def copying_fix(found: AliasedStore) -> Fix | None:
    """Return the fix of a store whose loading methods return what they have found; None for any other."""
    edits: list[Edit] = []
    for part in found.parts:
        made = _of_part(found.store, part)
        if not made:
            return None
        edits += made
    return Fix("keep and give copies", Applicability.UNSAFE, lambda: edits)


def _of_part(store: ConcreteStore, part: SharedPart) -> Sequence[Edit]:
    names = (SAVE_THREAD,) if part.what == THREAD else (ADD_ITEM, SAVE_ITEM)
    kept: list[Edit] = []
    if part.alias in {Alias.KEPT, Alias.BOTH}:
        for method in filter(None, map(store.method, names)):
            kept += _copied(method, 1 if part.what == THREAD else 2)
        if not kept:
            return []
    if part.alias is Alias.KEPT:
        return kept
    given = _given(part.loading)
    return [*kept, *given] if given else []


def _copied(method: StoreMethod, place: int) -> Sequence[Edit]:
    """Return the edit that begins a method with a copy of what it is given."""
    module, first = method.module, next(iter(method.statements), None)
    arguments = method.function.args
    names = [each.arg for each in (*arguments.posonlyargs, *arguments.args)]
    if first is None or len(names) <= place or not has_own_lines(module, method.function):
        return []
    at = module.location(first)
    code = f"{names[place]} = {names[place]}{_COPY}{module.source.newline}{indent_of(module, first)}"
    return [Edit(module.source.location(at.start, at.start), code)]


def _given(method: StoreMethod) -> Sequence[Edit]:
    """Return the edits that copy what a method returns; none where it is no plain name, entry or attribute."""
    values = [each.value for each in own_nodes(method.function) if isinstance(each, ast.Return) and each.value]
    plain = [each for each in values if isinstance(each, ast.Name | ast.Subscript | ast.Attribute)]
    if len(plain) < len([each for each in values if not is_none(each)]):
        return []
    ends = [method.module.location(each).end for each in plain]
    return [Edit(method.module.source.location(end, end), _COPY) for end in ends]
