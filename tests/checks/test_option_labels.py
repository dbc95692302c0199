"""The label of a refused value names what may stand there, unless that is as long as the message."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatkit_doctor.checks.options.invalid_option_value import invalid_option_value
from tests.projects import judge, project_of


@pytest.mark.parametrize(
    ("option", "label"),
    [("theme: 'auto'", "no such value"), ("theme: { colorScheme: 'auto' }", "not 'light' or 'dark'")],
)
def test_a_long_list_is_not_said_again(tmp_path: Path, option: str, label: str) -> None:
    code = "import { useChatKit } from '@openai/chatkit-react'\n"
    code += f"export const useHelp = () => useChatKit({{ api: {{ url: '/c', domainKey: 'k' }}, {option} }})\n"

    (found,) = judge(invalid_option_value, project_of(tmp_path, {"Help.tsx": code}))

    assert found.label == label
    assert "'light' or 'dark'" in found.message
