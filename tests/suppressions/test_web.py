"""Ignore comments in scripts, JSX, pages and components: where they may stand, and what only looks like one."""

from __future__ import annotations

import pytest

from tests.suppressions.making import Folder

HIDDEN = {
    "trailing.ts": "const x = ck401 // chatkit-doctor: ignore[CK401] why\n",
    "two-in-a-line.ts": "const x = ck401 // eslint-disable-line // chatkit-doctor: ignore[CK401]\n",
    "block-behind.ts": "const x = ck401 /* chatkit-doctor: ignore[CK401] why */\n",
    "block-before.ts": "/* chatkit-doctor: ignore[CK401] */ const x = ck401\n",
    "block-between.ts": "f(1, /* chatkit-doctor: ignore[CK401] */ ck401, 2)\n",
    "above.ts": "// chatkit-doctor: ignore[CK401]\nconst x = ck401\n",
    "block-above.ts": "  /* chatkit-doctor: ignore[CK401] */\nconst x = ck401\n",
    "tall-block-above.ts": "/**\n * chatkit-doctor: ignore[CK401, CK402] because\n * it is so\n */\nck401\n",
    "in-an-object.ts": "const x = {\n  // chatkit-doctor: ignore[CK401]\n  ck401: 1,\n}\n",
    "template.ts": "const x = `\n${ck401}\n` // chatkit-doctor: ignore[CK401]\n",
    "in-a-template.ts": "const x = `${ck401 /* chatkit-doctor: ignore[CK401] */}`\n",
    "file.ts": "// chatkit-doctor: ignore-file[CK401]\nconst x = ck401\n",
    "file-below-headers.tsx": "#!/usr/bin/env node\n'use client'\n/* chatkit-doctor: ignore-file[CK401] */\nck401\n",
    "jsx-above.tsx": (
        "const A = () => (\n  <p>\n    {/* chatkit-doctor: ignore[CK401] */}\n    <B x={ck401} />\n  </p>\n)\n"
    ),
    "jsx-tall-block.tsx": (
        "const A = <p>\n  {/* chatkit-doctor: ignore[CK401]\n     for a reason */}\n  <B x={ck401} />\n</p>\n"
    ),
    "jsx-above-a-tall-tag.tsx": (
        "const A = <p>\n {/* chatkit-doctor: ignore[CK401] */}\n <B\n  y\n  x={ck401}\n />\n</p>\n"
    ),
    "jsx-nested-tags.tsx": (
        "const A = <P r={() => (\n <>\n  {/* chatkit-doctor: ignore[CK401] */}\n  <B\n   x={ck401}\n  />\n </>\n)} />\n"
    ),
    "jsx-attributes.tsx": "const A = <B\n  // chatkit-doctor: ignore[CK401]\n  x={ck401}\n/>\n",
    "jsx-attribute-behind.tsx": "const A = <B\n  x={ck401} // chatkit-doctor: ignore[CK401]\n/>\n",
    "jsx-attribute-before.tsx": "const A = <B\n  /* chatkit-doctor: ignore[CK401] */ x={ck401}\n/>\n",
    "jsx-behind.tsx": "const A = <p>\n  <B x={ck401} /> {/* chatkit-doctor: ignore[CK401] */}\n</p>\n",
    "flow.js": "// @flow\nconst x: string = ck401 // chatkit-doctor: ignore[CK401]\n",
    "module.mjs": "const x = ck401 // chatkit-doctor: ignore[CK401]\n",
    "above.html": "<html>\n  <!-- chatkit-doctor: ignore[CK501] why -->\n  <b ck501></b>\n</html>\n",
    "above-a-tall-tag.html": "<!-- chatkit-doctor: ignore[CK501] -->\n<p>a</p><b\n  a='1'\n  ck501\n></b>\n",
    "behind.html": "<b ck501></b> <!-- chatkit-doctor: ignore[CK501] -->\n",
    "tall-comment.html": "<!--\n  chatkit-doctor: ignore[CK501]\n  why\n-->\n<b ck501></b>\n",
    "file.html": "<!doctype html>\n<!-- chatkit-doctor: ignore-file[CK501] -->\n<b ck501></b>\n",
    "script.html": "<p>a</p>\n<script>\nlet x = ck401 // chatkit-doctor: ignore[CK401]\n</script>\n",
    "script-above.html": "<script type='module'>\n  /* chatkit-doctor: ignore[CK401] */\n  ck401\n</script>\n",
    "script.vue": "<script setup lang='ts'>\n// chatkit-doctor: ignore[CK401]\nck401 as string\n</script>\n",
    "template.vue": "<template>\n  <!-- chatkit-doctor: ignore[CK501] -->\n  <b\n    :a='ck501'\n  />\n</template>\n",
    "file.vue": "<!-- chatkit-doctor: ignore-file[CK501] -->\n<template>\n  <b :a='ck501' />\n</template>\n",
    "script.svelte": "<script>\n  ck401 // chatkit-doctor: ignore[CK401]\n</script>\n",
    "markup.svelte": "<!-- chatkit-doctor: ignore[CK501] -->\n<b a={ck501} />\n",
    "matter.astro": "---\n// chatkit-doctor: ignore-file[CK401]\nconst x = ck401\n---\n<p>a</p>\n",
    "markup.astro": "---\nconst x = 1\n---\n<!-- chatkit-doctor: ignore[CK501] -->\n<b ck501 />\n",
}
VISIBLE = {
    "string.ts": "const x = ck401 + '// chatkit-doctor: ignore[CK401]'\n",
    "template.ts": "const x = ck401 + `// chatkit-doctor: ignore[CK401]`\n",
    "tall-template.ts": "const x = `\n// chatkit-doctor: ignore[CK401]\n${ck401}\n`\n",
    "regex.ts": "const x = ck401 + /[/* chatkit-doctor: ignore[CK401] */]/\n",
    "text.tsx": "const A = <p>\n  // chatkit-doctor: ignore[CK401]\n  <B x={ck401} />\n</p>\n",
    "text-behind.tsx": "const A = <p>\n  <B x={ck401} /> // chatkit-doctor: ignore[CK401]\n</p>\n",
    "jsx-string.tsx": "const A = <B x={ck401} y='/* chatkit-doctor: ignore[CK401] */' />\n",
    "file-below-code.ts": "import 'a'\n// chatkit-doctor: ignore-file[CK401]\nck401\n",
    "file-in-script.vue": "<script>\n// chatkit-doctor: ignore-file[CK401]\nck401\n</script>\n",
    "text.html": "<b ck401></b> // chatkit-doctor: ignore[CK401]\n",
    "attribute.html": "<b ck401 title='<!-- chatkit-doctor: ignore[CK401] -->'></b>\n",
    "tag.html": "<b ck401 <!-- chatkit-doctor: ignore[CK401] -->></b>\n",
    "style.html": "<style>\n/* chatkit-doctor: ignore[CK401] */\n.ck401 { color: red }\n</style>\n",
    "data.html": "<script type='application/json'>\n// chatkit-doctor: ignore[CK401]\n['ck401']\n</script>\n",
    "markup-in-script.html": "<script>\nlet x = ck401 + '<!-- chatkit-doctor: ignore[CK401] -->'\n</script>\n",
    "braces.html": "<p>\n{/* chatkit-doctor: ignore[CK401] */}\n<b ck401></b>\n</p>\n",
    "open-block.ts": "ck401\n/* chatkit-doctor: ignore[CK401]\nck401\n",
    "nested.ts": "/* /* x */ ck401 */ // chatkit-doctor: ignore[CK402]\n",
}


@pytest.mark.parametrize("name", HIDDEN)
def test_hides_what_it_is_about(folder: Folder, name: str) -> None:
    told = folder.tell(HIDDEN[name], name)

    assert told.hidden
    assert not [place for place in told.visible if place[0] < "CK9"]


@pytest.mark.parametrize("name", VISIBLE)
def test_hides_nothing_else(folder: Folder, name: str) -> None:
    told = folder.tell(VISIBLE[name], name)

    assert told.hidden == []
    assert "CK401" in dict(told.visible)


@pytest.mark.parametrize("name", [name for name in HIDDEN if not name.startswith("file")])
def test_line_ends_do_not_matter(folder: Folder, name: str) -> None:
    told = folder.tell(HIDDEN[name].replace("\n", "\r\n").encode("utf-8-sig"), name)

    assert told.hidden
    assert not [place for place in told.visible if place[0] < "CK9"]


def test_a_comment_above_a_tag_is_not_about_what_stands_between_its_tags(folder: Folder) -> None:
    told = folder.tell("<!-- chatkit-doctor: ignore[CK501] -->\n<p\n ck501>\n<b ck501></b>\n</p>\n", "a.html")

    assert (told.hidden, told.visible) == ([("CK501", 3)], [("CK501", 4)])


def test_a_comment_is_about_its_own_language_only(folder: Folder) -> None:
    told = folder.tell("<!-- chatkit-doctor: ignore[CK401] -->\n<script>\nck401\n</script>\n", "a.html")

    assert "CK401" in dict(told.visible)


def test_utf_16_is_read(folder: Folder) -> None:
    told = folder.tell("const x = 'é🚀' + ck401 // chatkit-doctor: ignore[CK401]\n".encode("utf-16"), "a.ts")

    assert (told.hidden, told.visible) == ([("CK401", 1)], [])
