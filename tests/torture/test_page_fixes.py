"""What the fix of each case of each page makes, before the real judges: nothing is worse than it was."""

from __future__ import annotations

from pathlib import Path

from chatkit_doctor.pages.catalogue import pages
from tests.page_cases import cases
from tests.projects import write_exactly
from tests.torture.judging import python
from tests.torture.judging.judge import made_worse
from tests.torture.judging.web import WebJudges

# The fixed blocks are held to be what the fixes make where the pages are tested.
_FIXED = [case for page in pages().values() for case in cases(page) if case.fixed]


def test_no_fix_of_a_page_makes_anything_worse(tmp_path: Path, judges: WebJudges | None) -> None:
    root = judges.folder if judges else tmp_path
    was = {f"{case}/{name}": text for case in _FIXED for name, text in case.files.items()}
    changed = {f"{case}/{name}": text for case in _FIXED for name, text in case.fixed.items()}
    write_exactly(root / "before", was)
    write_exactly(root / "after", was | changed)

    assert made_worse(root / "before", root / "after", list(changed), judges, depth=1) == []


def test_the_judges_see_what_is_wrong(tmp_path: Path, judges: WebJudges | None) -> None:
    good = {"a.py": "from chatkit.store import Store\n\n\nclass S(Store): ...\n", "a.ts": "export const a = 1\n"}
    good |= {"a.html": "<script>const a = 1</script>\n", "broken.ts": "export const\n"}
    bad = {"a.py": "from chatkit.store import Stores\n\n\nclass S(Store): ...\n", "a.ts": "export const a = b\n"}
    bad |= {"a.html": "<script>const a = 1; const a = 2</script>\n", "broken.ts": "export const\n"}
    root = judges.folder if judges else tmp_path
    write_exactly(root / "good", good)
    write_exactly(root / "bad", bad)

    found = made_worse(root / "good", root / "bad", list(good), judges)

    said = "\n".join(found)
    assert "ruff: Undefined name `Store`" in said
    assert "import: ImportError: cannot import name 'Stores'" in said
    if judges:
        assert "a.ts: tsc: TS2304: Cannot find name 'b'." in said
        assert "a.html: node: SyntaxError: Identifier 'a' has already been declared" in said
    assert python.imported(root / "good", ["a.py"]) == {"a.py": ["ok"]}
