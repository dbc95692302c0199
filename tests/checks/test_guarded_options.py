"""All rules about options: a bad branch that a guard shuts out is not told, one that nothing can shut out is."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatkit_doctor.checks.options.invalid_api_shape import invalid_api_shape
from chatkit_doctor.checks.options.invalid_option_value import invalid_option_value
from chatkit_doctor.checks.options.invalid_prompt_icon import invalid_prompt_icon
from chatkit_doctor.checks.options.invalid_prompt_key import invalid_prompt_key
from chatkit_doctor.checks.options.missing_domain_key import missing_domain_key
from chatkit_doctor.checks.options.missing_option import missing_option
from chatkit_doctor.checks.options.unknown_option import unknown_option
from tests.projects import judge, project_of

_CHECKS = (
    invalid_api_shape,
    invalid_option_value,
    invalid_prompt_icon,
    invalid_prompt_key,
    missing_domain_key,
    missing_option,
    unknown_option,
)
_API = "api: { url: '/c', domainKey: 'k' }"
_KEY = "{ api: { url: '/c', domainKey: key } }"
_ICON = f"{{ {_API}, startScreen: {{ prompts: [{{ label: 'a', prompt: 'b', icon }}] }} }}"
_PROMPTS = f"{{ {_API}, startScreen: {{ prompts }} }}"
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
    "an api that lacks a key under a guard": (
        "const api = env ? { url: '/c', domainKey: env } : { url: '/c' }; if (!env) return null;",
        "{ api }",
    ),
    "options that lack a key under a guard": (
        "const o = env ? { api: { url: '/c', domainKey: env } } : { api: { url: '/c' } }; if (!env) throw env;",
        "o",
    ),
    "options that are nothing under a guard": (
        "const o = env ? { " + _API + " } : null; if (!o) return null;",
        "o",
    ),
    "an icon under a guard": ("const icon = env ? 'bolt' : '👋'; if (icon === '👋') return null;", _ICON),
    "an icon of another function": ("const pick = (a) => a ? 'bolt' : '👋'; const icon = pick(1) || env;", _ICON),
    "prompts under a guard": (
        "const prompts = env ? [{ label: 'a', prompt: 'b' }] : [{ name: 'a', prompt: 'b' }]; if (!env) return null;",
        _PROMPTS,
    ),
    "prompts that are filtered": (
        "const prompts = [{ label: 'a', prompt: 'b' }, { label: 'c' }].filter((p) => p.prompt);",
        _PROMPTS,
    ),
    "prompts that something unknown filters": (
        "const prompts = [{ label: 'a', prompt: 'b' }, { label: 'c', prompt: 'd', icon: '👋' }].filter(env);",
        _PROMPTS,
    ),
    "a key of another object under a guard": (
        "const header = env ? { titel: 'a' } : { enabled: false }; if (env) return null;",
        f"{{ {_API}, header }}",
    ),
    "a missing key under a guard": (
        "const color = env ? { accent: { primary: '#111' } } : {}; if (env) return null;",
        f"{{ {_API}, theme: {{ color }} }}",
    ),
    "a value in place that was asked for before": (
        "if (!env) return null;",
        "{ api: { url: '/c', domainKey: env ?? null } }",
    ),
    "a branch in place that was asked for before": (
        "const dark = env === 'dark'; if (!dark) return null;",
        f"{{ {_API}, theme: dark ? 'dark' : 'lite' }}",
    ),
    "a guard in a block around": (
        "const theme = env ? 'dark' : 'lite'; if (env) console.log(1); else return null;",
        f"{{ {_API}, theme }}",
    ),
    "an assertion": ("const theme = env ? 'dark' : 'lite'; invariant(env, 'no');", f"{{ {_API}, theme }}"),
    "what a function takes away": (
        "const o = { " + _API + ", mode: 5 }; clean(o); function clean(p) { delete p.mode; }",
        "o",
    ),
    "what a function fills in": (
        "const o = { api: { url: '/c' } }; fill(o); function fill(p) { p.api.domainKey = 'k'; }",
        "o",
    ),
    "what a package fills in": (
        "const o = { api: { url: '/c' } }; merge(o, env);",
        "o",
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
    "a branch that the only call does not take": (
        "const look = (set) => set.dark ? 'dark' : 'lite'; const theme = look({ dark: true });",
        f"{{ {_API}, theme }}",
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
    "a named value without a guard": ("const theme = env ? 'dark' : 'lite';", f"{{ {_API}, theme }}", ["CK407"]),
    "a default without a guard": ("const { theme = 'lite' } = env;", f"{{ {_API}, theme }}", ["CK407"]),
    "a named value behind a guard of another function": (
        "const theme = env ? 'dark' : 'lite'; const f = () => { if (env) return 1; };",
        f"{{ {_API}, theme }}",
        ["CK407"],
    ),
    "a value in place behind a guard of something else": (
        "const ready = loaded(); if (!ready) return null;",
        f"{{ {_API}, theme: env ? 'dark' : 'lite' }}",
        ["CK407"],
    ),
    "an api in place": ("", "{ api: env ? { url: '/c', domainKey: env } : { url: '/c' } }", ["CK401"]),
    "options in place": ("", "env ? { " + _API + " } : { api: { url: '/c' } }", ["CK401"]),
    "a named api": (
        "const api = env ? { url: '/c', domainKey: env } : { url: '/c' };",
        "{ api }",
        ["CK401"],
    ),
    "named options": (
        "const o = env ? { api: { url: '/c', domainKey: env } } : { api: { url: '/c' } };",
        "o",
        ["CK401"],
    ),
    "a branch that a call takes": (
        "const look = (set) => !set.dark ? 'lite' : 'dark'; const theme = look({ dark: false });",
        f"{{ {_API}, theme }}",
        ["CK407"],
    ),
    "a state": ("const [o, setO] = useState({ api: { url: '/c' } });", "o", ["CK401"]),
    "an icon in place": (
        "",
        f"{{ {_API}, startScreen: {{ prompts: [{{ label: 'a', prompt: 'b', icon: env ? 'bolt' : '👋' }}] }} }}",
        ["CK405"],
    ),
    "a named icon": ("const icon = env ? 'bolt' : '👋';", _ICON, ["CK405"]),
    "prompts in a branch": (
        "const prompts = env ? [{ label: 'a', prompt: 'b' }] : [{ name: 'a', prompt: 'b' }];",
        _PROMPTS,
        ["CK404"],
    ),
    "a prompt that a filter lets pass": (
        "const prompts = [{ name: 'a', prompt: 'b' }].filter((p) => p.prompt);",
        _PROMPTS,
        ["CK404"],
    ),
    "a missing key in a branch": (
        "const color = env ? { accent: { primary: '#111' } } : {};",
        f"{{ {_API}, theme: {{ color }} }}",
        ["CK408"],
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


def test_what_a_test_tries_is_not_what_the_app_does(tmp_path: Path) -> None:
    files = {
        "chat.tsx": f"""
            import {{ useChatKit }} from '@openai/chatkit-react'
            export const useDesk = (look) => useChatKit({{ {_API}, theme: look }})
        """,
        "chat.test.tsx": "import { useDesk } from './chat'\nuseDesk('lite')\n",
    }
    assert judge(invalid_option_value, project_of(tmp_path, files)) == []
    files["page.tsx"] = "import { useDesk } from './chat'\nuseDesk('lite')\n"
    assert len(judge(invalid_option_value, project_of(tmp_path, files))) == 1


def test_what_a_call_does_not_give_is_not_asked_for(tmp_path: Path) -> None:
    files = {
        "chat.tsx": """
            import { useChatKit } from '@openai/chatkit-react'
            const own = (set) => ({ url: set.url, domainKey: 'k' })
            const useDesk = (set) => useChatKit({ api: set.url ? own(set) : { getClientSecret: set.secret } })
            export const useHosted = (secret) => useDesk({ secret })
        """
    }
    assert judge(invalid_option_value, project_of(tmp_path, files)) == []


@pytest.mark.parametrize(
    ("options", "is_sure"),
    [
        (f"{{ {_API}, address: env }}", True),
        (f"{{ {_API}, ...(env && {{ address: env }}) }}", False),
        (f"{{ {_API}, theme: {{ radius: env ? 'xl' : 'soft' }} }}", False),
        (f"{{ {_API}, ...(env && {{ theme: {{ radius: 'xl' }} }}) }}", False),
    ],
)
def test_what_is_there_under_a_condition_is_refused_when_it_is(options: str, is_sure: bool, tmp_path: Path) -> None:
    script = (
        f"import {{ useChatKit }} from '@openai/chatkit-react'\nexport const useDesk = (env) => useChatKit({options})\n"
    )
    project = project_of(tmp_path, {"chat.tsx": script})

    found = [each.message for check in _CHECKS for each in judge(check, project)]

    assert [", so ChatKit refuses" in each for each in found] == [is_sure]
