"""Find a call of the Store's methods with arguments that they do not take, or without ones that they need."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chatkit_doctor.backend.store_calls import StoreCall, WrongArguments, mismatch, store_calls, wrong_kind
from chatkit_doctor.contracts.mistakes import meant_kind
from chatkit_doctor.finding import Applicability, Edit, Finding, Fix, SeenAs
from chatkit_doctor.project.app import App
from chatkit_doctor.source import Location
from chatkit_doctor.words import joined

_CONTEXT = "context"
_AFTER = "after"


def wrong_store_call(app: App) -> Iterator[Finding]:
    """Find a call of the Store's methods with arguments that they do not take, or without ones that they need."""
    for found in store_calls(app):
        wrong = mismatch(app, found)
        if wrong is not None:
            yield _of_arguments(found, wrong)
            continue
        kind = wrong_kind(app, found)
        if kind is not None:
            yield _of_kind(found, kind)


def _of_arguments(found: StoreCall, wrong: WrongArguments) -> Finding:
    name = found.declared.name
    parts = []
    if wrong.unknown:
        parts.append(f"takes no {joined([str(each.arg) for each in wrong.unknown], 'or')}")
    if wrong.extra:
        parts.append(f"takes {len(found.declared.params) - 1} arguments and no more")
    if wrong.missing:
        parts.append(f"needs {joined(wrong.missing)}")
    signature = ", ".join(each.name for each in found.declared.params[1:])
    return Finding(
        "CK216",
        _place(found, wrong),
        f"{name} {', and '.join(parts)}",
        label=f"{name}({signature})",
        help=f"call {name}({signature})",
        fix=_fix(found, wrong),
    )


def _place(found: StoreCall, wrong: WrongArguments) -> Location:
    if wrong.unknown:
        return found.module.keyword_location(wrong.unknown[0])
    if wrong.extra:
        return found.module.location(wrong.extra[0])
    assert isinstance(found.call.func, ast.Attribute)
    whole = found.module.location(found.call.func)
    return found.module.source.location(whole.end - len(found.call.func.attr), whole.end)


def _fix(found: StoreCall, wrong: WrongArguments) -> Fix | None:
    """Return the fix where each argument that lacks has one value: a page from the start, the context at hand."""
    if wrong.unknown or wrong.extra or not set(wrong.missing) <= {_AFTER, _CONTEXT}:
        return None
    function = found.module.enclosing_function(found.call)
    at_hand = {each.arg for each in function.args.args} if function is not None else set()
    if _CONTEXT in wrong.missing and _CONTEXT not in at_hand:
        return None
    values = {_AFTER: "None", _CONTEXT: _CONTEXT}
    text = ", ".join(f"{each}={values[each]}" for each in wrong.missing)
    last = [*found.call.args, *(each.value for each in found.call.keywords)]
    if not last:
        return None
    end = found.module.location(last[-1]).end
    at = found.module.source.location(end, end)
    return Fix(f"pass {text}", Applicability.SAFE, lambda: [Edit(at, f", {text}")])


def _of_kind(found: StoreCall, kind: str) -> Finding:
    at = found.module.location(found.call.args[0])
    meant = meant_kind(kind)
    return Finding(
        "CK216",
        at,
        f"{found.declared.name} knows no kind of item called '{kind}'",
        label="no such kind",
        help=f"ask for '{meant}'" if meant else "ask for one of the kinds that StoreItemType lists",
        seen_as=SeenAs("kind", {"kind": kind}) if meant else None,
        fix=Fix(f"ask for '{meant}'", Applicability.SAFE, lambda: [Edit(at, f'"{meant}"')]) if meant else None,
    )
