"""The variables that templates of widgets ask for from outside."""

from __future__ import annotations

import pytest

from chatkit_doctor.backend.widgets.variables import variables


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{{ (title) | tojson }}", ["title"]),
        ("{{ a.b.c }}{{ items[0].name }}", ["a", "items"]),
        ("{{ 'text' ~ \"more\" ~ name }}", ["name"]),
        ("{% for x in rows %}{{ x }}{{ y }}{% endfor %}{{ x }}", ["rows", "y", "x"]),
        ("{%- for key, value in table.items() -%}{{ key }}{{ value }}{%- endfor -%}", ["table"]),
        ("{% set a = b %}{{ a }}{%- set c -%}text{%- endset -%}{{ c }}", ["b"]),
        ("{% if shown and not hidden %}{% elif other %}{% else %}{% endif %}", ["shown", "hidden", "other"]),
        ("{% if x is defined %}{{ y | default('z') }}{% endif %}", []),
        ("{{ loop.index0 }}{{ none }}{{ 3 + 4 }}{{ range(n) }}", ["n"]),
    ],
)
def test_what_a_template_asks_for(template: str, expected: list[str]) -> None:
    assert [each.name for each in variables(template)] == expected


def test_where_and_how() -> None:
    (counter,) = variables("{% for x in [] %}{{ (index) | tojson }}{% endfor %}")

    assert counter.in_loop
    assert counter.is_bare
    assert "{% for x in [] %}{{ (index) | tojson }}{% endfor %}"[counter.start :].startswith("index")
