"""In a tree of several apps, a fix has those checked again that it touches, and the report is the same."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from chatkit_doctor.project.app import App
from chatkit_doctor.scanning import flow
from chatkit_doctor.scanning.flow import Options, ScanResult, run
from chatkit_doctor.scanning.results import units
from chatkit_doctor.scanning.results.found import check_app
from tests.projects import write_files

_PAGE = "import { useChatKit } from '@openai/chatkit-react'\nuseChatKit({ api: { url: '/chatkit', domainKey: 'k' } })\n"
_BAD = "from chatkit.stores import Store\n"
_GOOD = "from chatkit.store import Store\n"
_APPS = {
    **{f"p{number}/requirements.txt": "openai-chatkit\n" for number in range(6)},
    **{f"p{number}/a.py": _GOOD for number in range(6)},
}


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Return how often each app is checked, by the name of its folder."""
    counts = Counter[str]()

    def counted(app: App, *rest: object) -> object:
        counts[app.folder.name] += 1
        return check_app(app, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(units, "check_app", counted)
    return counts


def mended(root: Path) -> ScanResult:
    return run([root], Options(fix=True, unsafe_fixes=True, may_fork=False))


def told(result: ScanResult) -> list[object]:
    assert result.fix_result is not None
    findings = [(each.code, each.at.path, each.at.start, each.message) for each in (*result.findings, *result.fixed)]
    return [findings, result.fix_result.texts, result.fix_result.held_back]


def test_apps_that_no_fix_touches_are_checked_once(tmp_path: Path, checked: Counter[str]) -> None:
    write_files(tmp_path, _APPS | {"p2/a.py": _BAD})

    result = mended(tmp_path)

    assert [each.code for each in result.fixed] == ["CK101"]
    assert checked == Counter({f"p{number}": 1 for number in range(6)}) + Counter(["p2"])


def test_with_fixes_in_several_apps_the_report_is_that_of_whole_scans(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # One app imports from another, one shows a page of another, and one fix is of no use without the next round's.
    write_files(
        tmp_path,
        _APPS
        | {
            "p1/a.py": _BAD + "from a0 import S\n",
            "p0/pyproject.toml": "[project]\nname = 'a0'\ndependencies = ['openai-chatkit']\n",
            "p0/a0/__init__.py": "from chatkit.stores import Store\n\nclass S(Store):\n    pass\n",
            "p2/a.py": _BAD + "class T(Store):\n    pass\n\n\nT()\n",
            "w/package.json": '{"dependencies": {"@openai/chatkit-react": "1.0.0"}}',
            "w/a.tsx": _PAGE,
            "w/b.tsx": _PAGE.replace("useChatKit({", "useChatKit({ onEror: f,"),
        },
    )

    kept = told(mended(tmp_path))
    monkeypatch.setattr(flow, "_results", lambda *_: None)

    assert kept == told(mended(tmp_path))
    assert len(kept[1]) > 2  # type: ignore[arg-type]


def test_what_is_held_is_forgotten_where_a_manifest_changes(tmp_path: Path, checked: Counter[str]) -> None:
    write_files(
        tmp_path,
        _APPS | {"p2/requirements.txt": "chatkit\n", "p2/a.py": _GOOD},
    )

    result = mended(tmp_path)

    assert "CK601" in {each.code for each in result.fixed}
    assert set(checked.values()) == {2}
