from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatkit_doctor.verify.wire.markup import read_markup

SCRIPTS: list[tuple[str, list[str]]] = [
    ("<script src=a.js></script>", ["a.js"]),
    ("<SCRIPT\nASYNC SRC = 'a.js' src=b.js>", ["a.js"]),
    ('<script src="x?a=1&amp;b=2"/>', ["x?a=1&b=2"]),
    ("<script src=a.js></script >x<script src=b.js></script>", ["a.js", "b.js"]),
    ('<script>"<script src=no>"</script><script src=a.js>', ["", "a.js"]),
    ("<!-- <script src=no> --><script src=a.js>", ["a.js"]),
    ("<!--><script src=a.js>", ["a.js"]),
    ("<!-- <script src=no>", []),
    ("<noscript><script src=no></script></noscript><script src=a.js>", ["a.js"]),
    ("<title><script src=no></title><p title='<script src=no>'>", []),
    ("1 < 2 <3 </p> <!doctype html> <?xml?> <script src=a.js>", ["a.js"]),
    ("<style>İ</style><script src=a.js>İ", ["a.js"]),
    ("<scripts src=no></scripts><x-script src=no>", []),
    ("<script src=no", []),
]


@pytest.mark.parametrize(("text", "sources"), SCRIPTS)
def test_scripts_are_those_that_a_browser_sees(text: str, sources: list[str]) -> None:
    assert [script.get("src") for script in read_markup(text).scripts] == sources


def test_what_else_decides() -> None:
    page = read_markup(
        "<base target=x><base href=/b/><link rel='x ModulePreload' href=m.js><link rel=preload href=no>"
        "<meta http-equiv=content-security-policy content=\"a 'self'\"><meta name=content-security-policy content=no>"
        "<script nonce=n>let x</script>"
    )
    assert (page.base, page.preloaded, page.policies) == ("/b/", ["m.js"], ["a 'self'"])
    assert [(script.get("nonce"), script.text) for script in page.scripts] == [("n", "let x")]


@settings(deadline=None, derandomize=True)
@given(st.text(alphabet="<>/!-=\"' scriptİ&#", max_size=80))
def test_nothing_crashes_it(text: str) -> None:
    read_markup(f"{text}<script>{text}")
