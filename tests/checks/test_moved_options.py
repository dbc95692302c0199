"""CK406's fix for a key that is right at another place: it goes there, into what is there already or anew."""

from __future__ import annotations

from pathlib import Path

import pytest

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
