"""The keys of `api`: what people write for them, and where they put them by mistake."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.contracts.schema import ObjectType
from chatkit_doctor.contracts.web import options_schema
from chatkit_doctor.contracts.web_names import API, SECRET, URL
from chatkit_doctor.frontend.options.schema import Fault, OptionProblem, objects_of
from chatkit_doctor.patterns import regex
from chatkit_doctor.web.evaluation.values import Entry, ObjectValue, Value
from chatkit_doctor.words import nearest

# What people write for `url` and for `getClientSecret`, in lower case and without separators.
_URL_NAMES = regex(r"(?:api|base|backend|server|chat|chatkit|endpoint)+ur[li]|(?:api)?endpoint|uri|href")
_SECRET_NAMES = regex(r"(?:get|fetch|create)?(?:client|session|access)?(?:secret|token)(?:fetcher|provider)?")


def api_shapes() -> tuple[ObjectType, ...]:
    """Return the kinds of object that `api` can be."""
    return objects_of(options_schema().keys[API].type)


def meant_key(name: str) -> str | None:
    """Return the key of `api` that a wrong name stands for, or None where nobody knows."""
    plain = name.lower().replace("_", "").replace("-", "")
    if _URL_NAMES.fullmatch(plain):
        return URL
    return SECRET if _SECRET_NAMES.fullmatch(plain) else None


def stand_ins(api: ObjectValue, shape: ObjectType | None = None) -> dict[str, str]:
    """Return the names in an `api` that stand for a key it lacks, each with that key; `shape`: the one it has."""
    allowed = {key for each in ((shape,) if shape else api_shapes()) for key in each.keys}
    found = ((name, meant_key(name)) for name in api.entries if name not in allowed)
    return {name: right for name, right in found if right in allowed and right not in api.entries}


def held_option(options: ObjectValue, held: Value) -> str | None:
    """Return the only option, of those that are not set, that takes what an unknown key among them holds."""
    if not isinstance(held, ObjectValue) or not held.entries or not held.complete:
        return None
    free = {name: key for name, key in options_schema().keys.items() if name not in options.entries}
    fitting = [name for name, key in free.items() if any(_is_held(held, shape) for shape in objects_of(key.type))]
    return fitting[0] if len(fitting) == 1 else None


def _is_held(held: ObjectValue, shape: ObjectType) -> bool:
    meant = stand_ins(held, shape)
    names = {meant.get(name, name) for name in held.entries}
    return set(shape.required) <= names <= shape.keys.keys()


def misnamed_api(options: ObjectValue) -> Entry | None:
    """Return the entry that stands for `api` under a name that ChatKit does not know; None where `api` is there."""
    if API in options.entries:
        return None
    known = options_schema().keys
    unknown = (entry for name, entry in options.entries.items() if name not in known)
    return next((each for each in unknown if _is_api(options, each)), None)


def _is_api(options: ObjectValue, entry: Entry) -> bool:
    free = [name for name in options_schema().keys if name not in options.entries]
    return API in {nearest(entry.name, free), held_option(options, entry.value)}


def api_entries(options: ObjectValue) -> Iterator[dict[str, Entry]]:
    """Yield what options give for `api`, in each way that they may, by the keys that are meant.

    Keys under other names and in other places count: once another rule has mended that, this must be no news.
    """
    other = misnamed_api(options)
    if API not in options.entries and other is None:
        outside = keys_outside(options)
        meant = stand_ins(options)
        yield {meant.get(name, name): options.entries[name] for name in outside}
        return
    given = other.value if other is not None else options.get(API)
    for each in given.alternatives if given is not None else ():
        if isinstance(each, ObjectValue):
            meant = stand_ins(each)
            yield {meant.get(name, name): entry for name, entry in each.entries.items()}


def keys_outside(options: ObjectValue) -> tuple[str, ...]:
    """Return the names among options that belong into `api`, or stand for a key of it where there is no `api`."""
    return tuple(name for name in options.entries if _is_outside(options, name))


def _is_outside(options: ObjectValue, name: str) -> bool:
    if name not in options.entries or name in options_schema().keys:
        return False
    lacks_api = API not in options.entries
    return any(name in shape.keys for shape in api_shapes()) or (lacks_api and meant_key(name) is not None)


def is_outside_api(options: ObjectValue, problem: OptionProblem) -> bool:
    """Return whether an unknown key is one of `api`'s in another place."""
    if problem.fault is not Fault.UNKNOWN or problem.path[0] == API:
        return False
    if len(problem.path) == 1:
        return _is_outside(options, problem.name)
    # Plain words such as url mean other things elsewhere.
    return not problem.name.islower() and any(problem.name in shape.keys for shape in api_shapes())
