"""Makes sets of options as TypeScript: right ones out of the types, and ones with one thing changed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random

from chatkit_doctor.contracts.schema import (
    Array,
    Function,
    Literals,
    ObjectType,
    Primitive,
    Record,
    Schema,
    Template,
    Union,
)

# What every file of generated options declares before them.
PRELUDE = (
    "declare const cond: boolean;\n"
    "declare const some: string;\n"
    "const TEXT = 'a text';\n"
    "const NUMBER = 12;\n"
    "const PLACES = { text: 'another', on: true } as const;\n"
)
_FUNCTION = "async () => { throw new Error() }"
_VALUES = (
    "'a text'",
    "''",
    "42",
    "0.5",
    "-1",
    "true",
    "null",
    "undefined",
    "[]",
    "['a']",
    "[1]",
    "{}",
    "{ a: 1 }",
    _FUNCTION,
    "`x-${some}`",
    "TEXT",
    "NUMBER",
    "PLACES.on",
    "cond ? 'a text' : 42",
)
_NAMES = ("mode", "colors", "name", "title", "avatar", "newThreadView", "assistant", "headers", "id", "enabled", "url")


@dataclass
class Leaf:
    """A value that is written as it is."""

    text: str


@dataclass
class Branch:
    """An object or an array in the making, with its type; `parts` by key, or by place for an array."""

    schema: Schema
    parts: dict[str, Leaf | Branch] = field(default_factory=dict)
    is_array: bool = False


Tree = Leaf | Branch
Mutation = Callable[[Random, Branch], bool]


def right(rng: Random, schema: Schema) -> Tree:
    """Return a value of a type."""
    match schema:
        case Union(members=members):
            return right(rng, rng.choice(members))
        case Primitive(name="string"):
            return Leaf(
                rng.choice(("'hello'", '"héllo 👋"', "`plain`", "TEXT", "`${some}!`", "cond ? 'a' : 'b'", "some"))
            )
        case Primitive(name="number"):
            return Leaf(rng.choice(("12", "0.5", "-3", "NUMBER", "1_000")))
        case Primitive(name="boolean"):
            return Leaf(rng.choice(("true", "false", "cond", "!cond", "PLACES.on")))
        case Primitive(name=name):
            return Leaf(name)
        case Literals(values=values):
            return Leaf(_literal(rng, rng.choice(values)))
        case Template(pattern=pattern):
            return Leaf(json.dumps(pattern.replace("${string}", rng.choice(("plane", "x")))))
        case Function():
            return Leaf(_FUNCTION)
        case Array(element=element):
            count = rng.randrange(4)
            return Branch(schema, {str(place): right(rng, element) for place in range(count)}, is_array=True)
        case Record(value=value):
            return Branch(schema, {name: right(rng, value) for name in rng.sample(("a", "b/c", "d"), rng.randrange(3))})
        case ObjectType(keys=keys):
            chosen = [name for name, key in keys.items() if key.required or rng.random() < 0.5]
            rng.shuffle(chosen)
            return Branch(schema, {name: right(rng, keys[name].type) for name in chosen})
    return Leaf("'anything'")


def written(tree: Tree) -> str:
    """Return a value as TypeScript."""
    if isinstance(tree, Leaf):
        return tree.text
    if tree.is_array:
        return f"[{', '.join(written(part) for part in tree.parts.values())}]"
    pairs = (
        f"{name if name.isidentifier() else json.dumps(name)}: {written(part)}" for name, part in tree.parts.items()
    )
    return f"{{ {', '.join(pairs)} }}"


def unknown_key(rng: Random, tree: Branch) -> bool:
    """Add a key somewhere, invented or nearly a right one."""
    target = _one_of(rng, (each for each in _branches(tree) if isinstance(each.schema, ObjectType)))
    if target is None or not isinstance(target.schema, ObjectType):
        return False
    name = rng.choice(
        (*_NAMES, *(f"{key}s" for key in target.schema.keys), *(key.upper() for key in target.schema.keys))
    )
    target.parts.setdefault(name, Leaf(rng.choice(("'x'", "1", "true", "{}"))))
    return True


def missing_key(rng: Random, tree: Branch) -> bool:
    """Take a required key out."""
    spots = [(each, name) for each in _branches(tree) for name in _required(each) if name in each.parts]
    if not spots:
        return False
    target, name = rng.choice(spots)
    del target.parts[name]
    return True


def other_value(rng: Random, tree: Branch) -> bool:
    """Put another value in the place of any."""
    target, name = _any_spot(rng, tree)
    target.parts[name] = Leaf(rng.choice(_VALUES))
    return True


def other_branch(rng: Random, tree: Branch) -> bool:
    """Make a value one of two, the other one anything."""
    target, name = _any_spot(rng, tree)
    # A null or undefined beside it is what `strictNullChecks` narrows by conditions that are not looked at here.
    other = rng.choice([each for each in _VALUES if each != "undefined"])
    target.parts[name] = Leaf(f"cond ? {written(target.parts[name])} : {other}")
    return True


def near_literal(rng: Random, tree: Branch) -> bool:
    """Misspell a literal, or go beyond a range."""
    spots = [(each, name) for each in _branches(tree) for name in each.parts if _is_literal(each, name)]
    if not spots:
        return False
    target, name = rng.choice(spots)
    value = target.parts[name]
    assert isinstance(value, Leaf)
    is_plain = value.text[0] == value.text[-1] == "'"
    near = f"{value.text[:-1]}x'" if is_plain else f"{value.text}.5" if value.text[-1].isdecimal() else "'Dark'"
    target.parts[name] = Leaf(rng.choice((near, near, "'Dark'", "99")))
    return True


def other_kind(rng: Random, tree: Branch) -> bool:
    """Add a key of the other kind of an object that is one of several."""
    spots = [(each, name) for each in _branches(tree) for name in each.parts if _kinds(each, name)]
    if not spots:
        return False
    target, name = rng.choice(spots)
    value = target.parts[name]
    if not isinstance(value, Branch) or value.is_array:
        return False
    key, schema = rng.choice([item for kind in _kinds(target, name) for item in kind.keys.items()])
    value.parts.setdefault(key, right(rng, schema.type))
    return True


MUTATIONS: dict[str, Mutation] = {
    mutation.__name__: mutation
    for mutation in (unknown_key, missing_key, other_value, other_branch, near_literal, other_kind)
}


def _literal(rng: Random, value: str | float | bool) -> str:
    if isinstance(value, str):
        return rng.choice((f"'{value}'", f"'{value}' as const", f"`{value}`", f"('{value}')"))
    return json.dumps(value)


def _branches(tree: Tree) -> Iterator[Branch]:
    if isinstance(tree, Branch):
        yield tree
        for part in tree.parts.values():
            yield from _branches(part)


def _any_spot(rng: Random, tree: Branch) -> tuple[Branch, str]:
    return rng.choice([(each, name) for each in _branches(tree) for name in each.parts])


def _required(branch: Branch) -> tuple[str, ...]:
    return branch.schema.required if isinstance(branch.schema, ObjectType) else ()


def _kinds(branch: Branch, name: str) -> tuple[ObjectType, ...]:
    key = branch.schema.keys.get(name) if isinstance(branch.schema, ObjectType) else None
    members = key.type.members if key is not None and isinstance(key.type, Union) else ()
    return tuple(each for each in members if isinstance(each, ObjectType))


def _is_literal(branch: Branch, name: str) -> bool:
    key = branch.schema.keys.get(name) if isinstance(branch.schema, ObjectType) else None
    return key is not None and isinstance(key.type, Literals) and isinstance(branch.parts[name], Leaf)


def _one_of(rng: Random, branches: Iterator[Branch]) -> Branch | None:
    found = list(branches)
    return rng.choice(found) if found else None
