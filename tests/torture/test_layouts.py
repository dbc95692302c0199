"""Each fix of each page on the same code in other layouts, and where the names that it brings are taken already."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from chatkit_doctor.pages.catalogue import pages
from chatkit_doctor.scanning.flow import Options
from tests.fix_helper import assert_parses_no_worse
from tests.page_cases import Case, cases
from tests.projects import write_exactly
from tests.torture.judging.judge import made_worse
from tests.torture.judging.web import WebJudges
from tests.torture.layouts import changes_of
from tests.torture.mending import assert_settled, mend
from tests.torture.mutating import Files
from tests.torture.scale import IS_WHOLE, chance

_SOME = 25
_WORD = re.compile(r"\b[A-Za-z_]\w{2,}\b")
_TEXTS = re.compile(r"#.*|//.*|'[^'\n]*'|\"[^\"\n]*\"")
_KEYWORDS = re.compile(
    r"from|import|async|await|const|self|def|return|else|for|not|None|let|null|undefined|function|class|try|except|"
    r"raise|with|yield|lambda|and|True|False|new|this|typeof|void|var|true|false|pass|default|export|type"
)
_REMARK = re.compile(r"# remark \d+")


@dataclass(frozen=True)
class Variant:
    """A case of a page in which one file is written as somebody else would have it."""

    name: str
    case: Case
    files: Files


def _brought(before: str, after: str) -> list[str]:
    """Return the names that a fix brings into a file."""
    words = set(_WORD.findall(_TEXTS.sub("", after))) - set(_WORD.findall(before))
    return sorted(word for word in words if not _KEYWORDS.fullmatch(word))


def _variants() -> Iterator[Variant]:
    for case in (case for page in pages().values() for case in cases(page)):
        for path in case.files.keys() & case.fixed.keys():
            names = _brought(case.files[path], case.fixed[path])
            for kind, change in changes_of(path).items():
                text = change(case.files[path], names)
                if text is not None:
                    yield Variant(f"{case}~{path}~{kind}".replace("/", "_"), case, {**case.files, path: text})


def test_no_fix_makes_another_layout_worse(tmp_path: Path, judges: WebJudges | None) -> None:
    every = sorted(_variants(), key=lambda each: each.name)
    tried = every if IS_WHOLE else chance("layouts").sample(every, _SOME)
    root = (judges.folder if judges else tmp_path) / "layouts"
    found: list[str] = []
    changed: Files = {}
    before: Files = {}
    for each in tried:
        try:
            mended = _mend(tmp_path / "work" / each.name, each)
        except AssertionError as error:
            found.append(f"{each.name}: {error}")
            continue
        changed |= {f"{each.name}/{name}": text for name, text in mended.items()}
        before |= {f"{each.name}/{name}": text for name, text in each.files.items()} if mended else {}
    write_exactly(root / "before", before)
    write_exactly(root / "after", before | changed)

    found += made_worse(root / "before", root / "after", sorted(changed), judges, depth=1)

    assert found == []
    # Or the rest would prove nothing.
    assert len({name.partition("/")[0] for name in changed}) > len(tried) / 2


def _mend(root: Path, variant: Variant) -> Files:
    """Mend a variant and return the files that changed. Raises AssertionError for what is true of no good fix."""
    write_exactly(root, variant.files)
    options = Options(targets=variant.case.targets, select=(variant.case.page.code,), fix=True, unsafe_fixes=True)
    changed = mend(root, options)
    for name, text in changed.items():
        was = variant.files[name]
        assert_parses_no_worse(Path(name), was, text)
        assert "\r\r" not in text
        assert "\r\n" not in was or "\n" in was.replace("\r\n", "") or "\n" not in text.replace("\r\n", "")
        if name.endswith(".py") and not re.search(r"(?m)^\t* ", was):
            assert not re.search(r"(?m)^\t* {4}", text), "blanks among tabs"
        gone = Counter(_REMARK.findall(was)) - Counter(_REMARK.findall(text))
        # What stands in code that goes may go with it.
        assert len(gone) <= len(was.splitlines()) - _kept_lines(was, text)
    if changed:
        assert_settled(root, options)
    return changed


def _kept_lines(before: str, after: str) -> int:
    """Return how many lines of a text are in another, whatever stands behind them in a comment."""
    lines = [Counter(_REMARK.sub("", line).strip() for line in text.splitlines()) for text in (before, after)]
    return sum((lines[0] & lines[1]).values())
