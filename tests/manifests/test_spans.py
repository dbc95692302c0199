from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from chatkit_doctor.project.manifests.json_files import load_jsonc, read_json
from chatkit_doctor.project.manifests.spans import PlacedValues
from chatkit_doctor.project.manifests.toml_files import read_toml
from tests.manifests.making import source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chatkit_doctor.project.manifests.spans import KeyPath

PLAIN = st.text(st.characters(codec="utf-8", exclude_characters='"\\', exclude_categories=["C", "Z"]), max_size=5)
VALUES = st.recursive(
    PLAIN | st.integers(0, 99) | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(PLAIN, inner, max_size=3),
    max_leaves=12,
)


def strings_in(value: object, path: KeyPath = ()) -> Iterator[tuple[KeyPath, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from strings_in(each, (*path, key))
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from strings_in(each, (*path, index))


def places(document: PlacedValues) -> dict[KeyPath, str]:
    return {path: document.source.text[start:end] for path, (start, end) in document.places.strings.items()}


def as_toml(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f'"{key}" = {as_toml(each)}' for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[ # a comment ]\n" + ",\n".join(map(as_toml, value)) + "\n]"
    return json.dumps(value, ensure_ascii=False)


@given(st.dictionaries(PLAIN, VALUES, max_size=4), st.sampled_from([None, 2]))
def test_every_json_string_is_where_it_is(values: dict[str, Any], indent: int | None) -> None:
    document = read_json(source("package.json", json.dumps(values, ensure_ascii=False, indent=indent)))
    assert places(document) == dict(strings_in(values))


@given(st.dictionaries(PLAIN, VALUES, max_size=4))
def test_every_toml_string_is_where_it_is(values: dict[str, Any]) -> None:
    text = "[top]\n" + "".join(f'"{key}" = {as_toml(each)}\n' for key, each in values.items())
    assert places(read_toml(source("pyproject.toml", text))) == dict(strings_in({"top": values}))


def test_toml_of_every_shape() -> None:
    document = read_toml(
        source(
            "pyproject.toml",
            '''\
            a.b."c.d" = 'one'   # [not.a.table]
            when = 1979-05-27T07:32:00Z
            ratio = 1.5
            long = """
            two "quotes" \\""" = [x]"""
            [[list]]
            x = "first"
            [[list]]
            x = "second"
            [list.sub]
            y = "third"
            ''',
        )
    )
    assert places(document) == {
        ("a", "b", "c.d"): "one",
        ("long",): '\ntwo "quotes" \\""" = [x]',
        ("list", 0, "x"): "first",
        ("list", 1, "x"): "second",
        ("list", 1, "sub", "y"): "third",
    }
    assert document.key_at(("a", "b", "c.d")).text == '"c.d"'.strip('"')


def test_jsonc() -> None:
    text = '{"url": "https://a.example/*,]*/", /* note ,} */ "list": [1, 2, // end\n], }'
    assert load_jsonc(source("bun.lock", text)) == {"url": "https://a.example/*,]*/", "list": [1, 2]}
