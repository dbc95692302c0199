"""The keys of `api`: what people write for them, and where they put them by mistake."""

from __future__ import annotations

from chatkit_doctor.contracts.schema import ObjectType
from chatkit_doctor.contracts.web import options_schema
from chatkit_doctor.contracts.web_names import API, SECRET, URL
from chatkit_doctor.frontend.options.schema import Fault, OptionProblem, objects_of
from chatkit_doctor.patterns import regex
from chatkit_doctor.web.evaluation.values import ObjectValue

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
