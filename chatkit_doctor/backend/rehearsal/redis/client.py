"""A client of Redis as a value of a rehearsal, and its pipelines."""

from __future__ import annotations

from chatkit_doctor.backend.rehearsal.redis.commands import COMMANDS
from chatkit_doctor.backend.rehearsal.redis.keys import RedisKeys
from chatkit_doctor.python.rehearsal.values import Lost, Thing

_PACKAGES = ("redis.", "aioredis.", "fakeredis.")
_CLIENT = "redis.Redis"
_PIPELINE = "redis.client.Pipeline"
_RESULTS = "results of the pipeline"


def client_of(dotted: str) -> Thing | None:
    """Return the client that calling a name of Redis' packages makes, or that has it for a type; None for any other."""
    name = dotted.rpartition(".")[2]
    is_client = name == "from_url" or name.endswith("Redis")
    return Thing(_CLIENT, {}) if is_client and dotted.startswith(_PACKAGES) else None


def commanded(keys: RedisKeys, holder: Thing, name: str, arguments: list[object], named: dict[str, object]) -> object:
    """Return what a command gives. Raises Lost for one that is not known, and where what it does cannot be told."""
    if name == "pipeline":
        return Thing(_PIPELINE, {_RESULTS: []})
    results = holder.attributes.get(_RESULTS)
    if name == "execute" and isinstance(results, list):
        given = list(results)
        results.clear()
        return given
    known = COMMANDS.get(name)
    if known is None:
        raise Lost
    try:
        given_now = known(keys, arguments, named)
    except (IndexError, TypeError, KeyError, ValueError):
        # It is called in a way that its client or its server would refuse.
        raise Lost from None
    if isinstance(results, list):
        results.append(given_now)
        return holder
    return given_now


def is_client(value: object) -> bool:
    """Return whether a value is a client of Redis or one of its pipelines."""
    return isinstance(value, Thing) and value.kind in {_CLIENT, _PIPELINE}
