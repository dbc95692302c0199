"""CK403, CK406, CK407: a bad branch that a guard shuts out is not told, one that nothing can shut out is."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatkit_doctor.checks.options.invalid_api_shape import invalid_api_shape
from chatkit_doctor.checks.options.invalid_option_value import invalid_option_value
from chatkit_doctor.checks.options.missing_option import missing_option
from chatkit_doctor.checks.options.unknown_option import unknown_option
from tests.projects import judge, project_of

_CHECKS = (invalid_api_shape, invalid_option_value, missing_option, unknown_option)
_API = "api: { url: '/c', domainKey: 'k' }"
_KEY = "{ api: { url: '/c', domainKey: key } }"
_ACCENT = f"{{ {_API}, theme: {{ ...(accent && {{ color: {{ accent: {{ primary: accent, level: 1 }} }} }}) }} }}"

# What stands before the call, and the options.
_GUARDED = {
    "an early return": ("const key = env || null; if (!key) return null;", _KEY),
    "an early throw": ("const key = env ?? null; if (key === null) throw new Error('no key');", _KEY),
    "a block": ("const key = env ? String(env) : false; if (!key) { console.log('no'); return null; }", _KEY),
    "a non-null assertion": ("const key = env ?? null;", "{ api: { url: '/c', domainKey: key! } }"),
    "a member of a guarded object": (
        "const site = env ? { key: env } : { key: null }; if (!site.key) return null;",
        "{ api: { url: '/c', domainKey: site.key } }",
    ),
    "the condition of a ternary": (
        "const name = env || null;",
        f"{{ {_API}, header: name ? {{ title: {{ text: name }} }} : {{ enabled: false }} }}",
    ),
    "the condition of a spread": ("const accent = env || null;", _ACCENT),
    "a spread of nothing": (
        "const greeting = env || null;",
        f"{{ {_API}, startScreen: {{ ...(greeting === null ? {{}} : {{ greeting }}) }} }}",
    ),
    "a shorthand in a ternary": (
        "const greeting = env || false;",
        f"{{ {_API}, startScreen: greeting === false ? {{}} : {{ greeting }} }}",
    ),
    "text of the environment where it may be right": (
        "const theme = import.meta.env.VITE_THEME || null; if (!theme) return null;",
        f"{{ {_API}, theme }}",
    ),
    "nothing beside text of the environment": (
        "const api = import.meta.env.VITE_API || null; if (!api) return null;",
        "{ api }",
    ),
    "an item of a list": (
        "const prompts = env ? [{ label: 'a', prompt: 'b' }] : 0;",
        f"{{ {_API}, startScreen: prompts === 0 ? {{}} : {{ prompts }} }}",
    ),
    "what is assigned to": ("const o = { " + _API + ", theme: 5 }; o.theme = 'dark';", "o"),
    "what is assigned to deep inside": (
        "const o = { api: { url: '/c', domainKey: null } }; o.api['domainKey'] = env;",
        "o",
    ),
    "what is assigned to in a list": (
        "const o = { " + _API + ", startScreen: { prompts: [{ label: 1, prompt: 'b' }] } };"
        " o.startScreen.prompts[0].label = 'a';",
        "o",
    ),
    "a value that is deleted": ("const o = { " + _API + ", theme: 5 }; delete o.theme;", "o"),
    "a key that is deleted": ("const o = { " + _API + ", mode: 5 }; delete o.mode;", "o"),
}
_UNGUARDED = {
    "a literal in place": ("", f"{{ {_API}, theme: 5 }}", ["CK407"]),
    "a literal in a branch in place": ("", f"{{ {_API}, theme: env ? 'dark' : 5 }}", ["CK407"]),
    "a literal in a nested branch": ("", f"{{ {_API}, theme: env ? 'dark' : (1 > env ? 'light' : 5) }}", ["CK407"]),
    "a literal behind ||": ("", f"{{ {_API}, theme: env || 5 }}", ["CK407"]),
    "null behind ?? in place": ("", "{ api: { url: '/c', domainKey: env ?? null } }", ["CK407"]),
    "a constant in a branch in place": ("const wrong = 5;", f"{{ {_API}, theme: env ? 'dark' : wrong }}", ["CK407"]),
    "a named value, bad in every branch": ("const theme = env ? 5 : 6;", f"{{ {_API}, theme }}", ["CK407", "CK407"]),
    "a named value, bad or nothing": ("const theme = env ? 5 : null;", f"{{ {_API}, theme }}", ["CK407"]),
    "a named value, null in any case": ("const theme = null;", f"{{ {_API}, theme }}", ["CK407"]),
    "a branch that is no object": ("", "{ api: env ? { url: '/c', domainKey: env } : null }", ["CK403"]),
    "a named value, of text in every branch": (
        "const url = import.meta.env.VITE_URL || '/chatkit';",
        "{ api: url }",
        ["CK403"],
    ),
    "a key in one branch": (
        "",
        f"{{ {_API}, header: env ? {{ titel: {{ text: 'a' }} }} : {{ enabled: false }} }}",
        ["CK406"],
    ),
    "beside what is assigned to": ("const o = { " + _API + ", theme: 5 }; o.locale = 'de';", "o", ["CK407"]),
    "beside what is deleted": ("const o = { " + _API + ", mode: 5 }; delete o.locale;", "o", ["CK406"]),
    "a key that is assigned to again": ("const o = { " + _API + ", mode: 5 }; o.mode = 6;", "o", ["CK406"]),
}


def _codes(root: Path, before: str, options: str) -> list[str]:
    script = (
        "import { useChatKit } from '@openai/chatkit-react';\n"
        f"export function Chat({{ env }}) {{\n  {before}\n  useChatKit({options});\n  return null;\n}}\n"
    )
    project = project_of(root, {"chat.tsx": script})
    return [finding.code for check in _CHECKS for finding in judge(check, project)]


@pytest.mark.parametrize(("before", "options"), _GUARDED.values(), ids=_GUARDED)
def test_a_branch_that_a_guard_shuts_out_is_not_told(before: str, options: str, tmp_path: Path) -> None:
    assert _codes(tmp_path, before, options) == []


@pytest.mark.parametrize(("before", "options", "expected"), _UNGUARDED.values(), ids=_UNGUARDED)
def test_what_no_guard_shuts_out_is_told(before: str, options: str, expected: list[str], tmp_path: Path) -> None:
    assert _codes(tmp_path, before, options) == expected
