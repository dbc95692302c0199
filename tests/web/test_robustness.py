"""No input crashes the web layer, whatever it holds; offsets stay inside the text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatkit_doctor.frontend.options.sites import options_sites
from chatkit_doctor.web.evaluation.values import ObjectValue
from chatkit_doctor.web.markup import elements
from chatkit_doctor.web.modules.imports import exports, imports
from chatkit_doctor.web.tree import walk
from chatkit_doctor.web.writing.literals import insert_import, insert_property, remove_member, rename_key, replace_value
from chatkit_doctor.web.writing.markup import insert_attribute, insert_child, insert_in_head
from tests.web.support import ROOT, MemoryFiles, document

if TYPE_CHECKING:
    from chatkit_doctor.finding import Edit
    from chatkit_doctor.web.document import Document

SUFFIXES = ("ts", "tsx", "js", "mjs", "html", "vue", "svelte", "astro")
FRAGMENTS = (
    "import { useChatKit as k } from '@openai/chatkit-react';", "import * as ns from './a';",
    "export * from './a';", "export default ", "export const ", "const x = ", "let { a, b: [c] = 1, ...d } = ",
    "x = ", "x.y += ", "enum E { A = 1, 'b' }", "k(", "useMemo(() => (", "el.setOptions(",
    "document.createElement('openai-chatkit')", "require('./a')", "await import('./a')", "{ ", " }", "[", "]", "(",
    ")", "...", "x ? ", " : ", " && ", " ?? ", ", ", ";\n", "\r\n", "a: 1", "'q': `t${x}`", "[x]: 2",
    "get g() { return 1 }", "m() {}", "<div a='1' {...x}>", "</div>", "<head>", "</head>", "<html>",
    "<openai-chatkit id=x>", "<script>", "<script setup lang=ts>", "</script>", "<!--", "-->", "{/* c */}",
    "// c\n", "/* c", "---\n", "\x00", "é🚀", "\u2028", "x as ChatKitOptions", ": ChatKitOptions = ",
    "satisfies Partial<ChatKitOptions>", "`${", "\\u{FFFFFFF}", "'\\x4", "function f() { return ", "=> ", "#", "@",
    "&amp;",
)  # fmt: skip
TEXTS = st.one_of(
    st.text(max_size=200),
    st.lists(st.sampled_from(FRAGMENTS), max_size=40).map("".join),
    st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=4), max_size=40).map(" ".join),
)


def exercise(text: str, suffix: str) -> None:
    files = MemoryFiles({f"a.{suffix}": text, "b.ts": text})
    target = files[f"a.{suffix}"]
    assert target.error_count >= 0
    for root in target.roots:
        for node in walk(root):
            assert target.location(node).text == target.text(node)
    imports(target)
    exports(target)
    for site in options_sites(files.evaluator(), [target]):
        assert 0 <= site.value.location.start <= site.value.location.end <= len(text)
    for edit in every_edit(target, files):
        assert 0 <= edit.at.start <= edit.at.end <= len(text)


def every_edit(target: Document, files: MemoryFiles) -> list[Edit]:
    edits: list[Edit] = [*insert_import(target, "X", "x"), *insert_in_head(target, "<i>")]
    evaluator = files.evaluator()
    for node in target.find("object", "array"):
        value = evaluator.evaluate(target, node)
        edits += insert_property(target, node, "k", "1")
        for member in node.named_children:
            edits += remove_member(target, member)
        for entry in value.entries.values() if isinstance(value, ObjectValue) else ():
            edits += [*rename_key(entry, "k"), *replace_value(entry, "1")]
    for element in elements(target):
        edits += [
            *insert_child(element, "<i>"),
            *insert_child(element, "<i>", last=True),
            *insert_attribute(element, "b"),
        ]
    return [edit for edit in edits if edit.at.source.path == ROOT / target.path.name]


@settings(deadline=None, max_examples=300)
@given(TEXTS, st.sampled_from(SUFFIXES))
def test_no_text_crashes(text: str, suffix: str) -> None:
    exercise(text, suffix)


@pytest.mark.parametrize("suffix", ["tsx", "js", "html"])
@pytest.mark.parametrize(
    "piece", ["(", "{a:", "[", "<a>", "<", "f(", "`${", "a?b:", "()=>{", "a.b", '"+"', "!", "{...", "\0"]
)
def test_deep_nesting_ends(piece: str, suffix: str) -> None:
    head = "import { useChatKit } from '@openai/chatkit-react'; useChatKit("
    text = head + piece * 4000
    target = document(text, f"a.{suffix}")
    assert target.error_count >= 0
    list(elements(target))
    list(options_sites(MemoryFiles({}).evaluator(), [target]))


@pytest.mark.parametrize("number", ["1e999", "-1e999", "9" * 5000, f"0x{'f' * 5000}"])
def test_numbers_that_javascript_has_no_digits_for(number: str) -> None:
    head = "import { useChatKit } from '@openai/chatkit-react'; const o = { api: 'x' }; const a = [1]; "
    exercise(f"{head} o['{number}'] = 1; a[{number}] = 2; useChatKit({{ ...o, b: a[{number}], c: o[{number}] }})", "ts")
