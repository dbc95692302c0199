from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from chatkit_doctor.web.evaluation.values import Entry, ObjectValue
from chatkit_doctor.web.markup import first_element
from chatkit_doctor.web.writing.literals import (
    insert_import,
    insert_property,
    quoted,
    remove_member,
    rename_key,
    replace_value,
)
from chatkit_doctor.web.writing.markup import insert_attribute, insert_child, insert_in_head
from tests.web.support import MemoryFiles, applied, document

if TYPE_CHECKING:
    from chatkit_doctor.web.document import Document


def first_object(target: Document) -> ObjectValue:
    value = MemoryFiles({}).evaluator().evaluate(target, next(target.find("object")))
    assert isinstance(value, ObjectValue)
    return value


def entry(target: Document, name: str) -> Entry:
    return first_object(target).entries[name]


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("f({})", "f({ k: 1 })"),
        ("f({ })", "f({ k: 1 })"),
        ("f({\n})", "f({\n  k: 1,\n})"),
        ("  f({\n  })", "  f({\n    k: 1,\n  })"),
        ("f({ /* c */ })", "f({ /* c */ k: 1 })"),
        ("f({\n  // c\n})", "f({\n  // c\n  k: 1,\n})"),
        ("f({ a: 1 })", "f({ a: 1, k: 1 })"),
        ("f({a: 1})", "f({a: 1, k: 1})"),
        ("f({ a: 1, })", "f({ a: 1, k: 1, })"),
        ("f({ a: 1 /* c */ })", "f({ a: 1, k: 1 /* c */ })"),
        ("f({\n\ta: 1,\n})", "f({\n\ta: 1,\n\tk: 1,\n})"),
        ("f({\n  a: 1\n})", "f({\n  a: 1,\n  k: 1\n})"),
        ("f({\n  a: 1, // c\n})", "f({\n  a: 1, // c\n  k: 1,\n})"),
        ("f({\n  a: 1 // c\n})", "f({\n  a: 1, // c\n  k: 1\n})"),
        ("f({\r\n  é: '🚀',\r\n})", "f({\r\n  é: '🚀',\r\n  k: 1,\r\n})"),
        ("f({ a: 1,\n    b: 2 })", "f({ a: 1,\n    b: 2,\n    k: 1 })"),
        ("f({ a: {\n  b: 1,\n} })", "f({ a: {\n  b: 1,\n}, k: 1 })"),
        ("f({\n  a() {\n  },\n  ...b,\n})", "f({\n  a() {\n  },\n  ...b,\n  k: 1,\n})"),
        ('f({ "a": 1 })', 'f({ "a": 1, "k": 1 })'),
        ("f({\n  a: 1,\n  // last\n})", "f({\n  a: 1,\n  k: 1,\n  // last\n})"),
    ],
)
def test_insert_property(text: str, result: str) -> None:
    target = document(text, "a.ts")
    assert applied(insert_property(target, first_object(target).node, "k", "1")) == result


def test_a_broken_literal_is_left_alone() -> None:
    target = document("-{ a: 1;", "a.ts")
    assert [insert_property(target, node, "k", "1") for node in target.find("object")] == [[]]


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("f({ a: 1, b: 2 })", "f({ a: 1, k: 1, b: 2 })"),
        ("f({\n  a: 1,\n  b: 2\n})", "f({\n  a: 1,\n  k: 1,\n  b: 2\n})"),
        ("f({\n  a: 1, // c\n  b: 2\n})", "f({\n  a: 1, // c\n  k: 1,\n  b: 2\n})"),
        ("f({\n  a: 1, b: 2,\n})", "f({\n  a: 1, k: 1, b: 2,\n})"),
    ],
)
def test_insert_property_behind_another(text: str, result: str) -> None:
    target = document(text, "a.ts")
    edits = insert_property(target, first_object(target).node, "k", "1", after=entry(target, "a").node)
    assert applied(edits) == result


@pytest.mark.parametrize(
    ("text", "name", "result"),
    [
        ("f({ a: 1 })", "a", "f({})"),
        ("f({ a: 1, b: 2 })", "a", "f({ b: 2 })"),
        ("f({ a: 1, b: 2 })", "b", "f({ a: 1 })"),
        ("f({ a: 1, b: 2, })", "b", "f({ a: 1, })"),
        ("f({\n  a: 1,\n  b: 2,\n})", "a", "f({\n  b: 2,\n})"),
        ("f({\n  a: 1,\n  b: 2,\n})", "b", "f({\n  a: 1,\n})"),
        ("f({\n  a: 1,\n  b: 2\n})", "b", "f({\n  a: 1\n})"),
        ("f({\r\n  a: 1,\r\n  b: '🚀'\r\n})", "b", "f({\r\n  a: 1\r\n})"),
        ("f({\n  a: 1, // keep\n  b: 2\n})", "b", "f({\n  a: 1 // keep\n})"),
        ("f({\n  a: 1,\n  b: 2, // keep\n})", "b", "f({\n  a: 1,\n  // keep\n})"),
        ("f({\n  a: {\n    x: 1,\n  },\n  b: 2,\n})", "a", "f({\n  b: 2,\n})"),
        ("f({ a: 1 /* keep */, b: 2 })", "a", "f({  /* keep */ b: 2 })"),
        ("f({\n  a: 1,\n})", "a", "f({\n})"),
        # A comment above that is about it goes, one that may be about more stays, and so does code.
        ("f({\n  // the first\n  first: 1,\n  b: 2,\n})", "first", "f({\n  b: 2,\n})"),
        ("f({\n  // all of them\n  first: 1,\n  b: 2,\n})", "first", "f({\n  // all of them\n  b: 2,\n})"),
        ("f({\n  a: 1,\n  /* of old */\n  // times\n  b: 2,\n})", "b", "f({\n  a: 1,\n})"),
        ("f({\n  // first: 2,\n  first: 1,\n  b: 2,\n})", "first", "f({\n  // first: 2,\n  b: 2,\n})"),
        ("f({\n  // @ts-expect-error\n  a: 1,\n  b: 2,\n})", "a", "f({\n  b: 2,\n})"),
        ("f({\n  // both\n  // @ts-ignore\n  a: 1,\n  b: 2,\n})", "a", "f({\n  // both\n  b: 2,\n})"),
        ("f({\n  // biome-ignore lint: so\n  a: 1,\n  b: 2,\n})", "a", "f({\n  b: 2,\n})"),
        ("f({\n  // #region x\n  a: 1,\n\n  b: 2,\n})", "a", "f({\n  // #region x\n\n  b: 2,\n})"),
        ("f({\n  b: 2,\n  /* eslint-disable x */\n  a: 1,\n})", "a", "f({\n  b: 2,\n  /* eslint-disable x */\n})"),
    ],
)
def test_remove_member(text: str, name: str, result: str) -> None:
    target = document(text, "a.ts")
    assert applied(remove_member(target, entry(target, name).node)) == result


def test_what_a_file_begins_with_stays() -> None:
    target = document("// Licence\nimport { a } from 'a'\n\nf()\n", "a.ts")

    assert applied(remove_member(target, next(target.find("import_statement")))) == "// Licence\n\nf()\n"


@pytest.mark.parametrize("end", ["", ";"])
def test_a_remark_behind_an_import_stays(end: str) -> None:
    target = document(f"f()\nimport 'a'{end}  // remark\ng()\n")
    assert applied(remove_member(target, next(target.find("import_statement")))) == "f()\n// remark\ng()\n"


@pytest.mark.parametrize(
    ("text", "index", "result"),
    [
        ("f([1, 2, 3])", 1, "f([1, 3])"),
        ("f([1, 2, 3])", 2, "f([1, 2])"),
        ("f([\n  1,\n  2,\n])", 0, "f([\n  2,\n])"),
        ("f([1])", 0, "f([])"),
    ],
)
def test_remove_item(text: str, index: int, result: str) -> None:
    target = document(text, "a.ts")
    (array,) = target.find("array")
    assert applied(remove_member(target, array.named_children[index])) == result


@pytest.mark.parametrize(
    ("text", "name", "result"),
    [
        ("f({ a: 1 })", "b", "f({ b: 1 })"),
        ("f({ 'a': 1 })", "b", "f({ 'b': 1 })"),
        ("f({ a })", "b", "f({ b: a })"),
        ("f({ a() {} })", "b", "f({ b() {} })"),
        ("f({ a: 'x' })", "b-c", "f({ 'b-c': 'x' })"),
    ],
)
def test_rename_key(text: str, name: str, result: str) -> None:
    target = document(text, "a.ts")
    assert applied(rename_key(entry(target, "a"), name)) == result


def test_a_computed_key_is_not_renamed() -> None:
    assert rename_key(entry(document("f({ ['a']: 1 })", "a.ts"), "a"), "b") == []


@pytest.mark.parametrize(
    ("text", "result"),
    [("f({ a: g(1) })", "f({ a: 2 })"), ("f({ a })", "f({ a: 2 })"), ("f({ a: (1) })", "f({ a: 2 })")],
)
def test_replace_value(text: str, result: str) -> None:
    assert applied(replace_value(entry(document(text, "a.ts"), "a"), "2")) == result


def test_a_method_has_no_value_to_replace() -> None:
    assert replace_value(entry(document("f({ a() {} })", "a.ts"), "a"), "2") == []


@pytest.mark.parametrize(
    ("text", "literal"),
    [("f('a', 'b')", "'it\\'s'"), ('f("a")', '"it\'s"'), ("f()", '"it\'s"')],
)
def test_quotes_are_those_of_the_file(text: str, literal: str) -> None:
    assert quoted(document(text, "a.ts"), "it's") == literal


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("import a from 'a';\nf();\n", "import a from 'a';\nimport X from 'x';\nf();\n"),
        ("import a from 'a'\nf()\n", "import a from 'a'\nimport X from 'x'\nf()\n"),
        (
            "import a from 'a'\n\nimport b from './b'\nimport './c.css'\nf()\n",
            "import a from 'a'\nimport X from 'x'\n\nimport b from './b'\nimport './c.css'\nf()\n",
        ),
        ("import './c.css'\nf()\n", "import './c.css'\nimport X from 'x'\nf()\n"),
        ("'use client';\n\nf();\n", "'use client';\n\nimport X from 'x';\n\nf();\n"),
        ("const a = 'b';\n", "import X from 'x';\n\nconst a = 'b';\n"),
        ("// about\nconst a = 'b';\r\n", "// about\nimport X from 'x';\n\nconst a = 'b';\r\n"),
    ],
)
def test_insert_import(text: str, result: str) -> None:
    assert applied(insert_import(document(text, "a.ts"), "X", "x")) == result


def test_insert_import_into_a_component() -> None:
    text = "<script setup>\n  import a from 'a';\n  f();\n</script>"
    result = "<script setup>\n  import a from 'a';\n  import X from 'x';\n  f();\n</script>"
    assert applied(insert_import(document(text, "a.vue"), "X", "x")) == result


@pytest.mark.parametrize(
    ("text", "result"),
    [
        (
            "<html>\n  <head>\n    <title>🚀</title>\n  </head>\n</html>",
            "<html>\n  <head>\n    <title>🚀</title>\n    <i/>\n  </head>\n</html>",
        ),
        ("<html>\r\n<head>\r\n</head>\r\n</html>", "<html>\r\n<head>\r\n  <i/>\r\n</head>\r\n</html>"),
        ("<html><head><title>a</title></head></html>", "<html><head><title>a</title><i/></head></html>"),
        ("<html>\n<body>\n</body>\n</html>", "<html>\n<head>\n  <i/>\n</head>\n<body>\n</body>\n</html>"),
    ],
)
def test_insert_in_head(text: str, result: str) -> None:
    assert applied(insert_in_head(document(text, "a.html"), "<i/>")) == result


def test_a_fragment_has_no_head() -> None:
    assert insert_in_head(document("<p>a</p>", "a.html"), "<i/>") == []


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("x = (\n  <head>\n    <meta />\n  </head>\n)", "x = (\n  <head>\n    <i/>\n    <meta />\n  </head>\n)"),
        ("x = <head />", "x = <head><i/></head>"),
        ("x = <head></head>", "x = <head><i/></head>"),
        ("x = <head lang='a'/>", "x = <head lang='a'><i/></head>"),
    ],
)
def test_insert_first_child_of_jsx(text: str, result: str) -> None:
    head = first_element(document(text), "head")
    assert head is not None
    assert applied(insert_child(head, "<i/>")) == result


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("x = <C />", "x = <C b={1} />"),
        ("x = <C a='1'>y</C>", "x = <C a='1' b={1}>y</C>"),
        ("x = <C\n  a='1'\n/>", "x = <C\n  a='1'\n  b={1}\n/>"),
    ],
)
def test_insert_attribute(text: str, result: str) -> None:
    element = first_element(document(text), "C")
    assert element is not None
    assert applied(insert_attribute(element, "b={1}")) == result
