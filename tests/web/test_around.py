"""The functions around a node are those above it in the tree, in scripts and in scripts of pages."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatkit_doctor.source import Source
from chatkit_doctor.web.around import functions_around
from chatkit_doctor.web.document import Document
from chatkit_doctor.web.tree import FUNCTIONS, ancestors, walk

_TEXTS = {
    "a.tsx": """
        const a = (b) => c => d
        () => {}
        (function () { return function* () { x() } })()
        class A { m(e) { return async () => e } get f() { return 1 } }
        function g(h = () => 1) { return <p onClick={() => g()}>{[1].map((i) => i)}</p> }
        g(() => 1, () => 2)
    """,
    "broken.js": "function a() { b(c => { d(; }) }\nfunction e( {",
    "a.html": "<p>x</p><script>function a() { b(() => 1) }</script><i></i><script>c = () => a()</script>",
    "a.vue": "<script>export default { data() { return { a: () => 1 } } }</script><template><p @a='b'/></template>",
}


@pytest.mark.parametrize("name", _TEXTS)
def test_it_is_what_climbing_finds(name: str) -> None:
    document = Document(Source(Path(f"/p/{name}"), _TEXTS[name]))

    nodes = [node for root in document.roots for node in walk(root)]

    for node in nodes:
        assert functions_around(document, node) == [each for each in ancestors(node) if each.type in FUNCTIONS]
    assert any(functions_around(document, node) for node in nodes)
