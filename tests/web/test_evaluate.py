from __future__ import annotations

import pytest

from tests.web.support import evaluate


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("'a\\n\\u{1F680}\\x41'", "a\n🚀A"),
        ("`plain`", "plain"),
        ("`${B}/x`", "base/x"),
        ("`a${g()}z`", "a${}z"),
        ("'a' + 'b'", "ab"),
        ("B + '/x'", "base/x"),
        ("'/a' + g()", "/a${}"),
        ("-1.5", -1.5),
        ("0x10", 16),
        ("1_000", 1000),
        ("!0", True),
        ("null", "null"),
        ("undefined", "undefined"),
        ("void 0", "undefined"),
        ("() => 1", "function"),
        ("((({ a: 1 } as const) satisfies T)!)", {"a": 1}),
        ("<T>{ a: 1 }", {"a": 1}),
        ("Object.freeze({ a: 1 })", {"a": 1}),
        ("Object.assign({}, { a: 1 }, x ? { b: 2 } : {})", {"a": 1, "b?": 2}),
        ("x ? 'a' : 'b'", ("choice", "a", "b")),
        ("x || 'b'", ("choice", "unknown", "b")),
        ("x ?? 'b'", ("choice", "unknown", "b")),
        ("'' || 'b'", "b"),
        ("'a' || 'b'", "a"),
        ("'' ?? 'b'", ""),
        ("null ?? 'b'", "b"),
        ("x && { a: 1 }", ("choice", "falsy", {"a": 1})),
        ("process.env.NEXT_PUBLIC_KEY", "env:NEXT_PUBLIC_KEY"),
        ("import.meta.env.VITE_KEY ?? 'local'", ("choice", "env:VITE_KEY", "local")),
        ("process.env['KEY']!", "env:KEY"),
        ("new Thing()", "unknown"),
        ("g()", "unknown"),
        ("{ a: 1, 'b-c': 2, [`d`]: 3, 4: 5 }", {"a": 1, "b-c": 2, "d": 3, "4": 5}),
        ("{ [B]: 1 }", {"base": 1}),
        ("{ [x]: 1, a: 2 }", {"a": 2, "...": "..."}),
        (
            "{ B, m() {}, get g() { return 1 }, set s(v) {}, async n() {} }",
            {"B": "base", "m": "function", "g": 1, "n": "function"},
        ),
        ("{ a: 1, ...{ a: 2, b: 3 } }", {"a": 2, "b": 3}),
        ("{ ...{ a: 2 }, a: 1 }", {"a": 1}),
        ("{ ...rest, a: 1 }", {"a": 1, "...": "..."}),
        ("{ a: { b: 1 }, ...rest }", {"a": ("choice", {"b": 1, "...": "..."}, "unknown"), "...": "..."}),
        ("{ ...(x ? { a: 1 } : { a: 2 }) }", {"a": ("choice", 1, 2)}),
        ("{ ...(x && { a: 1 }) }", {"a?": 1}),
        ("{ ...(x ? { a: 1 } : null), b: 2 }", {"a?": 1, "b": 2}),
        ("{ a: 0, ...(x && { a: 1 }) }", {"a": ("choice", 0, 1)}),
        ("[1, ...[2, 3]]", [1, 2, 3]),
        ("[1, ...x]", [1, "..."]),
        ("[{ a: 1 }, x && { a: 2 }].filter(Boolean)", [{"a": 1}, {"a": 2}, "..."]),
        ("list.map((i) => ({ label: i.t, prompt: 'p' }))", [{"label": "unknown", "prompt": "p"}, "..."]),
        ("[{ a: 1 }, { a: 2 }].map((i) => ({ ...i, b: 3 }))", [{"a": 1, "b": 3}, {"a": 2, "b": 3}]),
        ("[{ a: 1 }].map(({ a }, n) => [a, n])", [[1, 0]]),
        ("[1].concat([2, 3], 4)", [1, 2, 3, 4]),
        ("[1].concat(x)", [1, "unknown", "..."]),
        ("[[1], [2]].flat()", [1, 2]),
        ("[1, 2].flatMap((n) => [n, n])", [1, 1, 2, 2]),
        ("[1, 2, 3].slice(1)", [2, 3]),
        ("[{ a: 1 }, { a: 0 }].filter((i) => i.a)", [{"a": 1}, "..."]),
        ("[{ a: 1 }].filter((i) => x(i))", ["..."]),
        ("structuredClone({ a: 1 })", {"a": 1}),
        ("JSON.parse(JSON.stringify({ a: 1 }))", {"a": 1}),
        ("Object.values({ a: 1, b: 2 })", [1, 2]),
        ("Array.from([1, 2], (n) => ({ n }))", [{"n": 1}, {"n": 2}]),
        ("{ a: { b: ['c'] } }.a.b[0]", "c"),
        ("{ a: 1 }.b", "undefined"),
        ("(() => ({ a: 1 }))()", {"a": 1}),
    ],
)
def test_expressions(expression: str, value: object) -> None:
    assert evaluate(f"const B = 'base';\nconst it = {expression};") == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("const a = 1; const it = a;", 1),
        ("let a = 1; const it = a;", 1),
        ("let a = 1; a = 2; const it = a;", 2),
        ("let a; a = 2; const it = a;", 2),
        ("let a = 1; const it = a; a = 2;", 1),
        ("let a = 1; if (x) a = 2; const it = a;", ("choice", 1, 2)),
        ("let a; if (x) { a = 1; } else { a = 2; } const it = a;", ("choice", 1, 2)),
        ("let a = 1; function f() { const it = a; } a = 2;", ("choice", 1, 2)),
        ("let a = 1; a = 2; function f() { const it = a; }", 2),
        ("let a = 1; a += 2; const it = a;", "unknown"),
        ("let a = 1; [a] = b; const it = a;", "unknown"),
        ("let a; const it = a;", "unknown"),
        ("var a = 1; var a = 2; const it = a;", ("choice", 2, "unknown")),
        ("let n = 1; n++; const it = n;", "unknown"),
        ("const a = 1; function f(a) { const it = a; }", "unknown"),
        ("const a = 1; function f() { const it = a; }", 1),
        ("const a = 1; { const a = 2; const it = a; }", 2),
        ("const a = 1; { const a = 2; } const it = a;", 1),
        ("function f() { { var a = 1; } const it = a; }", 1),
        ("for (const a of b) { const it = a; }", "unknown"),
        ("const { a: { b: c } } = { a: { b: 1 } }; const it = c;", 1),
        ("const [, b] = [1, 2]; const it = b;", 2),
        ("const { a = 1 } = {}; const it = a;", 1),
        ("const { a = 1 } = { a: 2 }; const it = a;", 2),
        ("const { a = 1 } = x; const it = a;", ("choice", "unknown", 1)),
        ("const { a: { b } = {} } = x; const it = b;", "unknown"),
        ("const { a, ...rest } = { a: 1, b: 2 }; const it = rest;", {"b": 2}),
        ("const { a: own, 'b-c': d = 1, ...rest } = { a: 1, 'b-c': 2, e: 3 }; const it = rest;", {"e": 3}),
        ("const { [x]: a, ...rest } = { a: 1, b: 2 }; const it = rest;", "unknown"),
        ("const { a, ...rest } = x; const it = rest;", "unknown"),
        ("const { KEY } = process.env; const it = KEY;", "env:KEY"),
        ("const o = { a: 1 }; const it = o.a;", 1),
        ("const o = { a: { b: 1 } }; o.a.c = 2; const it = o;", {"a": {"b": 1, "c": 2}}),
        ("const o = {}; o.a = 1; o['b'] = { c: 2 }; o.b.d = [3]; const it = o;", {"a": 1, "b": {"c": 2, "d": [3]}}),
        ("const o = { a: 1 }; const it = o; o.a = 2;", {"a": 1}),
        ("const o = { a: 1 }; " + "o.a = 2; " * 500 + "const it = o;", {"a": 2}),
        # More often than anybody writes, of which nothing is sure.
        ("const o = { a: 1 }; " + "o.a = 2; " * 501 + "const it = o;", {"a": "unknown", "...": "..."}),
        ("const o = { a: 1 }; if (x) o.a = 2; const it = o;", {"a": "unknown", "...": "..."}),
        ("const o = { a: 1 }; function f() { o.a = 2; } const it = o;", {"a": "unknown", "...": "..."}),
        ("const o = { a: 1 }; function f() { const it = o; } o.a = 2;", {"a": "unknown", "...": "..."}),
        ("const o = { a: 1 }; o[x] = 2; const it = o;", {"a": 1, "...": "..."}),
        ("const o = { a: 1 }; Object.assign(o, x); const it = o;", {"a": ("choice", 1, "unknown"), "...": "..."}),
        ("const o = { a: 1 }; Object.assign(o, { a: 2, b: 3 }); const it = o;", {"a": 2, "b": 3}),
        ("const o = { a: 1 }; delete o.a; const it = o;", {}),
        ("const o = { a: 1 }; if (x) delete o.a; const it = o;", {"...": "..."}),
        ("const l = [1]; l.push(2, ...[3]); const it = l;", [1, 2, 3]),
        ("const o = { l: [1] }; o.l.push(2); const it = o;", {"l": [1, 2]}),
        ("const l = [1]; l.splice(0, 1); const it = l;", [1, "..."]),
        ("const o = { a: 1 }; fill(o); function fill(p) { p.b = 2; } const it = o;", {"a": 1, "...": "..."}),
        ("const o = { a: 1 }; fill(o); function fill(p) { p.a = 2; } const it = o;", {"a": "unknown", "...": "..."}),
        ("const o = { a: 1 }; log(o); function log(p) { console.log(p.a); } const it = o;", {"a": 1}),
        (
            "import { merge } from 'lodash'; const o = { a: 1 }; merge(o, x); const it = o;",
            {"a": ("choice", 1, "unknown"), "...": "..."},
        ),
        ("const a = { ...b }; const b = { ...a }; const it = a;", {"...": "..."}),
        ("enum E { A = 'x', B = 'y' } const it = E.B;", "y"),
        ("class C { a = { b: 1 }; m() { const it = this.a; } }", {"b": 1}),
        ("class C { a = 1; m() { const it = this.a; } n() { this.a = 2; } }", ("choice", 1, 2)),
        ("class C { constructor() { this.a = 1; } m() { f(() => { const it = this.a; }); } }", 1),
        ("class C { a = { b: 1 }; m() { this.a.b = 2; const it = this.a; } }", {"b": "unknown", "...": "..."}),
        ("class C { get a() { return { b: 1 }; } m() { const it = this.a; } }", {"b": 1}),
        ("class C { a = 1; m() { function f() { const it = this.a; } } }", "unknown"),
        ("class C { static A = 1; } const it = C.A;", 1),
        ("const o = { a: 1, m() { const it = this.a; } };", 1),
        ("export default { data() { return { a: 1 }; }, methods: { m() { const it = this.a; } } };", 1),
        ("export default { data: () => ({}), computed: { a() { return 1; } }, mounted() { const it = this.a; } };", 1),
        ("window.A = { b: 1 }; const it = window.A;", {"b": 1}),
        ("window.A = 1; window.A = 2; const it = window.A;", "unknown"),
        ("function make() { return { a: 1 }; } const it = make();", {"a": 1}),
        (
            "const make = (url: string) => ({ api: { url, domainKey: 'k' } }); const it = make('u');",
            {"api": {"url": "u", "domainKey": "k"}},
        ),
        (
            "function make() { if (x) { return { a: 1 }; } return { a: 2 }; } const it = make();",
            ("choice", {"a": 1}, {"a": 2}),
        ),
        ("function make() { const inner = () => { return 5; }; return { a: 1 }; } const it = make();", {"a": 1}),
        ("async function make() { return { a: 1 }; } const it = make();", "unknown"),
        ("function loop() { return loop(); } const it = loop();", "unknown"),
        ("import { useMemo } from 'react'; const it = useMemo(() => ({ a: 1 }), []);", {"a": 1}),
        ("import * as React from 'react'; const it = React.useMemo<T>(() => { return { a: 1 } }, []);", {"a": 1}),
        ("import { useMemo as memo } from 'react'; const it = memo(() => ({ a: 1 }), []);", {"a": 1}),
        ("import { useCallback } from 'react'; const it = useCallback(async () => 1, []);", "function"),
        ("function useMemo(f) { return 'own'; } const it = useMemo(() => ({ a: 1 }));", "own"),
        ("import { useState } from 'react'; const [s] = useState({ a: 1 }); const it = s;", {"a": 1}),
        ("import { useState } from 'react'; const [s] = useState(() => ({ a: 1 })); const it = s;", {"a": 1}),
        (
            "import { useState } from 'react'; const [s, setS] = useState({ a: 1 }); const it = s;",
            ("choice", {"a": 1}, "unknown"),
        ),
        ("import { useRef } from 'react'; const r = useRef({ a: 1 }); const it = r.current;", {"a": 1}),
        (
            "import { useRef } from 'react'; const r = useRef({ a: 1 }); r.current.b = 2; const it = r.current;",
            {"a": 1, "b": 2},
        ),
        ("function make(a, b = 2) { return { a, b }; } const it = make(1);", {"a": 1, "b": 2}),
        ("const make = ({ a, ...rest }) => ({ a, ...rest }); const it = make({ a: 1, b: 2 });", {"a": 1, "b": 2}),
        ("function make({ a = 1 } = {}) { return a; } const it = make();", 1),
        ("function make(...all) { return all; } const it = make(1, 2);", [1, 2]),
        ("function make(a, b) { return b; } const it = make(...x);", "unknown"),
        ("function make(a) { a.b = 2; return a; } const it = make({ a: 1 });", {"a": 1, "b": 2}),
        ("const outer = (a) => (b) => ({ a, b }); const it = outer(1)(2);", {"a": 1, "b": 2}),
        ("const twice = (a) => [a, a]; const it = twice(twice(1));", [[1, 1], [1, 1]]),
        ("function down(n) { return n ? down(n - 1) : 0; } const it = down(3);", "unknown"),
        ("function down(n) { return n ? down(n - 1) : 0; } const it = down(0);", 0),
        ("import { ref } from 'vue'; const o = ref({ a: 1 }); const it = o.value;", {"a": 1}),
        (
            "import { ref } from 'vue'; const o = ref({ a: 1 }); o.value.b = 1; const it = o.value;",
            {"a": 1, "b": 1},
        ),
        ("import { computed } from 'vue'; const it = computed(() => ({ a: 1 }));", ("ref", {"a": 1})),
        ("import { reactive } from 'vue'; const it = reactive({ a: 1 });", {"a": 1}),
    ],
)
def test_names(text: str, value: object) -> None:
    assert evaluate(text) == value


def test_elements_are_jsx() -> None:
    assert evaluate("const it = { icon: <Rocket /> };", name="a.tsx") == {"icon": "jsx"}


@pytest.mark.parametrize(
    ("imported", "value"),
    [
        ("import { A as it0 } from './b';", 1),
        ("import it0 from './b';", {"d": 1}),
        ("import { renamed as it0 } from './b';", 2),
        ("import { deep as it0 } from './b';", "deep"),
        ("import { starred as it0 } from './b';", "star"),
        ("import { again as it0 } from './b';", "again"),
        ("import * as ns from './b'; const it0 = ns.A;", 1),
        ("const { A: it0 } = require('./b');", 1),
        ("const { A: it0 } = await import('./b');", 1),
        ("import { missing as it0 } from './b';", "unknown"),
        ("import { A as it0 } from 'package';", "unknown"),
        ("import { grouped } from './b'; const it0 = grouped.starred;", "star"),
        ("import it0 from './common.cjs';", {"e": 1}),
        ("import { e as it0 } from './common.cjs';", 1),
    ],
)
def test_imported_names(imported: str, value: object) -> None:
    other = (
        "export const A = 1; const B = 2; export { B as renamed }; export default { d: 1 };"
        "export { x as deep } from './c'; export * from './d';"
        "export { default as again } from './c'; export * as grouped from './d';"
    )
    found = evaluate(
        f"{imported} const it = it0;",
        b_ts=other,
        c_ts="export const x = 'deep'; const z = 'again'; export { z as default };",
        d_ts="export * from './b'; export const starred = 'star';",
        common_cjs="module.exports = { e: 1 };",
    )
    assert found == value


def test_a_function_of_another_file_is_evaluated_there() -> None:
    found = evaluate(
        "import { make } from './b'; const key = 'here'; const it = make();",
        b_ts="const key = 'there'; export function make() { return { key }; }",
    )
    assert found == {"key": "there"}


def test_scripts_of_a_component_share_names_and_modules_of_a_page_do_not() -> None:
    component = "<script>const a = 1;</script><script setup lang='ts'>const it = a;</script>"
    assert evaluate(component, name="a.vue") == 1
    page = "<script type=module>const a = 1;</script><script>const it = a;</script>"
    assert evaluate(page, name="a.html") == "unknown"
    assert evaluate("<script>const a = 1;</script><script type=module>const it = a;</script>", name="a.html") == 1


@pytest.mark.parametrize("text", ["const it = {0}1{1};", "const it = {0}x{1}.a;"])
@pytest.mark.parametrize(("opening", "closing"), [("{a:", "}"), ("[", "]"), ("f(", ")"), ("x?y:", "")])
def test_deep_nesting_ends(text: str, opening: str, closing: str) -> None:
    evaluate(text.replace("{0}", opening * 3000).replace("{1}", closing * 3000))


def test_shared_parts_do_not_multiply_the_work() -> None:
    chain = "".join(f"const a{n + 1} = {{ ...a{n}, ...a{n}, k{n}: a{n} }};" for n in range(80))
    assert isinstance(evaluate(f"const a0 = {{ x: 1 }}; {chain} const it = a30.x;"), int | tuple | str)
