"""Copies of what a store is given and of what it gives."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from chatkit_doctor.backend.stores.aliasing import Alias, AliasedStore
from chatkit_doctor.backend.stores.concrete import StoreMethod
from chatkit_doctor.contracts.sdk.sdk_names import ADD_ITEM, SAVE_ITEM, SAVE_THREAD, THREAD
from chatkit_doctor.finding import Applicability, Edit, Fix
from chatkit_doctor.python.flow import own_nodes
from chatkit_doctor.python.module import is_none

_COPY = ".model_copy(deep=True)"


def copying_fix(found: AliasedStore) -> Fix | None:
    """Return the fix of a store whose loading method returns what it has found; None for any other."""
    names = (SAVE_THREAD,) if found.what == THREAD else (ADD_ITEM, SAVE_ITEM)
    edits: list[Edit] = []
    if found.alias in {Alias.KEPT, Alias.BOTH}:
        for name in names:
            method = found.store.method(name)
            copied = _copied(method, 1 if found.what == THREAD else 2) if method is not None else []
            edits += copied
        if not edits:
            return None
    if found.alias in {Alias.HANDED_OUT, Alias.BOTH}:
        given = _given(found.loading)
        if not given:
            return None
        edits += given
    return Fix("keep and give copies", Applicability.UNSAFE, lambda: edits)


def _copied(method: StoreMethod, place: int) -> Sequence[Edit]:
    """Return the edit that begins a method with a copy of what it is given."""
    module, first = method.module, next(iter(method.statements), None)
    arguments = method.function.args
    names = [each.arg for each in (*arguments.posonlyargs, *arguments.args)]
    if first is None or len(names) <= place or first.lineno == method.function.lineno:
        return []
    at = module.location(first)
    code = f"{names[place]} = {names[place]}{_COPY}{module.source.newline}{' ' * first.col_offset}"
    return [Edit(module.source.location(at.start, at.start), code)]


def _given(method: StoreMethod) -> Sequence[Edit]:
    """Return the edits that copy what a method returns; none where it is no plain name, entry or attribute."""
    values = [each.value for each in own_nodes(method.function) if isinstance(each, ast.Return) and each.value]
    plain = [each for each in values if isinstance(each, ast.Name | ast.Subscript | ast.Attribute)]
    if len(plain) < len([each for each in values if not is_none(each)]):
        return []
    ends = [method.module.location(each).end for each in plain]
    return [Edit(method.module.source.location(end, end), _COPY) for end in ends]
