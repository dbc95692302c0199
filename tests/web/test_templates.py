"""Pages that a template language completes: what it fills in is unknown, the rest is read at its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatkit_doctor.source import Source
from chatkit_doctor.web.document import Document
from chatkit_doctor.web.evaluation.values import StringValue, TemplateValue, UnknownValue, Value
from chatkit_doctor.web.formats.templates import covered
from tests.web.support import MemoryFiles


@pytest.mark.parametrize(
    ("written", "view"),
    [
        (b"a {{ b }} c", b"a _______ c"),
        (b"a {{ b\n}} c", b"a ____\n   c"),
        (b"{% if a %}x{% endif %}", b"          x           "),
        (b"{% if a %}true{% else %}false{% endif %}", b"_" * 40),
        (b"{# {{ a }} #}b", b"             b"),
        (b"{ {% include 'a.js' %} }", b"{ ...________________, }"),
        (b"{% static 'a' %}{% csrf_token %}", b"________________                "),
        (b"<%= a %><% b %>", b"________       "),
        (b"a { b } %", b"a { b } %"),
        (b"{{ never", b"{{ never"),
    ],
)
def test_what_is_filled_in_is_covered(written: bytes, view: bytes) -> None:
    assert covered(written).data == view


def evaluated(document: Document, name: str) -> Value:
    (declarator,) = [each for each in document.find("variable_declarator") if document.text(each).startswith(name)]
    value = declarator.child_by_field_name("value")
    assert value is not None
    return MemoryFiles({}).evaluator().evaluate(document, value)


def _script(code: str) -> Document:
    return Document(Source(Path("a.html"), f"<p>é</p><script>{code}</script>"))


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("'a'", StringValue),
        ("'{{ a }}'", TemplateValue),
        ('"{{ url_for("chat") }}"', TemplateValue),
        ("{{ a|tojson }}", UnknownValue),
        ("{% if a %}'b'{% else %}'c'{% endif %}", UnknownValue),
        ("`{{ a }}/b`", TemplateValue),
    ],
)
def test_a_value_that_is_filled_in_is_not_known(code: str, kind: type[Value]) -> None:
    document = _script(f"const it = {code};")

    assert document.error_count == 0
    assert isinstance(evaluated(document, "it"), kind)


def test_what_stands_around_is_known() -> None:
    value = evaluated(_script("const it = '/{{ tenant }}/chat/{{ room }}/x';"), "it")
    assert isinstance(value, TemplateValue)
    assert (value.prefix, value.suffix) == ("/", "/x")


def test_places_are_those_of_the_file() -> None:
    document = _script("const a = {{ é }}; const it = 1;")
    declarator = [each for each in document.find("variable_declarator") if document.text(each).startswith("it")]
    assert [document.location(each).text for each in declarator] == ["it = 1"]


def test_braces_of_the_program_itself_are_read() -> None:
    page = "<script type='text/babel'>const a = <p style={{ height: 1 }}>b</p>; const it = 2;</script>"
    assert Document(Source(Path("a.html"), page)).error_count == 0
