"""A literal is edited only where ChatKit alone reads it: what others read stays as it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatkit_doctor.checks.options.invalid_api_shape import invalid_api_shape
from chatkit_doctor.checks.options.invalid_prompt_icon import invalid_prompt_icon
from chatkit_doctor.checks.options.invalid_prompt_key import invalid_prompt_key
from chatkit_doctor.checks.options.unknown_option import unknown_option
from tests.projects import judge, project_of

IMPORT = "import { useChatKit } from '@openai/chatkit-react'\n"
OPTIONS = "api: { url: '/c', domainKey: 'k' }"
BAD = "[{ name: 'Hi', prompt: 'hi' }]"


def use(prompts: str = "Q") -> str:
    return f"export const useChat = () => useChatKit({{ {OPTIONS}, startScreen: {{ prompts: {prompts} }} }})\n"


ALONE = {
    "in place": use(BAD),
    "constant": f"const Q = {BAD}\n" + use(),
    "constant of ChatKit's type": (
        f"import type {{ StartScreenPrompt }} from '@openai/chatkit'\nconst Q: StartScreenPrompt[] = {BAD}\n" + use()
    ),
    "const assertion": f"const Q = {BAD} as const\n" + use(),
    "part of a constant": f"const C = {{ title: 'x', q: {BAD} }}\nconsole.log(C.title)\n" + use("C.q"),
    "a constant in a constant": f"const Q = {BAD}\nconst S = {{ prompts: Q }}\n"
    f"export const useChat = () => useChatKit({{ {OPTIONS}, startScreen: S }})\n",
    "shorthand": f"const prompts = {BAD}\n"
    f"export const useChat = () => useChatKit({{ {OPTIONS}, startScreen: {{ prompts }} }})\n",
    "a memo": f"export const useChat = () => {{\n  const Q = useMemo(() => ({BAD}), [])\n  return useChatKit("
    f"{{ {OPTIONS}, startScreen: {{ prompts: Q }} }})\n}}\n",
}
READ = {
    "mapped on the page": f"const Q = {BAD}\nexport const names = Q.map((q) => q.name)\n" + use(),
    "passed to a component": f"const Q = {BAD}\nexport const list = <List rows={{Q}} />\n" + use(),
    "of a type of the app's": f"type P = {{ name: string; prompt: string }}\nconst Q: P[] = {BAD}\n" + use(),
    "an inline type": f"const Q: {{ name: string; prompt: string }}[] = {BAD}\n" + use(),
    "a cast": f"type P = {{ name: string }}\nconst Q = {BAD} as P[]\n" + use(),
    "the same part of a constant": f"const C = {{ q: {BAD} }}\nconsole.log(C.q)\n" + use("C.q"),
    "spread into something else": f"const C = {{ q: {BAD} }}\nconsole.log({{ ...C }})\n" + use("C.q"),
    "read under a computed name": f"const C = {{ q: {BAD} }}\nconsole.log(C[key])\n" + use("C.q"),
}


def fixes(root: Path, files: dict[str, str]) -> list[bool]:
    found = judge(invalid_prompt_key, project_of(root, files))
    assert found
    return [each.fix is not None for each in found]


@pytest.mark.parametrize("text", ALONE.values(), ids=ALONE)
def test_what_chatkit_alone_reads_is_mended(tmp_path: Path, text: str) -> None:
    assert fixes(tmp_path, {"chat.tsx": IMPORT + text}) == [True]


@pytest.mark.parametrize("text", READ.values(), ids=READ)
def test_what_others_read_is_left_alone(tmp_path: Path, text: str) -> None:
    assert fixes(tmp_path, {"chat.tsx": IMPORT + text}) == [False]


@pytest.mark.parametrize(
    ("other", "is_mended"),
    [
        ("", True),
        ("import { Q } from './prompts'\nexport const list = Q.length\n", False),
        ("import * as all from './prompts'\nconsole.log(all.Q)\n", False),
        ("import { other } from './prompts'\nexport const list = other\n", True),
    ],
)
def test_other_files_are_readers_too(tmp_path: Path, other: str, is_mended: bool) -> None:
    files = {
        "prompts.ts": f"export const Q = {BAD}\nexport const other = 1\n",
        "chat.tsx": f"import {{ Q }} from './prompts'\n{IMPORT}{use()}",
        "page.ts": other,
    }

    assert fixes(tmp_path, files) == [is_mended]


def test_a_url_that_is_fetched_keeps_its_name(tmp_path: Path) -> None:
    text = "const api = { apiURL: '/c', domainKey: 'k' }\nfetch(api.apiURL)\nuseChatKit({ api })\n"

    (found,) = judge(invalid_api_shape, project_of(tmp_path, {"chat.ts": IMPORT + text}))

    assert found.fix is None


def test_an_icon_that_a_list_shows_stays(tmp_path: Path) -> None:
    text = "const Q = [{ label: 'Hi', prompt: 'hi', icon: '👋' }]\nexport const icons = Q.map((q) => q.icon)\n" + use()

    (found,) = judge(invalid_prompt_icon, project_of(tmp_path, {"chat.tsx": IMPORT + text}))

    assert found.fix is None


@pytest.mark.parametrize(
    ("options", "fixed"),
    [
        (f"{{ options: {{ {OPTIONS} }}, handlers: {{ onError }} }}", f"{{ {OPTIONS}, onError }}"),
        (f"{{\n  options: {{\n    {OPTIONS},\n  }},\n}}", f"{{\n  {OPTIONS},\n}}"),
        (f"{{ {OPTIONS}, options: {{ api: 1 }} }}", None),
        ("{ nonsense: true }", None),
    ],
)
def test_wrappers_give_up_what_they_hold_and_nothing_is_emptied(
    tmp_path: Path, options: str, fixed: str | None
) -> None:
    text = f"{IMPORT}export const useChat = (onError) => useChatKit({options})\n"
    project = project_of(tmp_path, {"chat.ts": text})

    result = text
    for found in sorted(judge(unknown_option, project), key=lambda each: each.at.start, reverse=True):
        for edit in found.fix.edits if found.fix else ():
            result = result[: edit.at.start] + edit.text + result[edit.at.end :]

    assert result == (text.replace(options, fixed) if fixed else text)
