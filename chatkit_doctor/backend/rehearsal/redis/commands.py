"""What commands of Redis do to the keys of one pass; the results are those of its Python client."""

from __future__ import annotations

from collections.abc import Callable
from fnmatch import fnmatchcase

from chatkit_doctor.backend.rehearsal.redis.keys import RedisKeys, between, by_score, known, number, part
from chatkit_doctor.python.rehearsal.values import Blank, Lost

ByName = dict[str, object]
Command = Callable[[RedisKeys, list[object], ByName], object]


def _set(keys: RedisKeys, arguments: list[object], named: ByName) -> object:
    if named.get("nx") and known(arguments[0]) in keys.values:
        return None
    keys.values[known(arguments[0])] = arguments[1]
    return True


def _mget(keys: RedisKeys, arguments: list[object], _: ByName) -> object:
    return [keys.values.get(known(each)) for each in _several(arguments)]


def _several(arguments: list[object]) -> list[object]:
    """Return what is given one by one or in a list."""
    first = arguments[0] if arguments else []
    return [*first, *arguments[1:]] if isinstance(first, list | tuple) else arguments


def _delete(keys: RedisKeys, arguments: list[object], _: ByName) -> object:
    return sum(keys.values.pop(known(each), None) is not None for each in arguments)


def _push(keys: RedisKeys, arguments: list[object], _: ByName) -> object:
    found = keys.list_of(arguments[0])
    found.extend(arguments[1:])
    return len(found)


def _push_left(keys: RedisKeys, arguments: list[object], _: ByName) -> object:
    found = keys.list_of(arguments[0])
    for each in arguments[1:]:
        found.insert(0, each)
    return len(found)


def _list_entry(keys: RedisKeys, arguments: list[object], _: ByName) -> object:
    found, index = keys.list_of(arguments[0]), number(arguments[1])
    return found[index] if -len(found) <= index < len(found) else None


def _set_list_entry(keys: RedisKeys, arguments: list[object], _: ByName) -> object:
    keys.list_of(arguments[0])[number(arguments[1])] = arguments[2]
    return True


def _remove_from_list(keys: RedisKeys, arguments: list[object], _: ByName) -> object:
    found = keys.list_of(arguments[0])
    left = [each for each in found if each != arguments[2]]
    removed = len(found) - len(left)
    found[:] = left
    return removed


def _trim(keys: RedisKeys, arguments: list[object], _: ByName) -> object:
    found = keys.list_of(arguments[0])
    found[:] = part(found, arguments[1], arguments[2])
    return True


def _position(keys: RedisKeys, arguments: list[object], _: ByName) -> object:
    found = keys.list_of(arguments[0])
    return found.index(arguments[1]) if arguments[1] in found else None


def _set_fields(keys: RedisKeys, arguments: list[object], named: ByName) -> object:
    mapping = named.get("mapping", arguments[1] if len(arguments) == 2 else None)
    if mapping is None and len(arguments) == 3:
        mapping = {known(arguments[1]): arguments[2]}
    if not isinstance(mapping, dict):
        raise Lost
    keys.hash_of(arguments[0]).update(mapping)
    return len(mapping)


def _fields(keys: RedisKeys, arguments: list[object], _: ByName) -> object:
    found = keys.hash_of(arguments[0])
    return [found.get(known(each)) for each in _several(arguments[1:])]


def _drop(keys: RedisKeys, arguments: list[object], _: ByName) -> object:
    found = keys.hash_of(arguments[0])
    return sum(found.pop(known(each), None) is not None for each in arguments[1:])


def _add_members(keys: RedisKeys, arguments: list[object], _: ByName) -> object:
    keys.set_of(arguments[0]).update(map(known, arguments[1:]))
    return len(arguments) - 1


def _remove_members(keys: RedisKeys, arguments: list[object], _: ByName) -> object:
    keys.set_of(arguments[0]).difference_update(arguments[1:])
    return len(arguments) - 1


def _add_scores(keys: RedisKeys, arguments: list[object], named: ByName) -> object:
    given = named.get("mapping", arguments[1])
    if not isinstance(given, dict):
        raise Lost
    found = keys.hash_of(arguments[0])
    found.update({member: score for member, score in given.items() if not (named.get("nx") and member in found)})
    return len(given)


def _range(is_turned: bool) -> Command:
    def command(keys: RedisKeys, arguments: list[object], named: ByName) -> object:
        if named.get("byscore") or named.get("bylex"):
            raise Lost
        scores = keys.hash_of(arguments[0])
        members = by_score(scores)
        if is_turned or named.get("desc"):
            members.reverse()
        start, end = [*arguments[1:], named.get("start"), named.get("end")][:2]
        return _scored(scores, part(members, start, end), named)

    return command


def _range_by_score(is_turned: bool) -> Command:
    def command(keys: RedisKeys, arguments: list[object], named: ByName) -> object:
        low, high = [*arguments[1:], named.get("min"), named.get("max")][:2]
        if is_turned and len(arguments) > 2:
            low, high = high, low
        scores = keys.hash_of(arguments[0])
        members = between(scores, low, high)
        if is_turned:
            members.reverse()
        start, count = named.get("start"), named.get("num")
        if start is not None and count is not None:
            members = members[number(start) : number(start) + number(count)]
        return _scored(scores, members, named)

    return command


def _scored(scores: dict[object, object], members: list[object], named: ByName) -> object:
    return [(each, scores[each]) for each in members] if named.get("withscores") else members


def _rank(is_turned: bool) -> Command:
    def command(keys: RedisKeys, arguments: list[object], _: ByName) -> object:
        members = by_score(keys.hash_of(arguments[0]))
        if is_turned:
            members.reverse()
        return members.index(arguments[1]) if arguments[1] in members else None

    return command


def _matching(keys: RedisKeys, arguments: list[object], named: ByName) -> object:
    """Return the keys that a pattern fits; in which order, only Redis knows, so it is that of their texts."""
    pattern = named.get("match", named.get("pattern", arguments[0] if arguments else "*"))
    if not isinstance(pattern, str) or any(not isinstance(each, str) for each in keys.values):
        raise Lost
    return sorted(each for each in keys.values if isinstance(each, str) and fnmatchcase(each, pattern))


def _scan(keys: RedisKeys, arguments: list[object], named: ByName) -> object:
    return 0, _matching(keys, arguments[1:], named)


COMMANDS: dict[str, Command] = (
    {
        "set": _set,
        "setex": lambda keys, arguments, named: _set(keys, [arguments[0], arguments[2]], named),
        "get": lambda keys, arguments, _: keys.values.get(known(arguments[0])),
        "mget": _mget,
        "delete": _delete,
        "unlink": _delete,
        "exists": lambda keys, arguments, _: sum(known(each) in keys.values for each in arguments),
        "rpush": _push,
        "lpush": _push_left,
        "lrange": lambda keys, arguments, _: part(keys.list_of(arguments[0]), arguments[1], arguments[2]),
        "llen": lambda keys, arguments, _: len(keys.list_of(arguments[0])),
        "lindex": _list_entry,
        "lset": _set_list_entry,
        "lrem": _remove_from_list,
        "ltrim": _trim,
        "lpos": _position,
        "hset": _set_fields,
        "hmset": _set_fields,
        "hget": lambda keys, arguments, _: keys.hash_of(arguments[0]).get(known(arguments[1])),
        "hmget": _fields,
        "hgetall": lambda keys, arguments, _: dict(keys.hash_of(arguments[0])),
        "hkeys": lambda keys, arguments, _: list(keys.hash_of(arguments[0])),
        "hvals": lambda keys, arguments, _: list(keys.hash_of(arguments[0]).values()),
        "hexists": lambda keys, arguments, _: known(arguments[1]) in keys.hash_of(arguments[0]),
        "hlen": lambda keys, arguments, _: len(keys.hash_of(arguments[0])),
        "hdel": _drop,
        "sadd": _add_members,
        "srem": _remove_members,
        "smembers": lambda keys, arguments, _: set(keys.set_of(arguments[0])),
        "sismember": lambda keys, arguments, _: known(arguments[1]) in keys.set_of(arguments[0]),
        "scard": lambda keys, arguments, _: len(keys.set_of(arguments[0])),
        "zadd": _add_scores,
        "zrem": _drop,
        "zrange": _range(False),
        "zrevrange": _range(True),
        "zrangebyscore": _range_by_score(False),
        "zrevrangebyscore": _range_by_score(True),
        "zrank": _rank(False),
        "zrevrank": _rank(True),
        "zscore": lambda keys, arguments, _: keys.hash_of(arguments[0]).get(known(arguments[1])),
        "zcard": lambda keys, arguments, _: len(keys.hash_of(arguments[0])),
        "keys": _matching,
        "scan_iter": _matching,
        "scan": _scan,
    }
    | dict.fromkeys(
        (
            "expire",
            "pexpire",
            "expireat",
            "persist",
            "ping",
            "close",
            "aclose",
            "watch",
            "unwatch",
            "multi",
            "initialize",
        ),
        lambda _, __, ___: True,
    )
    | dict.fromkeys(("ttl", "info", "publish"), lambda _, __, ___: Blank())
)
