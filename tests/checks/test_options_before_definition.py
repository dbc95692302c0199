"""CK416: when calls are made and scripts run, beyond the cases of its page."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checks.scanning import Folder

_SCRIPT = '<script src="https://cdn.platform.openai.com/deployments/chatkit/chatkit.js"{how}></script>'
_CALL = "document.querySelector('openai-chatkit').setOptions({ api: { url: '/c', domainKey: 'k' } })"


def _page(how: str, code: str, *, module: bool = False, behind: bool = False) -> str:
    script, kind = _SCRIPT.format(how=how), ' type="module"' if module else ""
    head, foot = ("", script) if behind else (script, "")
    return (
        f"<!doctype html><html><head>{head}</head><body><openai-chatkit></openai-chatkit>"
        f"<script{kind}>{code}</script>{foot}</body></html>"
    )


@pytest.mark.parametrize(
    ("page", "is_found"),
    [
        (_page(" async", _CALL), True),
        (_page(" async", _CALL, module=True), True),
        (_page(" defer", _CALL), True),
        (_page(" defer", _CALL, module=True), False),
        (_page("", _CALL), False),
        (_page("", _CALL, behind=True), True),
        (_page("", _CALL, behind=True, module=True), False),
        (_page(' type="module"', _CALL), True),
        (_page(" async", f"(() => {{ {_CALL} }})()"), True),
        (_page(" async", f"document.addEventListener('DOMContentLoaded', () => {{ {_CALL} }})"), True),
        (_page(" defer", f"document.addEventListener('DOMContentLoaded', () => {{ {_CALL} }})"), False),
        (_page(" async", f"window.onload = () => {{ {_CALL} }}"), False),
        (_page(" async", f"setTimeout(() => {{ {_CALL} }}, 500)"), False),
        (_page(" async", f"async function start() {{ await ready(); {_CALL} }}\nstart()"), False),
        (_page(" async", f"function start() {{ {_CALL} }}\nbutton.onclick = start"), False),
        (_page(" async", f"const chat = customElements.get('openai-chatkit'); if (chat) {_CALL}"), False),
    ],
)
def test_pages(page: str, is_found: bool, tmp_path: Path) -> None:
    assert bool(Folder(tmp_path, "CK416").findings({"index.html": page})) is is_found


@pytest.mark.parametrize(("how", "is_found"), [(" async", True), (" defer", True), ("", False)])
def test_a_program_of_the_page(how: str, is_found: bool, tmp_path: Path) -> None:
    page = _page(how, "").replace("<script></script>", '<script src="app.js"></script>')
    files = {"index.html": page, "app.js": f"{_CALL}\n"}
    assert bool(Folder(tmp_path, "CK416").findings(files)) is is_found
