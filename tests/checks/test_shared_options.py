"""Data that others read as well is not what is wrong: one finding, where ChatKit's options take it in."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatkit_doctor.scanning.flow import Options, run
from tests.projects import write_exactly

_HEAD = "import { useChatKit } from '@openai/chatkit-react'\nimport * as data from './data'\n"
_API = "api: { url: '/c', domainKey: 'k' }"
_OTHER = "import * as data from './data'\nexport const shown = data.shared.map((each) => each.key)\n"
_TEN = ", ".join(f"{{ id: {n}, label: 'l{n}', prompt: 'p{n}' }}" for n in range(10))

# What is shared, the options of the page that takes it in as it is, the rule, the text that is marked.
_SHARED = {
    "keys that are not known": (f"[{_TEN}]", f"{{ {_API}, startScreen: {{ prompts: data.shared }} }}", "CK406"),
    "a misnamed key": (
        "[{ title: 'a', prompt: 'b' }, { title: 'c', prompt: 'd' }]",
        f"{{ {_API}, startScreen: {{ prompts: data.shared }} }}",
        "CK404",
    ),
    "an icon": (
        "[{ label: 'a', prompt: 'b', icon: '👋' }, { label: 'c', prompt: 'd', icon: '🚀' }]",
        f"{{ {_API}, startScreen: {{ prompts: data.shared }} }}",
        "CK405",
    ),
    "a wrong value": (
        "[{ id: 1, label: 'a', icon: 'bolt' }, { id: 2, label: 'b', icon: 'bolt' }]",
        f"{{ {_API}, composer: {{ tools: data.shared }} }}",
        "CK407",
    ),
    "a missing key": (
        "[{ id: 'a', label: 'a' }, { id: 'b', label: 'b' }]",
        f"{{ {_API}, composer: {{ tools: data.shared }} }}",
        "CK408",
    ),
}


def _findings(root: Path, files: dict[str, str]) -> list[tuple[str, str, str, bool]]:
    write_exactly(root, {"package.json": '{ "dependencies": { "@openai/chatkit-react": "1" } }', **files})
    result = run([root], Options(isolated=True, select=("CK401", "CK403", "CK404", "CK405", "CK406", "CK407", "CK408")))
    assert not result.internal_errors, result.internal_errors[0].traceback
    return [(each.code, each.at.path.name, each.at.text, each.fix is not None) for each in result.findings]


@pytest.mark.parametrize(("data", "options", "code"), _SHARED.values(), ids=_SHARED)
def test_one_finding_at_the_use_and_no_edit_of_the_data(data: str, options: str, code: str, tmp_path: Path) -> None:
    files = {
        "data.ts": f"export const shared = {data}\n",
        "chat.tsx": f"{_HEAD}export const useChat = () => useChatKit({options})\n",
        "list.ts": _OTHER,
    }
    assert _findings(tmp_path, files) == [(code, "chat.tsx", "data.shared", False)]


@pytest.mark.parametrize(("data", "options", "code"), _SHARED.values(), ids=_SHARED)
def test_data_of_chatkit_alone_is_told_where_it_is_written(data: str, options: str, code: str, tmp_path: Path) -> None:
    files = {
        "data.ts": f"export const shared = {data}\n",
        "chat.tsx": f"{_HEAD}export const useChat = () => useChatKit({options})\n",
    }
    found = _findings(tmp_path, files)

    assert {(each[0], each[1]) for each in found} == {(code, "data.ts")}
    assert len(found) > 1


def test_two_pages_that_take_it_in_as_it_is_are_two_uses(tmp_path: Path) -> None:
    page = f"{_HEAD}export const useChat = () => useChatKit({_SHARED['a misnamed key'][1]})\n"
    data = f"export const shared = {_SHARED['a misnamed key'][0]}\n"
    found = _findings(tmp_path, {"data.ts": data, "a.tsx": page, "b.tsx": page, "list.ts": _OTHER})

    assert [each[:3] for each in found] == [("CK404", "a.tsx", "data.shared"), ("CK404", "b.tsx", "data.shared")]


@pytest.mark.parametrize(
    ("options", "marked"),
    [
        ("data.shared", "data.shared"),
        ("{ ...data.shared }", "...data.shared"),
        ("{ ...data.shared, locale: 'de' }", "...data.shared"),
    ],
)
def test_options_that_are_shared_as_a_whole(options: str, marked: str, tmp_path: Path) -> None:
    files = {
        "data.ts": "export const shared = { api: { url: '/c', domainKey: 'k' }, theme: 'blue' }\n",
        "chat.tsx": f"{_HEAD}export const useChat = () => useChatKit({options})\n",
        "list.ts": "import * as data from './data'\nconsole.log(data.shared.theme)\n",
    }
    assert _findings(tmp_path, files) == [("CK407", "chat.tsx", marked, False)]
