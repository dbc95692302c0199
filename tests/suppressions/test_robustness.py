"""No text crashes the reading, the judging, the removing or the writing of ignore comments."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatkit_doctor.scanning.flow import Options, run
from tests.projects import write_exactly
from tests.suppressions.making import Folder, places

NAMES = ("app.py", "a.ts", "a.tsx", "a.js", "a.html", "a.vue", "a.svelte", "a.astro", "pyproject.toml", "a.env")
FRAGMENTS = (
    "# chatkit-doctor: ignore[CK101]", "// chatkit-doctor: ignore[CK401, CK101] why", "/* chatkit-doctor: ignore[",
    "{/* chatkit-doctor: ignore[CK401] */}", "<!-- chatkit-doctor: ignore-file[CK501] -->", "chatkit-doctor:", "noqa",
    "# chatkit-doctor: ignore-file[CK1O1,]", "]", "*/", "-->", "ck101", "ck401", "ck501", "\n", "\r\n", "\r", "\t",
    " ", "  ", "'", '"', '"""', "`", "${", "}", "{", "(", ")", "\\", "\\\n", "<p>", "</p>", "<b ", " x={", "/>",
    "<script>", "</script>", "---\n", "x = ", "def f():\n    ", "f'", "é🚀", "\x0c", "\x00", "\u2028", "#", "//",
)  # fmt: skip
TEXTS = st.one_of(
    st.lists(st.sampled_from(FRAGMENTS), max_size=30).map("".join),
    st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=4), max_size=30).map("".join),
)


@pytest.mark.parametrize("name", NAMES)
@given(text=TEXTS)
@settings(max_examples=60, deadline=None)
def test_no_text_crashes(name: str, text: str) -> None:
    with TemporaryDirectory() as root:
        folder = Folder(Path(root))
        project = folder.open({name: text.encode("utf-8", "replace")})
        for finding in folder.visible(project):
            assert 0 <= finding.at.start <= finding.at.end <= len(finding.at.source.text)
            edits = finding.fix.edits if finding.fix else ()
            assert all(0 <= edit.at.start < edit.at.end <= len(text) for edit in edits)
        result = folder.add(project)
        after = folder.visible(project.with_texts(result.texts))
        assert places(after) == places(result.remaining)
        assert len(after) == len(folder.visible(project)) - len(result.fixed)


@pytest.mark.parametrize("name", NAMES)
def test_deep_nesting_and_long_lines_are_no_trouble(folder: Folder, name: str) -> None:
    text = f"{'(' * 5000}\n{'# chatkit-doctor: ignore[CK101] ' * 2000}\n{'<p>' * 2000}ck101"

    folder.visible(folder.open({name: text}))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.html", "<openai-chatkit></openai-chatkit><!-- chatkit-doctor: ignore[CK101] -->\n" + "<div>" * 6_000),
        ("a.vue", "<template><openai-chatkit /><!-- chatkit-doctor: ignore[CK101] -->\n" + "<div>" * 6_000),
        ("a.ts", "import '@openai/chatkit' // chatkit-doctor: ignore[CK101]\n" + "f(" * 15_000 + ")" * 15_000),
    ],
)
def test_a_file_that_is_not_taken_in_is_said_so_whatever_its_comments_say(tmp_path: Path, name: str, text: str) -> None:
    write_exactly(tmp_path, {name: text})

    assert [finding.code for finding in run([tmp_path], Options()).findings] == ["CK903"]
