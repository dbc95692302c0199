"""Files that nest deeper than anybody writes are not taken in, and are said so."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from chatkit_doctor.scanning.flow import Options, run
from chatkit_doctor.source import Source, UnreadableSourceError
from chatkit_doctor.web.depth import MOST_LEVELS
from chatkit_doctor.web.document import Document
from tests.projects import write_exactly
from tests.torture.scale import grows_in_proportion

HOOK = "import { useChatKit } from '@openai/chatkit-react'\n"
DEEP = {
    "members": ("a.ts", "x." * (3 * MOST_LEVELS) + "y"),
    "calls": ("a.ts", "f(" * (3 * MOST_LEVELS) + ")" * (3 * MOST_LEVELS)),
    "arrays": ("a.js", "[" * (3 * MOST_LEVELS) + "]" * (3 * MOST_LEVELS)),
    "elements of JSX": ("a.tsx", "const a = " + "<a>" * (3 * MOST_LEVELS) + "</a>" * (3 * MOST_LEVELS)),
    "elements": ("a.html", "<div>" * (MOST_LEVELS + 1)),
    "elements of a component": ("a.vue", "<template>" + "<div>" * MOST_LEVELS),
    "a script in a page": ("a.html", "<script>" + "x." * (3 * MOST_LEVELS) + "y</script>"),
}
FLAT = {
    "statements": ("a.ts", "x.y()\n" * (3 * MOST_LEVELS)),
    "elements": ("a.html", "<div></div><br><img>" * (3 * MOST_LEVELS)),
    "elements whose end is left out": ("a.html", "<ul>" + "<li>a" * (3 * MOST_LEVELS)),
    "elements that end themselves": ("a.vue", "<template>" + "<div/>" * (3 * MOST_LEVELS) + "</template>"),
    "a large array": ("a.ts", "const a = [" + "1, " * (3 * MOST_LEVELS) + "]"),
    "comments": ("a.ts", "/* a */ a\n" * (3_000)),
    "patterns of files": ("a.js", "const a = ['**/*.ts']\n" * (500)),
}


@pytest.mark.parametrize(("name", "text"), DEEP.values(), ids=DEEP)
def test_what_nests_too_deep_is_refused(name: str, text: str) -> None:
    with pytest.raises(UnreadableSourceError, match="it nests more than 5,000 levels deep"):
        Document(Source(Path("/p") / name, text))


@pytest.mark.parametrize(("name", "text"), FLAT.values(), ids=FLAT)
def test_what_is_large_is_not(name: str, text: str) -> None:
    Document(Source(Path("/p") / name, text))


@pytest.mark.parametrize("name", ["a.ts", "a.js", "a.html", "a.vue", "a.php"])
def test_comments_without_an_end_take_time_in_proportion(name: str) -> None:
    before = "<script>" if name[2:] in {"html", "vue", "php"} else ""

    def work(size: int) -> Callable[[], object]:
        source = Source(Path("/p") / name, before + "a()\n" + "/* a\n" * 16 * size)
        return lambda: Document(source)

    grows_in_proportion(work, 4096)


def test_what_stands_before_open_comments_is_read() -> None:
    document = Document(Source(Path("/p/a.ts"), "/* a */ const a = ['/b/*']\n" + "/* c\n" * 5_000))

    (text,) = document.find("string")
    assert document.text(text) == "'/b/*'"


def test_a_scan_says_which_file_it_did_not_take_in(tmp_path: Path) -> None:
    write_exactly(tmp_path, {"a.tsx": HOOK + "x." * (3 * MOST_LEVELS), "b.tsx": HOOK + "useChatKit({})\n"})

    result = run([tmp_path], Options())

    assert result.internal_errors == []
    (deep,) = [each for each in result.findings if each.at.path.name == "a.tsx"]
    assert deep.code == "CK903"
    assert deep.message == "a.tsx cannot be read: it nests more than 5,000 levels deep"
    assert any(each.at.path.name == "b.tsx" for each in result.findings)
