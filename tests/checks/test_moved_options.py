"""CK406's fix for a key that is right at another place: it goes there, into what is there already or anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checks.scanning import Folder
from tests.fix_helper import fixed_files

_HOOK = "import { useChatKit } from '@openai/chatkit-react'\n\nexport const useChat = () => useChatKit("
_API = "api: { url: '/c', domainKey: 'k' }"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"{{ {_API}, greeting: 'Hi' }}", f"{{ {_API}, startScreen: {{ greeting: 'Hi' }} }}"),
        (f"{{ greeting: 'Hi', {_API} }}", f"{{ {_API}, startScreen: {{ greeting: 'Hi' }} }}"),
        (
            f"{{\n  {_API},\n  startScreen: {{ prompts: [] }},\n  // hello\n  greeting: 'Hi',\n}}",
            f"{{\n  {_API},\n  startScreen: {{ prompts: [], greeting: 'Hi' }},\n  // hello\n}}",
        ),
        # Two of one home: the first makes it, the second finds it.
        (
            f"{{ {_API}, greeting: 'Hi', prompts: [] }}",
            f"{{ {_API}, startScreen: {{ greeting: 'Hi', prompts: [] }} }}",
        ),
        ("{ placeholder: 'Ask' }", "{ composer: { placeholder: 'Ask' } }"),
        # What is there stays, and so does what cannot be seen whole.
        (
            f"{{ {_API}, greeting: 'Hi', startScreen: {{ greeting: 'Hello' }} }}",
            f"{{ {_API}, startScreen: {{ greeting: 'Hello' }} }}",
        ),
        (f"{{ {_API}, greeting: 'Hi', startScreen: start() }}", f"{{ {_API}, startScreen: start() }}"),
    ],
)
def test_a_key_moves_to_its_only_home(tmp_path: Path, before: str, after: str) -> None:
    changed = fixed_files(tmp_path, {"chat.tsx": f"{_HOOK}{before})\n"}, ["CK406"])

    assert changed == {"chat.tsx": f"{_HOOK}{after})\n"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("{ backend: { url: '/c', domainKey: 'k' }, locale: 'en' }", f"{{ {_API}, locale: 'en' }}"),
        (f"{{ {_API}, look: {{ colorScheme: 'dark' }} }}", f"{{ {_API}, theme: {{ colorScheme: 'dark' }} }}"),
        # Several options take that, or it is there.
        (f"{{ {_API}, panel: {{ enabled: true }} }}", f"{{ {_API} }}"),
        (f"{{ {_API}, backend: {{ url: '/d', domainKey: 'k' }} }}", f"{{ {_API} }}"),
    ],
)
def test_a_key_that_holds_what_an_option_takes_gets_its_name(tmp_path: Path, before: str, after: str) -> None:
    changed = fixed_files(tmp_path, {"chat.tsx": f"{_HOOK}{before})\n"}, ["CK406"])

    assert changed == {"chat.tsx": f"{_HOOK}{after})\n"}


@pytest.mark.parametrize("held", ["settings()", "{}", "{ ...base }", "{ url: '/c' }"])
def test_what_may_be_the_option_that_must_be_there_is_not_taken_out(tmp_path: Path, held: str) -> None:
    folder = Folder(tmp_path, "CK406")

    assert folder.fixed({"chat.tsx": f"{_HOOK}{{ backend: {held}, locale: 'en' }})\n"}, "chat.tsx") is None
    assert folder.spans({}) == ["backend"]


def test_what_may_say_where_to_ask_is_not_taken_out_of_an_api_that_does_not(tmp_path: Path) -> None:
    folder = Folder(tmp_path, "CK406")
    held = "backbone: 'https://chat.example.com/chatkit', domainKey: 'k'"

    assert folder.fixed({"chat.tsx": f"{_HOOK}{{ api: {{ {held} }} }})\n"}, "chat.tsx") is None
    assert folder.spans({}) == ["backbone"]
    beside = folder.fixed({"chat.tsx": f"{_HOOK}{{ api: {{ url: '/c', {held} }} }})\n"}, "chat.tsx")
    assert beside == f"{_HOOK}{{ {_API} }})\n"


def test_keys_of_api_move_into_it_though_other_rules_see_a_server_then(tmp_path: Path) -> None:
    changed = fixed_files(tmp_path, {"chat.tsx": f"{_HOOK}{{ url: '/c', domainKey: 'k', locale: 'en' }})\n"}, ["CK403"])

    assert changed == {"chat.tsx": f"{_HOOK}{{ {_API}, locale: 'en' }})\n"}


@pytest.mark.parametrize("code", ["CK406", "CK411"])
def test_a_function_of_many_lines_is_not_taken_out(tmp_path: Path, code: str) -> None:
    name = "summary" if code == "CK406" else "onChunk"
    body = "\n".join(f"    step({number})" for number in range(5))
    folder = Folder(tmp_path, code)
    files = {"chat.tsx": f"{_HOOK}{{\n  {_API},\n  {name}: () => {{\n{body}\n  }},\n}})\n"}

    assert folder.fixed(files, "chat.tsx") is None
    assert folder.spans({}) == [name]
    assert folder.fixed({"chat.tsx": f"{_HOOK}{{ {_API}, {name}: () => step() }})\n"}, "chat.tsx") is not None


@pytest.mark.parametrize(
    "options",
    [
        f"{{ {_API}, composers: {{ placeholder: 'a' }}, composr: {{ placeholder: 'b' }} }}",
        f"{{ {_API}, startScreen: {{ greetin: 'a', greating: 'b' }} }}",
        f"{{ {_API}, look: {{ colorScheme: 'dark' }}, mood: {{ colorScheme: 'light' }} }}",
        f"{{ {_API}, onResponseEndd: () => end(), onResponsEnd: () => stop() }}",
    ],
)
def test_of_two_keys_that_mean_the_same_neither_gets_its_name(tmp_path: Path, options: str) -> None:
    for code in ("CK406", "CK411"):
        assert Folder(tmp_path, code).fixed({"chat.tsx": f"{_HOOK}{options})\n"}, "chat.tsx") is None
