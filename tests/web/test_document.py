from __future__ import annotations

import pytest

from chatkit_doctor.web.languages import Grammar
from chatkit_doctor.web.modules.imports import exports, imports
from chatkit_doctor.web.scopes import lookup
from tests.web.support import document


def test_locations_count_characters_where_the_tree_counts_bytes() -> None:
    text = 'const naïve = "🚀 é";\r\nconst 名 = f("x");\r\n'
    target = document(text, "a.ts")
    (call,) = target.find("call_expression")
    place = target.location(call)
    assert place.text == 'f("x")'
    assert (place.first.line, place.first.column) == (2, 11)
    assert [target.location(node).text for node in target.find("string")] == ['"🚀 é"', '"x"']


def test_scripts_of_markup_share_the_offsets_of_the_file() -> None:
    text = (
        '<p>é🚀</p>\n<script type="module">\nlet é = run("a");\n</script>\n'
        '<script setup lang="ts">let b: T = go(1)</script>'
    )
    target = document(text, "a.vue")
    assert [target.location(node).text for node in target.find("call_expression")] == ['run("a")', "go(1)"]
    assert [script.grammar for script in target.scripts] == [Grammar.JAVASCRIPT, Grammar.TYPESCRIPT]
    assert target.scripts[1].attributes == {"setup": "", "lang": "ts"}
    assert target.scripts[0].is_module


@pytest.mark.parametrize("kind", ["importmap", "application/json", "text/x-template"])
def test_data_in_a_script_element_is_no_script(kind: str) -> None:
    assert document(f'<script type="{kind}">{{"a": 1}}</script>', "a.html").scripts == ()


def test_front_matter_of_astro_is_a_script() -> None:
    target = document('---\nconst é = f("x");\n---\n<p>{é}</p>\n<script>g()</script>', "a.astro")
    assert [target.location(node).text for node in target.find("call_expression")] == ['f("x")', "g()"]
    assert target.markup is not None
    assert not target.markup.has_error


def test_comments_that_never_end_end_the_page_where_they_are_many() -> None:
    # Followed one by one, so many take hours.
    (script,) = document("<script>const seen = 1</script>" + "<!-- no end\n" * 100_000, "page.html").scripts

    assert script.element is not None
    assert script.root.text == b"const seen = 1"


def test_errors_are_counted_and_do_not_hide_the_rest() -> None:
    target = document("const x = <a>a & b</a>;\nf({ a: 1 });", "a.tsx")
    assert [target.text(node) for node in target.find("call_expression")] == ["f({ a: 1 })"]
    broken = document("const = = ;", "a.ts")
    assert broken.error_count > 0
    assert document("const a = 1;", "a.ts").error_count == 0


def test_javascript_with_types_is_read_as_typescript() -> None:
    assert document("const a: number = 1;", "a.js").error_count == 0


def test_imports_of_all_forms() -> None:
    target = document(
        "import X, { a as b, type C, default as d } from 's';\n"
        'import * as ns from "n";\n'
        "import type { T } from 't';\n"
        "import 'effect';\n"
        "const r = require('r');\n"
        "const { q } = await import('d');\n",
        "a.ts",
    )
    found = [
        (each.kind.value, each.specifier, [(n.imported, n.local, n.type_only) for n in each.names])
        for each in imports(target)
    ]
    assert found == [
        ("static", "s", [("default", "X", False), ("a", "b", False), ("C", "C", True), ("default", "d", False)]),
        ("static", "n", [("*", "ns", False)]),
        ("static", "t", [("T", "T", True)]),
        ("static", "effect", []),
        ("require", "r", []),
        ("dynamic", "d", []),
    ]
    assert [each.type_only for each in imports(target)][2]


def test_exports_of_all_forms() -> None:
    target = document(
        "export { a as c, b } from './x';\nexport * from './y';\nexport * as z from './z';\n"
        "const l = 1;\nexport { l as m };\nexport const n = 1, o = 2;\n"
        "export function f() {}\nexport default { p: 1 };\n",
        "a.ts",
    )
    found = [(each.name, each.specifier, each.imported, each.value is not None) for each in exports(target)]
    assert found == [
        ("c", "./x", "a", False),
        ("b", "./x", "b", False),
        ("*", "./y", "*", False),
        ("z", "./z", "*", False),
        ("m", None, None, True),
        ("n", None, None, True),
        ("o", None, None, True),
        ("f", None, None, True),
        ("default", None, None, True),
    ]


def test_names_are_looked_up_in_the_right_scope() -> None:
    target = document("const a = 1; function f(a: T) { { const b = a; use(b); } } use(a);", "a.ts")
    inner, outer = (node.child_by_field_name("arguments") for node in target.find("call_expression"))
    assert inner is not None
    assert outer is not None
    in_function = lookup(target, inner.named_children[0])
    at_top = lookup(target, outer.named_children[0])
    assert in_function is not None
    assert in_function.name == "b"
    assert at_top is not None
    assert at_top.kind.value == "const"
    parameter = lookup(target, inner.named_children[0], "a")
    assert parameter is not None
    assert parameter.kind.value == "parameter"
